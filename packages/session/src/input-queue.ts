/** Input that waits until the console takes it; the source is stopped meanwhile. */
export class InputQueue {
  #take: ((bytes: Uint8Array) => number) | undefined;
  #waiting: Uint8Array[] = [];
  readonly #flow: (on: boolean) => void;

  /** @param flow - Called with false when the source is to stop, and with true when it is to go on. */
  constructor(flow: (on: boolean) => void) {
    this.#flow = flow;
  }

  connect(take: (bytes: Uint8Array) => number): void {
    this.#take = take;
    this.#drain();
  }

  /** Bytes that wait. */
  get length(): number {
    return this.#waiting.reduce((sum, { length }) => sum + length, 0);
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const stopped = this.#waiting.length > 0;
    this.#waiting.push(bytes);
    if (!stopped) this.#drain();
  }

  /** Called from inside the console, which is asked again once it has returned. */
  room(): void {
    if (this.#waiting.length > 0) void Promise.resolve().then(() => this.#drain());
  }

  #drain(): void {
    if (!this.#take) return;
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      const count = this.#take(first);
      if (count < first.length) {
        this.#waiting[0] = first.subarray(count);
        this.#flow(false);
        return;
      }
      this.#waiting.shift();
    }
    this.#flow(true);
  }
}
