/**
 * How the registers of a region that hold addresses move: by small steps, within a page or to the next one, or anywhere.
 * It is a guess from the instructions that write them, and only speed depends on it.
 */
import type { Text } from './constant-fields.ts';
import type { Region, RegionInstruction } from './region.ts';

export interface Addressing {
  /** By kind of access and base register, how many instructions use it for an access whose place can be guessed. */
  readonly uses: readonly (readonly number[])[];
  /** By register, how many instructions may send it to any other page. */
  readonly jumps: readonly number[];
  /** Whether the instruction's operands are likely to be near those that its base registers designated before. */
  isLocal(instruction: RegionInstruction): boolean;
}

/** Steps that mostly stay in a page. */
const STEP = 512;

const additions: ReadonlySet<string> = new Set(['ahi', 'aghi', 'agfi', 'afi', 'brct', 'brctg']);
/** They leave a byte in a register: as an index it stays within a table. */
const bytes: ReadonlySet<string> = new Set(['llgc', 'llc', 'llgcr', 'llcr']);

/** @param often - The blocks that count: those in loops, if there are any. */
export function addressing(region: Region, often: ReadonlySet<number>): Addressing {
  const jumps = new Array<number>(16).fill(0);
  const uses = [new Array<number>(16).fill(0), new Array<number>(16).fill(0)];
  /** Instructions whose index was last written by something that sends it anywhere. */
  const wild = new Set<RegionInstruction>();
  const indexed: RegionInstruction[] = [];
  const jump = (register: number) => {
    jumps[register] = (jumps[register] ?? 0) + 1;
  };
  const blocks = [...region.blocks.values()].filter(({ at }) => often.size === 0 || often.has(at));
  for (const { instructions } of blocks) {
    /** Registers that have been sent anywhere and not been used since. */
    let sent = 0;
    let settled = 0;
    for (const instruction of instructions) {
      const { effects, text } = instruction;
      if (instruction.how === 'call') continue;
      const used = effects.loadsBy | effects.storesBy;
      forEachBit(used & sent, jump);
      sent &= ~used;
      if (used && text.has('X2')) {
        const index = 1 << text.value('X2');
        if (sent & index) wild.add(instruction);
        else if (index > 1 && (settled & index) === 0) indexed.push(instruction);
      }
      const written = effects.write32 | effects.write64;
      const change = changeOf(text);
      if (change === 'anywhere') sent |= written;
      if (change === 'bounded') sent &= ~written;
      if (change === 'bounded') settled |= written;
    }
    forEachBit(sent, jump);
  }
  for (const instruction of indexed) {
    if (jumps[instruction.text.value('X2')]) wild.add(instruction);
  }
  const isLocal = (instruction: RegionInstruction) => !wild.has(instruction);
  for (const instruction of blocks.flatMap((block) => block.instructions)) {
    if (instruction.how === 'call' || !isLocal(instruction)) continue;
    const { loadsBy, storesBy } = instruction.effects;
    for (const [kind, bases] of [loadsBy, storesBy].entries()) {
      forEachBit(bases, (base) => {
        const counts = uses[kind];
        if (counts) counts[base] = (counts[base] ?? 0) + 1;
      });
    }
  }
  return { uses, jumps, isLocal };
}

function forEachBit(bits: number, each: (bit: number) => void): void {
  for (let rest = bits; rest !== 0; rest &= rest - 1) each(31 - Math.clz32(rest & -rest));
}

/** How an instruction changes what it writes: by a small step, to a small number, or to anything. */
function changeOf(text: Text): 'step' | 'bounded' | 'anywhere' {
  const { mnemonic } = text.row;
  if (bytes.has(mnemonic)) return 'bounded';
  if (mnemonic === 'la' || mnemonic === 'lay') {
    const step = text.has('D2') ? text.value('D2') : (text.signed('DH2') << 12) | text.value('DL2');
    const same = text.value('B2') === text.value('R1') && text.value('X2') === 0;
    return same && Math.abs(step) <= STEP ? 'step' : 'anywhere';
  }
  if (additions.has(mnemonic)) {
    return mnemonic.startsWith('br') || Math.abs(text.signed('I2')) <= STEP ? 'step' : 'anywhere';
  }
  // A field of at most eleven bits at the right end, with zeros before it.
  const field = mnemonic.startsWith('risbg') && text.value('I3') >= 53 && (text.value('I4') & 0x80) !== 0;
  return field ? 'bounded' : 'anywhere';
}
