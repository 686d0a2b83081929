/**
 * The tree behind an expression, and its encoding in evaluation order (core specification, section 5.4): operands, then
 * the opcode, then what stands behind it. All nodes have one shape, so that making and encoding them is quick.
 */
import type { ByteWriter } from './byte-writer.ts';
import { atomicAlignment, widened } from './opcodes.ts';
import type { AddressWidth } from './types.ts';

/** What stands behind the opcode. Constants come first. */
export const Form = {
  constI32: 0,
  /** `immediate` is a number if the value has 32 bits, and a bigint otherwise. */
  constI64: 1,
  constPointer: 2,
  constF32: 3,
  constF64: 4,
  /** Nothing. */
  plain: 5,
  /** Of a local, a global or a function. */
  index: 6,
  /** Alignment, which is not promised, and offset. */
  memory: 7,
  /** Nothing; addresses with 64 bits have the opcode {@link widened}. */
  pointer: 8,
  /** Nothing; the instruction is there for addresses with 32 or with 64 bits only. */
  pointerOf32: 9,
  pointerOf64: 10,
  /** Type index and table. */
  callIndirect: 11,
  /** As `memory`, with an opcode behind a prefix. */
  vectorMemory: 12,
  /** Lane numbers, with an opcode behind a prefix. */
  vector: 13,
  /** Alignment and offset, with an opcode behind a prefix. */
  atomic: 14,
} as const;
export type Form = (typeof Form)[keyof typeof Form];

export class Node {
  readonly form: Form;
  readonly code: number;
  readonly first: Node | undefined;
  readonly second: Node | undefined;
  /** The value of a constant; index, offset or lanes. */
  readonly immediate: number | bigint | readonly number[];
  /** Operands behind the second. */
  readonly others: readonly Node[] | undefined;

  constructor(
    form: Form,
    code: number,
    first: Node | undefined,
    second: Node | undefined,
    immediate: number | bigint | readonly number[],
    others: readonly Node[] | undefined,
  ) {
    this.form = form;
    this.code = code;
    this.first = first;
    this.second = second;
    this.immediate = immediate;
    this.others = others;
  }

  get isConstant(): boolean {
    return this.form <= Form.constF64;
  }
  get constant(): number | bigint | undefined {
    return this.isConstant ? (this.immediate as number | bigint) : undefined;
  }
}

export function constant(form: Form, code: number, value: number | bigint): Node {
  return new Node(form, code, undefined, undefined, value, undefined);
}

/** Integer constants that are used most, those from zero to below this, are made once. */
export const SMALL = 256;

/** An instruction without operands that names a local or a global. */
export function variable(code: number, index: number): Node {
  return new Node(Form.index, code, undefined, undefined, index, undefined);
}

export function unary(code: number, operand: Node): Node {
  return new Node(Form.plain, code, operand, undefined, 0, undefined);
}

export function binary(code: number, left: Node, right: Node): Node {
  return new Node(Form.plain, code, left, right, 0, undefined);
}

/** An instruction with one operand that is there only for some widths of addresses. */
export function formed(form: Form, code: number, operand: Node): Node {
  return new Node(form, code, operand, undefined, 0, undefined);
}

export function vector(code: number, first: Node, second: Node | undefined, lanes: readonly number[]): Node {
  return new Node(Form.vector, code, first, second, lanes, undefined);
}

/** The value of a 64-bit constant. */
export function bigint(node: Node): bigint {
  return BigInt(node.immediate as number | bigint);
}

/** Writes the instructions that leave the value of `node` on the stack. */
export function encode(node: Node, out: ByteWriter, width: AddressWidth): void {
  const { form, code, first, second, others } = node;
  if (first !== undefined) encode(first, out, width);
  if (second !== undefined) encode(second, out, width);
  if (others !== undefined) for (const other of others) encode(other, out, width);
  if (form === Form.plain) {
    if (code > 0xff) out.u8(code >> 8);
    out.u8(code & 0xff);
  } else if (form === Form.index) {
    out.u8u32(code, node.immediate as number);
  } else if (form === Form.constI32) {
    out.u8s32(code, node.immediate as number);
  } else if (form === Form.constI64) {
    const value = node.immediate as number | bigint;
    if (typeof value === 'number') {
      out.u8s32(code, value);
    } else {
      out.u8(code);
      out.s64(value);
    }
  } else if (form === Form.memory) {
    out.u8(code);
    out.u8u32(0, node.immediate as number);
  } else if (form === Form.pointer) {
    out.u8(width === 64 ? widened(code) : code);
  } else if (form === Form.pointerOf32) {
    if (width === 32) out.u8(code);
  } else if (form === Form.pointerOf64) {
    if (width === 64) out.u8(code);
  } else {
    encodeRare(node, out, width);
  }
}

function encodeRare({ form, code, immediate }: Node, out: ByteWriter, width: AddressWidth): void {
  switch (form) {
    case Form.constPointer:
      out.u8(width === 64 ? 0x42 : 0x41);
      if (width === 64) out.s64(immediate as number);
      else out.s32(immediate as number);
      return;
    case Form.constF32:
      out.u8(code);
      out.f32(immediate as number);
      return;
    case Form.constF64:
      out.u8(code);
      out.f64(immediate as number);
      return;
    case Form.callIndirect:
      out.u8(code);
      out.u32(immediate as number);
      out.u8(0);
      return;
    case Form.vectorMemory:
      out.u8(0xfd);
      out.u32(code);
      out.u8(0);
      out.u32(immediate as number);
      return;
    case Form.vector:
      out.u8(0xfd);
      out.u32(code);
      for (const lane of immediate as readonly number[]) out.u8(lane);
      return;
    case Form.atomic:
      out.u8(0xfe);
      out.u32(code);
      out.u8(atomicAlignment(code));
      out.u32(immediate as number);
      return;
    default:
      throw new Error(`no form ${form}`);
  }
}
