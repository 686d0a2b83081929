/**
 * What an operation delivers, and the actions of the IEEE exceptions.
 * Principles of Operation, chapter 9, "IEEE Exceptions" (actions with the mask zero and one, scaled results);
 * chapter 19, "Summary of IEEE Exceptions and Results".
 *
 * Invalid operation and division by zero suppress when they trap. Overflow, underflow and inexact complete:
 * the result is delivered, and the interruption follows. A trapped overflow or underflow delivers the value
 * rounded to the precision as if the exponent had no bounds, scaled back into range. Its DXC tells how that value
 * relates to the precise one, whatever XxC says: XxC governs the recognition of inexact alone.
 */
import {
  BFP_FORMATS,
  type BfpFormat,
  type BfpNumber,
  packDefaultNan,
  packFinite,
  packInfinity,
  packLargest,
  packQuietNan,
  unpack,
} from './format.ts';
import { DXC, traps, withFlag } from './fpc.ts';
import {
  type Exactness,
  leadingExponent,
  type PreciseValue,
  type RoundingMethod,
  roundToUnit,
} from './rounding.ts';

/** The outcome of an operation. */
export interface BfpResult {
  /** Raw bits for the target; of no meaning if `suppressed`. DIVIDE TO INTEGER: the remainder. */
  readonly value: bigint;
  /** DIVIDE TO INTEGER only: the quotient, for the third-operand location. */
  readonly quotient?: bigint;
  /** Condition code, for the operations that set one; absent if `suppressed`. */
  readonly cc?: number;
  /** The FPC with the flags this operation has set; its DXC is left for the interruption to store. */
  readonly fpc: number;
  /** DXC of the data exception to recognize, 0 for none. */
  readonly dxc: number;
  /** The operation is suppressed: neither target nor condition code changes. */
  readonly suppressed: boolean;
  /** Set when the value is not in the target's usual format: a trapped LOAD ROUNDED leaves its source's. */
  readonly format?: BfpFormat;
}

/** What the rounding of a result is governed by. */
export interface Delivery {
  readonly fpc: number;
  readonly method: RoundingMethod;
  /** The IEEE-inexact-exception control (XxC): inexact is not recognized. */
  readonly suppressInexact?: boolean;
  /** LOAD ROUNDED only: the format of its source, which a trapped overflow or underflow leaves in the target. */
  readonly source?: BfpFormat;
}

/** A completed operation without exception. */
export function complete(value: bigint, fpc: number): BfpResult {
  return { value, fpc, dxc: 0, suppressed: false };
}

function suppress(fpc: number, dxc: number): BfpResult {
  return { value: 0n, fpc, dxc, suppressed: true };
}

/** IEEE invalid operation; `value` is the default result. */
export function invalidOperation(value: bigint, fpc: number): BfpResult {
  return traps(fpc, 'invalid') ? suppress(fpc, DXC.invalid) : complete(value, withFlag(fpc, 'invalid'));
}

/** IEEE invalid operation with the default NaN as its default result. */
export function invalidDefaultNan(format: BfpFormat, fpc: number): BfpResult {
  return invalidOperation(packDefaultNan(format), fpc);
}

/** IEEE division by zero. */
export function divisionByZero(format: BfpFormat, negative: boolean, fpc: number): BfpResult {
  if (traps(fpc, 'divisionByZero')) return suppress(fpc, DXC.divisionByZero);
  return complete(packInfinity(format, negative), withFlag(fpc, 'divisionByZero'));
}

/** The result of an operation one of whose operands is a NaN: quiet, with invalid operation for a signaling one. */
export function deliverNan(
  format: BfpFormat,
  nan: BfpNumber & { kind: 'nan' },
  fpc: number,
  from: BfpFormat = format,
): BfpResult {
  const value = packQuietNan(format, from, nan);
  return nan.signaling ? invalidOperation(value, fpc) : complete(value, fpc);
}

/**
 * The NaN that two operands propagate, if either is one: the first signaling NaN, else the first quiet NaN.
 */
export function selectNan(a: BfpNumber, b: BfpNumber): (BfpNumber & { kind: 'nan' }) | undefined {
  if (a.kind === 'nan' && (a.signaling || b.kind !== 'nan' || !b.signaling)) return a;
  return b.kind === 'nan' ? b : undefined;
}

