/** All that can be reached from a few places of a graph, these included. */
export function closure(
  from: readonly number[],
  next: (at: number) => readonly number[],
): ReadonlySet<number> {
  const found = new Set<number>();
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    open.push(...next(at));
  }
  return found;
}
