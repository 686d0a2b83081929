/** Counts messages as they arrive, for a thread that is told how many there are to be. */
export class Arrivals {
  #count = 0;
  #waiting: { readonly count: number; readonly resolve: () => void } | undefined;

  /** One more has come. */
  add(): void {
    this.#count++;
    if (!this.#waiting || this.#count < this.#waiting.count) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }

  /** Fulfilled when so many have come in all. For one waiter at a time. */
  reached(count: number): Promise<void> {
    if (this.#count >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { count, resolve };
    });
  }
}
