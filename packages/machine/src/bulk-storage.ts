/** The guest's storage for devices that move much data. */
import type { AbsoluteAddress } from '@zarch/arch';
import type { AbsoluteStorage, HostStorage, StorageView } from '@zarch/memory';
import type { DeviceStorage } from '@zarch/virtio';
import { type TurningCopy, turningCopy } from './turning-copy.ts';

/** Bytes at the start of the turning copy's buffer, by way of which those of other buffers go. */
const WAY = 1 << 16;
/** Buffers begin where a host's page may begin. */
const ALIGNMENT = 1 << 12;

export class BulkStorage implements DeviceStorage {
  readonly size: number;
  readonly #storage: AbsoluteStorage;
  readonly #top: number;
  readonly #copy: TurningCopy;
  /** Where the next buffer is, in the turning copy's. */
  #next = WAY;

  constructor(host: HostStorage, storage: AbsoluteStorage) {
    this.size = storage.size;
    this.#storage = storage;
    this.#top = host.top;
    this.#copy = turningCopy(host.memory);
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    return this.#storage.view(address, length);
  }

  /** A piece of the turning copy's buffer, as long as there is one. */
  buffer(size: number): Uint8Array | undefined {
    const { buffer } = this.#copy;
    const at = this.#next;
    if (at + size > buffer.length) return undefined;
    this.#next = Math.ceil((at + size) / ALIGNMENT) * ALIGNMENT;
    return buffer.subarray(at, at + size);
  }

  read(address: AbsoluteAddress, target: Uint8Array): void {
    const { buffer, fromStorage } = this.#copy;
    const end = this.#end(address, target.length);
    if (target.buffer === buffer.buffer) {
      fromStorage(end, target.length, target.byteOffset);
      return;
    }
    for (let done = 0; done < target.length; done += WAY) {
      const count = Math.min(WAY, target.length - done);
      fromStorage(end - done, count, 0);
      target.set(buffer.subarray(0, count), done);
    }
  }

  write(address: AbsoluteAddress, source: Uint8Array): void {
    const { buffer, toStorage } = this.#copy;
    const end = this.#end(address, source.length);
    if (source.buffer === buffer.buffer) toStorage(end, source.length, source.byteOffset);
    else {
      for (let done = 0; done < source.length; done += WAY) {
        const count = Math.min(WAY, source.length - done);
        buffer.set(count === source.length ? source : source.subarray(done, done + count));
        toStorage(end - done, count, 0);
      }
    }
    this.#storage.codeFrames.written(address, source.length);
  }

  /** Host address one past the byte at `address`. */
  #end(address: AbsoluteAddress, length: number): number {
    if (address + length > this.size) {
      throw new RangeError(`${length} bytes at ${address} are not all in storage`);
    }
    return this.#top - address;
  }
}
