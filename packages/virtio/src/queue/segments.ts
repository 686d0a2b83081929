/** The buffers of one direction in a descriptor chain, as one sequence of bytes. */
import { type AbsoluteAddress, absolute } from '@zarch/arch';
import type { DeviceStorage } from './device-storage.ts';

/** A buffer inside storage. */
export interface Segment {
  readonly address: AbsoluteAddress;
  readonly length: number;
}

export class Segments {
  readonly segments: readonly Segment[];
  /** Bytes in all of them, below 2^32. */
  readonly length: number;
  readonly #storage: DeviceStorage;

  /** @param segments - All inside `storage`. */
  constructor(storage: DeviceStorage, segments: readonly Segment[]) {
    this.#storage = storage;
    this.segments = segments;
    let sum = 0;
    for (const { length } of segments) sum += length;
    this.length = sum;
  }

  /** Gathers `length` bytes from `offset`, or what there is of them. */
  bytes(offset = 0, length = this.length - offset): Uint8Array<ArrayBuffer> {
    const result = new Uint8Array(Math.max(0, Math.min(length, this.length - offset)));
    this.copy(offset, result);
    return result;
  }

  /**
   * Gathers bytes from `offset` on into `target`.
   *
   * @returns How many there were.
   */
  copy(offset: number, target: Uint8Array): number {
    return this.#each(offset, target.length, (address, count, done) =>
      load(this.#storage, address, target, done, count),
    );
  }

  /**
   * Scatters bytes from `offset` on.
   *
   * @returns How many there was room for.
   */
  setBytes(offset: number, source: Uint8Array): number {
    return this.#each(offset, source.length, (address, count, done) =>
      store(this.#storage, address, source, done, count),
    );
  }

  #each(
    offset: number,
    most: number,
    action: (address: AbsoluteAddress, count: number, done: number) => void,
  ): number {
    const length = Math.max(0, Math.min(most, this.length - offset));
    let skip = offset;
    let done = 0;
    for (const segment of this.segments) {
      if (done === length) break;
      if (skip >= segment.length) {
        skip -= segment.length;
        continue;
      }
      const count = Math.min(segment.length - skip, length - done);
      action(absolute(segment.address + skip), count, done);
      done += count;
      skip = 0;
    }
    return length;
  }
}

function load(
  storage: DeviceStorage,
  address: AbsoluteAddress,
  target: Uint8Array,
  at: number,
  count: number,
): void {
  if (storage.read) storage.read(address, target, at, count);
  else {
    const view = storage.view(address, count);
    if (view) target.set(view.bytes(), at);
  }
}

function store(
  storage: DeviceStorage,
  address: AbsoluteAddress,
  source: Uint8Array,
  at: number,
  count: number,
): void {
  if (storage.write) storage.write(address, source, at, count);
  else storage.view(address, count)?.setBytes(0, source.subarray(at, at + count));
}
