import { describe, expect, test } from 'vitest';
import {
  type BfpInteger,
  type BfpResult,
  bfpConvertFromInteger,
  bfpConvertToInteger,
  bfpLoadInteger,
  bfpLoadLengthened,
} from './index.ts';

const FIXED32: BfpInteger = { width: 32, signed: true };
const FIXED64: BfpInteger = { width: 64, signed: true };
const LOGICAL32: BfpInteger = { width: 32, signed: false };
const LOGICAL64: BfpInteger = { width: 64, signed: false };

const scratch = new DataView(new ArrayBuffer(8));
function long(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

const NAN = 0x7ff8000000000000n;
const SNAN = 0x7ff0000000000001n;

describe('CONVERT TO FIXED and CONVERT TO LOGICAL', () => {
  test.each<[string, BfpInteger, bigint, Partial<BfpResult>]>([
    ['zero', FIXED32, long(-0), { value: 0n, cc: 0, fpc: 0 }],
    ['an integer', FIXED32, long(-7), { value: 0xfffffff9n, cc: 1, fpc: 0 }],
    ['a fraction', FIXED64, long(2.5), { value: 2n, cc: 2, fpc: 0x00080000 }],
    ['less than one half', FIXED32, long(-0.25), { value: 0n, cc: 1, fpc: 0x00080000 }],
    ['the greatest', FIXED32, long(2147483647), { value: 0x7fffffffn, cc: 2, fpc: 0 }],
    [
      'rounded past the greatest',
      FIXED32,
      long(2147483647.5),
      { value: 0x7fffffffn, cc: 3, fpc: 0x00880000 },
    ],
    ['the least', FIXED32, long(-2147483648), { value: 0x80000000n, cc: 1, fpc: 0 }],
    ['rounded to the least', FIXED32, long(-2147483648.5), { value: 0x80000000n, cc: 1, fpc: 0x00080000 }],
    ['below the least', FIXED32, long(-2147483649), { value: 0x80000000n, cc: 3, fpc: 0x00880000 }],
    ['a quiet NaN', FIXED32, NAN, { value: 0x80000000n, cc: 3, fpc: 0x00880000 }],
    ['a signaling NaN', FIXED64, SNAN, { value: 1n << 63n, cc: 3, fpc: 0x00880000 }],
    ['infinity', FIXED64, long(Infinity), { value: (1n << 63n) - 1n, cc: 3, fpc: 0x00880000 }],
    ['2 ** 63', FIXED64, long(2 ** 63), { value: (1n << 63n) - 1n, cc: 3, fpc: 0x00880000 }],
    ['-(2 ** 63)', FIXED64, long(-(2 ** 63)), { value: 1n << 63n, cc: 1, fpc: 0 }],
    ['unsigned 2 ** 32 - 1', LOGICAL32, long(4294967295), { value: 0xffffffffn, cc: 2, fpc: 0 }],
    ['unsigned 2 ** 32', LOGICAL32, long(4294967296), { value: 0xffffffffn, cc: 3, fpc: 0x00880000 }],
    ['unsigned -0.5', LOGICAL32, long(-0.5), { value: 0n, cc: 1, fpc: 0x00080000 }],
    ['unsigned -1', LOGICAL32, long(-1), { value: 0n, cc: 3, fpc: 0x00880000 }],
    ['unsigned -infinity', LOGICAL64, long(-Infinity), { value: 0n, cc: 3, fpc: 0x00880000 }],
    ['unsigned NaN', LOGICAL64, NAN, { value: 0n, cc: 3, fpc: 0x00880000 }],
    ['the largest number', LOGICAL64, long(Number.MAX_VALUE), { value: (1n << 64n) - 1n, cc: 3 }],
  ])('of %s', (_name, to, a, expected) => {
    expect(bfpConvertToInteger('long', to, a, 0, 0, 0)).toMatchObject({
      ...expected,
      dxc: 0,
      suppressed: false,
    });
  });

  test.each<[number, bigint, bigint]>([
    [1, 3n, -3n],
    [3, 3n, -3n],
    [4, 2n, -2n],
    [5, 2n, -2n],
    [6, 3n, -2n],
    [7, 2n, -3n],
  ])('with M3 %i, 2.5 and -2.5', (m3, positive, negative) => {
    expect(bfpConvertToInteger('long', FIXED64, long(2.5), m3, 0, 3).value).toBe(positive);
    expect(BigInt.asIntN(64, bfpConvertToInteger('long', FIXED64, long(-2.5), m3, 0, 3).value)).toBe(
      negative,
    );
  });

  test('an inexact result traps after it has been delivered', () => {
    const fpc = 0x08000000;
    expect(bfpConvertToInteger('long', FIXED32, long(1.5), 5, 0, fpc)).toMatchObject({
      value: 1n,
      cc: 2,
      dxc: 0x08,
      fpc,
    });
    expect(bfpConvertToInteger('long', FIXED32, long(1.5), 6, 0, fpc)).toMatchObject({
      value: 2n,
      cc: 2,
      dxc: 0x0c,
      fpc,
    });
    expect(bfpConvertToInteger('long', FIXED32, long(1.5), 6, 4, fpc)).toMatchObject({
      value: 2n,
      dxc: 0,
      fpc,
    });
  });

  test('out of range, with the inexact mask one, both sets the invalid flag and traps', () => {
    expect(bfpConvertToInteger('long', FIXED32, NAN, 0, 0, 0x08000000)).toMatchObject({
      value: 0x80000000n,
      cc: 3,
      fpc: 0x08800000,
      dxc: 0x08,
    });
    expect(bfpConvertToInteger('long', FIXED32, NAN, 0, 4, 0x08000000)).toMatchObject({
      fpc: 0x08800000,
      dxc: 0,
    });
  });

  test('out of range, with the invalid mask one, is suppressed', () => {
    const fpc = 0xf8000000;
    expect(bfpConvertToInteger('long', LOGICAL32, long(-1), 0, 0, fpc)).toEqual({
      value: 0n,
      fpc,
      dxc: 0x80,
      suppressed: true,
    });
  });

  test('an extended number of any exponent', () => {
    const huge = 0x7ffeffffffffffffffffffffffffffffn;
    expect(bfpConvertToInteger('extended', FIXED64, huge, 0, 0, 0)).toMatchObject({
      value: (1n << 63n) - 1n,
      cc: 3,
    });
    expect(bfpConvertToInteger('extended', FIXED64, 1n, 6, 0, 0)).toMatchObject({ value: 1n, cc: 2 });
    const odd = 0x403dfffffffffffffffc000000000000n;
    expect(bfpConvertToInteger('extended', FIXED64, odd, 0, 0, 0)).toMatchObject({
      value: (1n << 63n) - 1n,
      fpc: 0,
    });
  });
});

describe('CONVERT FROM FIXED and CONVERT FROM LOGICAL', () => {
  test.each<[string, BfpInteger, 'short' | 'long' | 'extended', bigint, bigint, number]>([
    ['0', FIXED64, 'short', 0n, 0n, 0],
    ['-1 of 32 bits', FIXED32, 'short', 0x12345678ffffffffn, 0xbf800000n, 0],
    ['2 ** 32 - 1', LOGICAL32, 'short', 0xffffffffffffffffn, 0x4f800000n, 0x00080000],
    ['2 ** 32 - 1', LOGICAL32, 'long', 0xffffffffn, long(4294967295), 0],
    ['the least fixed', FIXED64, 'long', 1n << 63n, long(-(2 ** 63)), 0],
    ['2 ** 64 - 1', LOGICAL64, 'long', (1n << 64n) - 1n, long(2 ** 64), 0x00080000],
    ['2 ** 64 - 1', LOGICAL64, 'extended', (1n << 64n) - 1n, 0x403efffffffffffffffe000000000000n, 0],
  ])('%s', (_name, from, to, source, value, fpc) => {
    expect(bfpConvertFromInteger(from, to, source, 0, 0, 0)).toEqual({
      value,
      fpc,
      dxc: 0,
      suppressed: false,
    });
  });

  test('M3 rounds, XxC keeps inexact out', () => {
    expect(bfpConvertFromInteger(FIXED32, 'short', 16777217n, 6, 0, 0)).toMatchObject({
      value: 0x4b800001n,
      fpc: 0x00080000,
    });
    expect(bfpConvertFromInteger(FIXED32, 'short', 16777217n, 5, 4, 0)).toMatchObject({
      value: 0x4b800000n,
      fpc: 0,
    });
    expect(bfpConvertFromInteger(FIXED32, 'short', 16777217n, 1, 0, 0x08000000)).toMatchObject({
      value: 0x4b800001n,
      dxc: 0x0c,
    });
  });
});

describe('LOAD FP INTEGER', () => {
  test.each<[number, number, number]>([
    [1, -1, -10],
    [3, -1, -9],
    [4, -0, -10],
    [5, -0, -9],
    [6, -0, -9],
    [7, -1, -10],
  ])('with M3 %i, -0.5 and -9.5', (m3, half, nine) => {
    expect(bfpLoadInteger('long', long(-0.5), m3, 0, 0)).toMatchObject({
      value: long(half),
      fpc: 0x00080000,
    });
    expect(bfpLoadInteger('long', long(-9.5), m3, 4, 0)).toMatchObject({ value: long(nine), fpc: 0 });
  });
  test('what has no fraction stays; a signaling NaN is invalid', () => {
    for (const a of [0n, 1n << 63n, long(Infinity), long(2 ** 60), long(3), NAN]) {
      expect(bfpLoadInteger('long', a, 0, 0, 0xf8000000)).toMatchObject({ value: a, dxc: 0 });
    }
    expect(bfpLoadInteger('long', SNAN, 0, 0, 0)).toMatchObject({
      value: SNAN | (1n << 51n),
      fpc: 0x00800000,
    });
  });
  test('an inexact result traps with its direction', () => {
    expect(bfpLoadInteger('long', long(1.75), 0, 0, 0x08000000)).toMatchObject({ value: long(2), dxc: 0x0c });
    expect(bfpLoadInteger('long', long(1.25), 0, 0, 0x08000000)).toMatchObject({ value: long(1), dxc: 0x08 });
  });
});

test.each<[string, 'short' | 'long', 'long' | 'extended', bigint, bigint, number]>([
  ['a subnormal number', 'short', 'long', 1n, long(2 ** -149), 0],
  ['a number', 'long', 'extended', long(-1.5), 0xbfff8n << 108n, 0],
  ['infinity', 'short', 'extended', 0xff800000n, 0xffffn << 112n, 0],
  ['-0', 'short', 'long', 0x80000000n, 1n << 63n, 0],
  ['a quiet NaN', 'short', 'long', 0xffc00001n, 0xfff8000020000000n, 0],
  ['a signaling NaN', 'short', 'extended', 0x7f800001n, 0x7fff8000020000000000000000000000n, 0x00800000],
])('LOAD LENGTHENED of %s from %s to %s', (_name, from, to, a, value, fpc) => {
  expect(bfpLoadLengthened(from, to, a, 0)).toMatchObject({ value, fpc, dxc: 0 });
});
