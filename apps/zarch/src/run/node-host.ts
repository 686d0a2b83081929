/** Node as the host of a session: its timers, and its worker threads for vCPUs. */
import { type MessagePort, Worker } from 'node:worker_threads';
import type { SessionHost, VcpuMessage, VcpuWorker, VcpuWorkerData, VcpuWorkerEvents } from '@zarch/session';
import { nodeClock } from './clock.ts';
import { workerLimits } from './engine-flags.ts';
import type { TranslationFileOptions } from './translation-file.ts';
import { TranslatorThread } from './translator-thread.ts';

/** What a vCPU's thread is started with. */
export interface NodeVcpuData extends VcpuWorkerData {
  /** The way to its translator, unless nothing is to be translated. */
  readonly translator?: MessagePort | undefined;
}

let ready: TranslatorThread | undefined;

/**
 * Starts the translator's thread of CPU 0, ahead of its vCPU's.
 *
 * @param file - Where translations are kept; undefined if they are not.
 */
export function startTranslator(file: TranslationFileOptions | undefined): void {
  ready ??= new TranslatorThread(0, file);
}

function translatorOf({ threshold, cpuAddress }: VcpuWorkerData): TranslatorThread | undefined {
  if (threshold === 0) return undefined;
  const translator = (cpuAddress === 0 && ready) || new TranslatorThread(cpuAddress);
  if (translator === ready) ready = undefined;
  return translator;
}

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
  const translator = translatorOf(data);
  translator?.onError(onError);
  const workerData: NodeVcpuData = { ...data, translator: translator?.port };
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData,
    transferList: translator ? [translator.port] : [],
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
      await translator?.end();
    },
  };
}
