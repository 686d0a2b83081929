/**
 * The three binary-floating-point formats and what their bits mean.
 * Principles of Operation, chapter 9 "Floating-Point Overview and Support Instructions", "Data Format"
 * and "Classes of Floating-Point Data"; chapter 19 "Binary-Floating-Point Instructions".
 *
 * A datum is always handled as its raw bits, an unsigned bigint of 32, 64 or 128 bits.
 */

/** Name of a format: short (32 bits), long (64 bits) or extended (128 bits). */
export type BfpFormat = 'short' | 'long' | 'extended';

/** The numbers that describe a format. */
export interface BfpFormatParameters {
  /** Width of a datum in bits. */
  readonly bits: number;
  /** Width of the trailing significand (fraction). */
  readonly fractionBits: number;
  /** Digits of the significand, the implied one included. */
  readonly precision: number;
  readonly bias: number;
  /** Unbiased exponent of the largest and of the smallest normal number. */
  readonly maxExponent: number;
  readonly minExponent: number;
  /** Exponent of the scale factor of a trapped overflow or underflow of an arithmetic operation. */
  readonly arithmeticScale: number;
  /** The same for LOAD ROUNDED with a source in this format (unused for short). */
  readonly loadRoundedScale: number;
}

function parameters(bits: number, exponentBits: number, loadRoundedScale: number): BfpFormatParameters {
  const fractionBits = bits - 1 - exponentBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  return {
    bits,
    fractionBits,
    precision: fractionBits + 1,
    bias,
    maxExponent: bias,
    minExponent: 1 - bias,
    arithmeticScale: 3 * 2 ** (exponentBits - 2),
    loadRoundedScale,
  };
}

/** Parameters by format. */
export const BFP_FORMATS: Readonly<Record<BfpFormat, BfpFormatParameters>> = {
  short: parameters(32, 8, 0),
  long: parameters(64, 11, 512),
  extended: parameters(128, 15, 8192),
};

/** A datum taken apart. A finite one is `significand * 2 ** exponent`, with a significand above zero. */
export type BfpNumber =
  | { readonly kind: 'zero'; readonly negative: boolean }
  | {
      readonly kind: 'finite';
      readonly negative: boolean;
      readonly significand: bigint;
      readonly exponent: number;
      readonly subnormal: boolean;
    }
  | { readonly kind: 'infinity'; readonly negative: boolean }
  | { readonly kind: 'nan'; readonly negative: boolean; readonly signaling: boolean; readonly bits: bigint };

/** Number of bits of a value above zero, zero for zero. */
export function bitLength(value: bigint): number {
  const digits = value.toString(16);
  return value === 0n ? 0 : 4 * digits.length - Math.clz32(Number.parseInt(digits.charAt(0), 16)) + 28;
}

/** `2 ** width - 1`. */
export function ones(width: number): bigint {
  return (1n << BigInt(width)) - 1n;
}

/** Takes a datum apart. Bits to the left of the format's width are ignored. */
export function unpack(format: BfpFormat, datum: bigint): BfpNumber {
  const { bits, fractionBits, bias, minExponent } = BFP_FORMATS[format];
  const all = BigInt.asUintN(bits, datum);
  const negative = all >> BigInt(bits - 1) === 1n;
  const fraction = all & ones(fractionBits);
  const biased = Number((all >> BigInt(fractionBits)) & ones(bits - 1 - fractionBits));
  if (biased === 2 * bias + 1) {
    if (fraction === 0n) return { kind: 'infinity', negative };
    return { kind: 'nan', negative, signaling: fraction >> BigInt(fractionBits - 1) === 0n, bits: all };
  }
  if (biased === 0) {
    if (fraction === 0n) return { kind: 'zero', negative };
    const exponent = minExponent - fractionBits;
    return { kind: 'finite', negative, significand: fraction, exponent, subnormal: true };
  }
  const significand = fraction | (1n << BigInt(fractionBits));
  return { kind: 'finite', negative, significand, exponent: biased - bias - fractionBits, subnormal: false };
}

function assemble(format: BfpFormat, negative: boolean, biased: number, fraction: bigint): bigint {
  const { bits, fractionBits } = BFP_FORMATS[format];
  const sign = negative ? 1n << BigInt(bits - 1) : 0n;
  return sign | (BigInt(biased) << BigInt(fractionBits)) | fraction;
}

export function packZero(format: BfpFormat, negative: boolean): bigint {
  return assemble(format, negative, 0, 0n);
}

export function packInfinity(format: BfpFormat, negative: boolean): bigint {
  return assemble(format, negative, 2 * BFP_FORMATS[format].bias + 1, 0n);
}

/** The finite number of greatest magnitude (Nmax). */
export function packLargest(format: BfpFormat, negative: boolean): bigint {
  const { bias, fractionBits } = BFP_FORMATS[format];
  return assemble(format, negative, 2 * bias, ones(fractionBits));
}

/** The default NaN: positive, quiet, payload zero. */
export function packDefaultNan(format: BfpFormat): bigint {
  const { bias, fractionBits } = BFP_FORMATS[format];
  return assemble(format, false, 2 * bias + 1, 1n << BigInt(fractionBits - 1));
}

/**
 * Packs `significand * 2 ** exponent`, which the format must represent exactly; zero gives a zero.
 * @throws RangeError when it does not fit: the caller has to round first.
 */
export function packFinite(
  format: BfpFormat,
  negative: boolean,
  significand: bigint,
  exponent: number,
): bigint {
  if (significand === 0n) return packZero(format, negative);
  const { fractionBits, precision, bias, minExponent, maxExponent } = BFP_FORMATS[format];
  const leading = exponent + bitLength(significand) - 1;
  const unit = Math.max(leading, minExponent) - fractionBits;
  const shift = exponent - unit;
  const aligned = shift >= 0 ? significand << BigInt(shift) : significand >> BigInt(-shift);
  const exact = shift >= 0 || aligned << BigInt(-shift) === significand;
  if (!exact || leading > maxExponent) throw new RangeError(`not representable in ${format} BFP`);
  const biased = bitLength(aligned) < precision ? 0 : unit + fractionBits + bias;
  return assemble(format, negative, biased, aligned & ones(fractionBits));
}

/** A NaN carried into a format: quiet, sign kept, payload kept from its left end. */
export function packQuietNan(format: BfpFormat, from: BfpFormat, nan: BfpNumber & { kind: 'nan' }): bigint {
  const source = BFP_FORMATS[from];
  const { bias, fractionBits } = BFP_FORMATS[format];
  const fraction = nan.bits & ones(source.fractionBits);
  const widened = fractionBits - source.fractionBits;
  const payload = widened >= 0 ? fraction << BigInt(widened) : fraction >> BigInt(-widened);
  return assemble(format, nan.negative, 2 * bias + 1, payload | (1n << BigInt(fractionBits - 1)));
}

/** The sign bit of a format. */
export function signBit(format: BfpFormat): bigint {
  return 1n << BigInt(BFP_FORMATS[format].bits - 1);
}
