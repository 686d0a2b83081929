/** Expressions of 32-bit integers (core specification, section 4.3.2, "Integer Operations"). */

import { binary, constant, Form, formed, type Node, SMALL, unary } from './expression-node.ts';
import { F32, F64 } from './float.ts';
import { foldI32, scaledField } from './fold.ts';
import { I64 } from './i64.ts';
import { f32, f64, i32, i64 } from './opcodes.ts';
import { Pointer } from './pointer.ts';

/** A 32-bit integer. Numbers given as operands are taken modulo 2^32. */
export class I32 {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get type(): 'i32' {
    return 'i32';
  }
  /** The constant this expression is, or undefined. */
  get constant(): number | bigint | undefined {
    return this.node.constant;
  }

  static const(value: number): I32 {
    const whole = value | 0;
    const small = whole >= 0 && whole < SMALL ? smallI32[whole] : undefined;
    return small ?? new I32(constant(Form.constI32, 0x41, whole));
  }

  static of(value: I32 | number): I32 {
    return typeof value === 'number' ? I32.const(value) : value;
  }

  add(o: I32 | number): I32 {
    return binaryI32(i32.add, this, o, 0);
  }
  sub(o: I32 | number): I32 {
    return binaryI32(i32.sub, this, o, 0);
  }
  mul(o: I32 | number): I32 {
    return binaryI32(i32.mul, this, o, 1);
  }
  and(o: I32 | number): I32 {
    return binaryI32(i32.and, this, o, -1);
  }
  or(o: I32 | number): I32 {
    return binaryI32(i32.or, this, o, 0);
  }
  xor(o: I32 | number): I32 {
    return binaryI32(i32.xor, this, o, 0);
  }
  shl(o: I32 | number): I32 {
    const field = typeof o === 'number' ? scaledField(this.node, o) : undefined;
    if (!field) return binaryI32(i32.shl, this, o, 0);
    return new I32(field.value).shrU(field.distance).and(field.mask);
  }
  shrS(o: I32 | number): I32 {
    return binaryI32(i32.shrS, this, o, 0);
  }
  shrU(o: I32 | number): I32 {
    return binaryI32(i32.shrU, this, o, 0);
  }
  rotl(o: I32 | number): I32 {
    return new I32(binary(i32.rotl, this.node, I32.of(o).node));
  }
  rotr(o: I32 | number): I32 {
    return new I32(binary(i32.rotr, this.node, I32.of(o).node));
  }
  divS(o: I32 | number): I32 {
    return new I32(binary(i32.divS, this.node, I32.of(o).node));
  }
  divU(o: I32 | number): I32 {
    return new I32(binary(i32.divU, this.node, I32.of(o).node));
  }
  remS(o: I32 | number): I32 {
    return new I32(binary(i32.remS, this.node, I32.of(o).node));
  }
  remU(o: I32 | number): I32 {
    return new I32(binary(i32.remU, this.node, I32.of(o).node));
  }
  eq(o: I32 | number): I32 {
    return binaryI32(i32.eq, this, o, undefined);
  }
  ne(o: I32 | number): I32 {
    return binaryI32(i32.ne, this, o, undefined);
  }
  ltS(o: I32 | number): I32 {
    return binaryI32(i32.ltS, this, o, undefined);
  }
  gtS(o: I32 | number): I32 {
    return binaryI32(i32.gtS, this, o, undefined);
  }
  leS(o: I32 | number): I32 {
    return binaryI32(i32.leS, this, o, undefined);
  }
  geS(o: I32 | number): I32 {
    return binaryI32(i32.geS, this, o, undefined);
  }
  ltU(o: I32 | number): I32 {
    return binaryI32(i32.ltU, this, o, undefined);
  }
  gtU(o: I32 | number): I32 {
    return binaryI32(i32.gtU, this, o, undefined);
  }
  leU(o: I32 | number): I32 {
    return binaryI32(i32.leU, this, o, undefined);
  }
  geU(o: I32 | number): I32 {
    return binaryI32(i32.geU, this, o, undefined);
  }
  eqz(): I32 {
    const { node } = this;
    return node.isConstant ? I32.const(Number(node.immediate === 0)) : new I32(unary(i32.eqz, node));
  }
  clz(): I32 {
    return new I32(unary(i32.clz, this.node));
  }
  ctz(): I32 {
    return new I32(unary(i32.ctz, this.node));
  }
  popcnt(): I32 {
    return new I32(unary(i32.popcnt, this.node));
  }
  extend8S(): I32 {
    return new I32(unary(i32.extend8S, this.node));
  }
  extend16S(): I32 {
    return new I32(unary(i32.extend16S, this.node));
  }

  /** The value as a signed 64-bit integer. */
  extendS(): I64 {
    const { node } = this;
    return node.isConstant ? I64.const(node.immediate as number) : new I64(unary(i64.extendI32S, node));
  }
  /** The value as an unsigned 64-bit integer. */
  extendU(): I64 {
    const { node } = this;
    return node.isConstant
      ? I64.const((node.immediate as number) >>> 0)
      : new I64(unary(i64.extendI32U, node));
  }
  /** The value, unsigned, as an address. */
  toPointer(): Pointer {
    return new Pointer(formed(Form.pointerOf64, i64.extendI32U, this.node));
  }
  reinterpretF32(): F32 {
    return new F32(unary(f32.reinterpretI32, this.node));
  }
  convertF32S(): F32 {
    return new F32(unary(f32.convertI32S, this.node));
  }
  convertF64S(): F64 {
    return new F64(unary(f64.convertI32S, this.node));
  }
}

const smallI32 = Array.from({ length: SMALL }, (_, i) => new I32(constant(Form.constI32, 0x41, i)));

/** A constant operand of an operation with a neutral element disappears, and two constants fold. */
function binaryI32(code: number, a: I32, other: I32 | number, neutral: number | undefined): I32 {
  const [left, right] = [a.node, I32.of(other).node];
  if (right.isConstant) {
    if (right.immediate === neutral) return a;
    if (left.isConstant) {
      const folded = foldI32(code, left.immediate as number, right.immediate as number);
      if (folded !== undefined) return I32.const(folded);
    }
  }
  return new I32(binary(code, left, right));
}
