/** The thread of the watch for hangs. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { HangWatchData } from './hang-watch.ts';

const { number, options, size } = workerData as HangWatchData;
/** How long a case may take, in milliseconds; the longest that end take some hundred. */
const HANG = 30_000;

for (let seen = Atomics.load(number, 0); seen >= 0; seen = Atomics.load(number, 0)) {
  if (Atomics.wait(number, 0, seen, HANG) !== 'timed-out') continue;
  if (Atomics.load(number, 0) !== seen) continue;
  writeSync(2, `a case hangs: ${options} --first ${seen * size} --count ${size}\n`);
  process.kill(process.pid, 'SIGKILL');
}
