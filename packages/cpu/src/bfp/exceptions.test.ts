import { describe, expect, test } from 'vitest';
import {
  type BfpResult,
  bfpAdd,
  bfpDivide,
  bfpLoadRounded,
  bfpMultiply,
  bfpMultiplyAndAdd,
} from './index.ts';

const ONE = 0x3f800000n;
const MAX = 0x7f7fffffn;
const MIN = 0x00800000n;

describe('an exception whose mask is zero sets its flag and gives the default result', () => {
  test.each<[string, BfpResult, bigint, number]>([
    ['0 / 0', bfpDivide('short', 0n, 0n, 0), 0x7fc00000n, 0x00800000],
    ['infinity / infinity', bfpDivide('long', 0x7ffn << 52n, 0xfffn << 52n, 0), 0x7ff8n << 48n, 0x00800000],
    ['infinity - infinity', bfpAdd('short', 0x7f800000n, 0xff800000n, 0), 0x7fc00000n, 0x00800000],
    ['-1 / 0', bfpDivide('short', 0xbf800000n, 0n, 0), 0xff800000n, 0x00400000],
    ['overflow to nearest', bfpAdd('short', MAX, MAX, 0), 0x7f800000n, 0x00280000],
    ['overflow toward zero', bfpAdd('short', MAX, MAX, 1), MAX, 0x00280001],
    [
      'overflow toward +infinity',
      bfpAdd('short', MAX | (1n << 31n), MAX | (1n << 31n), 2),
      0xff7fffffn,
      0x00280002,
    ],
    [
      'overflow toward -infinity',
      bfpAdd('short', MAX | (1n << 31n), MAX | (1n << 31n), 3),
      0xff800000n,
      0x00280003,
    ],
    ['overflow for shorter precision', bfpAdd('short', MAX, MAX, 7), MAX, 0x00280007],
    ['tiny and inexact', bfpMultiply('short', 'short', MIN | 1n, 0x3f000000n, 0), 0x00400000n, 0x00180000],
    ['tiny and exact', bfpMultiply('short', 'short', MIN, 0x3f000000n, 0), 0x00400000n, 0],
    [
      'tiny before rounding, the least normal number after',
      bfpMultiply('short', 'short', 0x00800001n, 0x3f7ffffen, 0),
      MIN,
      0x00180000,
    ],
    ['all digits lost', bfpMultiply('short', 'short', 1n, 1n, 0), 0n, 0x00180000],
    ['all digits lost, toward +infinity', bfpMultiply('short', 'short', 1n, 1n, 2), 1n, 0x00180002],
    ['all digits lost, for shorter precision', bfpMultiply('short', 'short', 1n, 1n, 7), 1n, 0x00180007],
    ['inexact', bfpAdd('short', ONE, MIN, 0x00400000), ONE, 0x00480000],
  ])('%s', (_name, result, value, fpc) => {
    expect(result).toMatchObject({ value, fpc, dxc: 0, suppressed: false });
  });
});

