/** What a translator has translated, so that it does not do the same instructions again without need. */
import { pageOf, type Region } from './region.ts';

/** Places remembered; beyond that all are forgotten, which costs some translations. */
const LIMIT = 200_000;

export interface CoveredRegion {
  readonly pointer: number;
  readonly inside: readonly number[];
  readonly instructions: number;
}

export class Coverage {
  readonly #largest: number;
  /** Host pointers of blocks in regions. */
  readonly #inside = new Set<number>();
  /** The same of large loops, by their heads. */
  readonly #loops = new Map<number, ReadonlySet<number>>();
  #inLoops = 0;

  /** @param largest - Instructions in a region that is no large loop. */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /** Notes a region, with the {@link pointersInside} it. */
  note({ pointer, inside, instructions }: CoveredRegion): void {
    if (Math.max(this.#inside.size, this.#inLoops) > LIMIT) {
      this.#inside.clear();
      this.#loops.clear();
      this.#inLoops = 0;
    }
    for (const block of inside) this.#inside.add(block);
    if (instructions <= this.#largest) return;
    this.#inLoops += inside.length - (this.#loops.get(pointer)?.size ?? 0);
    this.#loops.set(pointer, new Set(inside));
  }

  /**
   * Whether a block inside a region begins at a host pointer, when that is asked for the first time: all of a loop becomes
   * worth translating at once, and most of it is then entered by way of its head. What is asked for again has an entry of
   * its own.
   */
  isInside(pointer: number): boolean {
    return this.#inside.delete(pointer);
  }

  /** Whether a large loop with its head at one pointer has the block at another. */
  hasInLoop(head: number, block: number): boolean {
    return this.#loops.get(head)?.has(block) === true;
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
