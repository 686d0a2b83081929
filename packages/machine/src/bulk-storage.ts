/**
 * The guest's storage for devices that move much data. Storage lies back to front: what goes in or out is turned round,
 * four bytes at a time where it is aligned, which all buffers of a block device and most of others are.
 */
import type { AbsoluteAddress } from '@zarch/arch';
import type { AbsoluteStorage, HostStorage, StorageView } from '@zarch/memory';
import type { DeviceStorage } from '@zarch/virtio';

export class BulkStorage implements DeviceStorage {
  readonly size: number;
  readonly #storage: AbsoluteStorage;
  readonly #top: number;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;

  constructor(host: HostStorage, storage: AbsoluteStorage) {
    this.size = storage.size;
    this.#storage = storage;
    this.#top = host.top;
    this.#bytes = new Uint8Array(host.memory.buffer);
    this.#words = new Int32Array(host.memory.buffer);
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    return this.#storage.view(address, length);
  }

  read(address: AbsoluteAddress, target: Uint8Array): void {
    const end = this.#end(address, target.length);
    if (!isAligned(end, target)) {
      target.set(this.#bytes.subarray(end - target.length, end));
      target.reverse();
      return;
    }
    turnRound(this.#words, end / 4 - 1, wordsOf(target), target.length / 4, false);
  }

  write(address: AbsoluteAddress, source: Uint8Array): void {
    const end = this.#end(address, source.length);
    if (isAligned(end, source)) {
      turnRound(this.#words, end / 4 - 1, wordsOf(source), source.length / 4, true);
    } else {
      const place = this.#bytes.subarray(end - source.length, end);
      place.set(source);
      place.reverse();
    }
    this.#storage.codeFrames.written(address, source.length);
  }

  /** Host address one past the byte at `address`. */
  #end(address: AbsoluteAddress, length: number): number {
    if (address + length > this.size)
      throw new RangeError(`${length} bytes at ${address} are not all in storage`);
    return this.#top - address;
  }
}

const isAligned = (end: number, { byteOffset, length }: Uint8Array): boolean =>
  ((end | byteOffset | length) & 3) === 0;

const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Int32Array =>
  new Int32Array(buffer, byteOffset, length / 4);

/** Copies words between `storage`, downwards from index `last`, and `data`, upwards from its start. */
function turnRound(storage: Int32Array, last: number, data: Int32Array, count: number, into: boolean): void {
  if (into) for (let i = 0; i < count; i++) storage[last - i] = swapped(data[i] ?? 0);
  else for (let i = 0; i < count; i++) data[i] = swapped(storage[last - i] ?? 0);
}

function swapped(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
