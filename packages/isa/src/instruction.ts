/**
 * What is declared of an instruction: operation code, format, operands and the conditions for using it.
 * Principles of Operation, "Program Execution", section "Instructions", and appendix "Lists of Instructions".
 */
import type { Field, Format } from './format.ts';

/** Which register a register operand names. `gr128` and `fpr128` are pairs, named by their first register. */
export type RegisterKind =
  | 'gr'
  | 'gr32'
  | 'gr64'
  | 'grh32'
  | 'gr128'
  | 'fpr32'
  | 'fpr64'
  | 'fpr128'
  | 'vr'
  | 'ar'
  | 'cr';

/**
 * A register kind, or `mask`, `u` and `s` (unsigned and signed immediate), `rel` (signed count of halfwords
 * from the instruction's address), `mem` (storage operand).
 */
export type OperandKind = RegisterKind | 'mask' | 'u' | 's' | 'rel' | 'mem';

/** An operand that is one field. */
export interface FieldOperand {
  readonly name: Field['name'];
  readonly kind: Exclude<OperandKind, 'mem'>;
  readonly field: Field;
  /** The bit of RXB that extends a vector-register number to five bits. */
  readonly extension: Field | undefined;
  /** May be left out in assembler source, and is then zero. Some came later than their instruction. */
  readonly optional: boolean;
}

/** A storage operand: base and displacement, and at most one of the other parts. */
export interface StorageOperand {
  readonly name: `S${1 | 2 | 3 | 4}`;
  readonly kind: 'mem';
  readonly base: Field;
  /** D (unsigned, 12 bits), or DL (the low 12 bits of a signed displacement) if there is a `displacementHigh`. */
  readonly displacement: Field;
  /** DH: the high 8 bits of a signed 20-bit displacement. */
  readonly displacementHigh: Field | undefined;
  readonly index: Field | undefined;
  /** The length code: the operand's length minus one. */
  readonly length: Field | undefined;
  /** A general register written inside the parentheses, which holds the length (MVCK, MVCP, MVCS). */
  readonly register: Field | undefined;
  /** A vector register of which one element is the index (gather and scatter). */
  readonly vectorIndex: Field | undefined;
  /** The bit of RXB that belongs to `vectorIndex`. */
  readonly extension: Field | undefined;
  readonly optional: false;
}

export type Operand = FieldOperand | StorageOperand;

/** `conditional` depends on the function code; `undetermined` is not known from public sources. */
export type Privilege = 'no' | 'yes' | 'semi' | 'conditional' | 'undetermined';

/** The part of an operation code after the first byte, `length` bits from bit `start`. */
export interface OpcodeExtension {
  readonly start: number;
  readonly length: number;
  readonly value: number;
}

export interface Instruction {
  readonly mnemonic: string;
  /** Hexadecimal: `5a`, `b904`, `a7.4` (extension in bits 12-15), `e3..04` (extension in bits 40-47). */
  readonly opcode: string;
  readonly format: Format;
  /** In bytes. */
  readonly length: 2 | 4 | 6;
  /** In assembler order. */
  readonly operands: readonly Operand[];
  /** The facility-list bit (STFLE) that announces it; undefined if every z/Architecture machine has it. */
  readonly facility: number | undefined;
  /** The first machine that has it, for example `z196`; `unknown` where public sources do not say. */
  readonly generation: string;
  readonly privileged: Privilege;
  readonly description: string;
  readonly topic: string;
  readonly firstByte: number;
  readonly extension: OpcodeExtension | undefined;
}
