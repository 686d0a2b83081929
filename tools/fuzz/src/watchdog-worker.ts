/** The thread of the watchdog. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { Vm } from '@zarch/kvm';
import { type WatchdogData, Watched } from './watchdog.ts';

const { watched, vm, seed } = workerData as WatchdogData;
const { places } = new Vm(vm.options, vm);
/** How long a guest may run, and how long it may take to come back when asked to; milliseconds. */
const RUN = 10;
const HANG = 5000;

let [run, progress, since] = [0, 0, performance.now()];
while (Atomics.wait(watched, Watched.over, 0, RUN) === 'timed-out') {
  const [nowRun, nowProgress] = [Atomics.load(watched, Watched.run), Atomics.load(watched, Watched.progress)];
  if (nowRun !== 0 && nowRun === run) for (const { local } of places) local.requestExit();
  if (nowRun === 0 || nowRun !== run || nowProgress !== progress) since = performance.now();
  [run, progress] = [nowRun, nowProgress];
  if (performance.now() - since > HANG) {
    writeSync(2, `a guest hangs: --seed ${seed} --first ${Atomics.load(watched, Watched.case)} --count 1\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}
