/**
 * Typed expressions. An expression is a tree that is evaluated where the statement using it is emitted; use
 * `FunctionBuilder.let` to fix the moment, or to use a value twice without computing it twice.
 */
import { foldI32, foldI64, foldI64Compare, normal, scaledField } from './fold.ts';
import { bigint, binary, constant, Form, formed, Node, unary, vector } from './node.ts';
import { f32, f64, i32, i64, v128 } from './opcodes.ts';
import type { ValueType } from './types.ts';

/** An expression of any type. The classes have no common base, so that making one is quick. */
export interface Value {
  readonly type: ValueType;
  readonly node: Node;
  /** The constant this expression is, or undefined. */
  readonly constant: number | bigint | undefined;
}

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

/** An address of the module's memory: 32 or 64 bits wide, as the module says. */
export class Pointer {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get type(): 'ptr' {
    return 'ptr';
  }
  /** The constant this expression is, or undefined. */
  get constant(): number | bigint | undefined {
    return this.node.constant;
  }

  static const(value: number): Pointer {
    return new Pointer(constant(Form.constPointer, 0x41, value));
  }

  static of(value: Pointer | number): Pointer {
    return typeof value === 'number' ? Pointer.const(value) : value;
  }

  add(o: Pointer | number): Pointer {
    return o === 0 ? this : new Pointer(binaryPointer(i32.add, this, o));
  }
  sub(o: Pointer | number): Pointer {
    return o === 0 ? this : new Pointer(binaryPointer(i32.sub, this, o));
  }
  eq(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.eq, this, o));
  }
  ne(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.ne, this, o));
  }
  ltU(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.ltU, this, o));
  }
  geU(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.geU, this, o));
  }

  /** The address as an unsigned 64-bit integer. */
  toI64(): I64 {
    return new I64(formed(Form.pointerOf32, i64.extendI32U, this.node));
  }
  /** The rightmost 32 bits of the address. */
  toI32(): I32 {
    return new I32(formed(Form.pointerOf64, i32.wrapI64, this.node));
  }
}

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

/** A 128-bit vector. */
export class V128 {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get type(): 'v128' {
    return 'v128';
  }
  /** The constant this expression is, or undefined. */
  get constant(): undefined {
    return undefined;
  }

  static splat(value: I64): V128 {
    return new V128(vector(v128.splatI64, value.node, undefined, []));
  }

  /** Picks 16 bytes of this vector (0 to 15) and `other` (16 to 31), the first lane first. */
  shuffle(other: V128, lanes: readonly number[]): V128 {
    return new V128(vector(v128.shuffle, this.node, other.node, lanes));
  }
  /** The 64-bit lane `lane`, 0 or 1. */
  extractI64(lane: 0 | 1): I64 {
    return new I64(vector(v128.extractI64, this.node, undefined, [lane]));
  }
  /** This vector with the 64-bit lane `lane` replaced. */
  replaceI64(lane: 0 | 1, value: I64): V128 {
    return new V128(vector(v128.replaceI64, this.node, value.node, [lane]));
  }
}

/** The expression class of each type. */
export interface ValueOf {
  readonly i32: I32;
  readonly i64: I64;
  readonly f32: F32;
  readonly f64: F64;
  readonly v128: V128;
  readonly ptr: Pointer;
}

/** Wraps a node of a known type. */
export function wrapNode<T extends ValueType>(type: T, node: Node): ValueOf[T] {
  return wrap(type, node) as ValueOf[T];
}

function wrap(type: ValueType, node: Node): Value {
  switch (type) {
    case 'i32':
      return new I32(node);
    case 'i64':
      return new I64(node);
    case 'ptr':
      return new Pointer(node);
    case 'f32':
      return new F32(node);
    case 'f64':
      return new F64(node);
    case 'v128':
      return new V128(node);
  }
}

/** Constants that are used most are made once. */
const SMALL = 256;
const smallI32 = Array.from({ length: SMALL }, (_, i) => new I32(constant(Form.constI32, 0x41, i)));
const smallI64 = Array.from({ length: SMALL }, (_, i) => new I64(constant(Form.constI64, 0x42, i)));

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

function binaryPointer(code: number, a: Pointer, other: Pointer | number): Node {
  return new Node(Form.pointer, code, a.node, Pointer.of(other).node, 0, undefined);
}
