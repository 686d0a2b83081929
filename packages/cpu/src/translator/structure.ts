/**
 * The structure of a region's control flow: dominators, loops, and the places where paths meet. WebAssembly has only
 * nested blocks and loops; what does not nest leaves the region.
 */

import { closure } from './closure.ts';
import type { Region } from './region.ts';

/** A graph of blocks known by a number. */
export interface Graph {
  readonly entry: number;
  successors(block: number): readonly number[];
}

export interface Structure {
  /** Blocks in reverse postorder: every path that does not go back goes forward in it. */
  readonly order: readonly number[];
  /** The blocks that a block dominates at once, in the order above. */
  children(block: number): readonly number[];
  /** Several paths that do not go back lead there. */
  isMerge(block: number): boolean;
  isLoop(block: number): boolean;
  /** Blocks that are run again and again: they are in a loop. */
  readonly inLoops: ReadonlySet<number>;
  /** What an edge is: `back` to a loop that contains it, `forward`, or `irreducible`: into a loop past its head. */
  edge(from: number, to: number): 'back' | 'forward' | 'irreducible';
}

/** The structure of a region's blocks, by their offsets. */
export function structureOfRegion({ entry, blocks }: Region): Structure {
  return structureOf({ entry, successors: (block) => blocks.get(block)?.successors ?? [] });
}

export function structureOf(graph: Graph): Structure {
  const order = reversePostorder(graph);
  const ranks = new Map<number, number>();
  for (let rank = 0; rank < order.length; rank++) ranks.set(order[rank] ?? 0, rank);
  const rankOf = (block: number): number => ranks.get(block) ?? -1;
  // From here on blocks are known by their rank in the order.
  const predecessors: number[][] = order.map(() => []);
  for (let rank = 0; rank < order.length; rank++) {
    for (const next of graph.successors(order[rank] ?? 0)) predecessors[rankOf(next)]?.push(rank);
  }
  const dominator = dominators(predecessors);
  const edge = (from: number, to: number) => {
    if (to > from) return 'forward';
    return dominates(dominator, to, from) ? 'back' : 'irreducible';
  };
  const children: number[][] = order.map(() => []);
  const isMerge: boolean[] = [];
  const isLoop: boolean[] = [];
  const inLoops = new Set<number>();
  for (let rank = 0; rank < order.length; rank++) {
    if (rank > 0) children[dominator[rank] ?? 0]?.push(order[rank] ?? 0);
    let forward = 0;
    const back: number[] = [];
    for (const from of predecessors[rank] ?? []) {
      if (from < rank) forward++;
      else if (dominates(dominator, rank, from)) back.push(from);
    }
    isMerge.push(forward > 1);
    isLoop.push(back.length > 0);
    if (back.length === 0) continue;
    for (const at of loopOf(rank, back, predecessors)) inLoops.add(order[at] ?? 0);
  }
  return {
    order,
    children: (block) => children[rankOf(block)] ?? [],
    isMerge: (block) => isMerge[rankOf(block)] ?? false,
    isLoop: (block) => isLoop[rankOf(block)] ?? false,
    inLoops,
    edge: (from, to) => edge(rankOf(from), rankOf(to)),
  };
}

/** The blocks of a loop: what leads back to its head without going through it. */
function loopOf(
  head: number,
  back: readonly number[],
  predecessors: readonly (readonly number[])[],
): ReadonlySet<number> {
  const before = closure(back, (at) => (at === head ? [] : (predecessors[at] ?? [])));
  return new Set([head, ...before]);
}

function reversePostorder(graph: Graph): number[] {
  const seen = new Set([graph.entry]);
  const order: number[] = [];
  const stack = [{ successors: graph.successors(graph.entry), block: graph.entry, index: 0 }];
  for (;;) {
    const top = stack.at(-1);
    if (!top) return order.reverse();
    const next = top.successors[top.index++];
    if (next === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ successors: graph.successors(next), block: next, index: 0 });
    }
  }
}

/** Immediate dominators by rank, found by going over the blocks until nothing changes; the entry is its own. */
function dominators(predecessors: readonly (readonly number[])[]): readonly number[] {
  const dominator: number[] = predecessors.map((_, rank) => (rank === 0 ? 0 : -1));
  for (let changed = true; changed; ) {
    changed = false;
    for (let rank = 1; rank < dominator.length; rank++) {
      let common = -1;
      for (const from of predecessors[rank] ?? []) {
        if (dominator[from] === -1) continue;
        common = common === -1 ? from : meet(dominator, common, from);
      }
      if (dominator[rank] === common) continue;
      dominator[rank] = common;
      changed = true;
    }
  }
  return dominator;
}

/** The nearest block that dominates both. */
function meet(dominator: readonly number[], first: number, second: number): number {
  let [a, b] = [first, second];
  while (a !== b) {
    if (a > b) a = dominator[a] ?? 0;
    else b = dominator[b] ?? 0;
  }
  return a;
}

function dominates(dominator: readonly number[], a: number, b: number): boolean {
  let at = b;
  while (at > a) at = dominator[at] ?? 0;
  return at === a;
}
