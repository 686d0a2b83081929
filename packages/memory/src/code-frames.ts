/**
 * Which 4 KiB blocks of storage hold instructions that a translator has made code of, so that every store into one of
 * them is seen (Principles of Operation, chapter 5, "Conceptual Sequence": a store changes the instructions that follow
 * it). Shared by everything that stores: CPUs, and devices through views of storage.
 */
import { type AbsoluteAddress, PAGE_SIZE } from '@zarch/arch';

/** A block's byte; zero where nothing is translated. */
export const CodeFrame = { translated: 1, written: 2 } as const;

export class CodeFrames {
  /** Before the blocks' bytes is a word that is not zero when some block may have been written. */
  static readonly FLAG = 16;
  /** Host address of the first block's byte. */
  readonly address: number;
  readonly #bytes: Uint8Array;
  readonly #flag: Int32Array;

  /**
   * @param buffer - The host storage.
   * @param address - Of {@link CodeFrames.size} bytes in it, on a boundary of 16.
   */
  constructor(buffer: ArrayBuffer | SharedArrayBuffer, address: number, blocks: number) {
    this.address = address + CodeFrames.FLAG;
    this.#flag = new Int32Array(buffer, address, 1);
    this.#bytes = new Uint8Array(buffer, this.address, blocks);
  }

  /** Bytes of host storage for so many blocks. */
  static size(blocks: number): number {
    return CodeFrames.FLAG + blocks;
  }

  /** From now on stores into the block are seen, by CPUs once they have purged what they know of it. */
  protect(block: number): void {
    this.#bytes[block] = CodeFrame.translated;
  }
  release(block: number): void {
    this.#bytes[block] = 0;
  }
  isProtected(block: number): boolean {
    return this.#bytes[block] !== 0;
  }

  /** Notes that `length` bytes at `address` are being stored by something that is not a CPU. */
  written(address: AbsoluteAddress, length: number): void {
    const last = Math.floor((address + length - 1) / PAGE_SIZE);
    for (let block = Math.floor(address / PAGE_SIZE); block <= last; block++) {
      if (!this.#bytes[block]) continue;
      this.#bytes[block] = CodeFrame.translated | CodeFrame.written;
      Atomics.store(this.#flag, 0, 1);
    }
  }

  /** Whether {@link takeWritten} may find something. */
  get anyWritten(): boolean {
    return this.#flag[0] !== 0;
  }

  /** Of the blocks given, those written since they were last taken. */
  takeWritten(blocks: Iterable<number>): readonly number[] {
    Atomics.store(this.#flag, 0, 0);
    const found: number[] = [];
    for (const block of blocks) {
      if (((this.#bytes[block] ?? 0) & CodeFrame.written) === 0) continue;
      this.#bytes[block] = CodeFrame.translated;
      found.push(block);
    }
    return found;
  }
}
