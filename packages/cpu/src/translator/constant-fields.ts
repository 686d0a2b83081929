/** Operand fields of an instruction that is known: what a translator's backends have in common. */
import { type Field, type FieldName, type Format, fieldValue, type Instruction } from '@zarch/isa';
import { I32 } from '@zarch/wasm';

/** An instruction where it stands. */
export class Text {
  readonly row: Instruction;
  /** The bytes of its page, or of it alone. */
  readonly bytes: Uint8Array;
  /** Of its first byte in them. */
  readonly offset: number;
  /** Bits 0-31 and 32-47 of it; what is behind its end does not matter. */
  readonly left: number;
  readonly right: number;

  constructor(row: Instruction, bytes: Uint8Array, offset: number) {
    this.row = row;
    this.bytes = bytes;
    this.offset = offset;
    const byte = (index: number) => bytes[offset + index] ?? 0;
    this.left = (byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3);
    this.right = (byte(4) << 8) | byte(5);
  }

  /** The unsigned contents of a field. */
  value(name: FieldName): number {
    const field = fieldsOf(this.row.format)[name];
    if (!field) throw new Error(`${this.row.mnemonic} has no field ${name}`);
    const { start, length } = field;
    if (length < 32) {
      const mask = (1 << length) - 1;
      if (start + length <= 32) return (this.left >>> (32 - start - length)) & mask;
      if (start >= 32) return (this.right >>> (48 - start - length)) & mask;
    }
    return fieldValue(this.row, name, this.bytes, this.offset);
  }
  /** The contents of a field as a signed number. */
  signed(name: FieldName): number {
    const { length = 0 } = fieldsOf(this.row.format)[name] ?? {};
    return (this.value(name) << (32 - length)) >> (32 - length);
  }
  has(name: FieldName): boolean {
    return fieldsOf(this.row.format)[name] !== undefined;
  }
}

type Fields = Partial<Record<FieldName, Field>>;
const known = new Map<Format, Fields>();

function fieldsOf(format: Format): Fields {
  let fields = known.get(format);
  if (!fields) {
    fields = Object.fromEntries(format.fields.map((field) => [field.name, field]));
    known.set(format, fields);
  }
  return fields;
}

export function constantField(text: Text, name: FieldName): I32 {
  return I32.const(text.value(name));
}

const displacements = [
  ['D1', 'DH1', 'DL1'],
  ['D2', 'DH2', 'DL2'],
  ['D3', undefined, undefined],
  ['D4', undefined, undefined],
] as const;

/** The displacement of operand `number`, signed when it has 20 bits. */
export function constantDisplacement(text: Text, number: 1 | 2 | 3 | 4): I32 {
  const [whole, high, low] = displacements[number - 1] ?? [];
  if (!high || text.has(whole)) return constantField(text, whole as FieldName);
  return I32.const((text.signed(high) << 12) | text.value(low));
}
