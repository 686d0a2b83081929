/**
 * Which 4 KiB blocks of storage hold instructions that a translator has made code of, so that every store into one of
 * them is seen (Principles of Operation, chapter 5, "Conceptual Sequence": a store changes the instructions that follow
 * it). Shared by everything that stores: CPUs, and devices through views of storage.
 *
 * Each block has a word: the count of CPUs that have code of it, and above that a number that changes with every store
 * while there are any.
 */
import { type AbsoluteAddress, PAGE_SIZE } from '@zarch/arch';

/** A block's word. */
export const CodeFrame = { cpus: 0xff, version: 0x100 } as const;

export class CodeFrames {
  /** Before the blocks' words are two others: the stores seen, and how often a block came under protection. */
  static readonly HEADER = 16;
  static readonly STORES = 0;
  static readonly PROTECTIONS = 4;
  /** Host address of the first block's word. */
  readonly address: number;
  readonly #words: Int32Array;
  readonly #header: Int32Array;

  /**
   * @param buffer - The host storage.
   * @param address - Of {@link CodeFrames.size} bytes in it, on a boundary of 16.
   */
  constructor(buffer: ArrayBuffer | SharedArrayBuffer, address: number, blocks: number) {
    this.address = address + CodeFrames.HEADER;
    this.#header = new Int32Array(buffer, address, CodeFrames.HEADER / 4);
    this.#words = new Int32Array(buffer, this.address, blocks);
  }

  /** Bytes of host storage for so many blocks. */
  static size(blocks: number): number {
    return CodeFrames.HEADER + 4 * blocks;
  }

  /** A CPU has code of the block: from now on stores into it are seen, once the CPUs have purged what they know of it. */
  protect(block: number): void {
    Atomics.add(this.#words, block, 1);
    Atomics.add(this.#header, CodeFrames.PROTECTIONS / 4, 1);
  }
  /** Undoes one {@link protect}. */
  release(block: number): void {
    Atomics.sub(this.#words, block, 1);
  }

  /** Changes when blocks have come under protection. */
  get protections(): number {
    return Atomics.load(this.#header, CodeFrames.PROTECTIONS / 4);
  }
  /** Changes when something has been stored into a protected block. */
  get stores(): number {
    return Atomics.load(this.#header, CodeFrames.STORES / 4);
  }
  /** Changes with every store into a block that is protected. */
  version(block: number): number {
    return Atomics.load(this.#words, block) & ~CodeFrame.cpus;
  }

  /** Notes that `length` bytes at `address` are being stored by something that is not a CPU. */
  written(address: AbsoluteAddress, length: number): void {
    const last = Math.floor((address + length - 1) / PAGE_SIZE);
    for (let block = Math.floor(address / PAGE_SIZE); block <= last; block++) {
      if (((this.#words[block] ?? 0) & CodeFrame.cpus) === 0) continue;
      Atomics.add(this.#words, block, CodeFrame.version);
      Atomics.add(this.#header, CodeFrames.STORES / 4, 1);
    }
  }
}
