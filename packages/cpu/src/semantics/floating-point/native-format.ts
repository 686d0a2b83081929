/**
 * The short and long formats of chapter 9 of the Principles of Operation ("Data Format"), as WebAssembly computes in
 * them: it rounds to the nearest, ties to even, and tells nothing of exceptions.
 */
import type { FieldName } from '@zarch/isa';
import { F32, F64, type Float, type FunctionBuilder, I32, type I64, type Pointer } from '@zarch/wasm';
import { cpuLayout } from '../../cpu-layout.ts';
import type { Semantics } from '../semantics.ts';

export interface NativeFormat<T extends Float<T>> {
  constant(value: number): T;
  readFpr(s: Semantics, name: FieldName): T;
  /** A short result leaves the right half of the register as it is. */
  writeFpr(s: Semantics, name: FieldName, value: T): void;
  readStorage(s: Semantics): T;
  /**
   * Whether a rounded result is such that neither overflow nor underflow can have been met: neither a zero, nor
   * subnormal, nor near it, nor infinite, nor a NaN.
   */
  isSafe(value: T): I32;
  /** Whether it is zero or finite. */
  isFinite(value: T): I32;
  /**
   * Whether `product` is exactly `a * b`, or exactly infinite. Of two rounded factors and a result it may say no though
   * it is; so it does of subnormal numbers in the long format.
   */
  isProduct(f: FunctionBuilder, a: T, b: T, product: T): I32;
  fromInteger(value: I64, signed: boolean): T;
  /** Of a NaN, whether it is a quiet one. */
  isQuiet(nan: T): I32;
}

/** Zero or a NaN apart: 1 negative, 2 positive. */
export function signCode<T extends Float<T>>({ constant }: NativeFormat<T>, value: T): I32 {
  const zero = constant(0);
  return value.gt(zero).shl(1).or(value.lt(zero));
}

export function isNan<T extends Float<T>>(value: T): I32 {
  return value.ne(value);
}

/** What a sum lacks of `a + b` (Knuth's TwoSum): exact in every case, and not zero if anything is infinite or a NaN. */
export function sumError<T extends Float<T>>(f: FunctionBuilder, a: T, b: T, sum: T): T {
  const second = f.let(sum.sub(a));
  return a.sub(sum.sub(second)).add(b.sub(second));
}

/** Address and offset of a field of the register; of a number that is known all of it is offset. */
function place(s: Semantics, name: FieldName): { readonly address: Pointer; readonly offset: number } {
  const number = s.field(name);
  if (number.constant !== undefined) return { address: s.cpu, offset: 16 * Number(number.constant) };
  return { address: s.cpu.add(number.shl(4).toPointer()), offset: 0 };
}

/** The biased exponent. */
function exponentOf(value: F64): I32 {
  return value.reinterpretI64().shrU(52).wrap().and(0x7ff);
}

function significandOf(value: F64): I64 {
  return value
    .reinterpretI64()
    .and((1n << 52n) - 1n)
    .or(1n << 52n);
}

const isNormal = (exponent: I32): I32 => exponent.sub(1).ltU(0x7fe);

export const LONG: NativeFormat<F64> = {
  constant: (value) => F64.const(value),
  readFpr(s, name) {
    const { address, offset } = place(s, name);
    return s.f.let(s.f.loadF64(address, cpuLayout.vr + 8 + offset));
  },
  writeFpr(s, name, value) {
    const { address, offset } = place(s, name);
    s.f.storeF64(address, cpuLayout.vr + 8 + offset, value);
  },
  readStorage: (s) => s.f.let(s.f.loadF64(s.readPointer(s.operand(2), 8), 8)),
  isSafe: (value) => exponentOf(value).sub(2).ltU(0x7fd),
  isFinite: (value) => exponentOf(value).ne(0x7ff),
  isProduct(f, a, b, product) {
    const zero = F64.const(0);
    const hasZero = a.eq(zero).or(b.eq(zero));
    const [x, y, z] = [f.let(exponentOf(a)), f.let(exponentOf(b)), f.let(exponentOf(product))];
    const normal = isNormal(x).and(isNormal(y)).and(isNormal(z));
    // The product of both significands, of which 52 bits at least are lost, has no ones among these.
    const kept = z.sub(x).sub(y).add(1023);
    const lost = significandOf(a).mul(significandOf(b)).shl(I32.const(12).sub(kept).extendU());
    return a
      .mul(b)
      .eq(product)
      .and(hasZero.or(normal.and(lost.eqz())));
  },
  fromInteger: (value, signed) => (signed ? value.convertF64S() : value.convertF64U()),
  isQuiet: (nan) =>
    nan
      .reinterpretI64()
      .and(1n << 51n)
      .ne(0),
};

export const SHORT: NativeFormat<F32> = {
  constant: (value) => F32.const(value),
  readFpr(s, name) {
    const { address, offset } = place(s, name);
    return s.f.let(s.f.loadF32(address, cpuLayout.vr + 12 + offset));
  },
  writeFpr(s, name, value) {
    const { address, offset } = place(s, name);
    s.f.storeF32(address, cpuLayout.vr + 12 + offset, value);
  },
  readStorage: (s) => s.f.let(s.f.loadF32(s.readPointer(s.operand(2), 4), 12)),
  isSafe: (value) => value.reinterpretI32().shrU(23).and(0xff).sub(2).ltU(0xfd),
  isFinite: (value) => value.reinterpretI32().shrU(23).and(0xff).ne(0xff),
  // The long format holds every product of short numbers.
  isProduct: (_, a, b, product) => a.promote().mul(b.promote()).eq(product.promote()),
  fromInteger: (value, signed) => (signed ? value.convertF32S() : value.convertF32U()),
  isQuiet: (nan) =>
    nan
      .reinterpretI32()
      .and(1 << 22)
      .ne(0),
};
