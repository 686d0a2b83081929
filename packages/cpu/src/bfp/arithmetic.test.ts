import { describe, expect, test } from 'vitest';
import {
  type BfpFormat,
  type BfpResult,
  bfpAdd,
  bfpDivide,
  bfpMultiply,
  bfpMultiplyAndAdd,
  bfpMultiplyAndSubtract,
  bfpSquareRoot,
  bfpSubtract,
} from './index.ts';

const scratch = new DataView(new ArrayBuffer(8));

function toNumber(format: BfpFormat, bits: bigint): number {
  if (format === 'short') {
    scratch.setUint32(0, Number(bits));
    return scratch.getFloat32(0);
  }
  scratch.setBigUint64(0, bits);
  return scratch.getFloat64(0);
}

function toBits(format: BfpFormat, value: number): bigint {
  if (format === 'short') {
    scratch.setFloat32(0, value);
    return BigInt(scratch.getUint32(0));
  }
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

/** A reproducible source of data that likes the edges of a format. */
function operands(format: BfpFormat, seed: bigint) {
  const [width, fraction] = format === 'short' ? [32n, 23n] : [64n, 52n];
  let state = seed;
  const next = () => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return BigInt.asUintN(64, (state ^ (state >> 29n)) * 0xbf58476d1ce4e5b9n) >> 3n;
  };
  const fractionMask = (1n << fraction) - 1n;
  const exponents = (1n << (width - 1n - fraction)) - 1n;
  const bias = exponents >> 1n;
  return () => {
    const sign = (next() & 1n) << (width - 1n);
    const digits =
      [0n, fractionMask, 1n, next() & fractionMask, next() & fractionMask][Number(next() % 5n)] ?? 0n;
    const exponent = [0n, 1n, exponents, exponents - 1n, bias, bias + (next() % 60n), next() % exponents][
      Number(next() % 12n)
    ];
    return sign | ((exponent ?? next() % (exponents + 1n)) << fraction) | digits;
  };
}

/** A NaN by any bits, otherwise the bits. */
const comparable = (format: BfpFormat, bits: bigint) => (Number.isNaN(toNumber(format, bits)) ? 'NaN' : bits);

describe.each<BfpFormat>(['short', 'long'])('%s results to nearest equal the host', (format) => {
  const two: readonly [string, (a: number, b: number) => number, (a: bigint, b: bigint) => BfpResult][] = [
    ['ADD', (a, b) => a + b, (a, b) => bfpAdd(format, a, b, 0)],
    ['SUBTRACT', (a, b) => a - b, (a, b) => bfpSubtract(format, a, b, 0)],
    ['MULTIPLY', (a, b) => a * b, (a, b) => bfpMultiply(format, format, a, b, 0)],
    ['DIVIDE', (a, b) => a / b, (a, b) => bfpDivide(format, a, b, 0)],
    ['SQUARE ROOT', (a) => Math.sqrt(a), (a) => bfpSquareRoot(format, a, 0)],
  ];
  test.each(two)('%s', (_name, host, ours) => {
    const next = operands(format, 0x5eedn);
    for (let i = 0; i < 6000; i++) {
      const a = next();
      const b =
        i % 5 === 0 ? a ^ BigInt(i % 7) ^ (BigInt(i & 8) << (format === 'short' ? 28n : 60n)) : next();
      const expected = toBits(format, host(toNumber(format, a), toNumber(format, b)));
      const actual = ours(a, b).value;
      if (comparable(format, actual) !== comparable(format, expected)) {
        expect.fail(
          `${a.toString(16)}, ${b.toString(16)}: ${actual.toString(16)}, not ${expected.toString(16)}`,
        );
      }
    }
  });
});

/** The finite value of a datum as a multiple of 2 ** -1200 (short) or 2 ** -2200 (long); so is any product. */
function fixedPoint(format: BfpFormat, bits: bigint): bigint {
  const [width, fraction, bias, point] =
    format === 'short' ? [32n, 23n, 127n, 1200n] : [64n, 52n, 1023n, 2200n];
  const biased = (bits >> fraction) & ((1n << (width - 1n - fraction)) - 1n);
  const digits = bits & ((1n << fraction) - 1n);
  const significand = biased === 0n ? digits : digits | (1n << fraction);
  const magnitude = significand << (point + (biased === 0n ? 1n : biased) - bias - fraction);
  return bits >> (width - 1n) === 1n ? -magnitude : magnitude;
}

