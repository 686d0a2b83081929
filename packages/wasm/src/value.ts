/**
 * Typed expressions. An expression is a tree that is evaluated where the statement using it is emitted; use
 * `FunctionBuilder.let` to fix the moment, or to use a value twice without computing it twice.
 */
import type { Node } from './node.ts';
import type { ValueType } from './types.ts';

/** An expression of any type. */
export abstract class Value {
  abstract readonly type: ValueType;
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  /** The constant this expression is, or undefined. */
  get constant(): number | bigint | undefined {
    return this.node.op === 'const' ? this.node.value : undefined;
  }
}

/** A 32-bit integer. Numbers given as operands are taken modulo 2^32. */
export class I32 extends Value {
  readonly type = 'i32';

  static const(value: number): I32 {
    return new I32({ op: 'const', type: 'i32', value: value | 0 });
  }

  static of(value: I32 | number): I32 {
    return typeof value === 'number' ? I32.const(value) : value;
  }

  // A constant operand of an operation with a neutral element disappears, and two constants fold.
  #binary(name: string, other: I32 | number, fold: (a: number, b: number) => number, neutral?: number): I32 {
    const right = I32.of(other);
    const [a, b] = [this.constant, right.constant];
    if (b !== undefined && b === neutral) return this;
    if (a !== undefined && b !== undefined) return I32.const(fold(Number(a), Number(b)));
    return new I32({ op: 'numeric', type: 'i32', of: 'i32', name, operands: [this.node, right.node] });
  }
  // (x >>> k & mask) << n is x >>> (k - n) & mask << n: one shift fewer for a field that scales an index.
  #shiftedField(count: I32 | number): I32 | undefined {
    const masked = this.node;
    if (typeof count !== 'number' || masked.op !== 'numeric' || masked.name !== 'and') return undefined;
    const [shifted, mask] = masked.operands;
    if (mask?.op !== 'const' || shifted?.op !== 'numeric' || shifted.name !== 'shrU') return undefined;
    const [value, distance] = shifted.operands;
    if (!value || distance?.op !== 'const' || Number(distance.value) < count) return undefined;
    return new I32(value).shrU(Number(distance.value) - count).and(Number(mask.value) << count);
  }
  #plain(name: string, ...others: Value[]): I32 {
    const operands = [this.node, ...others.map((other) => other.node)];
    return new I32({ op: 'numeric', type: 'i32', of: 'i32', name, operands });
  }

  add(o: I32 | number): I32 {
    return this.#binary('add', o, (a, b) => a + b, 0);
  }
  sub(o: I32 | number): I32 {
    return this.#binary('sub', o, (a, b) => a - b, 0);
  }
  mul(o: I32 | number): I32 {
    return this.#binary('mul', o, Math.imul, 1);
  }
  and(o: I32 | number): I32 {
    return this.#binary('and', o, (a, b) => a & b, -1);
  }
  or(o: I32 | number): I32 {
    return this.#binary('or', o, (a, b) => a | b, 0);
  }
  xor(o: I32 | number): I32 {
    return this.#binary('xor', o, (a, b) => a ^ b, 0);
  }
  shl(o: I32 | number): I32 {
    return this.#shiftedField(o) ?? this.#binary('shl', o, (a, b) => a << b, 0);
  }
  shrS(o: I32 | number): I32 {
    return this.#binary('shrS', o, (a, b) => a >> b, 0);
  }
  shrU(o: I32 | number): I32 {
    return this.#binary('shrU', o, (a, b) => a >>> b, 0);
  }
  rotl(o: I32 | number): I32 {
    return this.#plain('rotl', I32.of(o));
  }
  rotr(o: I32 | number): I32 {
    return this.#plain('rotr', I32.of(o));
  }
  divS(o: I32 | number): I32 {
    return this.#plain('divS', I32.of(o));
  }
  divU(o: I32 | number): I32 {
    return this.#plain('divU', I32.of(o));
  }
  remS(o: I32 | number): I32 {
    return this.#plain('remS', I32.of(o));
  }
  remU(o: I32 | number): I32 {
    return this.#plain('remU', I32.of(o));
  }
  eq(o: I32 | number): I32 {
    return this.#binary('eq', o, (a, b) => Number(a === b));
  }
  ne(o: I32 | number): I32 {
    return this.#binary('ne', o, (a, b) => Number(a !== b));
  }
  ltS(o: I32 | number): I32 {
    return this.#binary('ltS', o, (a, b) => Number(a < b));
  }
  gtS(o: I32 | number): I32 {
    return this.#binary('gtS', o, (a, b) => Number(a > b));
  }
  leS(o: I32 | number): I32 {
    return this.#binary('leS', o, (a, b) => Number(a <= b));
  }
  geS(o: I32 | number): I32 {
    return this.#binary('geS', o, (a, b) => Number(a >= b));
  }
  ltU(o: I32 | number): I32 {
    return this.#binary('ltU', o, (a, b) => Number(a >>> 0 < b >>> 0));
  }
  gtU(o: I32 | number): I32 {
    return this.#binary('gtU', o, (a, b) => Number(a >>> 0 > b >>> 0));
  }
  leU(o: I32 | number): I32 {
    return this.#binary('leU', o, (a, b) => Number(a >>> 0 <= b >>> 0));
  }
  geU(o: I32 | number): I32 {
    return this.#binary('geU', o, (a, b) => Number(a >>> 0 >= b >>> 0));
  }
  eqz(): I32 {
    return this.constant === undefined ? this.#plain('eqz') : I32.const(Number(this.constant === 0));
  }
  clz(): I32 {
    return this.#plain('clz');
  }
  ctz(): I32 {
    return this.#plain('ctz');
  }
  popcnt(): I32 {
    return this.#plain('popcnt');
  }
  extend8S(): I32 {
    return this.#plain('extend8S');
  }
  extend16S(): I32 {
    return this.#plain('extend16S');
  }

  /** The value as a signed 64-bit integer. */
  extendS(): I64 {
    return this.constant === undefined
      ? new I64(numeric('i64', 'extend_i32S', this))
      : I64.const(BigInt(this.constant));
  }
  /** The value as an unsigned 64-bit integer. */
  extendU(): I64 {
    return this.constant === undefined
      ? new I64(numeric('i64', 'extend_i32U', this))
      : I64.const(BigInt.asUintN(32, BigInt(this.constant)));
  }
  /** The value, unsigned, as an address. */
  toPointer(): Pointer {
    return new Pointer({ op: 'pointer', type: 'ptr', operand: this.node });
  }
  reinterpretF32(): F32 {
    return new F32(numeric('f32', 'reinterpret_i32', this));
  }
  convertF32S(): F32 {
    return new F32(numeric('f32', 'convert_i32S', this));
  }
  convertF64S(): F64 {
    return new F64(numeric('f64', 'convert_i32S', this));
  }
}

