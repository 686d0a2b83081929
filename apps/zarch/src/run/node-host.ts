/** Node as the host of a session: its timers, and its worker threads for vCPUs and translators. */
import type { MessagePort, Worker } from 'node:worker_threads';
import type { SessionHost, VcpuMessage, VcpuWorker, VcpuWorkerData, VcpuWorkerEvents } from '@zarch/session';
import { nodeClock } from './clock.ts';
import { endSpareThread, threadFor } from './early-threads.ts';
import type { TranslationFileOptions } from './translation-file.ts';
import { TranslatorThread } from './translator-thread.ts';

/** The first message to a vCPU's thread. */
export interface NodeVcpuData extends VcpuWorkerData {
  /** The way to its translator, unless nothing is to be translated. */
  readonly translator?: MessagePort | undefined;
}

export interface NodeHostOptions {
  /** Whether guest code is translated. */
  readonly translates: boolean;
  /** Where translations of CPU 0 are kept; undefined if they are not. */
  readonly translations?: TranslationFileOptions | undefined;
}

/** Has the translator of CPU 0 begin with its preparations. */
export function nodeHost({ translates, translations }: NodeHostOptions): SessionHost {
  let first = translates ? new TranslatorThread(0, translations) : undefined;
  if (!translates) endSpareThread('translator');
  const translatorOf = ({ threshold, cpuAddress }: VcpuWorkerData): TranslatorThread | undefined => {
    if (threshold === 0) return undefined;
    const prepared = cpuAddress === 0 ? first : undefined;
    if (prepared) first = undefined;
    return prepared ?? new TranslatorThread(cpuAddress);
  };
  return {
    clock: nodeClock,
    defer: (work) => setImmediate(work),
    schedule: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    startVcpu: (data, events) =>
      startVcpu(threadFor('vcpu', data.cpuAddress), data, translatorOf(data), events),
  };
}

function startVcpu(
  worker: Worker,
  data: VcpuWorkerData,
  translator: TranslatorThread | undefined,
  { onMessage, onError }: VcpuWorkerEvents,
): VcpuWorker {
  translator?.onError(onError);
  worker.on('message', (message: VcpuMessage) => onMessage(message));
  worker.on('error', onError);
  worker.on('exit', (code) => {
    onError(new Error(`the thread of CPU ${data.cpuAddress} ended with status ${code}`));
  });
  worker.ref();
  const first: NodeVcpuData = { ...data, translator: translator?.port };
  worker.postMessage(first, translator ? [translator.port] : []);
  return {
    post: (settings) => worker.postMessage(settings),
    terminate: async () => {
      await Promise.all([worker.terminate(), translator?.end()]);
    },
  };
}
