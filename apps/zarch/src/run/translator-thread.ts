/** A vCPU's end of its translator's thread. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Translation, TranslationRequest, TranslatorPort } from '@zarch/cpu';
import { controlSize, type Vm } from '@zarch/kvm';
import { workerLimits } from './engine-flags.ts';

export interface TranslatorWorkerData {
  readonly memory: WebAssembly.Memory;
  readonly memorySize: number;
  readonly controlSize: number;
  /** Host address of the vCPU's block. */
  readonly block: number;
  readonly port: MessagePort;
}

export class TranslatorThread implements TranslatorPort {
  readonly #port: MessagePort;

  constructor(vm: Vm, cpuAddress: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const place = vm.places[cpuAddress];
    if (!place) throw new RangeError(`no CPU ${cpuAddress}`);
    const { memorySize, maximumCpus } = vm.handle.options;
    const workerData: TranslatorWorkerData = {
      ...{ memory: vm.handle.memory, memorySize, controlSize: controlSize(memorySize, maximumCpus) },
      ...{ block: place.block, port: port2 },
    };
    const file = import.meta.url.endsWith('.ts') ? '../translator-worker.ts' : './translator-worker.js';
    const name = `translator ${cpuAddress}`;
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      name,
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
