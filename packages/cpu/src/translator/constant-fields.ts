/** Operand fields of an instruction that is known: what a translator's backends have in common. */
import { type FieldName, fieldValue, type Instruction } from '@zarch/isa';
import { I32 } from '@zarch/wasm';

/** An instruction where it stands. */
export interface Text {
  readonly row: Instruction;
  /** The bytes of its page, or of it alone. */
  readonly bytes: Uint8Array;
  /** Of its first byte in them. */
  readonly offset: number;
}

export function constantField({ row, bytes, offset }: Text, name: FieldName): I32 {
  return I32.const(fieldValue(row, name, bytes, offset));
}

/** The displacement of operand `number`, signed when it has 20 bits. */
export function constantDisplacement(text: Text, number: 1 | 2 | 3 | 4): I32 {
  const { row, bytes, offset } = text;
  const has = row.format.fields.some((field) => field.name === `D${number}`);
  if (has) return constantField(text, `D${number}` as FieldName);
  const high = fieldValue(row, `DH${number}` as FieldName, bytes, offset);
  return I32.const(((high << 24) >> 12) | fieldValue(row, `DL${number}` as FieldName, bytes, offset));
}
