/**
 * Descriptor chains: what the driver makes available as one buffer (Virtual I/O Device 1.3, sections 2.7.4, 2.7.5
 * and 2.8.6 to 2.8.8). A chain has first what the device reads, then what it writes.
 */
import { type AbsoluteAddress, absolute } from '@zarch/arch';
import type { StorageView } from '@zarch/memory';
import type { DeviceStorage } from './device-storage.ts';
import { DescriptorFlag, descriptor } from './ring-layout.ts';
import { type Segment, Segments } from './segments.ts';

/**
 * Descriptors of a chain with an indirect table. The specification's limit is the queue size, but Linux does not look
 * at it, so that its drivers exceed a small queue's; other devices take this many.
 */
export const MAXIMUM_CHAIN = 1024;

const LENGTH_LIMIT = 2 ** 32;

export interface DescriptorChain {
  /** What the used element names it by: the head's index in a split ring, the buffer's id in a packed one. */
  readonly id: number;
  /** Descriptors that it takes in the ring itself. */
  readonly slots: number;
  readonly readable: Segments;
  readonly writable: Segments;
}

/** A chain that the device holds when its state is saved: by then the ring may have other descriptors in its place. */
export interface SavedChain {
  readonly id: number;
  readonly slots: number;
  readonly readable: readonly SavedSegment[];
  readonly writable: readonly SavedSegment[];
}

type SavedSegment = readonly [address: number, length: number];

export interface Descriptor {
  readonly address: AbsoluteAddress;
  readonly length: number;
  readonly flags: number;
}

/** Collects a chain's buffers. Its methods answer with what is wrong with a descriptor, if anything is. */
export class ChainBuilder {
  readonly #storage: DeviceStorage;
  readonly #indirectAllowed: boolean;
  readonly #readable: Segment[] = [];
  readonly #writable: Segment[] = [];
  #length = 0;

  constructor(storage: DeviceStorage, indirectAllowed: boolean) {
    this.#storage = storage;
    this.#indirectAllowed = indirectAllowed;
  }

  /** Adds the buffer of a descriptor that is not indirect. */
  add({ address, length, flags }: Descriptor): string | undefined {
    const writable = (flags & DescriptorFlag.write) !== 0;
    if (!writable && this.#writable.length > 0) return 'a readable buffer follows a writable one';
    if (this.#readable.length + this.#writable.length === MAXIMUM_CHAIN) return 'a chain is too long';
    this.#length += length;
    if (this.#length >= LENGTH_LIMIT) return 'a chain has more than 2^32 bytes';
    if (address + length > this.#storage.size) return 'a buffer is outside storage';
    (writable ? this.#writable : this.#readable).push({ address, length });
    return undefined;
  }

  /**
   * Adds the buffers of an indirect descriptor's table.
   *
   * @param walk - Adds those of the table's entries.
   */
  addTable(
    { address, length, flags }: Descriptor,
    walk: (table: StorageView, entries: number) => string | undefined,
  ): string | undefined {
    if (!this.#indirectAllowed) return 'an indirect descriptor was not negotiated';
    if ((flags & DescriptorFlag.next) !== 0) return 'a descriptor follows an indirect one';
    if (length === 0 || length % descriptor.size !== 0) return 'an indirect table has no whole descriptors';
    const table = this.#storage.view(address, length);
    return table === undefined
      ? 'an indirect table is outside storage'
      : walk(table, length / descriptor.size);
  }

  finish(id: number, slots: number): DescriptorChain {
    const segments = (all: readonly Segment[]) => new Segments(this.#storage, all);
    return { id, slots, readable: segments(this.#readable), writable: segments(this.#writable) };
  }
}

export function saveChain({ id, slots, readable, writable }: DescriptorChain): SavedChain {
  const save = ({ segments }: Segments) =>
    segments.map(({ address, length }): SavedSegment => [address, length]);
  return { id, slots, readable: save(readable), writable: save(writable) };
}

/** @throws {RangeError} When a buffer is outside storage, which has another size then. */
export function restoreChain(
  storage: DeviceStorage,
  { id, slots, readable, writable }: SavedChain,
): DescriptorChain {
  const restore = (segments: readonly SavedSegment[]) =>
    new Segments(
      storage,
      segments.map(([at, length]) => {
        if (at + length > storage.size) throw new RangeError('a saved buffer is outside storage');
        return { address: absolute(at), length };
      }),
    );
  return { id, slots, readable: restore(readable), writable: restore(writable) };
}
