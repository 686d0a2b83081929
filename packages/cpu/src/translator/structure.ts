/**
 * The structure of a region's control flow: dominators, loops, and the places where paths meet. WebAssembly has only
 * nested blocks and loops; what does not nest leaves the region.
 */

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

export function structureOf(graph: Graph): Structure {
  const order = reversePostorder(graph);
  const number = new Map(order.map((block, index) => [block, index]));
  const rank = (block: number): number => number.get(block) ?? -1;
  const predecessors = new Map<number, number[]>(order.map((block) => [block, []]));
  for (const block of order) {
    for (const next of graph.successors(block)) predecessors.get(next)?.push(block);
  }
  const dominator = dominators(order, rank, predecessors);
  const dominates = (a: number, b: number): boolean => {
    let at = b;
    while (rank(at) > rank(a)) at = dominator.get(at) ?? graph.entry;
    return at === a;
  };
  const edge = (from: number, to: number) => {
    if (rank(to) > rank(from)) return 'forward';
    return dominates(to, from) ? 'back' : 'irreducible';
  };
  const children = new Map<number, number[]>(order.map((block) => [block, []]));
  const merges = new Set<number>();
  const loops = new Set<number>();
  const inLoops = new Set<number>();
  for (const block of order) {
    const parent = dominator.get(block);
    if (block !== graph.entry && parent !== undefined) children.get(parent)?.push(block);
    const kinds = (predecessors.get(block) ?? []).map((from) => edge(from, block));
    if (kinds.filter((kind) => kind === 'forward').length > 1) merges.add(block);
    if (!kinds.includes('back')) continue;
    loops.add(block);
    // The loop is what leads back without going through its head.
    const body = new Set([block]);
    const open = (predecessors.get(block) ?? []).filter((from) => edge(from, block) === 'back');
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (body.has(at)) continue;
      body.add(at);
      open.push(...(predecessors.get(at) ?? []));
    }
    for (const at of body) inLoops.add(at);
  }
  return {
    order,
    children: (block) => children.get(block) ?? [],
    isMerge: (block) => merges.has(block),
    isLoop: (block) => loops.has(block),
    inLoops,
    edge,
  };
}

function reversePostorder(graph: Graph): number[] {
  const seen = new Set([graph.entry]);
  const order: number[] = [];
  const stack = [{ block: graph.entry, index: 0 }];
  for (;;) {
    const top = stack.at(-1);
    if (!top) return order.reverse();
    const next = graph.successors(top.block)[top.index++];
    if (next === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ block: next, index: 0 });
    }
  }
}

/** Immediate dominators, found by going over the blocks until nothing changes. */
function dominators(
  order: readonly number[],
  rank: (block: number) => number,
  predecessors: ReadonlyMap<number, readonly number[]>,
): Map<number, number> {
  const [entry] = order;
  const dominator = new Map<number, number>();
  if (entry === undefined) return dominator;
  dominator.set(entry, entry);
  const meet = (first: number, second: number): number => {
    let [a, b] = [first, second];
    while (a !== b) {
      while (rank(a) > rank(b)) a = dominator.get(a) ?? entry;
      while (rank(b) > rank(a)) b = dominator.get(b) ?? entry;
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order.slice(1)) {
      const known = (predecessors.get(block) ?? []).filter((from) => dominator.has(from));
      const common = known.reduce(meet);
      if (dominator.get(block) === common) continue;
      dominator.set(block, common);
      changed = true;
    }
  }
  return dominator;
}
