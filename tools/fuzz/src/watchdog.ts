/**
 * Bounds each run of a guest, from a thread of its own: asks for its end after some milliseconds, and ends the process
 * with a message when the guest does not come back.
 */
import { Worker } from 'node:worker_threads';
import type { VmHandle } from '@zarch/kvm';

/** Words that the watchdog looks at. */
export const Watched = {
  /** Changes with each run; 0 while there is none. */
  run: 0,
  /** Changes whenever the guest has come back to the host. */
  progress: 1,
  case: 2,
  /** Not 0 once the watchdog is to end. */
  over: 3,
  words: 4,
} as const;

export interface WatchdogData {
  readonly watched: Int32Array;
  /** The VM, whose vCPUs are asked. */
  readonly vm: VmHandle;
  readonly seed: string;
}

export class RunWatchdog {
  readonly #watched = new Int32Array(new SharedArrayBuffer(Watched.words * 4));
  readonly #worker: Worker;
  #runs = 0;

  constructor(seed: string, vm: VmHandle) {
    const workerData: WatchdogData = { watched: this.#watched, vm, seed };
    this.#worker = new Worker(new URL('./watchdog-worker.ts', import.meta.url), { workerData });
  }

  begin(number: number): void {
    this.#runs = (this.#runs + 1) | 0 || 1;
    Atomics.store(this.#watched, Watched.case, number);
    Atomics.store(this.#watched, Watched.run, this.#runs);
  }
  progress(): void {
    Atomics.add(this.#watched, Watched.progress, 1);
  }
  end(): void {
    Atomics.store(this.#watched, Watched.run, 0);
  }
  async stop(): Promise<void> {
    Atomics.store(this.#watched, Watched.over, 1);
    Atomics.notify(this.#watched, Watched.over);
    await this.#worker.terminate();
  }
}