/** A 64-bit integer. Numbers given as operands must be safe integers. */
export class I64 extends Value {
  readonly type = 'i64';

  static const(value: bigint | number): I64 {
    return new I64({ op: 'const', type: 'i64', value: BigInt.asIntN(64, BigInt(value)) });
  }

  static of(value: I64 | bigint | number): I64 {
    return value instanceof I64 ? value : I64.const(value);
  }

  #binary(
    name: string,
    other: I64 | bigint | number,
    fold: (a: bigint, b: bigint) => bigint,
    neutral?: bigint,
  ): I64 {
    const right = I64.of(other);
    const [a, b] = [this.constant, right.constant];
    if (b !== undefined && b === neutral) return this;
    if (a !== undefined && b !== undefined) return I64.const(fold(BigInt(a), BigInt(b)));
    return new I64({ op: 'numeric', type: 'i64', of: 'i64', name, operands: [this.node, right.node] });
  }
  #plain(name: string, ...others: Value[]): I64 {
    const operands = [this.node, ...others.map((other) => other.node)];
    return new I64({ op: 'numeric', type: 'i64', of: 'i64', name, operands });
  }
  #compare(name: string, other: I64 | bigint | number, fold: (a: bigint, b: bigint) => boolean): I32 {
    const right = I64.of(other);
    const [a, b] = [this.constant, right.constant];
    if (a !== undefined && b !== undefined) return I32.const(Number(fold(BigInt(a), BigInt(b))));
    return new I32({ op: 'numeric', type: 'i32', of: 'i64', name, operands: [this.node, right.node] });
  }

  add(o: I64 | bigint | number): I64 {
    return this.#binary('add', o, (a, b) => a + b, 0n);
  }
  sub(o: I64 | bigint | number): I64 {
    return this.#binary('sub', o, (a, b) => a - b, 0n);
  }
  mul(o: I64 | bigint | number): I64 {
    return this.#binary('mul', o, (a, b) => a * b, 1n);
  }
  and(o: I64 | bigint | number): I64 {
    return this.#binary('and', o, (a, b) => a & b, -1n);
  }
  or(o: I64 | bigint | number): I64 {
    return this.#binary('or', o, (a, b) => a | b, 0n);
  }
  xor(o: I64 | bigint | number): I64 {
    return this.#binary('xor', o, (a, b) => a ^ b, 0n);
  }
  shl(o: I64 | bigint | number): I64 {
    return this.#binary('shl', o, (a, b) => a << (b & 63n), 0n);
  }
  shrS(o: I64 | bigint | number): I64 {
    return this.#binary('shrS', o, (a, b) => a >> (b & 63n), 0n);
  }
  shrU(o: I64 | bigint | number): I64 {
    return this.#binary('shrU', o, (a, b) => BigInt.asUintN(64, a) >> (b & 63n), 0n);
  }
  rotl(o: I64 | bigint | number): I64 {
    return this.#plain('rotl', I64.of(o));
  }
  rotr(o: I64 | bigint | number): I64 {
    return this.#plain('rotr', I64.of(o));
  }
  divS(o: I64 | bigint | number): I64 {
    return this.#plain('divS', I64.of(o));
  }
  divU(o: I64 | bigint | number): I64 {
    return this.#plain('divU', I64.of(o));
  }
  remS(o: I64 | bigint | number): I64 {
    return this.#plain('remS', I64.of(o));
  }
  remU(o: I64 | bigint | number): I64 {
    return this.#plain('remU', I64.of(o));
  }
  eq(o: I64 | bigint | number): I32 {
    return this.#compare('eq', o, (a, b) => a === b);
  }
  ne(o: I64 | bigint | number): I32 {
    return this.#compare('ne', o, (a, b) => a !== b);
  }
  ltS(o: I64 | bigint | number): I32 {
    return this.#compare('ltS', o, (a, b) => a < b);
  }
  gtS(o: I64 | bigint | number): I32 {
    return this.#compare('gtS', o, (a, b) => a > b);
  }
  leS(o: I64 | bigint | number): I32 {
    return this.#compare('leS', o, (a, b) => a <= b);
  }
  geS(o: I64 | bigint | number): I32 {
    return this.#compare('geS', o, (a, b) => a >= b);
  }
  ltU(o: I64 | bigint | number): I32 {
    return this.#compare('ltU', o, (a, b) => unsigned(a) < unsigned(b));
  }
  gtU(o: I64 | bigint | number): I32 {
    return this.#compare('gtU', o, (a, b) => unsigned(a) > unsigned(b));
  }
  leU(o: I64 | bigint | number): I32 {
    return this.#compare('leU', o, (a, b) => unsigned(a) <= unsigned(b));
  }
  geU(o: I64 | bigint | number): I32 {
    return this.#compare('geU', o, (a, b) => unsigned(a) >= unsigned(b));
  }
  eqz(): I32 {
    return this.constant === undefined
      ? new I32({ op: 'numeric', type: 'i32', of: 'i64', name: 'eqz', operands: [this.node] })
      : I32.const(Number(this.constant === 0n));
  }
  clz(): I64 {
    return this.#plain('clz');
  }
  ctz(): I64 {
    return this.#plain('ctz');
  }
  popcnt(): I64 {
    return this.#plain('popcnt');
  }
  extend8S(): I64 {
    return this.#plain('extend8S');
  }
  extend16S(): I64 {
    return this.#plain('extend16S');
  }
  extend32S(): I64 {
    return this.#plain('extend32S');
  }

  /** The rightmost 32 bits. */
  wrap(): I32 {
    return this.constant === undefined
      ? new I32(numeric('i32', 'wrap_i64', this))
      : I32.const(Number(BigInt.asIntN(32, BigInt(this.constant))));
  }
  /** The value as an address; a 32-bit memory uses its rightmost 32 bits. */
  toPointer(): Pointer {
    return new Pointer({ op: 'pointer', type: 'ptr', operand: this.node });
  }
  reinterpretF64(): F64 {
    return new F64(numeric('f64', 'reinterpret_i64', this));
  }
  convertF32S(): F32 {
    return new F32(numeric('f32', 'convert_i64S', this));
  }
  convertF64S(): F64 {
    return new F64(numeric('f64', 'convert_i64S', this));
  }
  convertF32U(): F32 {
    return new F32(numeric('f32', 'convert_i64U', this));
  }
  convertF64U(): F64 {
    return new F64(numeric('f64', 'convert_i64U', this));
  }
}

