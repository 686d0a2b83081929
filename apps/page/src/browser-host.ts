/** A browser as the host of a session: its timers, and its workers for vCPUs and translators. */
import type { SessionHost, VcpuMessage, VcpuWorker, VcpuWorkerData, VcpuWorkerEvents } from '@zarch/session';
import { browserClock } from './clock.ts';
import { turns } from './turn.ts';
import type { TranslatorStart, VcpuStart } from './vcpu-start.ts';

const deferred: (() => void)[] = [];
const defer = turns(() => deferred.shift()?.());

export const browserHost: SessionHost = {
  clock: browserClock,
  defer: (work) => {
    deferred.push(work);
    defer();
  },
  schedule: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  startVcpu,
};

/** Both threads are started here: a vCPU's thread has no time to start one. */
function startVcpu(data: VcpuWorkerData, { onMessage, onError }: VcpuWorkerEvents): VcpuWorker {
  const { vm, cpuAddress, mailbox, threshold } = data;
  const workers: Worker[] = [];
  const watched = (worker: Worker): Worker => {
    workers.push(worker);
    worker.addEventListener('error', ({ message, filename, lineno }) => {
      onError(new Error(`${worker === vcpu ? 'vCPU' : 'translator'}: ${message} (${filename}:${lineno})`));
    });
    return worker;
  };
  const vcpu = new Worker(new URL('./vcpu-worker.js', import.meta.url), {
    type: 'module',
    name: `vcpu ${cpuAddress}`,
  });
  watched(vcpu);
  vcpu.addEventListener('message', ({ data }: MessageEvent<VcpuMessage>) => onMessage(data));
  let port: MessagePort | undefined;
  if (threshold > 0) {
    const { port1, port2 } = new MessageChannel();
    port = port1;
    const translator = new Worker(new URL('./translator-worker.js', import.meta.url), {
      type: 'module',
      name: `translator ${cpuAddress}`,
    });
    watched(translator);
    const start: TranslatorStart = { data: { vm, cpuAddress, mailbox }, vcpu: port2 };
    translator.postMessage(start, [port2]);
  }
  const start: VcpuStart = { data, translator: port };
  vcpu.postMessage(start, port ? [port] : []);
  return {
    post: (settings) => vcpu.postMessage(settings),
    terminate: async () => {
      for (const worker of workers) worker.terminate();
    },
  };
}
