/**
 * LOAD LENGTHENED, LOAD ROUNDED, LOAD FP INTEGER, CONVERT FROM FIXED, CONVERT FROM LOGICAL,
 * CONVERT TO FIXED, CONVERT TO LOGICAL.
 * Principles of Operation, chapter 19, the sections of these names.
 *
 * M3 is the rounding modifier; bit 1 of M4 (value 4) is the IEEE-inexact-exception control (XxC). Without the
 * floating-point extension facility, pass 0 for a field that is not defined then.
 */
import { type BfpFormat, ones, packFinite, packInfinity, packZero, unpack } from './format.ts';
import { type BfpResult, complete, deliver, deliverInexact, deliverNan, invalidOperation } from './result.ts';
import { effectiveRoundingMethod, roundToUnit } from './rounding.ts';

/** A general-register operand of a conversion. */
export interface BfpInteger {
  readonly width: 32 | 64;
  readonly signed: boolean;
}

function suppressesInexact(m4: number): boolean {
  return (m4 & 4) !== 0;
}

/** LOAD LENGTHENED: exact, but for a signaling NaN, which becomes quiet. */
export function bfpLoadLengthened(from: BfpFormat, to: BfpFormat, a: bigint, fpc: number): BfpResult {
  const x = unpack(from, a);
  switch (x.kind) {
    case 'nan':
      return deliverNan(to, x, fpc, from);
    case 'infinity':
      return complete(packInfinity(to, x.negative), fpc);
    case 'zero':
      return complete(packZero(to, x.negative), fpc);
    case 'finite':
      return complete(packFinite(to, x.negative, x.significand, x.exponent), fpc);
  }
}

/**
 * LOAD ROUNDED. A trapped overflow or underflow delivers the rounded and scaled value in the source's format,
 * and says so in `format` of the result.
 */
export function bfpLoadRounded(
  from: BfpFormat,
  to: BfpFormat,
  a: bigint,
  m3: number,
  m4: number,
  fpc: number,
): BfpResult {
  const method = effectiveRoundingMethod(m3, fpc);
  const x = unpack(from, a);
  if (x.kind !== 'finite') return bfpLoadLengthened(from, to, a, fpc);
  return deliver(to, x, { fpc, method, suppressInexact: suppressesInexact(m4), source: from });
}

/** LOAD FP INTEGER: rounds to an integer in the same format, keeping the sign of a zero. */
export function bfpLoadInteger(format: BfpFormat, a: bigint, m3: number, m4: number, fpc: number): BfpResult {
  const method = effectiveRoundingMethod(m3, fpc);
  const x = unpack(format, a);
  if (x.kind === 'nan') return deliverNan(format, x, fpc);
  if (x.kind !== 'finite' || x.exponent >= 0) return complete(a, fpc);
  const { multiple, exactness } = roundToUnit(x, 0, method);
  return deliverInexact(packFinite(format, x.negative, multiple, 0), exactness, fpc, suppressesInexact(m4));
}

/**
 * CONVERT FROM FIXED, CONVERT FROM LOGICAL.
 * @param source - the general register; bits to the left of the integer's width are ignored
 */
export function bfpConvertFromInteger(
  from: BfpInteger,
  to: BfpFormat,
  source: bigint,
  m3: number,
  m4: number,
  fpc: number,
): BfpResult {
  const method = effectiveRoundingMethod(m3, fpc);
  const integer = from.signed ? BigInt.asIntN(from.width, source) : BigInt.asUintN(from.width, source);
  if (integer === 0n) return complete(packZero(to, false), fpc);
  const negative = integer < 0n;
  const precise = { negative, significand: negative ? -integer : integer, exponent: 0 };
  return deliver(to, precise, { fpc, method, suppressInexact: suppressesInexact(m4) });
}

/** Greatest exponent, as a power of two, at which rounding is worth while: beyond, no integer format reaches. */
const BEYOND_INTEGERS = 128;

/**
 * CONVERT TO FIXED, CONVERT TO LOGICAL. Sets condition code 0, 1 or 2 for a source that is zero, less or
 * greater than zero, and 3 for one outside the range, which is an invalid operation; if that does not trap the
 * nearest integer is the result (for a NaN the least), and inexact is recognized too.
 * @returns `value` has the integer's width
 */
export function bfpConvertToInteger(
  from: BfpFormat,
  to: BfpInteger,
  a: bigint,
  m3: number,
  m4: number,
  fpc: number,
): BfpResult {
  const method = effectiveRoundingMethod(m3, fpc);
  const x = unpack(from, a);
  const least = to.signed ? -(1n << BigInt(to.width - 1)) : 0n;
  const greatest = to.signed ? ones(to.width - 1) : ones(to.width);
  const outside = (saturated: bigint): BfpResult => {
    const value = BigInt.asUintN(to.width, saturated);
    const result = invalidOperation(value, fpc);
    if (result.suppressed) return result;
    return { ...deliverInexact(value, 'truncated', result.fpc, suppressesInexact(m4)), cc: 3 };
  };

  if (x.kind === 'nan') return outside(least);
  if (x.kind === 'zero') return { ...complete(0n, fpc), cc: 0 };
  if (x.kind === 'infinity' || x.exponent > BEYOND_INTEGERS) return outside(x.negative ? least : greatest);
  const { multiple, exactness } = roundToUnit(x, 0, method);
  const integer = x.negative ? -multiple : multiple;
  if (integer < least || integer > greatest) return outside(x.negative ? least : greatest);
  const result = deliverInexact(BigInt.asUintN(to.width, integer), exactness, fpc, suppressesInexact(m4));
  return { ...result, cc: x.negative ? 1 : 2 };
}
