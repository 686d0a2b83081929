/**
 * Operand values to try an instruction with: the least, the greatest, and random ones that are the same in
 * every run. Registers of pairs are valid ones, so that other assemblers accept them too.
 */
import {
  displacementRange,
  type FieldOperand,
  type Instruction,
  type Operand,
  type OperandValue,
  operandRange,
  type StorageOperand,
} from '../src/index.ts';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomNumbers(seed: string): () => number {
  let state = 0;
  for (const character of seed) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Picks from a range by a number in [0, 1]: 0 is the least, 1 the greatest. */
function pick(range: { readonly min: number; readonly max: number }, position: number): number {
  return Math.min(range.max, range.min + Math.floor(position * (range.max - range.min + 1)));
}

function fieldSample(operand: FieldOperand, position: number): number {
  const value = pick(operandRange(operand), position);
  if (operand.kind === 'gr128') return value & ~1;
  if (operand.kind === 'fpr128') return value & ~2;
  return value;
}

function storageSample(operand: StorageOperand, next: () => number): OperandValue {
  const bits = (length: number): number => pick({ min: 0, max: 2 ** length - 1 }, next());
  const displacement = pick(displacementRange(operand), next());
  const base = bits(4);
  if (operand.index !== undefined) return { base, displacement, index: bits(4) };
  if (operand.length !== undefined) return { base, displacement, length: bits(operand.length.length) };
  if (operand.register !== undefined) return { base, displacement, register: bits(4) };
  if (operand.vectorIndex !== undefined) return { base, displacement, vectorIndex: bits(5) };
  return { base, displacement };
}

function sample(operand: Operand, next: () => number): OperandValue {
  return operand.kind === 'mem' ? storageSample(operand, next) : fieldSample(operand, next());
}

/** What an operand is when the source does not mention it. */
function zero(operand: Operand): OperandValue {
  if (operand.kind !== 'mem') return 0;
  return storageSample({ ...operand, displacementHigh: undefined }, () => 0);
}

/** All fields zero, the least and the greatest values, and `count` random ones. */
export function operandSamples(insn: Instruction, count: number): readonly (readonly OperandValue[])[] {
  const random = randomNumbers(insn.mnemonic);
  const of = (next: () => number): OperandValue[] => insn.operands.map((operand) => sample(operand, next));
  const some = Array.from({ length: count }, () => of(random));
  return [insn.operands.map(zero), of(() => 0), of(() => 1), ...some];
}
