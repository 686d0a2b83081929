/** Node as the host of a session: its timers, and its worker threads for vCPUs. */
import { Worker } from 'node:worker_threads';
import type { SessionHost, VcpuMessage, VcpuWorker, VcpuWorkerData, VcpuWorkerEvents } from '@zarch/session';
import { nodeClock } from './clock.ts';
import { workerLimits } from './engine-flags.ts';

export const nodeHost: SessionHost = {
  clock: nodeClock,
  defer: (work) => setImmediate(work),
  schedule: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  startVcpu,
};

function startVcpu(data: VcpuWorkerData, { onMessage, onError }: VcpuWorkerEvents): VcpuWorker {
  // Built code has its worker beside it; in the source tree it is one folder up.
  const file = import.meta.url.endsWith('.ts') ? '../vcpu-worker.ts' : './vcpu-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: data,
    name: `vcpu ${data.cpuAddress}`,
    resourceLimits: workerLimits,
  });
  worker.on('message', (message: VcpuMessage) => onMessage(message));
  worker.on('error', onError);
  worker.on('exit', (code) => {
    onError(new Error(`the thread of CPU ${data.cpuAddress} ended with status ${code}`));
  });
  return {
    post: (settings) => worker.postMessage(settings),
    terminate: async () => {
      await worker.terminate();
    },
  };
}
