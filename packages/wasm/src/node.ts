/** The tree behind an expression, and its encoding in evaluation order (core specification, section 5.4). */
import type { ByteWriter } from './byte-writer.ts';
import { type AtomicOperation, atomicOpcodes, opcodesByType } from './opcodes.ts';
import { type AddressWidth, concrete, type ValueType } from './types.ts';

/** Width of a memory access in bits. */
export type AccessWidth = 8 | 16 | 32 | 64 | 128;

export type Node =
  | { readonly op: 'const'; readonly type: ValueType; readonly value: number | bigint }
  | { readonly op: 'local' | 'global'; readonly type: ValueType; readonly index: number }
  | { readonly op: 'tee'; readonly type: ValueType; readonly index: number; readonly value: Node }
  | {
      readonly op: 'numeric';
      readonly type: ValueType;
      /** The type that names the instruction (`i64.eq` gives an i32). */
      readonly of: ValueType;
      readonly name: string;
      readonly operands: readonly Node[];
    }
  | { readonly op: 'pointer'; readonly type: ValueType; readonly operand: Node }
  | {
      readonly op: 'load';
      readonly type: ValueType;
      readonly name: string;
      readonly width: AccessWidth;
      readonly address: Node;
      readonly offset: number;
    }
  | {
      readonly op: 'atomic';
      readonly type: 'i32' | 'i64';
      readonly operation: AtomicOperation | 'load';
      readonly width: AccessWidth;
      readonly address: Node;
      readonly offset: number;
      readonly operands: readonly Node[];
    }
  | { readonly op: 'select'; readonly type: ValueType; readonly operands: readonly [Node, Node, Node] }
  | { readonly op: 'call'; readonly type: ValueType; readonly index: number; readonly args: readonly Node[] }
  | {
      readonly op: 'callIndirect';
      readonly type: ValueType;
      readonly typeIndex: number;
      readonly args: readonly Node[];
      readonly callee: Node;
    }
  | {
      readonly op: 'simd';
      readonly type: ValueType;
      readonly code: number;
      readonly immediate: readonly number[];
      readonly operands: readonly Node[];
    };

/** Writes the instructions that leave the value of `node` on the stack. */
export function encode(node: Node, out: ByteWriter, width: AddressWidth): void {
  switch (node.op) {
    case 'const':
      encodeConst(node.type, node.value, out, width);
      return;
    case 'local':
      out.u8(0x20);
      out.u32(node.index);
      return;
    case 'global':
      out.u8(0x23);
      out.u32(node.index);
      return;
    case 'tee':
      encode(node.value, out, width);
      out.u8(0x22);
      out.u32(node.index);
      return;
    case 'numeric':
      for (const operand of node.operands) encode(operand, out, width);
      encodeOpcode(opcode(concrete(node.of, width), node.name), out);
      return;
    case 'pointer':
      encode(node.operand, out, width);
      encodePointerConversion(node.operand.type, node.type, out, width);
      return;
    case 'load':
      encode(node.address, out, width);
      if (node.type === 'v128') {
        out.u8(0xfd);
        out.u32(0);
      } else {
        out.u8(opcode(concrete(node.type, width), node.name));
      }
      encodeMemArg(node.width, node.offset, out, false);
      return;
    case 'atomic':
      encode(node.address, out, width);
      for (const operand of node.operands) encode(operand, out, width);
      out.u8(0xfe);
      out.u32(atomicOpcode(node.type, node.width, node.operation));
      encodeMemArg(node.width, node.offset, out, true);
      return;
    case 'select':
      for (const operand of node.operands) encode(operand, out, width);
      out.u8(0x1b);
      return;
    case 'call':
      for (const arg of node.args) encode(arg, out, width);
      out.u8(0x10);
      out.u32(node.index);
      return;
    case 'callIndirect':
      for (const arg of node.args) encode(arg, out, width);
      encode(node.callee, out, width);
      out.u8(0x11);
      out.u32(node.typeIndex);
      out.u32(0);
      return;
    case 'simd':
      for (const operand of node.operands) encode(operand, out, width);
      out.u8(0xfd);
      out.u32(node.code);
      for (const byte of node.immediate) out.u8(byte);
      return;
  }
}

/** The memory argument: plain accesses promise no alignment, atomic ones must promise their natural one. */
export function encodeMemArg(width: AccessWidth, offset: number, out: ByteWriter, aligned: boolean): void {
  out.u32(aligned ? Math.log2(width / 8) : 0);
  out.u32(offset);
}

export function atomicOpcode(type: 'i32' | 'i64', width: AccessWidth, operation: string): number {
  const code = atomicOpcodes.get(`${type}.${width}.${operation}`);
  if (code === undefined) throw new Error(`no atomic ${operation} of ${width} bits for ${type}`);
  return code;
}

function encodeOpcode(code: number, out: ByteWriter): void {
  if (code > 0xff) out.u8(code >> 8);
  out.u8(code & 0xff);
}

export function opcode(type: ValueType, operation: string): number {
  const code = opcodesByType[type]?.[operation];
  if (code === undefined) throw new Error(`no WebAssembly instruction ${type}.${operation}`);
  return code;
}

function encodeConst(type: ValueType, value: number | bigint, out: ByteWriter, width: AddressWidth): void {
  switch (concrete(type, width)) {
    case 'i32':
      out.u8(0x41);
      out.s32(Number(value));
      return;
    case 'i64':
      out.u8(0x42);
      out.s64(BigInt(value));
      return;
    case 'f32':
      out.u8(0x43);
      out.f32(Number(value));
      return;
    case 'f64':
      out.u8(0x44);
      out.f64(Number(value));
      return;
    case 'v128':
      throw new Error('a v128 constant is made with V128.splat');
  }
}

function encodePointerConversion(from: ValueType, to: ValueType, out: ByteWriter, width: AddressWidth): void {
  const source = concrete(from, width);
  const target = concrete(to, width);
  if (source === target) return;
  out.u8(source === 'i64' ? opcode('i32', 'wrap_i64') : opcode('i64', 'extend_i32U'));
}