/** An address of the module's memory: 32 or 64 bits wide, as the module says. */
export class Pointer extends Value {
  readonly type = 'ptr';

  static const(value: number): Pointer {
    return new Pointer({ op: 'const', type: 'ptr', value });
  }

  static of(value: Pointer | number): Pointer {
    return typeof value === 'number' ? Pointer.const(value) : value;
  }

  #arithmetic(name: string, other: Pointer | number): Pointer {
    const operands = [this.node, Pointer.of(other).node];
    return new Pointer({ op: 'numeric', type: 'ptr', of: 'ptr', name, operands });
  }
  #compare(name: string, other: Pointer | number): I32 {
    const operands = [this.node, Pointer.of(other).node];
    return new I32({ op: 'numeric', type: 'i32', of: 'ptr', name, operands });
  }

  add(o: Pointer | number): Pointer {
    return o === 0 ? this : this.#arithmetic('add', o);
  }
  sub(o: Pointer | number): Pointer {
    return o === 0 ? this : this.#arithmetic('sub', o);
  }
  eq(o: Pointer | number): I32 {
    return this.#compare('eq', o);
  }
  ne(o: Pointer | number): I32 {
    return this.#compare('ne', o);
  }
  ltU(o: Pointer | number): I32 {
    return this.#compare('ltU', o);
  }
  geU(o: Pointer | number): I32 {
    return this.#compare('geU', o);
  }

  /** The address as an unsigned 64-bit integer. */
  toI64(): I64 {
    return new I64({ op: 'pointer', type: 'i64', operand: this.node });
  }
  /** The rightmost 32 bits of the address. */
  toI32(): I32 {
    return new I32({ op: 'pointer', type: 'i32', operand: this.node });
  }
}

