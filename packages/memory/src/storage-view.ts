/**
 * A bounds-checked window on storage that is kept back to front, with big-endian accessors at ascending offsets:
 * guest storage and control blocks look to a device or a hypervisor as the manual draws them.
 */
export class StorageView {
  readonly length: number;
  readonly #data: DataView;
  readonly #bytes: Uint8Array;
  readonly #onStore: ((offset: number, length: number) => void) | undefined;

  /**
   * @param buffer - The host storage.
   * @param end - Host address one past the window's byte 0.
   * @param length - Bytes in the window.
   * @param onStore - Called after each store, with its offset and length.
   */
  constructor(
    buffer: ArrayBuffer | SharedArrayBuffer,
    end: number,
    length: number,
    onStore?: (offset: number, length: number) => void,
  ) {
    this.#onStore = onStore;
    this.length = length;
    this.#data = new DataView(buffer, end - length, length);
    this.#bytes = new Uint8Array(buffer, end - length, length);
  }

  u8(offset: number): number {
    return this.#data.getUint8(this.length - 1 - offset);
  }
  u16(offset: number): number {
    return this.#data.getUint16(this.length - 2 - offset, true);
  }
  u32(offset: number): number {
    return this.#data.getUint32(this.length - 4 - offset, true);
  }
  u64(offset: number): bigint {
    return this.#data.getBigUint64(this.length - 8 - offset, true);
  }
  setU8(offset: number, value: number): void {
    this.#data.setUint8(this.length - 1 - offset, value);
    this.#onStore?.(offset, 1);
  }
  setU16(offset: number, value: number): void {
    this.#data.setUint16(this.length - 2 - offset, value, true);
    this.#onStore?.(offset, 2);
  }
  setU32(offset: number, value: number): void {
    this.#data.setUint32(this.length - 4 - offset, value, true);
    this.#onStore?.(offset, 4);
  }
  setU64(offset: number, value: bigint): void {
    this.#data.setBigUint64(this.length - 8 - offset, value, true);
    this.#onStore?.(offset, 8);
  }

  /** A copy of `length` bytes from `offset`, in the guest's order. */
  bytes(offset = 0, length = this.length - offset): Uint8Array<ArrayBuffer> {
    const end = this.length - offset;
    return new Uint8Array(this.#bytes.subarray(end - length, end)).reverse();
  }
  /** Writes bytes given in the guest's order. */
  setBytes(offset: number, source: Uint8Array): void {
    const end = this.length - offset;
    const target = this.#bytes.subarray(end - source.length, end);
    target.set(source);
    target.reverse();
    this.#onStore?.(offset, source.length);
  }
  fill(value: number, offset = 0, length = this.length - offset): void {
    const end = this.length - offset;
    this.#bytes.fill(value, end - length, end);
    this.#onStore?.(offset, length);
  }
  /** A smaller window. */
  sub(offset: number, length = this.length - offset): StorageView {
    if (offset < 0 || length < 0 || offset + length > this.length) {
      throw new RangeError(`${length} bytes at ${offset} of a view of ${this.length}`);
    }
    const end = this.#data.byteOffset + this.length - offset;
    const stored = this.#onStore;
    return new StorageView(
      this.#data.buffer as ArrayBuffer | SharedArrayBuffer,
      end,
      length,
      stored && ((at, count) => stored(offset + at, count)),
    );
  }
}
