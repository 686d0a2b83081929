/**
 * From bytes to the instruction they are.
 * Principles of Operation, "Program Execution", section "Instruction Formats" (length and operation code).
 */
import { readBits } from './bits.ts';
import type { Instruction } from './instruction.ts';
import { instructions } from './instructions.ts';
import { once } from './once.ts';

interface Extended {
  readonly start: number;
  readonly length: number;
  readonly byValue: Map<number, Instruction>;
}

/** What a first byte selects: an instruction, or a table by the extension of the operation code. */
function buildTable(): readonly (Instruction | Extended | undefined)[] {
  const table = new Array<Instruction | Extended | undefined>(256).fill(undefined);
  for (const insn of instructions) {
    const present = table[insn.firstByte];
    const { extension } = insn;
    if (extension === undefined) {
      if (present !== undefined) throw new Error(`${insn.mnemonic}: operation code declared twice`);
      table[insn.firstByte] = insn;
      continue;
    }
    const { start, length, value } = extension;
    const group = present ?? { start, length, byValue: new Map<number, Instruction>() };
    if (!('byValue' in group) || group.start !== start || group.byValue.has(value)) {
      throw new Error(`${insn.mnemonic}: operation code overlaps another`);
    }
    group.byValue.set(value, insn);
    table[insn.firstByte] = group;
  }
  return table;
}

const byFirstByte = once(buildTable);

/** The length in bytes of an instruction with that first byte, assigned or not: its two leftmost bits say so. */
export function instructionLength(firstByte: number): 2 | 4 | 6 {
  if (firstByte < 0x40) return 2;
  return firstByte < 0xc0 ? 4 : 6;
}

/**
 * The instruction at byte `offset` of `bytes`; undefined if no instruction has that operation code, or if its
 * bytes are not all there. Bits that the format leaves unused are not looked at.
 */
export function decode(bytes: Uint8Array, offset = 0): Instruction | undefined {
  const firstByte = bytes[offset];
  if (firstByte === undefined || offset + instructionLength(firstByte) > bytes.length) return undefined;
  const entry = byFirstByte()[firstByte];
  if (entry === undefined || !('byValue' in entry)) return entry;
  return entry.byValue.get(readBits(bytes, offset, entry));
}