/** A binary floating-point number; results are rounded to the nearest, ties to even. */
export abstract class Float<Self> extends Value {
  protected abstract same(node: Node): Self;

  #arithmetic(name: string, ...others: Value[]): Self {
    const operands = [this.node, ...others.map((other) => other.node)];
    return this.same({ op: 'numeric', type: this.type, of: this.type, name, operands });
  }
  #compare(name: string, other: Value): I32 {
    return new I32({ op: 'numeric', type: 'i32', of: this.type, name, operands: [this.node, other.node] });
  }

  add(o: Self & Value): Self {
    return this.#arithmetic('add', o);
  }
  sub(o: Self & Value): Self {
    return this.#arithmetic('sub', o);
  }
  mul(o: Self & Value): Self {
    return this.#arithmetic('mul', o);
  }
  div(o: Self & Value): Self {
    return this.#arithmetic('div', o);
  }
  sqrt(): Self {
    return this.#arithmetic('sqrt');
  }
  abs(): Self {
    return this.#arithmetic('abs');
  }
  neg(): Self {
    return this.#arithmetic('neg');
  }
  min(o: Self & Value): Self {
    return this.#arithmetic('min', o);
  }
  max(o: Self & Value): Self {
    return this.#arithmetic('max', o);
  }
  /** This magnitude with the sign of `o`. */
  copysign(o: Self & Value): Self {
    return this.#arithmetic('copysign', o);
  }
  ceil(): Self {
    return this.#arithmetic('ceil');
  }
  floor(): Self {
    return this.#arithmetic('floor');
  }
  trunc(): Self {
    return this.#arithmetic('trunc');
  }
  /** The nearest integer, of two the even one. */
  nearest(): Self {
    return this.#arithmetic('nearest');
  }
  eq(o: Self & Value): I32 {
    return this.#compare('eq', o);
  }
  ne(o: Self & Value): I32 {
    return this.#compare('ne', o);
  }
  lt(o: Self & Value): I32 {
    return this.#compare('lt', o);
  }
  gt(o: Self & Value): I32 {
    return this.#compare('gt', o);
  }
  le(o: Self & Value): I32 {
    return this.#compare('le', o);
  }
  ge(o: Self & Value): I32 {
    return this.#compare('ge', o);
  }
}