describe('an exception whose mask is one traps and sets no flag', () => {
  const ALL = 0xf8000000;
  test.each<[string, BfpResult, number]>([
    ['invalid operation', bfpDivide('short', 0n, 0n, ALL), 0x80],
    ['a signaling NaN', bfpAdd('short', 0x7f800001n, ONE, ALL), 0x80],
    ['division by zero', bfpDivide('short', ONE, 0n, ALL), 0x40],
  ])('%s suppresses', (_name, result, dxc) => {
    expect(result).toEqual({ value: 0n, fpc: ALL, dxc, suppressed: true });
  });

  test.each<[string, BfpResult, bigint, number]>([
    ['exact overflow', bfpAdd('short', MAX, MAX, ALL), 0x1fffffffn, 0x20],
    ['truncated overflow', bfpMultiply('short', 'short', MAX, 0x7f000001n, ALL + 1), 0x5f000000n, 0x28],
    ['incremented overflow', bfpAdd('short', MAX, 0x73000000n, ALL), 0x1f800000n, 0x2c],
    ['exact underflow', bfpMultiply('short', 'short', MIN, 0x3f000000n, ALL), 0x60000000n, 0x10],
    ['exact underflow of what would be zero', bfpMultiply('short', 'short', 1n, 1n, ALL), 0x0a800000n, 0x10],
    ['truncated underflow', bfpMultiply('short', 'short', 0x00800001n, 0x3f000001n, ALL), 0x60000002n, 0x18],
    [
      'incremented underflow',
      bfpMultiply('short', 'short', 0x00800001n, 0x3f000001n, ALL + 2),
      0x60000003n,
      0x1c,
    ],
    [
      'underflow tiny before rounding only',
      bfpMultiply('short', 'short', 0x00800001n, 0x3f7ffffen, ALL),
      0x60800000n,
      0x1c,
    ],
    ['truncated', bfpAdd('short', ONE, MIN, ALL), ONE, 0x08],
    ['incremented', bfpAdd('short', ONE, MIN, ALL + 2), ONE + 1n, 0x0c],
  ])('%s completes', (_name, result, value, dxc) => {
    expect(result).toMatchObject({ value, dxc, suppressed: false });
    expect(result.fpc >>> 8).toBe(ALL >>> 8);
  });

  test('after an overflow that does not trap, inexact does', () => {
    expect(bfpAdd('short', MAX, MAX, 0x08000000)).toMatchObject({
      value: 0x7f800000n,
      fpc: 0x08200000,
      dxc: 0x0c,
    });
    expect(bfpAdd('short', MAX, MAX, 0x08000001)).toMatchObject({ value: MAX, fpc: 0x08200001, dxc: 0x08 });
  });

  test('after an underflow that does not trap, inexact does', () => {
    const result = bfpMultiply('short', 'short', 1n, 1n, 0x08000000);
    expect(result).toMatchObject({ value: 0n, fpc: 0x08100000, dxc: 0x08 });
  });

  test('a trapped overflow or underflow goes before inexact, whose flag stays zero', () => {
    const overflow = bfpMultiply('short', 'short', MAX, 0x7f000001n, 0x20000000);
    expect(overflow).toMatchObject({ fpc: 0x20000000, dxc: 0x28 });
    const underflow = bfpMultiply('short', 'short', 0x00800001n, 0x3f000001n, 0x10000000);
    expect(underflow).toMatchObject({ fpc: 0x10000000, dxc: 0x18 });
  });

  test.each<[string, bigint, bigint, bigint]>([
    ['an overflow', 0x7fefffffffffffffn, 0x7fe0000000000000n, 0x5fdfffffffffffffn],
    ['an underflow', 0x0010000000000001n, 0x0010000000000000n, 0x2030000000000001n],
  ])('scaling of a long product by 2 to the 1536th power: %s', (_name, a, b, value) => {
    expect(bfpMultiply('long', 'long', a, b, ALL).value).toBe(value);
  });

  test('the scaled value is the one an unbounded exponent would have given', () => {
    const scratch = new DataView(new ArrayBuffer(4));
    const float = (bits: number) => {
      scratch.setUint32(0, bits);
      return scratch.getFloat32(0);
    };
    let [overflows, underflows] = [0, 0];
    for (let i = 0, a = 1, b = 3; i < 4000; i++) {
      a = (Math.imul(a, 1664525) + 1013904223) >>> 0;
      b = (Math.imul(b, 22695477) + 1) >>> 0;
      const result = bfpMultiply('short', 'short', BigInt(a), BigInt(b), 0x30000000);
      if ((result.dxc & 0x30) === 0) continue;
      // A product of two short numbers is exact in long, and so is its scaling.
      const scale = (result.dxc & 0x20) !== 0 ? 2 ** -192 : 2 ** 192;
      const precise = float(a) * float(b) * scale;
      scratch.setFloat32(0, precise);
      expect(result.value).toBe(BigInt(scratch.getUint32(0)));
      const delivered = Math.abs(Math.fround(precise));
      const low = delivered < Math.abs(precise) ? 8 : delivered > Math.abs(precise) ? 12 : 0;
      expect(result.dxc & 15).toBe(low);
      if (scale < 1) overflows++;
      else underflows++;
    }
    expect(Math.min(overflows, underflows)).toBeGreaterThan(200);
  });

  test('scaling of an extended product by 2 to the 24576th power', () => {
    const huge = 0x7ffe0000000000000000000000000001n;
    // 2 ** 32766, less 24576
    expect(bfpMultiply('extended', 'extended', huge, huge, ALL).value).toBe(
      0x5ffd0000000000000000000000000002n,
    );
  });

  test('a trapped fused result is scaled, too', () => {
    expect(bfpMultiplyAndAdd('short', MAX, MAX, 0x40000000n, ALL)).toMatchObject({
      value: 0x203fffffn,
      dxc: 0x28,
    });
  });
});

