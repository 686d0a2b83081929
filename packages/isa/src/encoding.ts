/**
 * Operand values in and out of an instruction's fields.
 * Principles of Operation, "Program Execution", section "Instruction Formats".
 */
import { orBits, readBits, signed } from './bits.ts';
import { type Field, type FieldName, findField } from './format.ts';
import type { FieldOperand, Instruction, StorageOperand } from './instruction.ts';

/** The parts of a storage operand. Those that the operand does not have may be absent, and are zero. */
export interface StorageValue {
  /** A general-register number; 0 means no base. */
  readonly base: number;
  /** 0 to 4095, or -524288 to 524287 if the operand has a 20-bit displacement. */
  readonly displacement: number;
  readonly index?: number;
  /** The length code as it stands in the instruction: the length minus one. */
  readonly length?: number;
  readonly register?: number;
  /** A vector-register number, 0 to 31. */
  readonly vectorIndex?: number;
}

/**
 * A register number, mask or immediate; for a relative operand the signed count of halfwords; for a storage
 * operand its parts.
 */
export type OperandValue = number | StorageValue;

type Part = 'index' | 'length' | 'register' | 'vectorIndex';

/** Which part a storage operand has besides base and displacement. */
export function storagePart(operand: StorageOperand): Part | undefined {
  if (operand.index !== undefined) return 'index';
  if (operand.length !== undefined) return 'length';
  if (operand.register !== undefined) return 'register';
  return operand.vectorIndex === undefined ? undefined : 'vectorIndex';
}

const isSigned = (operand: FieldOperand): boolean => operand.kind === 's' || operand.kind === 'rel';

/** The raw unsigned contents of a field. Throws if the instruction's format has no such field. */
export function fieldValue(insn: Instruction, name: FieldName, bytes: Uint8Array, offset = 0): number {
  const field = findField(insn.format, name);
  if (field === undefined) throw new Error(`${insn.mnemonic} (${insn.format.name}) has no field ${name}`);
  return readBits(bytes, offset, field);
}

/**
 * The values of the operands of the instruction at byte `offset`, in assembler order: signed where the operand
 * is, vector-register numbers with their bit of RXB.
 */
export function operandValues(insn: Instruction, bytes: Uint8Array, offset = 0): readonly OperandValue[] {
  const read = (field: Field, extension?: Field): number =>
    readBits(bytes, offset, field) + (extension === undefined ? 0 : 16 * readBits(bytes, offset, extension));
  return insn.operands.map((operand) => {
    if (operand.kind !== 'mem') {
      const value = read(operand.field, operand.extension);
      return isSigned(operand) ? signed(value, operand.field.length) : value;
    }
    const { displacementHigh: high } = operand;
    const low = read(operand.displacement);
    const displacement = high === undefined ? low : signed(read(high) * 4096 + low, 20);
    const storage = { base: read(operand.base), displacement };
    const part = storagePart(operand);
    const field = part && operand[part];
    return field === undefined ? storage : { ...storage, [part as Part]: read(field, operand.extension) };
  });
}

/** The least and greatest value that fit an operand of one field. For `rel` they count halfwords. */
export function operandRange(operand: FieldOperand): { readonly min: number; readonly max: number } {
  const { length } = operand.field;
  if (isSigned(operand)) return { min: -(2 ** (length - 1)), max: 2 ** (length - 1) - 1 };
  return { min: 0, max: 2 ** (length + (operand.extension === undefined ? 0 : 1)) - 1 };
}

/** The least and greatest displacement of a storage operand. */
export function displacementRange(operand: StorageOperand): { readonly min: number; readonly max: number } {
  return operand.displacementHigh === undefined ? { min: 0, max: 4095 } : { min: -524288, max: 524287 };
}

function checked(what: string, value: number, range: { readonly min: number; readonly max: number }): number {
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw new RangeError(`${what} must be a whole number from ${range.min} to ${range.max}, not ${value}`);
}

function encodeStorage(bytes: Uint8Array, operand: StorageOperand, value: StorageValue, what: string): void {
  orBits(bytes, operand.base, checked(`${what}: base`, value.base, { min: 0, max: 15 }));
  const displacement = checked(`${what}: displacement`, value.displacement, displacementRange(operand));
  orBits(bytes, operand.displacement, displacement);
  if (operand.displacementHigh !== undefined) {
    orBits(bytes, operand.displacementHigh, Math.floor(displacement / 4096));
  }
  const part = storagePart(operand);
  const field = part && operand[part];
  if (part === undefined || field === undefined) return;
  const max = 2 ** (field.length + (operand.extension === undefined ? 0 : 1)) - 1;
  const number = checked(`${what}: ${part}`, value[part] ?? 0, { min: 0, max });
  orBits(bytes, field, number);
  if (operand.extension !== undefined) orBits(bytes, operand.extension, number >> 4);
}

/**
 * The bytes of an instruction with these operand values, in assembler order. Optional operands at the end may
 * be missing; bits that no operand covers are zero. Throws a RangeError if a value does not fit its field and
 * an Error if the number of operands is wrong.
 */
export function encode(insn: Instruction, operands: readonly OperandValue[]): Uint8Array {
  const bytes = new Uint8Array(insn.length);
  bytes[0] = insn.firstByte;
  if (insn.extension !== undefined) orBits(bytes, insn.extension, insn.extension.value);
  if (operands.length > insn.operands.length) throw new Error(`${insn.mnemonic}: too many operands`);
  for (const [index, operand] of insn.operands.entries()) {
    const value = operands[index] ?? (operand.optional ? 0 : undefined);
    const what = `${insn.mnemonic} operand ${operand.name}`;
    if (value === undefined) throw new Error(`${what} is missing`);
    if ((typeof value === 'object') !== (operand.kind === 'mem')) {
      throw new Error(`${what} is ${operand.kind === 'mem' ? '' : 'not '}a storage operand`);
    }
    if (operand.kind === 'mem') {
      if (typeof value === 'object') encodeStorage(bytes, operand, value, what);
      continue;
    }
    const number = checked(what, Number(value), operandRange(operand));
    orBits(bytes, operand.field, number);
    if (operand.extension !== undefined) orBits(bytes, operand.extension, number >> 4);
  }
  return bytes;
}
