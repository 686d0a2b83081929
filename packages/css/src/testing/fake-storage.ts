/** A small guest storage with keys, for tests. */
import type { AbsoluteAddress } from '@zarch/arch';
import { type GuestStorage, StorageView } from '@zarch/memory';
import { KeyedStorage, type StorageKeys } from '../channel-storage.ts';

export class FakeStorage implements GuestStorage, StorageKeys {
  readonly size: number;
  /** What channel programs are given. */
  readonly channel: KeyedStorage;
  readonly #buffer: ArrayBuffer;
  readonly #keys: Uint8Array;

  /** @param size - Bytes, a multiple of 4096. */
  constructor(size = 1 << 16) {
    this.size = size;
    this.#buffer = new ArrayBuffer(size);
    this.#keys = new Uint8Array(size / 4096);
    this.channel = new KeyedStorage(this);
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    if (address < 0 || address + length > this.size) return undefined;
    return new StorageView(this.#buffer, this.size - address, length);
  }

  key(address: AbsoluteAddress | number): number | undefined {
    return this.#keys[Math.floor(address / 4096)];
  }

  setKey(address: AbsoluteAddress | number, key: number): void {
    this.#keys[Math.floor(address / 4096)] = key;
  }

  /** Bytes of the storage in ascending order. */
  bytes(address: number, length: number): Uint8Array {
    return new StorageView(this.#buffer, this.size - address, length).bytes();
  }

  /** Stores without regard to keys. */
  put(address: number, bytes: Uint8Array): void {
    new StorageView(this.#buffer, this.size - address, bytes.length).setBytes(0, bytes);
  }
}