/** A 32-bit binary floating-point number. */
export class F32 extends Float<F32> {
  readonly type = 'f32';
  static const(value: number): F32 {
    return new F32({ op: 'const', type: 'f32', value });
  }
  protected override same(node: Node): F32 {
    return new F32(node);
  }
  reinterpretI32(): I32 {
    return new I32(numeric('i32', 'reinterpret_f32', this));
  }
  promote(): F64 {
    return new F64(numeric('f64', 'promote_f32', this));
  }
}

/** A 64-bit binary floating-point number. */
export class F64 extends Float<F64> {
  readonly type = 'f64';
  static const(value: number): F64 {
    return new F64({ op: 'const', type: 'f64', value });
  }
  protected override same(node: Node): F64 {
    return new F64(node);
  }
  reinterpretI64(): I64 {
    return new I64(numeric('i64', 'reinterpret_f64', this));
  }
  demote(): F32 {
    return new F32(numeric('f32', 'demote_f64', this));
  }
  /** The integer part; the nearest 64-bit integer if it is not one, zero for a NaN. */
  truncateI64S(): I64 {
    return new I64({ op: 'numeric', type: 'i64', of: 'i64', name: 'truncSat_f64S', operands: [this.node] });
  }
  /** As {@link truncateI64S}, unsigned. */
  truncateI64U(): I64 {
    return new I64({ op: 'numeric', type: 'i64', of: 'i64', name: 'truncSat_f64U', operands: [this.node] });
  }
}

/** A 128-bit vector. */
export class V128 extends Value {
  readonly type = 'v128';

  static splat(value: I64): V128 {
    return new V128({ op: 'simd', type: 'v128', code: 0x12, immediate: [], operands: [value.node] });
  }

  /** Picks 16 bytes of this vector (0 to 15) and `other` (16 to 31), the first lane first. */
  shuffle(other: V128, lanes: readonly number[]): V128 {
    const operands = [this.node, other.node];
    return new V128({ op: 'simd', type: 'v128', code: 0x0d, immediate: lanes, operands });
  }
  /** The 64-bit lane `lane`, 0 or 1. */
  extractI64(lane: 0 | 1): I64 {
    return new I64({ op: 'simd', type: 'i64', code: 0x1d, immediate: [lane], operands: [this.node] });
  }
  /** This vector with the 64-bit lane `lane` replaced. */
  replaceI64(lane: 0 | 1, value: I64): V128 {
    const operands = [this.node, value.node];
    return new V128({ op: 'simd', type: 'v128', code: 0x1e, immediate: [lane], operands });
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
  const classes = { i32: I32, i64: I64, f32: F32, f64: F64, v128: V128, ptr: Pointer };
  return new classes[type](node) as ValueOf[T];
}

function numeric(type: ValueType, name: string, operand: Value): Node {
  return { op: 'numeric', type, of: type, name, operands: [operand.node] };
}

function unsigned(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
