/**
 * How channel programs reach main storage: with absolute addresses and the subchannel key, and never beyond the end
 * (Principles of Operation, chapter 3, "Key-Controlled Protection", and chapter 16, "Subchannel Status").
 */
import { absolute, PAGE_SIZE, SubchannelStatus } from '@zarch/arch';
import { type GuestStorage, storageKey } from '@zarch/memory';

/** Why an access failed, as the bit of the subchannel status that says so. */
export type StorageCheck = typeof SubchannelStatus.programCheck | typeof SubchannelStatus.protectionCheck;

export interface ChannelStorage {
  /** Reads up to a block of 4 KiB; the bytes lie within one. */
  fetch(address: number, length: number, key: number): Uint8Array | StorageCheck;
  /** Stores bytes that lie within one block of 4 KiB; undefined when they are stored. */
  store(address: number, bytes: Uint8Array, key: number): StorageCheck | undefined;
}

/** The storage keys of main storage, of which `AbsoluteStorage` has one for every block of 4 KiB. */
export interface StorageKeys {
  key(address: ReturnType<typeof absolute>): number | undefined;
  setKey(address: ReturnType<typeof absolute>, key: number): void;
}

/** Guest storage with its keys, as the channel subsystem accesses it. */
export class KeyedStorage implements ChannelStorage {
  readonly #storage: GuestStorage & StorageKeys;

  constructor(storage: GuestStorage & StorageKeys) {
    this.#storage = storage;
  }

  fetch(address: number, length: number, key: number): Uint8Array | StorageCheck {
    const view = this.#storage.view(absolute(address), length);
    const block = this.#storage.key(absolute(address));
    if (view === undefined || block === undefined) return SubchannelStatus.programCheck;
    const fetchProtected = (block & storageKey.fetchProtection) !== 0;
    if (fetchProtected && !matches(block, key)) return SubchannelStatus.protectionCheck;
    this.#record(address, block, storageKey.reference);
    return view.bytes();
  }

  store(address: number, bytes: Uint8Array, key: number): StorageCheck | undefined {
    const view = this.#storage.view(absolute(address), bytes.length);
    const block = this.#storage.key(absolute(address));
    if (view === undefined || block === undefined) return SubchannelStatus.programCheck;
    if (!matches(block, key)) return SubchannelStatus.protectionCheck;
    this.#record(address, block, storageKey.reference | storageKey.change);
    view.setBytes(0, bytes);
    return undefined;
  }

  #record(address: number, block: number, bits: number): void {
    if ((block & bits) !== bits) this.#storage.setKey(absolute(address), block | bits);
  }
}

/** Whether an access with that key may store in the block. */
function matches(block: number, key: number): boolean {
  return key === 0 || (block & storageKey.access) >> 4 === key;
}

/** Bytes from an address to the end of its block of 4 KiB. */
export function bytesInBlock(address: number): number {
  return PAGE_SIZE - (address % PAGE_SIZE);
}
