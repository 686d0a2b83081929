/**
 * Rounding methods, where they are specified, and rounding itself.
 * Principles of Operation, chapter 9, "Rounding" and "BFP Rounding Mode"; the M3 and M4 modifiers of
 * chapter 19 ("Rounding and Range Function", effective rounding method).
 */
import { bitLength, ones } from './format.ts';

/** A rounding method. `prepareShorter` is "round to prepare for shorter precision" (inexact gives an odd digit). */
export type RoundingMethod =
  | 'nearestEven'
  | 'nearestAway'
  | 'towardZero'
  | 'towardPositive'
  | 'towardNegative'
  | 'prepareShorter';

const FPC_METHODS: Readonly<Record<number, RoundingMethod>> = {
  0: 'nearestEven',
  1: 'towardZero',
  2: 'towardPositive',
  3: 'towardNegative',
  7: 'prepareShorter',
};

const MODIFIER_METHODS: Readonly<Record<number, RoundingMethod>> = {
  1: 'nearestAway',
  3: 'prepareShorter',
  4: 'nearestEven',
  5: 'towardZero',
  6: 'towardPositive',
  7: 'towardNegative',
};

/**
 * The method that the BFP rounding mode of an FPC (bits 29-31) selects. Codes 4 to 6 cannot get into an FPC
 * by an instruction; should a hypervisor have put one there it counts as 0.
 */
export function fpcRoundingMethod(fpc: number): RoundingMethod {
  return FPC_METHODS[fpc & 7] ?? 'nearestEven';
}

/** Whether a BFP rounding mode (SRNM: 0-3; SRNMB, FPC bits 29-31: 0-3 and 7 with facility 37) is valid. */
export function bfpRoundingModeValid(mode: number, floatingPointExtension: boolean): boolean {
  return FPC_METHODS[mode] !== undefined && (mode < 4 || floatingPointExtension);
}

/**
 * Whether an M3 (in DIVIDE TO INTEGER M4) rounding modifier is valid: 0, 1, 4 to 7, and 3 with the
 * floating-point extension facility (37). Anything else is a specification exception.
 */
export function bfpModifierValid(modifier: number, floatingPointExtension: boolean): boolean {
  if (modifier === 0) return true;
  return MODIFIER_METHODS[modifier] !== undefined && (modifier !== 3 || floatingPointExtension);
}

/**
 * The effective rounding method of a modifier, 0 meaning the FPC's.
 * @throws RangeError for a modifier that `bfpModifierValid` refuses.
 */
export function effectiveRoundingMethod(modifier: number, fpc: number): RoundingMethod {
  if (modifier === 0) return fpcRoundingMethod(fpc);
  const method = MODIFIER_METHODS[modifier];
  if (method === undefined) throw new RangeError(`rounding modifier ${modifier} was not checked`);
  return method;
}

/** How a delivered value relates to the precise one, in magnitude. */
export type Exactness = 'exact' | 'truncated' | 'incremented';

/** A precise value: `significand * 2 ** exponent` with a sign. */
export interface PreciseValue {
  readonly negative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
}

/** A multiple of a unit, and how it relates to the value it was rounded from. */
export interface Rounded {
  readonly multiple: bigint;
  readonly exactness: Exactness;
}

function increments(method: RoundingMethod, negative: boolean, odd: boolean, half: -1 | 0 | 1): boolean {
  switch (method) {
    case 'nearestEven':
      return half > 0 || (half === 0 && odd);
    case 'nearestAway':
      return half >= 0;
    case 'towardZero':
      return false;
    case 'towardPositive':
      return !negative;
    case 'towardNegative':
      return negative;
    case 'prepareShorter':
      return !odd;
  }
}

/** Rounds a precise value to a multiple of `2 ** unit`. */
export function roundToUnit(value: PreciseValue, unit: number, method: RoundingMethod): Rounded {
  const { negative, significand } = value;
  const shift = unit - value.exponent;
  if (shift <= 0) return { multiple: significand << BigInt(-shift), exactness: 'exact' };
  const lost = significand & ones(shift);
  const kept = significand >> BigInt(shift);
  if (lost === 0n) return { multiple: kept, exactness: 'exact' };
  const middle = 1n << BigInt(shift - 1);
  const half = lost < middle ? -1 : lost > middle ? 1 : 0;
  return increments(method, negative, (kept & 1n) === 1n, half)
    ? { multiple: kept + 1n, exactness: 'incremented' }
    : { multiple: kept, exactness: 'truncated' };
}

/** Unbiased exponent of the leading digit of a value that is not zero. */
export function leadingExponent(value: PreciseValue): number {
  return value.exponent + bitLength(value.significand) - 1;
}
