/** A vCPU's end of its translator's thread. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Translation, TranslationRequest, TranslatorPort } from '@zarch/cpu';
import type { VmHandle } from '@zarch/kvm';
import type { TranslatorWorkerData } from '@zarch/session';
import { workerLimits } from './engine-flags.ts';

export interface TranslatorThreadData extends TranslatorWorkerData {
  readonly port: MessagePort;
}

export class TranslatorThread implements TranslatorPort {
  readonly #port: MessagePort;

  constructor(vm: VmHandle, cpuAddress: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const workerData: TranslatorThreadData = { vm, cpuAddress, port: port2 };
    const file = import.meta.url.endsWith('.ts') ? '../translator-worker.ts' : './translator-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      name: `translator ${cpuAddress}`,
      transferList: [port2],
      resourceLimits: workerLimits,
    });
    worker.unref();
  }

  request(requests: readonly TranslationRequest[]): void {
    this.#port.postMessage(requests);
  }
  take(): Translation | undefined {
    return receiveMessageOnPort(this.#port)?.message as Translation | undefined;
  }
}
