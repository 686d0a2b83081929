/**
 * ADD, SUBTRACT, MULTIPLY, DIVIDE, SQUARE ROOT, MULTIPLY AND ADD, MULTIPLY AND SUBTRACT.
 * Principles of Operation, chapter 19, the sections of these names.
 *
 * Each forms the precise result, or for quotient and root one digit string long enough with a last digit that
 * stands for all digits that follow, and rounds it once.
 */
import {
  BFP_FORMATS,
  type BfpFormat,
  type BfpNumber,
  bitLength,
  packInfinity,
  packZero,
  signBit,
  unpack,
} from './format.ts';
import {
  type BfpResult,
  complete,
  deliver,
  deliverNan,
  divisionByZero,
  invalidDefaultNan,
  selectNan,
  withConditionCode,
} from './result.ts';
import { fpcRoundingMethod, type PreciseValue } from './rounding.ts';

/** A zero or finite number as a precise value. */
function precise(number: BfpNumber & { kind: 'zero' | 'finite' }): PreciseValue {
  return number.kind === 'finite' ? number : { negative: number.negative, significand: 0n, exponent: 0 };
}

/** The result of a sum of finite values, or of one of them if the other is zero. */
function deliverSum(format: BfpFormat, a: PreciseValue, b: PreciseValue, fpc: number): BfpResult {
  const method = fpcRoundingMethod(fpc);
  if (a.significand === 0n && b.significand === 0n && a.negative === b.negative) {
    return complete(packZero(format, a.negative), fpc);
  }
  // A zero has no exponent of its own, and must not make the other operand's digits longer.
  const exponent =
    a.significand === 0n ? b.exponent : b.significand === 0n ? a.exponent : Math.min(a.exponent, b.exponent);
  const align = (value: PreciseValue) => {
    if (value.significand === 0n) return 0n;
    const magnitude = value.significand << BigInt(value.exponent - exponent);
    return value.negative ? -magnitude : magnitude;
  };
  const sum = align(a) + align(b);
  if (sum === 0n) return complete(packZero(format, method === 'towardNegative'), fpc);
  const negative = sum < 0n;
  return deliver(format, { negative, significand: negative ? -sum : sum, exponent }, { fpc, method });
}

function sum(format: BfpFormat, x: BfpNumber, y: BfpNumber, fpc: number): BfpResult {
  const nan = selectNan(x, y);
  if (nan !== undefined) return deliverNan(format, nan, fpc);
  if (x.kind === 'nan' || y.kind === 'nan') throw new RangeError('a NaN was not selected');
  if (x.kind === 'infinity') {
    if (y.kind === 'infinity' && y.negative !== x.negative) return invalidDefaultNan(format, fpc);
    return complete(packInfinity(format, x.negative), fpc);
  }
  if (y.kind === 'infinity') return complete(packInfinity(format, y.negative), fpc);
  return deliverSum(format, precise(x), precise(y), fpc);
}

/** ADD: `a + b`. Sets the condition code. */
export function bfpAdd(format: BfpFormat, a: bigint, b: bigint, fpc: number): BfpResult {
  return withConditionCode(format, sum(format, unpack(format, a), unpack(format, b), fpc));
}

/** A number with its sign inverted; a NaN takes part with its sign unchanged. */
function inverted(format: BfpFormat, datum: bigint): BfpNumber {
  const number = unpack(format, datum);
  return number.kind === 'nan' ? number : unpack(format, datum ^ signBit(format));
}

/** SUBTRACT: `a - b`. Sets the condition code. */
export function bfpSubtract(format: BfpFormat, a: bigint, b: bigint, fpc: number): BfpResult {
  return withConditionCode(format, sum(format, unpack(format, a), inverted(format, b), fpc));
}

/**
 * MULTIPLY: `a * b`, with operands in `from` and the product in `to`, which is the same format (MEEB, MDB,
 * MXBR) or a longer one (MDEB, MXDB; such a product is exact).
 */
export function bfpMultiply(from: BfpFormat, to: BfpFormat, a: bigint, b: bigint, fpc: number): BfpResult {
  const x = unpack(from, a);
  const y = unpack(from, b);
  const nan = selectNan(x, y);
  if (nan !== undefined) return deliverNan(to, nan, fpc, from);
  const negative = x.negative !== y.negative;
  if (x.kind === 'infinity' || y.kind === 'infinity') {
    if (x.kind === 'zero' || y.kind === 'zero') return invalidDefaultNan(to, fpc);
    return complete(packInfinity(to, negative), fpc);
  }
  if (x.kind !== 'finite' || y.kind !== 'finite') return complete(packZero(to, negative), fpc);
  const product = {
    negative,
    significand: x.significand * y.significand,
    exponent: x.exponent + y.exponent,
  };
  return deliver(to, product, { fpc, method: fpcRoundingMethod(fpc) });
}

