/** The buffers of one direction in a descriptor chain, as one sequence of bytes. */
import type { AbsoluteAddress } from '@zarch/arch';
import type { StorageView } from '@zarch/memory';

export interface Segment {
  readonly address: AbsoluteAddress;
  readonly view: StorageView;
}

export class Segments {
  readonly segments: readonly Segment[];
  /** Bytes in all of them, below 2^32. */
  readonly length: number;

  constructor(segments: readonly Segment[]) {
    this.segments = segments;
    this.length = segments.reduce((sum, { view }) => sum + view.length, 0);
  }

  /** Gathers `length` bytes from `offset`, or what there is of them. */
  bytes(offset = 0, length = this.length - offset): Uint8Array<ArrayBuffer> {
    const result = new Uint8Array(Math.max(0, Math.min(length, this.length - offset)));
    this.#each(offset, result.length, (view, at, count, done) => result.set(view.bytes(at, count), done));
    return result;
  }

  /**
   * Scatters bytes from `offset` on.
   *
   * @returns How many there was room for.
   */
  setBytes(offset: number, source: Uint8Array): number {
    const length = Math.max(0, Math.min(source.length, this.length - offset));
    this.#each(offset, length, (view, at, count, done) =>
      view.setBytes(at, source.subarray(done, done + count)),
    );
    return length;
  }

  #each(
    offset: number,
    length: number,
    action: (view: StorageView, at: number, count: number, done: number) => void,
  ): void {
    let skip = offset;
    let done = 0;
    for (const { view } of this.segments) {
      if (done === length) return;
      if (skip >= view.length) {
        skip -= view.length;
        continue;
      }
      const count = Math.min(view.length - skip, length - done);
      action(view, skip, count, done);
      done += count;
      skip = 0;
    }
  }
}
