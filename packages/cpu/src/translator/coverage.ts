/** What a translator has translated, so that it does not do the same instructions again without need. */
import { pageOf, type Region } from './region.ts';

/** Places remembered; beyond that all are forgotten, which costs some translations. */
const LIMIT = 200_000;

export class Coverage {
  /** Host pointers of blocks in regions. */
  readonly #inside = new Set<number>();

  note(region: Region): void {
    if (this.#inside.size > LIMIT) this.#inside.clear();
    for (const { at } of region.blocks.values()) {
      const pointer = pointerOf(region, at);
      if (pointer !== undefined && at !== region.entry) this.#inside.add(pointer);
    }
  }

  /**
   * Whether a block inside a region begins at a host pointer, when that is asked for the first time: all of a loop becomes
   * worth translating at once, and most of it is then entered by way of its head. What is asked for again has an entry of
   * its own.
   */
  isInside(pointer: number): boolean {
    return this.#inside.delete(pointer);
  }
}

function pointerOf(region: Region, at: number): number | undefined {
  const page = region.pages.get(pageOf(at));
  return page && page.pointer - (at & 0xfff);
}
