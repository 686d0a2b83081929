/** Operand fields read at run time from the instruction text (Principles of Operation, chapter 5, "Instruction Formats"). */
import type { FieldName, Instruction } from '@zarch/isa';
import type { I32, I64 } from '@zarch/wasm';

/** The instruction being executed: 8 bytes of which the first is leftmost, and its first word. */
export interface InstructionText {
  readonly text: I64;
  readonly word: I32;
}

/** The field `name` of `row`, unsigned. */
export function readField(row: Instruction, { text, word }: InstructionText, name: FieldName): I32 {
  const field = row.format.fields.find((candidate) => candidate.name === name);
  if (!field) throw new Error(`${row.mnemonic} has no field ${name}`);
  const end = field.start + field.length;
  const right = end <= 32 ? word.shrU(32 - end) : text.shrU(64 - end).wrap();
  return field.length === 32 ? right : right.and(2 ** field.length - 1);
}

/** The displacement of storage operand `number`: 12 bits unsigned or 20 bits signed. */
export function readDisplacement(row: Instruction, text: InstructionText, number: number): I32 {
  const has = (name: string) => row.format.fields.some((field) => field.name === name);
  if (has(`D${number}`)) return readField(row, text, `D${number}` as FieldName);
  const high = readField(row, text, `DH${number}` as FieldName).extend8S();
  return high.shl(12).or(readField(row, text, `DL${number}` as FieldName));
}
