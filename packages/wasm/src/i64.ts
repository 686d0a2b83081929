/** Expressions of 64-bit integers (core specification, section 4.3.2, "Integer Operations"). */

import { bigint, binary, constant, Form, formed, type Node, SMALL, unary } from './expression-node.ts';
import { F32, F64 } from './float.ts';
import { foldI64, foldI64Compare, normal } from './fold.ts';
import { I32 } from './i32.ts';
import { f32, f64, i32, i64 } from './opcodes.ts';
import { Pointer } from './pointer.ts';

/** A 64-bit integer. Numbers given as operands must be safe integers. */
export class I64 {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get type(): 'i64' {
    return 'i64';
  }
  /** The constant this expression is, or undefined. */
  get constant(): bigint | undefined {
    return this.node.isConstant ? bigint(this.node) : undefined;
  }

  static const(value: bigint | number): I64 {
    const whole = normal(value);
    const isSmall = typeof whole === 'number' && whole >= 0 && whole < SMALL;
    const small = isSmall ? smallI64[whole] : undefined;
    return small ?? new I64(constant(Form.constI64, 0x42, whole));
  }

  static of(value: I64 | bigint | number): I64 {
    return typeof value === 'object' ? value : I64.const(value);
  }

  add(o: I64 | bigint | number): I64 {
    return binaryI64(i64.add, this, o, 0);
  }
  sub(o: I64 | bigint | number): I64 {
    return binaryI64(i64.sub, this, o, 0);
  }
  mul(o: I64 | bigint | number): I64 {
    return binaryI64(i64.mul, this, o, 1);
  }
  and(o: I64 | bigint | number): I64 {
    return binaryI64(i64.and, this, o, -1);
  }
  or(o: I64 | bigint | number): I64 {
    return binaryI64(i64.or, this, o, 0);
  }
  xor(o: I64 | bigint | number): I64 {
    return binaryI64(i64.xor, this, o, 0);
  }
  shl(o: I64 | bigint | number): I64 {
    return binaryI64(i64.shl, this, o, 0);
  }
  shrS(o: I64 | bigint | number): I64 {
    return binaryI64(i64.shrS, this, o, 0);
  }
  shrU(o: I64 | bigint | number): I64 {
    return binaryI64(i64.shrU, this, o, 0);
  }
  rotl(o: I64 | bigint | number): I64 {
    return new I64(binary(i64.rotl, this.node, I64.of(o).node));
  }
  rotr(o: I64 | bigint | number): I64 {
    return new I64(binary(i64.rotr, this.node, I64.of(o).node));
  }
  divS(o: I64 | bigint | number): I64 {
    return new I64(binary(i64.divS, this.node, I64.of(o).node));
  }
  divU(o: I64 | bigint | number): I64 {
    return new I64(binary(i64.divU, this.node, I64.of(o).node));
  }
  remS(o: I64 | bigint | number): I64 {
    return new I64(binary(i64.remS, this.node, I64.of(o).node));
  }
  remU(o: I64 | bigint | number): I64 {
    return new I64(binary(i64.remU, this.node, I64.of(o).node));
  }
  eq(o: I64 | bigint | number): I32 {
    return compareI64(i64.eq, this, o);
  }
  ne(o: I64 | bigint | number): I32 {
    return compareI64(i64.ne, this, o);
  }
  ltS(o: I64 | bigint | number): I32 {
    return compareI64(i64.ltS, this, o);
  }
  gtS(o: I64 | bigint | number): I32 {
    return compareI64(i64.gtS, this, o);
  }
  leS(o: I64 | bigint | number): I32 {
    return compareI64(i64.leS, this, o);
  }
  geS(o: I64 | bigint | number): I32 {
    return compareI64(i64.geS, this, o);
  }
  ltU(o: I64 | bigint | number): I32 {
    return compareI64(i64.ltU, this, o);
  }
  gtU(o: I64 | bigint | number): I32 {
    return compareI64(i64.gtU, this, o);
  }
  leU(o: I64 | bigint | number): I32 {
    return compareI64(i64.leU, this, o);
  }
  geU(o: I64 | bigint | number): I32 {
    return compareI64(i64.geU, this, o);
  }
  eqz(): I32 {
    const { node } = this;
    return node.isConstant ? I32.const(Number(node.immediate === 0)) : new I32(unary(i64.eqz, node));
  }
  clz(): I64 {
    return new I64(unary(i64.clz, this.node));
  }
  ctz(): I64 {
    return new I64(unary(i64.ctz, this.node));
  }
  popcnt(): I64 {
    return new I64(unary(i64.popcnt, this.node));
  }
  extend8S(): I64 {
    return new I64(unary(i64.extend8S, this.node));
  }
  extend16S(): I64 {
    return new I64(unary(i64.extend16S, this.node));
  }
  extend32S(): I64 {
    return new I64(unary(i64.extend32S, this.node));
  }

  /** The rightmost 32 bits. */
  wrap(): I32 {
    const { node } = this;
    if (!node.isConstant) return new I32(unary(i32.wrapI64, node));
    return I32.const(Number(BigInt.asIntN(32, bigint(node))));
  }
  /** The value as an address; a 32-bit memory uses its rightmost 32 bits. */
  toPointer(): Pointer {
    return new Pointer(formed(Form.pointerOf32, i32.wrapI64, this.node));
  }
  reinterpretF64(): F64 {
    return new F64(unary(f64.reinterpretI64, this.node));
  }
  convertF32S(): F32 {
    return new F32(unary(f32.convertI64S, this.node));
  }
  convertF64S(): F64 {
    return new F64(unary(f64.convertI64S, this.node));
  }
  convertF32U(): F32 {
    return new F32(unary(f32.convertI64U, this.node));
  }
  convertF64U(): F64 {
    return new F64(unary(f64.convertI64U, this.node));
  }
}

const smallI64 = Array.from({ length: SMALL }, (_, i) => new I64(constant(Form.constI64, 0x42, i)));

/** A constant operand of an operation with a neutral element disappears, and two constants fold. */
function binaryI64(code: number, a: I64, other: I64 | bigint | number, neutral: number): I64 {
  const [left, right] = [a.node, I64.of(other).node];
  if (right.isConstant) {
    if (right.immediate === neutral) return a;
    if (left.isConstant) {
      const folded = foldI64(code, bigint(left), bigint(right));
      if (folded !== undefined) return I64.const(folded);
    }
  }
  return new I64(binary(code, left, right));
}

function compareI64(code: number, a: I64, other: I64 | bigint | number): I32 {
  const [left, right] = [a.node, I64.of(other).node];
  if (left.isConstant && right.isConstant) {
    return I32.const(Number(foldI64Compare(code, bigint(left), bigint(right))));
  }
  return new I32(binary(code, left, right));
}
