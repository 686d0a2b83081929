/** Operand values near the edges where instructions change their behaviour. */
import type { Random } from '@zarch/arch/testing';

/** A 64-bit integer: small, near a power of two, a pair of 32-bit edges, or anything. */
export function integer(random: Random): bigint {
  switch (random.below(9)) {
    case 0:
      return BigInt.asUintN(64, BigInt(random.below(5) - 2));
    case 1:
      return BigInt.asUintN(64, (1n << BigInt(random.below(64))) + BigInt(random.below(3) - 1));
    case 2:
      return BigInt.asUintN(64, -(1n << BigInt(random.below(64))) + BigInt(random.below(3) - 1));
    case 3:
      return (BigInt(word(random)) << 32n) | BigInt(word(random));
    case 4:
      return BigInt.asUintN(64, BigInt(random.below(512) - 256));
    case 5:
      return random.bits(64) >> BigInt(random.below(64));
    case 6:
      return (random.bits(32) << 32n) | BigInt(word(random));
    default:
      return random.bits(64);
  }
}

const WORDS = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff, 0x8000, 0xffff, 0x8000_0001, 0xfffe];

function word(random: Random): number {
  return random.chance(70) ? random.pick(WORDS) : random.next();
}

/** An integer of `bits` bits, signed or not, with its extremes likely. */
export function immediate(random: Random, min: number, max: number): number {
  switch (random.below(6)) {
    case 0:
      return min;
    case 1:
      return max;
    case 2:
      return Math.min(max, Math.max(min, random.below(5) - 2));
    default:
      return min + random.below(max - min + 1);
  }
}

export type FloatFormat = 'short' | 'long' | 'extended';

const FORMATS = {
  short: { width: 32, fraction: 23, exponent: 8 },
  long: { width: 64, fraction: 52, exponent: 11 },
  extended: { width: 128, fraction: 112, exponent: 15 },
} as const;

function sparse(random: Random, bits: number): bigint {
  switch (random.below(5)) {
    case 0:
      return 0n;
    case 1:
      return BigInt.asUintN(bits, -1n);
    case 2:
      return 1n << BigInt(random.below(bits));
    case 3:
      return BigInt.asUintN(bits, -(1n << BigInt(random.below(bits))));
    default:
      return random.bits(bits);
  }
}

/** Exponents at which the formats and the integers begin and end. */
const EXPONENTS = [
  127, 126, 128, -126, -127, -149, -150, 1023, 1024, -1022, -1074, -1075, 31, 32, 63, 64, 52, 53,
];

/** A binary-floating-point datum: zeros, infinities, NaNs, subnormals and numbers at the ends of ranges. */
export function float(random: Random, format: FloatFormat): bigint {
  const { width, fraction, exponent } = FORMATS[format];
  const bias = 2 ** (exponent - 1) - 1;
  const make = (biased: number, digits: bigint): bigint => {
    const sign = BigInt(random.below(2)) << BigInt(width - 1);
    return sign | (BigInt(Math.max(0, Math.min(2 * bias + 1, biased))) << BigInt(fraction)) | digits;
  };
  const digits = () => sparse(random, fraction);
  switch (random.below(14)) {
    case 0:
      return make(0, 0n);
    case 1:
      return make(2 * bias + 1, 0n);
    case 2:
      return make(2 * bias + 1, digits());
    case 3:
      return make(0, digits());
    case 4:
      return make(1 + random.below(3), digits());
    case 5:
      return make(2 * bias - random.below(3), digits());
    case 6:
      return make(bias + random.below(70), digits());
    case 7:
      return make(bias - 4 + random.below(8), digits());
    case 8:
      return make(bias + random.pick(EXPONENTS) + random.below(2), digits());
    case 9:
      return make(Math.floor(bias / 2) + random.below(4), digits());
    case 10:
      return make(bias + Math.floor(bias / 2) + random.below(4), digits());
    default:
      return make(random.below(2 * bias + 2), random.bits(fraction));
  }
}

/** A floating-point-control register as LOAD FPC accepts it. */
export function floatingPointControl(random: Random): number {
  const masks = random.chance(33) ? random.below(32) << 27 : 0;
  const flags = random.chance(33) ? random.below(32) << 19 : 0;
  const dxc = random.chance(20) ? random.below(256) << 8 : 0;
  const decimal = random.chance(30) ? random.below(8) << 4 : 0;
  return (masks | flags | dxc | decimal | random.pick([0, 0, 1, 2, 3, 7])) >>> 0;
}

/** Bytes of a signed packed decimal number, mostly valid. */
export function packed(random: Random, length: number): Uint8Array {
  const digits = random.chance(20) ? () => 9 : random.chance(20) ? () => 0 : () => random.below(10);
  const leading = random.below(2 * length);
  const nibbles = Array.from({ length: 2 * length - 1 }, (_, i) => (i < leading ? 0 : digits()));
  nibbles.push(random.pick([0xc, 0xd, 0xf, 0xa, 0xb, 0xe]));
  if (random.chance(4)) nibbles[random.below(2 * length)] = random.below(16);
  return Uint8Array.from({ length }, (_, i) => ((nibbles[2 * i] ?? 0) << 4) | (nibbles[2 * i + 1] ?? 0));
}
