/** Loops of blocks that are larger than other regions may be: which blocks they have, and where they begin. */
import { closure } from './closure.ts';
import type { Block } from './region.ts';
import { structureOf } from './structure.ts';

export type Blocks = ReadonlyMap<number, Block>;

/** The blocks that can be reached from an entry, and from which it can be reached again; none if it is in no loop. */
export function loopAround(entry: number, blocks: Blocks): Blocks {
  const predecessors = new Map<number, number[]>();
  const after = closure([entry], (at) => blocks.get(at)?.successors ?? []);
  for (const at of after) {
    for (const next of blocks.get(at)?.successors ?? []) {
      const known = predecessors.get(next);
      if (known) known.push(at);
      else predecessors.set(next, [at]);
    }
  }
  const before = closure(predecessors.get(entry) ?? [], (at) => predecessors.get(at) ?? []);
  return only(blocks, (at) => before.has(at));
}

/**
 * The head of a loop: the block that all of the loop nests best below, and of several the one that most of the loop's ways
 * go back to. It is the same by whichever of its blocks the loop was found.
 */
export function headOf(loop: Blocks): number | undefined {
  const ways = new Map<number, number>();
  for (const { successors } of loop.values()) {
    for (const next of successors) ways.set(next, (ways.get(next) ?? 0) + 1);
  }
  const waysTo = (at: number) => ways.get(at) ?? 0;
  const meets = [...loop.keys()].filter((at) => waysTo(at) > 1);
  const candidates = meets.length > 0 ? meets : [...loop.keys()];
  candidates.sort((a, b) => waysTo(b) - waysTo(a) || a - b);
  let best: { readonly at: number; readonly misfits: number } | undefined;
  for (const at of candidates) {
    const misfits = misfitsBelow(at, loop);
    if (best && best.misfits <= misfits) continue;
    best = { at, misfits };
    // Nothing nests better, and the others have fewer ways.
    if (misfits === 0) break;
  }
  return best?.at;
}

/** Edges that would leave a region entered at `head`, as they lead into a loop past its own head. */
function misfitsBelow(head: number, loop: Blocks): number {
  const successors = (at: number) => loop.get(at)?.successors ?? [];
  const { order, edge } = structureOf({ entry: head, successors });
  const misfits = (at: number) => successors(at).filter((next) => edge(at, next) === 'irreducible').length;
  return order.reduce((sum, at) => sum + misfits(at), 0);
}

/** What is reached from an entry without going through a block; the entry is another one. */
export function without(removed: number, entry: number, blocks: Blocks): Blocks {
  const after = closure([entry], (at) =>
    (blocks.get(at)?.successors ?? []).filter((next) => next !== removed),
  );
  return only(blocks, (at) => after.has(at));
}

/** Instructions in blocks. */
export function sizeOf(blocks: Blocks): number {
  return [...blocks.values()].reduce((sum, { instructions }) => sum + instructions.length, 0);
}

function only(blocks: Blocks, isKept: (at: number) => boolean): Blocks {
  const kept = [...blocks.values()].filter(({ at }) => isKept(at));
  return new Map(
    kept.map((block) => [
      block.at,
      { ...block, successors: block.successors.filter(isKept), returns: block.returns.filter(isKept) },
    ]),
  );
}
