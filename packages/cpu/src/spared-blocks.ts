/**
 * Blocks of storage whose code was there still after stores into them: they have data beside their code. With many such
 * stores a block is mostly data, and its code is left to the interpreter for a while.
 */

/** Stores into a block, none of which changed code, after which its code is given up. */
const LIMIT = 64;
/** Runs of the interpreter during which such a block is left alone at first. */
const REST = 20_000;

export class SparedBlocks {
  /** By block, how many stores changed none of its code. */
  readonly #stores = new Map<number, number>();
  /** By block that is left alone, until which run. */
  readonly #resting = new Map<number, number>();

  /**
   * Notes a store into a block that changed none of its code.
   *
   * @param run - Number of the present run.
   * @returns Whether the block is to be left alone from now on.
   */
  note(block: number, run: number): boolean {
    const stores = (this.#stores.get(block) ?? 0) + 1;
    this.#stores.set(block, stores);
    if (stores % LIMIT !== 0) return false;
    // The more often, the longer.
    this.#resting.set(block, run + (REST * stores) / LIMIT);
    return true;
  }

  /** Whether a block is left alone in a run. */
  isResting(block: number, run: number): boolean {
    const until = this.#resting.get(block);
    if (until === undefined) return false;
    if (until > run) return true;
    this.#resting.delete(block);
    return false;
  }
}