describe.each<[BfpFormat, bigint, bigint]>([
  ['short', 1200n, 0x7f800000n],
  ['long', 2200n, 0x7ff0000000000000n],
])('%s multiply and add', (format, point, infinity) => {
  const finite = (bits: bigint) => (bits & infinity) !== infinity;
  const sign = 1n << (format === 'short' ? 31n : 63n);
  const distance = (bits: bigint, exact: bigint) => {
    const difference = fixedPoint(format, bits) - exact;
    return difference < 0n ? -difference : difference;
  };
  test('is the number nearest to the exact value, the even one of two', () => {
    const next = operands(format, 77n);
    let checked = 0;
    for (let i = 0; i < 6000; i++) {
      const [a, b] = [next(), next()];
      if (!finite(a) || !finite(b)) continue;
      const product = bfpMultiply(format, format, a, b, 0).value;
      const c = i % 3 === 0 ? (product ^ sign) + BigInt(i % 5) : next();
      const result = bfpMultiplyAndAdd(format, c, b, a, 0);
      if (!finite(c) || !finite(result.value)) continue;
      const exact = ((fixedPoint(format, a) * fixedPoint(format, b)) >> point) + fixedPoint(format, c);
      const here = distance(result.value, exact);
      const down =
        (result.value & ~(1n << (format === 'short' ? 31n : 63n))) === 0n
          ? result.value + 1n
          : result.value - 1n;
      for (const neighbour of [result.value + 1n, down]) {
        if (!finite(neighbour)) continue;
        const there = distance(neighbour, exact);
        if (there < here || (there === here && (result.value & 1n) === 1n)) {
          expect.fail(
            `${a.toString(16)} * ${b.toString(16)} + ${c.toString(16)}: ${result.value.toString(16)}`,
          );
        }
      }
      checked++;
    }
    expect(checked).toBeGreaterThan(2000);
  });
  test('multiply and subtract inverts the sign of the first operand', () => {
    const next = operands(format, 5n);
    for (let i = 0; i < 500; i++) {
      const [a, b, c] = [next(), next(), next()];
      if (!finite(c)) continue;
      expect(bfpMultiplyAndSubtract(format, c, b, a, 0)).toEqual(
        bfpMultiplyAndAdd(format, c ^ sign, b, a, 0),
      );
    }
  });
});

test.each<[string, number, bigint]>([
  ['to nearest', 0, 0x3eaaaaabn],
  ['toward zero', 1, 0x3eaaaaaan],
  ['toward +infinity', 2, 0x3eaaaaabn],
  ['toward -infinity', 3, 0x3eaaaaaan],
  ['to prepare for shorter precision', 7, 0x3eaaaaabn],
])('1 / 3 and -1 / 3 in the FPC mode %s', (_name, mode, third) => {
  const negative = (mode === 2 ? 0x3eaaaaaan : mode === 3 ? 0x3eaaaaabn : third) | 0x80000000n;
  expect(bfpDivide('short', 0x3f800000n, 0x40400000n, mode).value).toBe(third);
  expect(bfpDivide('short', 0xbf800000n, 0x40400000n, mode).value).toBe(negative);
});

test('extended results have 113 digits', () => {
  const one = 0x3fff0000000000000000000000000000n;
  const two = 0x40000000000000000000000000000000n;
  const three = 0x40008000000000000000000000000000n;
  expect(bfpSquareRoot('extended', two, 0).value).toBe(0x3fff6a09e667f3bcc908b2fb1366ea95n);
  expect(bfpDivide('extended', one, three, 0).value).toBe(0x3ffd5555555555555555555555555555n);
  expect(bfpMultiply('extended', 'extended', three, three, 0).value).toBe(
    0x40022000000000000000000000000000n,
  );
  const tiny = 0x0000_0000_0000_0000_0000_0000_0000_0001n;
  expect(bfpAdd('extended', one, tiny, 2)).toMatchObject({ value: one + 1n, fpc: 0x80002, cc: 2 });
  expect(bfpSubtract('extended', one, tiny, 1).value).toBe(0x3ffeffffffffffffffffffffffffffffn);
});

test('a product in a longer format is exact', () => {
  expect(bfpMultiply('short', 'long', 0x7f7fffffn, 0x7f7fffffn, 1)).toMatchObject({
    value: toBits('long', toNumber('short', 0x7f7fffffn) ** 2),
    fpc: 1,
    dxc: 0,
  });
  expect(bfpMultiply('long', 'extended', 1n, 1n, 0)).toMatchObject({
    value: 0x379b0000000000000000000000000000n,
    fpc: 0,
  });
});

