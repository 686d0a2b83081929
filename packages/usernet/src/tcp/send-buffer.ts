/** Bytes for the guest that it has not acknowledged. */

export class SendBuffer {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** Forgets bytes from the front. */
  drop(count: number): void {
    let left = Math.min(count, this.#length);
    this.#length -= left;
    for (let first = this.#chunks[0]; first && left > 0; first = this.#chunks[0]) {
      if (first.length > left) {
        this.#chunks[0] = first.subarray(left);
        return;
      }
      left -= first.length;
      this.#chunks.shift();
    }
  }

  /** Bytes from the middle; all of them must be there. */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let skip = offset;
    let done = 0;
    for (const chunk of this.#chunks) {
      if (done === length) break;
      const part = chunk.subarray(skip, skip + length - done);
      bytes.set(part, done);
      done += part.length;
      skip = Math.max(0, skip - chunk.length);
    }
    if (done < length) throw new RangeError('the buffer has not that many bytes');
    return bytes;
  }
}
