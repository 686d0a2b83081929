/** The guest's storage for devices that move much data. */
import type { AbsoluteAddress } from '@zarch/arch';
import type { AbsoluteStorage, HostStorage, StorageView } from '@zarch/memory';
import type { DeviceStorage } from '@zarch/virtio';
import { COPY_LIMIT, type TurningCopy, turningCopy } from './turning-copy.ts';

export class BulkStorage implements DeviceStorage {
  readonly size: number;
  readonly #storage: AbsoluteStorage;
  readonly #top: number;
  readonly #copy: TurningCopy;

  constructor(host: HostStorage, storage: AbsoluteStorage) {
    this.size = storage.size;
    this.#storage = storage;
    this.#top = host.top;
    this.#copy = turningCopy(host.memory);
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    return this.#storage.view(address, length);
  }

  read(address: AbsoluteAddress, target: Uint8Array): void {
    const { buffer, fromStorage } = this.#copy;
    const end = this.#end(address, target.length);
    for (let done = 0; done < target.length; done += COPY_LIMIT) {
      const count = Math.min(COPY_LIMIT, target.length - done);
      fromStorage(end - done, count);
      target.set(buffer.subarray(0, count), done);
    }
  }

  write(address: AbsoluteAddress, source: Uint8Array): void {
    const { buffer, toStorage } = this.#copy;
    const end = this.#end(address, source.length);
    for (let done = 0; done < source.length; done += COPY_LIMIT) {
      const count = Math.min(COPY_LIMIT, source.length - done);
      buffer.set(count === source.length ? source : source.subarray(done, done + count));
      toStorage(end - done, count);
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
