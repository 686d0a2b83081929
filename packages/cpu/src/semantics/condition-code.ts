/**
 * Condition codes as they come about (Principles of Operation, chapter 7 and appendix "Condition-Code Settings"):
 * an instruction says from what its code is computed, and a tier computes the code, or only what a mask selects.
 */
import { type FunctionBuilder, I32, type I64 } from '@zarch/wasm';

type Integer = I32 | I64;

export type ConditionCode =
  /** The code itself, 0 to 3. */
  | { readonly kind: 'value'; readonly a: I32 }
  /** 0 zero, 1 negative, 2 positive. */
  | { readonly kind: 'sign'; readonly a: Integer }
  /** 0 zero, 1 not zero. */
  | { readonly kind: 'nonZero'; readonly a: Integer }
  /** 0 equal, 1 first low, 2 first high. */
  | { readonly kind: 'compareSigned' | 'compareUnsigned'; readonly a: Integer; readonly b: Integer }
  /** As `sign` of the sum or difference `a`, or 3 when it overflowed; `b` is the second operand. */
  | { readonly kind: 'add' | 'subtract'; readonly a: Integer; readonly b: Integer }
  /** The unsigned sum `a` and the second operand `b`: a carry counts 2, a sum that is not zero 1. */
  | { readonly kind: 'addLogical'; readonly a: Integer; readonly b: Integer }
  /** Both operands of an unsigned subtraction: no borrow counts 2, a difference that is not zero 1. */
  | { readonly kind: 'subtractLogical'; readonly a: Integer; readonly b: Integer }
  /** Bits `a` selected by the mask `b`: 0 all zero, 3 all one, 1 mixed; `leftmost`: mixed with a one there is 2. */
  | { readonly kind: 'testMask'; readonly a: I32; readonly b: I32; readonly leftmost: boolean };

/** Operations that integers of both widths have, under one type. */
interface Operations {
  eq(o: unknown): I32;
  ne(o: unknown): I32;
  eqz(): I32;
  ltS(o: unknown): I32;
  gtS(o: unknown): I32;
  leS(o: unknown): I32;
  geS(o: unknown): I32;
  ltU(o: unknown): I32;
  gtU(o: unknown): I32;
  leU(o: unknown): I32;
  geU(o: unknown): I32;
  add(o: unknown): Integer;
  sub(o: unknown): Integer;
  xor(o: unknown): Integer;
  and(o: unknown): Integer;
}
const of = (value: Integer): Operations => value as unknown as Operations;

/** A relation by three bits of a mask: 4 equal, 2 low, 1 high. */
function relation(mask: number, a: Integer, b: Integer | 0, signed: boolean): I32 {
  const x = of(a);
  switch (mask & 7) {
    case 0:
      return I32.const(0);
    case 1:
      return signed ? x.gtS(b) : x.gtU(b);
    case 2:
      return signed ? x.ltS(b) : x.ltU(b);
    case 3:
      return x.ne(b);
    case 4:
      return x.eq(b);
    case 5:
      return signed ? x.geS(b) : x.geU(b);
    case 6:
      return signed ? x.leS(b) : x.leU(b);
    default:
      return I32.const(1);
  }
}

/** Whether a sum or difference overflowed, as one or zero. */
function overflow(kind: 'add' | 'subtract', value: Integer, b: Integer): I32 {
  const result = of(value);
  // The operands of a sum have one sign and it the other; those of a difference differ, and it from the first.
  const a = of(kind === 'add' ? result.sub(b) : result.add(b));
  const signs = kind === 'add' ? of(a.xor(value)).and(result.xor(b)) : of(a.xor(b)).and(a.xor(value));
  return of(signs).ltS(0);
}

function isLeast(value: Integer): boolean {
  if (value.constant === undefined) return true;
  return BigInt(value.constant) === (value instanceof I32 ? -(1n << 31n) : -(1n << 63n));
}

