/** Growable byte buffer with the encodings of the WebAssembly binary format (core specification, section 5.2). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param capacity - Bytes to begin with; more are found when they are needed. */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A byte, and an unsigned number as {@link u32}: an opcode and an index. */
  u8u32(first: number, value: number): void {
    const at = this.#length;
    if (value >= 0x80 || at + 2 > this.#bytes.length) {
      this.u8(first);
      this.u32(value);
      return;
    }
    this.#bytes[at] = first;
    this.#bytes[at + 1] = value;
    this.#length = at + 2;
  }

  /** A byte, and a signed number as {@link s32}: an opcode and a constant. */
  u8s32(first: number, value: number): void {
    const at = this.#length;
    if (value < -0x40 || value >= 0x40 || at + 2 > this.#bytes.length) {
      this.u8(first);
      this.s32(value);
      return;
    }
    this.#bytes[at] = first;
    this.#bytes[at + 1] = value & 0x7f;
    this.#length = at + 2;
  }

  /** Unsigned LEB128 of a non-negative safe integer. */
  u32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  /** Signed LEB128 of a 32-bit value. */
  s32(value: number): void {
    let rest = value | 0;
    while (rest < -0x40 || rest >= 0x40) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.u8(rest & 0x7f);
  }

  /** Signed LEB128 of a 64-bit value. A number must be a safe integer. */
  s64(value: bigint | number): void {
    if (typeof value === 'number' && (value | 0) === value) {
      this.s32(value);
      return;
    }
    const whole = BigInt(value);
    let low = Number(BigInt.asIntN(32, whole));
    let high = Number(BigInt.asIntN(32, whole >> 32n));
    while (high !== low >> 31 || low < -0x40 || low >= 0x40) {
      this.u8((low & 0x7f) | 0x80);
      low = (low >>> 7) | (high << 25);
      high >>= 7;
    }
    this.u8(low & 0x7f);
  }

  f32(value: number): void {
    this.bytes(new Uint8Array(new Float32Array([value]).buffer));
  }

  f64(value: number): void {
    this.bytes(new Uint8Array(new Float64Array([value]).buffer));
  }

  /** A name: its length in bytes, then UTF-8. Names in zarch are ASCII. */
  name(text: string): void {
    this.u32(text.length);
    for (let i = 0; i < text.length; i++) this.u8(text.charCodeAt(i) & 0x7f);
  }

  bytes(source: Uint8Array): void {
    this.#reserve(source.length);
    this.#bytes.set(source, this.#length);
    this.#length += source.length;
  }

  /** The bytes written so far, without a copy: valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what has been written and keeps the room for it. */
  clear(): void {
    this.#length = 0;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
