/**
 * DIVIDE TO INTEGER (DIEBR, DIDBR).
 * Principles of Operation, chapter 19, "DIVIDE TO INTEGER".
 *
 * The quotient is rounded to an integer by M4 and the remainder by the FPC. If the precise quotient is no
 * integer and too large for both integers next to it to be represented, quotient and remainder are partial: the
 * quotient is rounded toward zero to the precision, and the remainder is exact. A quotient beyond the exponent
 * range is scaled, which is not an exception and shows in the condition code. A tiny remainder, partial or not,
 * is exact, and an underflow only if that traps.
 */
import {
  BFP_FORMATS,
  type BfpFormat,
  type BfpNumber,
  bitLength,
  packDefaultNan,
  packFinite,
  packQuietNan,
  packZero,
  unpack,
} from './format.ts';
import { type BfpResult, complete, deliver, invalidOperation, selectNan } from './result.ts';
import { effectiveRoundingMethod, fpcRoundingMethod, leadingExponent, roundToUnit } from './rounding.ts';

type Finite = BfpNumber & { kind: 'finite' };

function both(value: bigint, signaling: boolean, fpc: number): BfpResult {
  const result = signaling ? invalidOperation(value, fpc) : complete(value, fpc);
  return result.suppressed ? result : { ...result, quotient: value, cc: 1 };
}

/** The quotient in the format and whether its exponent had to be scaled. */
function deliverQuotient(
  format: BfpFormat,
  negative: boolean,
  integer: bigint,
): { bits: bigint; scaled: boolean } {
  const { maxExponent, arithmeticScale } = BFP_FORMATS[format];
  const scaled =
    integer !== 0n && leadingExponent({ negative, significand: integer, exponent: 0 }) > maxExponent;
  return { bits: packFinite(format, negative, integer, scaled ? -arithmeticScale : 0), scaled };
}

function divide(format: BfpFormat, x: Finite, y: Finite, m4: number, fpc: number): BfpResult {
  const { precision } = BFP_FORMATS[format];
  const negative = x.negative !== y.negative;
  const exponent = Math.min(x.exponent, y.exponent);
  const dividend = x.significand << BigInt(x.exponent - exponent);
  const divisor = y.significand << BigInt(y.exponent - exponent);
  const floor = dividend / divisor;
  const rest = dividend - floor * divisor;

  let integer = floor;
  const excess = bitLength(floor) - precision;
  const partial = rest !== 0n && excess > 0;
  if (partial) {
    integer = (floor >> BigInt(excess)) << BigInt(excess);
  } else if (rest !== 0n) {
    // Two more digits are enough to tell less than, exactly and more than a half.
    const fraction = 2n * rest < divisor ? 1n : 2n * rest === divisor ? 2n : 3n;
    const quotient = { negative, significand: (floor << 2n) | fraction, exponent: -2 };
    integer = roundToUnit(quotient, 0, effectiveRoundingMethod(m4, fpc)).multiple;
  }

  const quotient = deliverQuotient(format, negative, integer);
  const difference = dividend - integer * divisor;
  const significand = difference < 0n ? -difference : difference;
  const remainder =
    difference === 0n
      ? complete(packZero(format, x.negative), fpc)
      : deliver(
          format,
          { negative: x.negative !== difference < 0n, significand, exponent },
          { fpc, method: fpcRoundingMethod(fpc) },
        );
  return { ...remainder, quotient: quotient.bits, cc: (partial ? 2 : 0) + (quotient.scaled ? 1 : 0) };
}

/**
 * DIVIDE TO INTEGER: `value` is the remainder, `quotient` the quotient of `a / b`. Condition code 0 or 1:
 * remainder complete, 2 or 3: remainder partial; 1 or 3: the quotient is scaled or a NaN.
 * @param m4 - the rounding modifier of the quotient
 */
export function bfpDivideToInteger(
  format: BfpFormat,
  a: bigint,
  b: bigint,
  m4: number,
  fpc: number,
): BfpResult {
  const x = unpack(format, a);
  const y = unpack(format, b);
  const nan = selectNan(x, y);
  if (nan !== undefined) return both(packQuietNan(format, format, nan), nan.signaling, fpc);
  if (x.kind === 'infinity' || y.kind === 'zero') return both(packDefaultNan(format), true, fpc);
  if (x.kind === 'finite' && y.kind === 'finite') return divide(format, x, y, m4, fpc);
  return { ...complete(a, fpc), quotient: packZero(format, x.negative !== y.negative), cc: 0 };
}
