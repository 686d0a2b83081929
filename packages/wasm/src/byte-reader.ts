/** Reads what a {@link ByteWriter} has written. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether all has been read. */
  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws {RangeError} Behind the end, as all that reads does. */
  u8(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError('the bytes end too soon');
    return byte;
  }

  /** Unsigned LEB128 of a safe integer. */
  u32(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (!Number.isSafeInteger(value)) throw new RangeError('a number is too large');
      if (byte < 0x80) return value;
    }
  }

  /** A name in ASCII, behind its length. */
  name(): string {
    return String.fromCharCode(...this.bytes(this.u32()));
  }

  /** The next bytes, not copied. */
  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('the bytes end too soon');
    const found = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return found;
  }
}
