/** Operand fields of an instruction that is known: what a translator's backends have in common. */
import type { Field, FieldName, Instruction } from '@zarch/isa';
import { I32 } from '@zarch/wasm';

const displacements = [
  ['D1', 'DH1', 'DL1'],
  ['D2', 'DH2', 'DL2'],
  ['D3', undefined, undefined],
  ['D4', undefined, undefined],
] as const;

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
    this.left =
      (byteOf(bytes, offset) << 24) |
      (byteOf(bytes, offset + 1) << 16) |
      (byteOf(bytes, offset + 2) << 8) |
      byteOf(bytes, offset + 3);
    this.right = (byteOf(bytes, offset + 4) << 8) | byteOf(bytes, offset + 5);
  }

  /** The unsigned contents of a field. */
  value(name: FieldName): number {
    return this.#contents(this.#field(name));
  }
  /** The contents of a field as a signed number. */
  signed(name: FieldName): number {
    const field = this.#field(name);
    const unused = 32 - field.length;
    return (this.#contents(field) << unused) >> unused;
  }
  /** The displacement of operand `number`, signed when it has 20 bits. */
  displacement(number: 1 | 2 | 3 | 4): number {
    const [whole, high, low] = displacements[number - 1] ?? [];
    if (!high || this.has(whole)) return this.value(whole as FieldName);
    return (this.signed(high) << 12) | this.value(low);
  }
  /** The base register of operand `number`. */
  base(number: 1 | 2 | 3 | 4): number {
    return this.value(`B${number}` as FieldName);
  }
  has(name: FieldName): boolean {
    return findField(this.row, name) !== undefined;
  }

  #field(name: FieldName): Field {
    const field = findField(this.row, name);
    if (!field) throw new Error(`${this.row.mnemonic} has no field ${name}`);
    return field;
  }

  /** Fields have at most 32 bits. */
  #contents({ start, length }: Field): number {
    const mask = length < 32 ? (1 << length) - 1 : -1;
    const unused = 48 - start - length;
    if (unused >= 16) return ((this.left >>> (unused - 16)) & mask) >>> 0;
    return (((this.left << (16 - unused)) | (this.right >>> unused)) & mask) >>> 0;
  }
}

function byteOf(bytes: Uint8Array, index: number): number {
  return index < bytes.length ? (bytes[index] ?? 0) : 0;
}

/** Formats have few fields: going over them is quicker than a table. */
function findField({ format }: Instruction, name: FieldName): Field | undefined {
  const { fields } = format;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    if (field?.name === name) return field;
  }
  return undefined;
}

export function constantField(text: Text, name: FieldName): I32 {
  return I32.const(text.value(name));
}
