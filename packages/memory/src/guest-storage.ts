/** Guest absolute storage and its storage keys (Principles of Operation, chapter 3, "Storage"). */
import { type AbsoluteAddress, absolute, PAGE_SIZE } from '@zarch/arch';
import { CodeFrames } from './code-frames.ts';
import type { HostStorage } from './host-storage.ts';
import { StorageView } from './storage-view.ts';

/** What devices see of the guest's storage. */
export interface GuestStorage {
  /** Bytes of storage, from absolute address 0. */
  readonly size: number;
  /**
   * A window on `length` bytes at `address`, or undefined when they are not all inside the storage: the access
   * would be an addressing exception.
   */
  view(address: AbsoluteAddress, length: number): StorageView | undefined;
}

/** The storage key of a 4 KiB block: access-control bits, fetch protection, reference and change. */
export const storageKey = { access: 0xf0, fetchProtection: 0x08, reference: 0x04, change: 0x02 } as const;

export class AbsoluteStorage implements GuestStorage {
  readonly size: number;
  readonly #host: HostStorage;
  /** Host address of the keys, a byte for each 4 KiB block in ascending order. */
  readonly keys: number;
  readonly #keyBytes: Uint8Array;
  readonly codeFrames: CodeFrames;

  constructor(host: HostStorage, size: number) {
    this.#host = host;
    this.size = size;
    const blocks = Math.ceil(size / PAGE_SIZE);
    this.keys = host.allocate(blocks);
    this.#keyBytes = new Uint8Array(host.memory.buffer, this.keys, blocks);
    const frames = host.allocate(CodeFrames.size(blocks));
    this.codeFrames = new CodeFrames(host.memory.buffer, frames, blocks);
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    if (address + length > this.size) return undefined;
    return new StorageView(this.#host.memory.buffer, this.#host.top - address, length, (offset, count) =>
      this.codeFrames.written(absolute(address + offset), count),
    );
  }

  /** The key of the block that holds `address`; undefined outside the storage. */
  key(address: AbsoluteAddress): number | undefined {
    return address < this.size ? this.#keyBytes[Math.floor(address / PAGE_SIZE)] : undefined;
  }

  /** Sets a key (bits as in {@link storageKey}). Translations that rely on the old key must be purged. */
  setKey(address: AbsoluteAddress, key: number): void {
    if (address < this.size) this.#keyBytes[Math.floor(address / PAGE_SIZE)] = key;
  }

  /** Clears storage and keys, as a clear reset does. */
  clear(): void {
    for (let at = 0; at < this.size; at += 2 ** 26) {
      this.view(absolute(at), Math.min(2 ** 26, this.size - at))?.fill(0);
    }
    this.#keyBytes.fill(0);
  }
}