describe('LOAD ROUNDED', () => {
  test.each<[string, bigint, number, Partial<BfpResult>]>([
    ['an overflow', 0x47efffffffffffffn, 0, { value: 0x7f800000n, fpc: 0x00280000, dxc: 0 }],
    [
      'a trapped overflow',
      0x47efffffffffffffn,
      0xf8000000,
      { value: 0x27f0n << 48n, dxc: 0x2c, format: 'long' },
    ],
    [
      'a trapped overflow, truncated',
      0x47ffffffefffffffn,
      0xf8000000,
      { value: 0x27ffffffe0000000n, dxc: 0x28, format: 'long' },
    ],
    [
      'a trapped exact overflow',
      0xc7f0n << 48n,
      0xf8000000,
      { value: 0xa7f0n << 48n, dxc: 0x20, format: 'long' },
    ],
    ['an underflow', 0x3690n << 48n, 0, { value: 0n, fpc: 0x00180000 }],
    [
      'a trapped exact underflow',
      0xb690n << 48n,
      0xf8000000,
      { value: 0xd690n << 48n, dxc: 0x10, format: 'long' },
    ],
    ['a signaling NaN', 0x7ff0100000000000n, 0, { value: 0x7fc08000n, fpc: 0x00800000 }],
    ['a trapped signaling NaN', 0x7ff0100000000000n, 0xf8000000, { dxc: 0x80, suppressed: true }],
    ['a quiet NaN', 0xfff8110000000000n, 0xf8000000, { value: 0xffc08800n, dxc: 0 }],
  ])('long to short: %s', (_name, a, fpc, expected) => {
    expect(bfpLoadRounded('long', 'short', a, 0, 0, fpc)).toMatchObject(expected);
  });

  test('from extended a trapped overflow is scaled by 2 to the 8192nd power', () => {
    const a = 0x407f0000000000000000000000000000n;
    for (const to of ['short', 'long'] as const) {
      const source = to === 'short' ? a : a + (0x400n << 112n);
      const value = source - (0x2000n << 112n);
      expect(bfpLoadRounded('extended', to, source, 0, 0, 0xf8000000)).toMatchObject({
        value,
        dxc: 0x20,
        format: 'extended',
      });
    }
  });

  test('XxC suppresses inexact, but neither overflow nor underflow', () => {
    expect(bfpLoadRounded('long', 'short', 0x3ff0000000000001n, 0, 4, 0x08000000)).toMatchObject({
      fpc: 0x08000000,
      dxc: 0,
    });
    expect(bfpLoadRounded('long', 'short', 0x47efffffffffffffn, 0, 4, 0)).toMatchObject({
      fpc: 0x00200000,
      dxc: 0,
    });
    expect(bfpLoadRounded('long', 'short', 0x3690n << 48n, 0, 4, 0)).toMatchObject({
      fpc: 0x00100000,
      dxc: 0,
    });
  });

  test.each<[string, number, bigint, bigint]>([
    ['nearest, ties away', 1, 0x3f800001n, 0xbf800001n],
    ['shorter precision', 3, 0x3f800001n, 0xbf800001n],
    ['nearest, ties to even', 4, 0x3f800000n, 0xbf800000n],
    ['toward zero', 5, 0x3f800000n, 0xbf800000n],
    ['toward +infinity', 6, 0x3f800001n, 0xbf800000n],
    ['toward -infinity', 7, 0x3f800000n, 0xbf800001n],
  ])('a tie with M3 %s', (_name, m3, positive, negative) => {
    const tie = 0x3ff0000010000000n;
    expect(bfpLoadRounded('long', 'short', tie, m3, 0, 0).value).toBe(positive);
    expect(bfpLoadRounded('long', 'short', tie | (1n << 63n), m3, 0, 0).value).toBe(negative);
  });
});
