/**
 * COMPARE, COMPARE AND SIGNAL, LOAD AND TEST, LOAD COMPLEMENT, LOAD NEGATIVE, LOAD POSITIVE, TEST DATA CLASS.
 * Principles of Operation, chapter 19, the sections of these names.
 */
import { type BfpFormat, type BfpNumber, signBit, unpack } from './format.ts';
import { type BfpResult, complete, deliverNan, invalidOperation, withConditionCode } from './result.ts';

function magnitudes(x: BfpNumber & { kind: 'finite' }, y: BfpNumber & { kind: 'finite' }): number {
  const exponent = Math.min(x.exponent, y.exponent);
  const left = x.significand << BigInt(x.exponent - exponent);
  const right = y.significand << BigInt(y.exponent - exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

const MAGNITUDE = { zero: 0, finite: 1, infinity: 2, nan: 3 } as const;

/** Condition code of a comparison: 0 equal, 1 first low, 2 first high, 3 unordered. */
function relation(x: BfpNumber, y: BfpNumber): number {
  if (x.kind === 'nan' || y.kind === 'nan') return 3;
  if (x.kind === 'zero' && y.kind === 'zero') return 0;
  const direction = (number: BfpNumber) => (number.kind === 'zero' ? 0 : number.negative ? -1 : 1);
  const signs = direction(x) - direction(y);
  if (signs !== 0) return signs < 0 ? 1 : 2;
  const larger =
    x.kind === 'finite' && y.kind === 'finite' ? magnitudes(x, y) : MAGNITUDE[x.kind] - MAGNITUDE[y.kind];
  if (larger === 0) return 0;
  return larger < 0 !== x.negative ? 1 : 2;
}

function compare(format: BfpFormat, a: bigint, b: bigint, fpc: number, signalQuiet: boolean): BfpResult {
  const x = unpack(format, a);
  const y = unpack(format, b);
  const invalid = [x, y].some((number) => number.kind === 'nan' && (signalQuiet || number.signaling));
  const result = invalid ? invalidOperation(0n, fpc) : complete(0n, fpc);
  return result.suppressed ? result : { ...result, cc: relation(x, y) };
}

/** COMPARE. A signaling NaN is an invalid operation. Only the condition code is of meaning. */
export function bfpCompare(format: BfpFormat, a: bigint, b: bigint, fpc: number): BfpResult {
  return compare(format, a, b, fpc, false);
}

/** COMPARE AND SIGNAL. Any NaN is an invalid operation. Only the condition code is of meaning. */
export function bfpCompareAndSignal(format: BfpFormat, a: bigint, b: bigint, fpc: number): BfpResult {
  return compare(format, a, b, fpc, true);
}

/** LOAD AND TEST: the operand, a signaling NaN made quiet, and its condition code. */
export function bfpLoadAndTest(format: BfpFormat, a: bigint, fpc: number): BfpResult {
  const x = unpack(format, a);
  return withConditionCode(format, x.kind === 'nan' ? deliverNan(format, x, fpc) : complete(a, fpc));
}

/** LOAD COMPLEMENT: the sign bit inverted, also of a NaN; no IEEE exception. */
export function bfpLoadComplement(format: BfpFormat, a: bigint, fpc: number): BfpResult {
  return withConditionCode(format, complete(a ^ signBit(format), fpc));
}

/** LOAD NEGATIVE: the sign bit made one, also of a NaN; no IEEE exception. */
export function bfpLoadNegative(format: BfpFormat, a: bigint, fpc: number): BfpResult {
  return withConditionCode(format, complete(a | signBit(format), fpc));
}

/** LOAD POSITIVE: the sign bit made zero, also of a NaN; no IEEE exception. */
export function bfpLoadPositive(format: BfpFormat, a: bigint, fpc: number): BfpResult {
  return withConditionCode(format, complete(a & ~signBit(format), fpc));
}

/**
 * The data class of a datum as the one bit that stands for it in the mask of TEST DATA CLASS, from
 * 0x800 (+zero), 0x400 (-zero), normal, subnormal, infinity, quiet NaN, to 0x002 and 0x001 (signaling NaN).
 */
export function bfpDataClass(format: BfpFormat, a: bigint): number {
  const x = unpack(format, a);
  const classes = { zero: 0x800, finite: 0x200, infinity: 0x020, nan: 0x008 };
  let positive = classes[x.kind];
  if (x.kind === 'finite' && x.subnormal) positive = 0x080;
  if (x.kind === 'nan' && x.signaling) positive = 0x002;
  return x.negative ? positive >> 1 : positive;
}

/**
 * TEST DATA CLASS: condition code 1 if the class of the operand is selected, 0 if not.
 * @param address - the second-operand address, whose rightmost 12 bits select classes
 */
export function bfpTestDataClass(format: BfpFormat, a: bigint, address: bigint, fpc: number): BfpResult {
  const selected = (Number(address & 0xfffn) & bfpDataClass(format, a)) !== 0;
  return { ...complete(0n, fpc), cc: selected ? 1 : 0 };
}
