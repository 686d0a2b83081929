/** Where a second or third operand comes from: the ways in which families of instructions differ. */
import type { FieldName } from '@zarch/isa';
import type { I32, I64 } from '@zarch/wasm';
import type { Semantics } from '../semantics.ts';

export type Source32 = (s: Semantics) => I32;
export type Source64 = (s: Semantics) => I64;

export const reg32 =
  (name: FieldName): Source32 =>
  (s) =>
    s.gr32(name);
export const reg64 =
  (name: FieldName): Source64 =>
  (s) =>
    s.gr64(name);
/** A 32-bit register, extended to 64 bits. */
export const reg32s: Source64 = (s) => s.gr32('R2').extendS();
export const reg32u: Source64 = (s) => s.gr32('R2').extendU();

export const mem32: Source32 = (s) => s.load32(s.operand(2));
export const mem64: Source64 = (s) => s.load64(s.operand(2));
/** A word in storage, extended to 64 bits. */
export const mem32s: Source64 = (s) => s.load32(s.operand(2)).extendS();
export const mem32u: Source64 = (s) => s.load32(s.operand(2)).extendU();
/** A halfword in storage, extended with its sign. */
export const mem16s32: Source32 = (s) => s.load16(s.operand(2), true);
export const mem16s64: Source64 = (s) => s.load16(s.operand(2), true).extendS();

/** Storage addressed relative to the instruction; words and doublewords must be aligned (chapter 7). */
export const rel32: Source32 = (s) => {
  const operand = s.relativeOperand('RI2');
  s.requireAligned(operand, 4);
  return s.load32(operand);
};
export const rel64: Source64 = (s) => {
  const operand = s.relativeOperand('RI2');
  s.requireAligned(operand, 8);
  return s.load64(operand);
};
export const rel32s: Source64 = (s) => rel32(s).extendS();
export const rel32u: Source64 = (s) => rel32(s).extendU();
export const rel16s: Source32 = (s) => s.load16(s.relativeOperand('RI2'), true);
export const rel16u: Source32 = (s) => s.load16(s.relativeOperand('RI2'));

/** A signed immediate. */
export const imm32: Source32 = (s) => s.signed('I2').wrap();
export const imm64: Source64 = (s) => s.signed('I2');
/** An unsigned immediate. */
export const immU32: Source32 = (s) => s.unsigned('I2').wrap();
export const immU64: Source64 = (s) => s.unsigned('I2');

/** Rows of a family: mnemonic, first operand's field, where the other operand comes from. */
export type Rows<S> = readonly (readonly [mnemonic: string, first: FieldName, source: S])[];