/** The code, 0 to 3. */
export function conditionCodeValue(f: FunctionBuilder, cc: ConditionCode): I32 {
  switch (cc.kind) {
    case 'value':
      return cc.a;
    case 'sign':
      return of(cc.a).gtS(0).shl(1).or(of(cc.a).ltS(0));
    case 'nonZero':
      return of(cc.a).ne(0);
    case 'compareSigned':
      return of(cc.a).gtS(cc.b).shl(1).or(of(cc.a).ltS(cc.b));
    case 'compareUnsigned':
      return of(cc.a).gtU(cc.b).shl(1).or(of(cc.a).ltU(cc.b));
    case 'add':
    case 'subtract': {
      const sign = of(cc.a).gtS(0).shl(1).or(of(cc.a).ltS(0));
      return f.select(overflow(cc.kind, cc.a, cc.b), I32.const(3), sign);
    }
    case 'addLogical':
      return of(cc.a).ltU(cc.b).shl(1).or(of(cc.a).ne(0));
    case 'subtractLogical':
      return of(cc.a).geU(cc.b).shl(1).or(of(cc.a).ne(cc.b));
    case 'testMask': {
      const mixed = cc.leftmost
        ? f.select(cc.a.and(leftmostBit(cc.b)), I32.const(2), I32.const(1))
        : I32.const(1);
      return f.select(cc.a, f.select(cc.a.eq(cc.b), I32.const(3), mixed), I32.const(0));
    }
  }
}

function leftmostBit(mask: I32): I32 {
  if (mask.constant === undefined) return I32.const(0x8000_0000 | 0).shrU(mask.clz());
  return I32.const(mask.constant === 0 ? 0 : 1 << (31 - Math.clz32(Number(mask.constant))));
}

/** Whether a mask (8 for code 0, 4, 2, 1 for code 3) selects the code: not zero if it does. */
export function conditionSelected(f: FunctionBuilder, cc: ConditionCode, mask: number): I32 {
  if (mask === 0 || mask === 15) return I32.const(mask && 1);
  switch (cc.kind) {
    case 'sign':
      return relation(mask >> 1, cc.a, 0, true);
    case 'nonZero':
      return relation(mask & 4 ? (mask & 8 ? 7 : 3) : mask & 8 ? 4 : 0, cc.a, 0, false);
    case 'compareSigned':
      return relation(mask >> 1, cc.a, cc.b, true);
    case 'compareUnsigned':
      return relation(mask >> 1, cc.a, cc.b, false);
    case 'add':
    case 'subtract': {
      // A result of zero has not overflowed, but for the sum of two least numbers.
      const exact = cc.kind === 'subtract' || !isLeast(cc.b);
      if (exact && (mask === 8 || mask === 7)) return relation(mask >> 1, cc.a, 0, true);
      const sign = relation(mask >> 1, cc.a, 0, true);
      const over = overflow(cc.kind, cc.a, cc.b);
      return mask & 1 ? sign.or(over) : sign.and(over.eqz());
    }
    case 'addLogical':
      if (mask === 12) return of(cc.a).geU(cc.b);
      if (mask === 3) return of(cc.a).ltU(cc.b);
      if (mask === 10) return of(cc.a).eqz();
      if (mask === 5) return of(cc.a).ne(0);
      break;
    case 'subtractLogical':
      return relation((mask & 2 ? 4 : 0) | (mask & 4 ? 2 : 0) | (mask & 1), cc.a, cc.b, false);
    case 'testMask':
      if ((mask & 8) !== 0 && (mask & 7) === 0) return cc.a.eqz();
      if (mask === 7) return cc.a.ne(0);
      if (mask === 1) return cc.b.constant === 0 ? I32.const(0) : cc.a.eq(cc.b);
      if (mask === 14) return cc.b.constant === 0 ? I32.const(1) : cc.a.ne(cc.b);
      break;
    default:
  }
  return I32.const(mask).shl(conditionCodeValue(f, cc)).and(8);
}

/** {@link conditionSelected} with a mask that may be known only at run time. */
export function conditionSelectedBy(f: FunctionBuilder, cc: ConditionCode, mask: I32): I32 {
  const { constant } = mask;
  if (constant !== undefined) return conditionSelected(f, cc, Number(constant));
  return mask.shl(f.let(conditionCodeValue(f, cc))).and(8);
}