/** Bits 4-5 of an IEEE DXC. */
export function inexactCode(exactness: Exactness): number {
  if (exactness === 'exact') return 0;
  return exactness === 'truncated' ? DXC.inexactTruncated : DXC.inexactIncremented;
}

/** Completes with a value that may be inexact. */
export function deliverInexact(
  value: bigint,
  exactness: Exactness,
  fpc: number,
  suppressInexact: boolean | undefined,
): BfpResult {
  if (exactness === 'exact' || suppressInexact === true) return complete(value, fpc);
  if (!traps(fpc, 'inexact')) return complete(value, withFlag(fpc, 'inexact'));
  return { value, fpc, dxc: inexactCode(exactness), suppressed: false };
}

function overflowsToInfinity(method: RoundingMethod, negative: boolean): boolean {
  switch (method) {
    case 'nearestEven':
    case 'nearestAway':
      return true;
    case 'towardZero':
    case 'prepareShorter':
      return false;
    case 'towardPositive':
      return !negative;
    case 'towardNegative':
      return negative;
  }
}

function deliverScaled(
  format: BfpFormat,
  rounded: PreciseValue,
  direction: 1 | -1,
  dxc: number,
  delivery: Delivery,
): BfpResult {
  const { source, fpc } = delivery;
  const target = source ?? format;
  const scale =
    source === undefined ? BFP_FORMATS[format].arithmeticScale : BFP_FORMATS[source].loadRoundedScale;
  const value = packFinite(
    target,
    rounded.negative,
    rounded.significand,
    rounded.exponent + direction * scale,
  );
  const result = { value, fpc, dxc, suppressed: false };
  return source === undefined ? result : { ...result, format: source };
}

/**
 * Rounds a precise value that is not zero into a format, with all that overflow, underflow and inexact entail.
 * Tininess is detected before rounding.
 */
export function deliver(format: BfpFormat, precise: PreciseValue, delivery: Delivery): BfpResult {
  const { fractionBits, minExponent, maxExponent } = BFP_FORMATS[format];
  const { fpc, method, suppressInexact } = delivery;
  const { negative } = precise;
  const leading = leadingExponent(precise);
  const unit = leading - fractionBits;
  const { multiple, exactness } = roundToUnit(precise, unit, method);
  const rounded = { negative, significand: multiple, exponent: unit };

  if (leadingExponent(rounded) > maxExponent) {
    if (traps(fpc, 'overflow')) {
      return deliverScaled(format, rounded, -1, DXC.overflow | inexactCode(exactness), delivery);
    }
    const flagged = withFlag(fpc, 'overflow');
    return overflowsToInfinity(method, negative)
      ? deliverInexact(packInfinity(format, negative), 'incremented', flagged, suppressInexact)
      : deliverInexact(packLargest(format, negative), 'truncated', flagged, suppressInexact);
  }

  if (leading < minExponent) {
    if (traps(fpc, 'underflow')) {
      return deliverScaled(format, rounded, 1, DXC.underflow | inexactCode(exactness), delivery);
    }
    const smallest = minExponent - fractionBits;
    const denormalized = roundToUnit(precise, smallest, method);
    const flagged = denormalized.exactness === 'exact' ? fpc : withFlag(fpc, 'underflow');
    const value = packFinite(format, negative, denormalized.multiple, smallest);
    return deliverInexact(value, denormalized.exactness, flagged, suppressInexact);
  }

  return deliverInexact(packFinite(format, negative, multiple, unit), exactness, fpc, suppressInexact);
}

/** Condition code of a value: 0 zero, 1 less than zero, 2 greater than zero, 3 NaN. */
export function conditionCodeOf(format: BfpFormat, value: bigint): number {
  const number = unpack(format, value);
  if (number.kind === 'nan') return 3;
  if (number.kind === 'zero') return 0;
  return number.negative ? 1 : 2;
}

/** Adds the condition code that the value of a result sets, unless the operation is suppressed. */
export function withConditionCode(format: BfpFormat, result: BfpResult): BfpResult {
  return result.suppressed
    ? result
    : { ...result, cc: conditionCodeOf(result.format ?? format, result.value) };
}
