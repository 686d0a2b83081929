/** Expressions of floating-point numbers (core specification, section 4.3.3, "Floating-Point Operations"). */

import { binary, constant, Form, type Node, unary } from './expression-node.ts';
import { I32 } from './i32.ts';
import { I64 } from './i64.ts';
import { f32, f64, i32, i64 } from './opcodes.ts';
import type { Value } from './value.ts';

/** A binary floating-point number; results are rounded to the nearest, ties to even. */
export abstract class Float<Self> {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  abstract readonly type: 'f32' | 'f64';
  protected abstract readonly codes: typeof f32 | typeof f64;
  protected abstract same(node: Node): Self;

  /** The constant this expression is, or undefined. */
  get constant(): number | bigint | undefined {
    return this.node.constant;
  }

  add(o: Self & Value): Self {
    return this.same(binary(this.codes.add, this.node, o.node));
  }
  sub(o: Self & Value): Self {
    return this.same(binary(this.codes.sub, this.node, o.node));
  }
  mul(o: Self & Value): Self {
    return this.same(binary(this.codes.mul, this.node, o.node));
  }
  div(o: Self & Value): Self {
    return this.same(binary(this.codes.div, this.node, o.node));
  }
  min(o: Self & Value): Self {
    return this.same(binary(this.codes.min, this.node, o.node));
  }
  max(o: Self & Value): Self {
    return this.same(binary(this.codes.max, this.node, o.node));
  }
  /** This magnitude with the sign of `o`. */
  copysign(o: Self & Value): Self {
    return this.same(binary(this.codes.copysign, this.node, o.node));
  }
  sqrt(): Self {
    return this.same(unary(this.codes.sqrt, this.node));
  }
  abs(): Self {
    return this.same(unary(this.codes.abs, this.node));
  }
  neg(): Self {
    return this.same(unary(this.codes.neg, this.node));
  }
  ceil(): Self {
    return this.same(unary(this.codes.ceil, this.node));
  }
  floor(): Self {
    return this.same(unary(this.codes.floor, this.node));
  }
  trunc(): Self {
    return this.same(unary(this.codes.trunc, this.node));
  }
  /** The nearest integer, of two the even one. */
  nearest(): Self {
    return this.same(unary(this.codes.nearest, this.node));
  }
  eq(o: Self & Value): I32 {
    return new I32(binary(this.codes.eq, this.node, o.node));
  }
  ne(o: Self & Value): I32 {
    return new I32(binary(this.codes.ne, this.node, o.node));
  }
  lt(o: Self & Value): I32 {
    return new I32(binary(this.codes.lt, this.node, o.node));
  }
  gt(o: Self & Value): I32 {
    return new I32(binary(this.codes.gt, this.node, o.node));
  }
  le(o: Self & Value): I32 {
    return new I32(binary(this.codes.le, this.node, o.node));
  }
  ge(o: Self & Value): I32 {
    return new I32(binary(this.codes.ge, this.node, o.node));
  }
}

/** A 32-bit binary floating-point number. */
export class F32 extends Float<F32> {
  get type(): 'f32' {
    return 'f32';
  }
  static const(value: number): F32 {
    return new F32(constant(Form.constF32, 0x43, value));
  }
  protected get codes(): typeof f32 {
    return f32;
  }
  protected same(node: Node): F32 {
    return new F32(node);
  }
  reinterpretI32(): I32 {
    return new I32(unary(i32.reinterpretF32, this.node));
  }
  promote(): F64 {
    return new F64(unary(f64.promoteF32, this.node));
  }
}

/** A 64-bit binary floating-point number. */
export class F64 extends Float<F64> {
  get type(): 'f64' {
    return 'f64';
  }
  static const(value: number): F64 {
    return new F64(constant(Form.constF64, 0x44, value));
  }
  protected get codes(): typeof f64 {
    return f64;
  }
  protected same(node: Node): F64 {
    return new F64(node);
  }
  reinterpretI64(): I64 {
    return new I64(unary(i64.reinterpretF64, this.node));
  }
  demote(): F32 {
    return new F32(unary(f32.demoteF64, this.node));
  }
  /** The integer part; the nearest 64-bit integer if it is not one, zero for a NaN. */
  truncateI64S(): I64 {
    return new I64(unary(i64.truncSatF64S, this.node));
  }
  /** As {@link truncateI64S}, unsigned. */
  truncateI64U(): I64 {
    return new I64(unary(i64.truncSatF64U, this.node));
  }
}
