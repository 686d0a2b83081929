/**
 * Reading ahead for a driver that reads a medium from one place on: while it deals with what it has got, the bytes that
 * it will want next are read.
 */
import type { ImmediateAccess } from './block-backend.ts';

/** Fewer bytes at a time are read as soon as they are wanted. */
const LEAST = 1 << 16;

/** Bytes of a medium, in a buffer from `at` on. */
export interface BytesAhead {
  readonly buffer: Uint8Array;
  readonly at: number;
}

export class ReadAhead {
  /** Where the last read ended. */
  #end = 0;
  /** Bytes up to there that were read one after the other: in all, and since the last {@link fill}. */
  #run = 0;
  #turn = 0;
  #buffer: Uint8Array | undefined;
  #offset = 0;
  /** Bytes that are there from {@link #offset} on. */
  #length = 0;

  /** The driver reads. @returns The bytes if they are there. */
  take(offset: number, length: number): BytesAhead | undefined {
    if (offset !== this.#end) {
      this.#run = 0;
      this.#turn = 0;
    }
    this.#end = offset + length;
    this.#run += length;
    this.#turn += length;
    const at = offset - this.#offset;
    if (this.#buffer === undefined || at < 0 || at + length > this.#length) return undefined;
    return { buffer: this.#buffer, at };
  }

  /** What is there may be no longer what is on the medium. */
  forget(): void {
    this.#length = 0;
  }

  /**
   * The driver has got what it asked for. If it has read on from an earlier call, as many bytes are read again. No write
   * may be under way.
   *
   * @param size - Bytes of the medium.
   * @param makeBuffer - Makes the buffer, for as many bytes as are read at most.
   */
  fill(immediate: ImmediateAccess, size: number, makeBuffer: () => Uint8Array): void {
    const earlier = this.#run - this.#turn;
    const turn = this.#turn;
    this.#turn = 0;
    if (earlier < turn || turn < LEAST) return;
    this.#buffer ??= makeBuffer();
    const length = Math.min(turn, this.#buffer.length, size - this.#end);
    this.#length = 0;
    if (length <= 0) return;
    try {
      immediate.read(this.#end, this.#buffer.subarray(0, length));
    } catch {
      // Nobody has asked for it yet: whoever does will meet the error.
      return;
    }
    this.#offset = this.#end;
    this.#length = length;
  }
}