/** DIVIDE: `a / b`. */
export function bfpDivide(format: BfpFormat, a: bigint, b: bigint, fpc: number): BfpResult {
  const x = unpack(format, a);
  const y = unpack(format, b);
  const nan = selectNan(x, y);
  if (nan !== undefined) return deliverNan(format, nan, fpc);
  const negative = x.negative !== y.negative;
  if (x.kind === y.kind && x.kind !== 'finite') return invalidDefaultNan(format, fpc);
  if (x.kind === 'infinity') return complete(packInfinity(format, negative), fpc);
  if (x.kind === 'zero' || y.kind === 'infinity') return complete(packZero(format, negative), fpc);
  if (y.kind === 'zero') return divisionByZero(format, negative, fpc);
  if (x.kind !== 'finite' || y.kind !== 'finite') throw new RangeError('a NaN was not selected');

  const digits = BFP_FORMATS[format].precision + 3;
  const shift = Math.max(0, digits + bitLength(y.significand) - bitLength(x.significand));
  const dividend = x.significand << BigInt(shift);
  const quotient = dividend / y.significand;
  const rest = dividend - quotient * y.significand === 0n ? 0n : 1n;
  const significand = quotient | rest;
  const exponent = x.exponent - y.exponent - shift;
  return deliver(format, { negative, significand, exponent }, { fpc, method: fpcRoundingMethod(fpc) });
}

/** Integer square root, by Newton's method from above. */
function squareRootFloor(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(bitLength(value) / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** SQUARE ROOT. The root of -0 is -0; that of any other negative number is an invalid operation. */
export function bfpSquareRoot(format: BfpFormat, a: bigint, fpc: number): BfpResult {
  const x = unpack(format, a);
  if (x.kind === 'nan') return deliverNan(format, x, fpc);
  if (x.kind === 'zero') return complete(packZero(format, x.negative), fpc);
  if (x.negative) return invalidDefaultNan(format, fpc);
  if (x.kind === 'infinity') return complete(packInfinity(format, false), fpc);

  const wanted = 2 * (BFP_FORMATS[format].precision + 3);
  let shift = Math.max(0, wanted - bitLength(x.significand));
  if ((x.exponent - shift) % 2 !== 0) shift += 1;
  const radicand = x.significand << BigInt(shift);
  const root = squareRootFloor(radicand);
  const rest = root * root === radicand ? 0n : 1n;
  const value = { negative: false, significand: root | rest, exponent: (x.exponent - shift) / 2 };
  return deliver(format, value, { fpc, method: fpcRoundingMethod(fpc) });
}

function multiplyAndAdd(format: BfpFormat, c: BfpNumber, x: BfpNumber, y: BfpNumber, fpc: number): BfpResult {
  // The product is judged first: its signaling NaN or invalid operation goes before anything the addend is.
  const product = selectNan(x, y);
  if (product?.signaling === true) return deliverNan(format, product, fpc);
  const infinite = x.kind === 'infinity' || y.kind === 'infinity';
  if (product === undefined && infinite && (x.kind === 'zero' || y.kind === 'zero')) {
    return invalidDefaultNan(format, fpc);
  }
  const nan = selectNan(product ?? { kind: 'zero', negative: false }, c);
  if (nan !== undefined) return deliverNan(format, nan, fpc);

  const negative = x.negative !== y.negative;
  if (infinite) return sum(format, { kind: 'infinity', negative }, c, fpc);
  if (c.kind === 'infinity') return complete(packInfinity(format, c.negative), fpc);
  if (c.kind === 'nan') throw new RangeError('a NaN was not selected');
  const exact =
    x.kind === 'finite' && y.kind === 'finite'
      ? { negative, significand: x.significand * y.significand, exponent: x.exponent + y.exponent }
      : { negative, significand: 0n, exponent: 0 };
  return deliverSum(format, exact, precise(c), fpc);
}

/**
 * MULTIPLY AND ADD: `third * second + first`, rounded once.
 * @param first - the addend, and the location of the result
 */
export function bfpMultiplyAndAdd(
  format: BfpFormat,
  first: bigint,
  second: bigint,
  third: bigint,
  fpc: number,
): BfpResult {
  return multiplyAndAdd(format, unpack(format, first), unpack(format, third), unpack(format, second), fpc);
}

/** MULTIPLY AND SUBTRACT: `third * second - first`, rounded once. */
export function bfpMultiplyAndSubtract(
  format: BfpFormat,
  first: bigint,
  second: bigint,
  third: bigint,
  fpc: number,
): BfpResult {
  return multiplyAndAdd(format, inverted(format, first), unpack(format, third), unpack(format, second), fpc);
}
