/**
 * Who sees the condition code with which a block begins. Compilers set it before they look at it, so between blocks it is
 * seen mostly by what leaves the region before that: an access exception, or a page that is no longer there.
 */
import { type Block, pageOf, type Region, type RegionInstruction } from './region.ts';
import type { Structure } from './structure.ts';

/** `cold`: nobody but exits that are rarely taken. */
export type ConditionLife = 'dead' | 'cold' | 'hot';

const order: readonly ConditionLife[] = ['dead', 'cold', 'hot'];
const longer = (a: ConditionLife, b: ConditionLife) => (order.indexOf(a) > order.indexOf(b) ? a : b);

/** By block. */
export function conditionLives(region: Region, structure: Structure): ReadonlyMap<number, ConditionLife> {
  const lives = new Map<number, ConditionLife>();
  const lifeAt = (block: number): ConditionLife => {
    // The region is left for a place inside a block, too.
    if (!region.blocks.has(block)) return 'hot';
    const life = lives.get(block) ?? 'dead';
    // A loop is left at its head when its time is up.
    return structure.isLoop(block) ? longer(life, 'cold') : life;
  };
  const blocks = [...structure.order].reverse().map((at) => region.blocks.get(at));
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of blocks) {
      if (!block) continue;
      const life = before(block, after(block, structure, lifeAt));
      if (life === (lives.get(block.at) ?? 'dead')) continue;
      lives.set(block.at, life);
      changed = true;
    }
  }
  return new Map([...region.blocks.keys()].map((at) => [at, lifeAt(at)]));
}

/** Who sees the condition code that a block ends with. */
function after(block: Block, structure: Structure, lifeAt: (at: number) => ConditionLife): ConditionLife {
  const last = block.instructions.at(-1);
  if (!last) return 'hot';
  const { branches, dynamicTarget } = last.effects;
  const targets = branches === 'never' || last.target === undefined ? [] : [last.target];
  if (block.next !== undefined) targets.push(block.next);
  let life: ConditionLife = dynamicTarget || targets.length === 0 ? 'hot' : 'dead';
  for (const target of [...targets, ...block.returns]) {
    const stays = block.successors.includes(target) && structure.edge(block.at, target) !== 'irreducible';
    life = longer(life, stays ? lifeAt(target) : 'hot');
    if (pageOf(target) !== pageOf(last.at)) life = longer(life, 'cold');
  }
  return life;
}

/** Who sees the one that it begins with. */
function before({ at, instructions }: Block, atEnd: ConditionLife): ConditionLife {
  let life = atEnd;
  for (const [index, instruction] of [...instructions.entries()].reverse()) {
    life = beforeOne(instruction, life);
    const previous = instructions[index - 1]?.at ?? at;
    if (pageOf(previous) !== pageOf(instruction.at)) life = longer(life, 'cold');
  }
  return life;
}

function beforeOne({ effects, how, crosses }: RegionInstruction, atEnd: ConditionLife): ConditionLife {
  if (how === 'call' || effects.readsCc) return 'hot';
  const life = effects.writesCc ? 'dead' : atEnd;
  return effects.leaves || crosses ? longer(life, 'cold') : life;
}
