/** Bytes that an operator typed and the program has not yet read. */

export class ByteQueue {
  readonly #limit: number;
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array();

  /** @param limit - Bytes that fit. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** Appends as many of `bytes` as fit and returns how many those are. */
  push(bytes: Uint8Array): number {
    const count = Math.min(bytes.length, this.#limit - this.#bytes.length);
    const joined = new Uint8Array(this.#bytes.length + count);
    joined.set(this.#bytes);
    joined.set(bytes.subarray(0, count), this.#bytes.length);
    this.#bytes = joined;
    return count;
  }

  /** Removes and returns the first `count` bytes. */
  shift(count: number): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, count);
    this.#bytes = this.#bytes.slice(count);
    return taken;
  }

  /** A copy of everything. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice();
  }

  /** Replaces everything. */
  set(bytes: Uint8Array): void {
    this.#bytes = new Uint8Array(bytes);
  }
}
