/** Ends the process, from a thread of its own, when a case does not end. */
import { Worker } from 'node:worker_threads';

export interface HangWatchData {
  /** The number of the case; less than 0 when all is over. */
  readonly number: Int32Array;
  /** The options that make the run again, but for the case. */
  readonly options: string;
  /** By what the case's number is multiplied in options. */
  readonly size: number;
}

export class HangWatch {
  readonly #number = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker: Worker;

  constructor(options: string, size: number) {
    const workerData: HangWatchData = { number: this.#number, options, size };
    this.#worker = new Worker(new URL('./hang-watch-worker.ts', import.meta.url), { workerData });
  }

  begin(number: number): void {
    Atomics.store(this.#number, 0, number);
    Atomics.notify(this.#number, 0);
  }
  async stop(): Promise<void> {
    this.begin(-1);
    await this.#worker.terminate();
  }
}
