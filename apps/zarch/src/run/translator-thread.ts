/**
 * A translator's thread, and a vCPU's way to it. It is started before there is a VM: both take some tenths of a second,
 * and meanwhile the translator rehearses.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Translation, TranslationRequest, TranslatorPort } from '@zarch/cpu';
import type { TranslatorWorkerData } from '@zarch/session';
import { workerLimits } from './engine-flags.ts';

export interface TranslatorThreadData {
  /** Where a {@link TranslatorMessage} comes from, and translations go to. */
  readonly port: MessagePort;
}

/** First what it is to work for, then requests. */
export type TranslatorMessage =
  | { readonly kind: 'start'; readonly data: TranslatorWorkerData }
  | { readonly kind: 'requests'; readonly requests: readonly TranslationRequest[] };

export class TranslatorThread {
  /** For the vCPU's thread. */
  readonly port: MessagePort;
  readonly #worker: Worker;

  constructor(cpuAddress: number) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const workerData: TranslatorThreadData = { port: port2 };
    const file = import.meta.url.endsWith('.ts') ? '../translator-worker.ts' : './translator-worker.js';
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      name: `translator ${cpuAddress}`,
      transferList: [port2],
      resourceLimits: workerLimits,
    });
    this.#worker.unref();
  }

  onError(report: (error: Error) => void): void {
    this.#worker.on('error', report);
  }
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A vCPU's end of the port. */
export class TranslatorEnd implements TranslatorPort {
  readonly #port: MessagePort;

  constructor(port: MessagePort, data: TranslatorWorkerData) {
    this.#port = port;
    this.#post({ kind: 'start', data });
  }

  request(requests: readonly TranslationRequest[]): void {
    this.#post({ kind: 'requests', requests });
  }
  take(): Translation | undefined {
    return receiveMessageOnPort(this.#port)?.message as Translation | undefined;
  }
  #post(message: TranslatorMessage): void {
    this.#port.postMessage(message);
  }
}
