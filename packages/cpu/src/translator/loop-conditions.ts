/**
 * The condition codes with which loops begin their second turn: most loops set one again before they look at it, but may
 * be left before that. Its operands are handed on instead, and it is computed on the way out.
 */
import type { ConditionKind } from './effects.ts';
import type { Block, Region } from './region.ts';
import type { Structure } from './structure.ts';

/** Kinds that cost more to compute than to hand on. */
const worth: ReadonlySet<string> = new Set([
  ...['add', 'subtract', 'addLogical', 'subtractLogical'],
  ...['compareSigned', 'compareUnsigned'],
]);

/** By loop head, the kind in which all paths back to it agree. */
export function loopConditions(region: Region, structure: Structure): ReadonlyMap<number, ConditionKind> {
  const found = new Map<number, ConditionKind | undefined>();
  for (const block of region.blocks.values()) {
    for (const head of block.successors) {
      if (structure.edge(block.at, head) !== 'back') continue;
      const condition = conditionAfter(block);
      const other = found.has(head) ? found.get(head) : condition;
      const agree = condition && other && condition.kind === other.kind && condition.type === other.type;
      found.set(head, agree ? condition : undefined);
    }
  }
  const entries = [...found].filter((entry): entry is [number, ConditionKind] => entry[1] !== undefined);
  return new Map(entries.filter(([, { kind }]) => worth.has(kind)));
}

function conditionAfter({ instructions }: Block): ConditionKind | undefined {
  for (let i = instructions.length - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (!instruction || instruction.how === 'call') return undefined;
    const { writesCc, writesCcNested, condition } = instruction.effects;
    if (writesCcNested) return undefined;
    if (writesCc) return condition;
  }
  return undefined;
}
