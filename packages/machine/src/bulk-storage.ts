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

  read(address: AbsoluteAddress, target: Uint8Array, at = 0, count = target.length): void {
    const { buffer, fromStorage } = this.#copy;
    const end = this.#end(address, target, at, count);
    if (target.buffer === buffer.buffer) {
      fromStorage(end, count, target.byteOffset + at);
      return;
    }
    for (let done = 0; done < count; done += WAY) {
      const piece = Math.min(WAY, count - done);
      fromStorage(end - done, piece, 0);
      target.set(buffer.subarray(0, piece), at + done);
    }
  }

  write(address: AbsoluteAddress, source: Uint8Array, at = 0, count = source.length): void {
    const { buffer, toStorage } = this.#copy;
    const end = this.#end(address, source, at, count);
    if (source.buffer === buffer.buffer) toStorage(end, count, source.byteOffset + at);
    else {
      for (let done = 0; done < count; done += WAY) {
        const piece = Math.min(WAY, count - done);
        buffer.set(source.subarray(at + done, at + done + piece));
        toStorage(end - done, piece, 0);
      }
    }
    this.#storage.codeFrames.written(address, count);
  }

  /** Host address one past the byte at `address`. */
  #end(address: AbsoluteAddress, { length }: Uint8Array, at: number, count: number): number {
    if (address + count > this.size || at + count > length) {
      throw new RangeError(
        `${count} bytes at ${address} are not all in storage, or from ${at} on in a buffer`,
      );
    }
    return this.#top - address;
  }
}
