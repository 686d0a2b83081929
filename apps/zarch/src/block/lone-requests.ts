/**
 * Whether a request is best done at once, on the thread that it comes on. What the host has in its page cache is read and
 * written sooner than handed to another thread and back; a medium that is slow would hold up everything else on the
 * thread, and many requests are done sooner side by side.
 */

/** Milliseconds after which a request was slow: these, and what its bytes take at a gigabyte a second. */
const SLOW = 1;
const SLOW_PER_BYTE = 1e-6;
/** Requests after a slow one that are handed over without another try. */
const PENALTY = 64;

export class LoneRequests {
  readonly #now: () => number;
  #inFlight = 0;
  #penalty = 0;

  /** @param now - Milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether a request that comes now is best done at once. */
  get atOnce(): boolean {
    return this.#inFlight === 0 && this.#penalty === 0;
  }

  /** Does a request at once, on this thread, and sees how long it takes. */
  do(length: number, request: () => void): void {
    const begun = this.#now();
    request();
    if (this.#now() - begun > SLOW + length * SLOW_PER_BYTE) this.#penalty = PENALTY;
  }

  /** Has another thread do a request. */
  async handOver(request: () => Promise<void>): Promise<void> {
    this.#penalty = Math.max(0, this.#penalty - 1);
    this.#inFlight++;
    try {
      await request();
    } finally {
      this.#inFlight--;
    }
  }
}