test.each<[string, bigint, bigint, number, bigint, number]>([
  ['+0 + -0', 0n, 0x80000000n, 0, 0n, 0],
  ['+0 + -0 toward -infinity', 0n, 0x80000000n, 3, 0x80000000n, 0],
  ['-0 + -0', 0x80000000n, 0x80000000n, 0, 0x80000000n, 0],
  ['1 + -1', 0x3f800000n, 0xbf800000n, 7, 0n, 0],
  ['1 + -1 toward -infinity', 0x3f800000n, 0xbf800000n, 3, 0x80000000n, 0],
  ['1 + 1', 0x3f800000n, 0x3f800000n, 0, 0x40000000n, 2],
  ['-infinity + 1', 0xff800000n, 0x3f800000n, 0, 0xff800000n, 1],
])('ADD: %s', (_name, a, b, fpc, value, cc) => {
  expect(bfpAdd('short', a, b, fpc)).toMatchObject({ value, cc, fpc, dxc: 0, suppressed: false });
});

const QNAN_A = 0x7fca0000n;
const QNAN_B = 0xffcb0000n;
const SNAN_A = 0x7f8a0000n;
const SNAN_B = 0xff8b0000n;

test.each<[string, bigint, bigint, bigint, boolean]>([
  ['first quiet', QNAN_A, QNAN_B, QNAN_A, false],
  ['second signaling', QNAN_A, SNAN_B, 0xffcb0000n, true],
  ['first signaling', SNAN_A, SNAN_B, QNAN_A, true],
  ['first signaling, second quiet', SNAN_A, QNAN_B, QNAN_A, true],
  ['only second', 0x3f800000n, QNAN_B, QNAN_B, false],
])('NaN propagation: %s', (_name, a, b, value, signals) => {
  const expected = { value, fpc: signals ? 0x00800000 : 0, dxc: 0 };
  expect(bfpAdd('short', a, b, 0)).toMatchObject({ ...expected, cc: 3 });
  expect(bfpSubtract('short', a, b, 0)).toMatchObject(expected);
  expect(bfpMultiply('short', 'short', a, b, 0)).toMatchObject(expected);
  expect(bfpDivide('short', a, b, 0)).toMatchObject(expected);
  // The addend comes last, whatever it is.
  expect(bfpMultiplyAndAdd('short', 0x7fcc0000n, b, a, 0)).toMatchObject(expected);
});

test.each<[string, bigint, bigint, bigint, bigint, boolean]>([
  ['a signaling addend goes before a quiet factor', 0xffbc0000n, QNAN_B, QNAN_A, 0xfffc0000n, true],
  ['a quiet factor goes before a quiet addend', 0x7fcc0000n, 0x3f800000n, QNAN_A, QNAN_A, false],
  ['a quiet addend', 0xffcc0000n, 0x3f800000n, 0x3f800000n, 0xffcc0000n, false],
  ['infinity times zero goes before a quiet addend', 0xffcc0000n, 0x7f800000n, 0n, 0x7fc00000n, true],
  ['infinity times zero goes before a signaling addend', 0xff8c0000n, 0n, 0xff800000n, 0x7fc00000n, true],
  ['infinite product and addend of opposite sign', 0xff800000n, 0x7f800000n, 0x3f800000n, 0x7fc00000n, true],
])('MULTIPLY AND ADD: %s', (_name, first, second, third, value, signals) => {
  expect(bfpMultiplyAndAdd('short', first, second, third, 0)).toMatchObject({
    value,
    fpc: signals ? 0x00800000 : 0,
  });
});

test('MULTIPLY AND SUBTRACT and SUBTRACT leave the sign of a NaN alone', () => {
  expect(bfpMultiplyAndSubtract('short', QNAN_B, 0n, 0n, 0).value).toBe(QNAN_B);
  expect(bfpSubtract('short', 0n, QNAN_B, 0).value).toBe(QNAN_B);
});

test.each<[string, bigint, bigint, number]>([
  ['-0', 0x80000000n, 0x80000000n, 0],
  ['-1', 0xbf800000n, 0x7fc00000n, 0x00800000],
  ['-infinity', 0xff800000n, 0x7fc00000n, 0x00800000],
  ['+infinity', 0x7f800000n, 0x7f800000n, 0],
  ['2', 0x40000000n, 0x3fb504f3n, 0x00080000],
  ['the least number', 1n, 0x1a3504f3n, 0x00080000],
])('SQUARE ROOT of %s', (_name, a, value, fpc) => {
  expect(bfpSquareRoot('short', a, 0)).toEqual({ value, fpc, dxc: 0, suppressed: false });
});
