/** Operation codes that are assigned to no instruction, and random instructions (chapter 5, "Instruction Formats"). */

import type { Random } from '@zarch/arch/testing';
import { decode, type Instruction, instructionLength, instructions } from '@zarch/isa';

/** Sets `length` bits from bit `start`, counted from the left. */
function setBits(bytes: Uint8Array, start: number, length: number, value: number): void {
  for (let i = 0; i < length; i++) {
    const at = start + length - 1 - i;
    const mask = 0x80 >> (at & 7);
    const byte = bytes[at >> 3] ?? 0;
    bytes[at >> 3] = (value >> i) & 1 ? byte | mask : byte & ~mask;
  }
}

export interface UndefinedOpcode {
  readonly firstByte: number;
  /** The extension that selects no instruction, where the first byte has extensions. */
  readonly extension: { readonly start: number; readonly length: number; readonly value: number } | undefined;
}

/** All of them: first bytes without an instruction, and unassigned values of the extensions of the others. */
export function undefinedOpcodes(): readonly UndefinedOpcode[] {
  const result: UndefinedOpcode[] = [];
  for (let firstByte = 0; firstByte < 256; firstByte++) {
    const present = instructions.filter((row) => row.firstByte === firstByte);
    const place = present[0]?.extension;
    if (present.length === 0) result.push({ firstByte, extension: undefined });
    if (!place) continue;
    const { start, length } = place;
    const used = new Set(present.map((row) => row.extension?.value));
    for (let value = 0; value < 2 ** length; value++) {
      if (!used.has(value)) result.push({ firstByte, extension: { start, length, value } });
    }
  }
  return result;
}

/** An undefined operation code with everything else random. */
export function undefinedInstruction(random: Random, opcode: UndefinedOpcode): Uint8Array {
  const bytes = randomBytes(random, instructionLength(opcode.firstByte));
  bytes[0] = opcode.firstByte;
  const { extension } = opcode;
  if (extension) setBits(bytes, extension.start, extension.length, extension.value);
  if (decode(bytes)) throw new Error(`${hex(bytes)} is an instruction`);
  return bytes;
}

/** An instruction with random operands. */
export function randomInstruction(random: Random, row: Instruction = random.pick(instructions)): Uint8Array {
  const bytes = randomBytes(random, row.length);
  bytes[0] = row.firstByte;
  const { extension } = row;
  if (extension) setBits(bytes, extension.start, extension.length, extension.value);
  return bytes;
}

export function randomBytes(random: Random, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 4) {
    const word = random.next();
    for (let i = at; i < Math.min(at + 4, length); i++) bytes[i] = word >>> (8 * (i - at));
  }
  return bytes;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
