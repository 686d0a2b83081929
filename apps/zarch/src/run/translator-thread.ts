/**
 * A translator's thread, and a vCPU's way to it. It is set to work before there is a VM: that takes some tenths of a
 * second, and meanwhile the translator prepares what earlier runs have translated, or rehearses.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import type { KeptTranslations, TranslationRequest, TranslatorAnswer, TranslatorPort } from '@zarch/cpu';
import type { TranslatorWorkerData } from '@zarch/session/threads';
import { threadFor } from './early-threads.ts';
import type { TranslationFileOptions } from './translation-file.ts';

/** The first message from the program; the second, which has nothing in it, asks for the end. */
export interface TranslatorThreadData {
  /** Where a {@link TranslatorMessage} comes from, and translations go to. */
  readonly port: MessagePort;
  /** Where translations are kept, if they are. */
  readonly file: TranslationFileOptions | undefined;
}

/** First what it is to work for; then that the vCPU is ready, and requests. */
export type TranslatorMessage =
  | { readonly kind: 'start'; readonly data: TranslatorWorkerData }
  | { readonly kind: 'begin' }
  | { readonly kind: 'requests'; readonly requests: readonly TranslationRequest[] }
  | { readonly kind: 'use' | 'want'; readonly ids: readonly number[] };

/** Milliseconds for the thread to keep what it has translated: it is a help, and no reason to wait. */
const PATIENCE = 1000;

export class TranslatorThread {
  /** For the vCPU's thread. */
  readonly port: MessagePort;
  readonly #worker: Worker;
  readonly #keeps: boolean;

  constructor(cpuAddress: number, file?: TranslationFileOptions) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.#keeps = file !== undefined;
    const data: TranslatorThreadData = { port: port2, file };
    this.#worker = threadFor('translator', cpuAddress);
    this.#worker.postMessage(data, [port2]);
  }

  onError(report: (error: Error) => void): void {
    this.#worker.on('error', report);
  }

  /** Ends the thread, which first keeps what it has translated. */
  async end(): Promise<void> {
    if (this.#keeps) {
      const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
      this.#worker.postMessage('end');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, PATIENCE);
      });
      await Promise.race([ended, late]);
      clearTimeout(timer);
    }
    await this.#worker.terminate();
  }
}

/** A vCPU's end of the port. */
export class TranslatorEnd implements TranslatorPort {
  readonly #port: MessagePort;
  readonly kept: KeptTranslations = {
    begin: () => this.#post({ kind: 'begin' }),
    use: (ids) => this.#post({ kind: 'use', ids }),
    want: (ids) => this.#post({ kind: 'want', ids }),
  };

  constructor(port: MessagePort, data: TranslatorWorkerData) {
    this.#port = port;
    this.#post({ kind: 'start', data });
  }

  request(requests: readonly TranslationRequest[]): void {
    this.#post({ kind: 'requests', requests });
  }
  take(): TranslatorAnswer | undefined {
    return receiveMessageOnPort(this.#port)?.message as TranslatorAnswer | undefined;
  }
  #post(message: TranslatorMessage): void {
    this.#port.postMessage(message);
  }
}
