/** What a translator has translated, so that it does not do the same instructions again without need. */
import { pageOf, type Region } from './region.ts';

/** Places remembered; beyond that all are forgotten, which costs some translations. */
const LIMIT = 200_000;

export class Coverage {
  /** Host pointers of blocks in regions. */
  readonly #inside = new Set<number>();
  /** The same, by the region's own. */
  readonly #regions = new Map<number, ReadonlySet<number>>();

  /**
   * @param pointer - The region's.
   * @param inside - Those of {@link pointersInside} it.
   */
  note(pointer: number, inside: readonly number[]): void {
    if (this.#inside.size > LIMIT) {
      this.#inside.clear();
      this.#regions.clear();
    }
    for (const block of inside) this.#inside.add(block);
    this.#regions.set(pointer, new Set(inside));
  }

  /**
   * Whether a block inside a region begins at a host pointer, when that is asked for the first time: all of a loop becomes
   * worth translating at once, and most of it is then entered by way of its head. What is asked for again has an entry of
   * its own.
   */
  isInside(pointer: number): boolean {
    return this.#inside.delete(pointer);
  }

  /** Whether a region that begins at one pointer has the block at another. */
  has(region: number, block: number): boolean {
    return this.#regions.get(region)?.has(block) === true;
  }
}

/** Host pointers of a region's blocks, but for its entry. */
export function pointersInside(region: Region): readonly number[] {
  const pointers = [...region.blocks.values()].map(({ at }) =>
    at === region.entry ? undefined : pointerOf(region, at),
  );
  return pointers.filter((pointer) => pointer !== undefined);
}

function pointerOf(region: Region, at: number): number | undefined {
  const page = region.pages.get(pageOf(at));
  return page && page.pointer - (at & 0xfff);
}
