/**
 * Where paths meet, a 32-bit result may stay apart from its register's left half if what comes next wants 32 bits too:
 * putting halves together in every turn of a loop costs more than the loop's arithmetic.
 */
import type { Region } from './region.ts';

/** Sets of registers: by whether the next access wants all 64 bits, or is known to be to 32 bits. */
interface Wanted {
  readonly whole: number;
  readonly low: number;
}

/** By block, the registers whose right halves are apart at its beginning. */
export function apartAt(region: Region): ReadonlyMap<number, number> {
  const own = new Map([...region.blocks.values()].map((block) => [block.at, wantedBy(block.instructions)]));
  const at = new Map<number, Wanted>(own);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { at: place, successors } of region.blocks.values()) {
      const first = own.get(place);
      const before = at.get(place);
      if (!first || !before) continue;
      let [whole, low] = [first.whole, first.low];
      const rest = ~(whole | low | first.written);
      for (const successor of successors) {
        const next = at.get(successor);
        whole |= (next?.whole ?? 0) & rest;
        low |= (next?.low ?? 0) & rest;
      }
      if (whole === before.whole && low === before.low) continue;
      at.set(place, { whole, low });
      changed = true;
    }
  }
  return new Map([...at].map(([place, { whole, low }]) => [place, low & ~whole]));
}

/** Of the registers that instructions access, what the first access to each is. */
function wantedBy(instructions: readonly { readonly effects: Accesses; readonly how: string }[]): Wanted & {
  /** Written in all 64 bits before any other access. */
  readonly written: number;
} {
  let [whole, low, written] = [0, 0, 0];
  for (const { effects, how } of instructions) {
    // What is called finds and leaves everything in the vCPU's block.
    if (how === 'call') {
      whole |= ~(low | written);
      break;
    }
    const seen = whole | low | written;
    const reads = effects.read64 & ~seen;
    const halves = (effects.read32 | effects.write32) & ~seen & ~reads;
    whole |= reads;
    low |= halves;
    written |= effects.write64 & ~seen & ~reads & ~halves;
  }
  return { whole, low, written };
}

interface Accesses {
  readonly read32: number;
  readonly read64: number;
  readonly write32: number;
  readonly write64: number;
}
