import { describe, expect, test } from 'vitest';
import {
  bfpCompare,
  bfpCompareAndSignal,
  bfpLoadAndTest,
  bfpLoadComplement,
  bfpLoadNegative,
  bfpLoadPositive,
  bfpTestDataClass,
} from './index.ts';

/** In ascending order; the zeros are equal. */
const ORDERED = [
  0xff800000n,
  0xff7fffffn,
  0xbf800001n,
  0xbf800000n,
  0x80800000n,
  0x807fffffn,
  0x80000001n,
  0x80000000n,
  0x00000000n,
  0x00000001n,
  0x007fffffn,
  0x00800000n,
  0x3f800000n,
  0x3f800001n,
  0x7f7fffffn,
  0x7f800000n,
];
const rank = (bits: bigint) => (bits === 0x80000000n ? ORDERED.indexOf(0n) : ORDERED.indexOf(bits));

test('COMPARE orders all numbers and takes -0 for +0', () => {
  for (const a of ORDERED) {
    for (const b of ORDERED) {
      const cc = rank(a) === rank(b) ? 0 : rank(a) < rank(b) ? 1 : 2;
      expect(bfpCompare('short', a, b, 0xf8000000)).toMatchObject({ cc, dxc: 0, fpc: 0xf8000000 });
      expect(bfpCompareAndSignal('short', a, b, 0xf8000000)).toMatchObject({ cc, dxc: 0, fpc: 0xf8000000 });
    }
  }
});

test.each<[string, bigint, boolean]>([
  ['quiet', 0x7fc00000n, false],
  ['signaling', 0x7f800001n, true],
])('a %s NaN is unordered', (_name, nan, signals) => {
  for (const [a, b] of [
    [nan, 0n],
    [0n, nan],
    [nan, nan],
  ] as const) {
    expect(bfpCompare('short', a, b, 0)).toMatchObject({ cc: 3, fpc: signals ? 0x00800000 : 0 });
    expect(bfpCompareAndSignal('short', a, b, 0)).toMatchObject({ cc: 3, fpc: 0x00800000 });
    expect(bfpCompareAndSignal('short', a, b, 0x80000000)).toEqual({
      value: 0n,
      fpc: 0x80000000,
      dxc: 0x80,
      suppressed: true,
    });
  }
});

describe('the sign operations', () => {
  test.each<[bigint, number, bigint, number, bigint, number, bigint, number, bigint, number]>([
    [0x00000000n, 0, 0x00000000n, 0, 0x80000000n, 0, 0x80000000n, 0, 0x00000000n, 0],
    [0x80000000n, 0, 0x80000000n, 0, 0x00000000n, 0, 0x80000000n, 0, 0x00000000n, 0],
    [0x3f800000n, 0, 0x3f800000n, 2, 0xbf800000n, 1, 0xbf800000n, 1, 0x3f800000n, 2],
    [0x80000001n, 0, 0x80000001n, 1, 0x00000001n, 2, 0x80000001n, 1, 0x00000001n, 2],
    [0xff800000n, 0, 0xff800000n, 1, 0x7f800000n, 2, 0xff800000n, 1, 0x7f800000n, 2],
    [0xffc00001n, 0, 0xffc00001n, 3, 0x7fc00001n, 3, 0xffc00001n, 3, 0x7fc00001n, 3],
    [0x7f800001n, 0x00800000, 0x7fc00001n, 3, 0xff800001n, 3, 0xff800001n, 3, 0x7f800001n, 3],
  ])(
    'of %s',
    (a, fpc, tested, ccTested, complement, ccComplement, negative, ccNegative, positive, ccPositive) => {
      expect(bfpLoadAndTest('short', a, 0)).toMatchObject({ value: tested, cc: ccTested, fpc });
      expect(bfpLoadComplement('short', a, 0)).toMatchObject({ value: complement, cc: ccComplement, fpc: 0 });
      expect(bfpLoadNegative('short', a, 0)).toMatchObject({ value: negative, cc: ccNegative, fpc: 0 });
      expect(bfpLoadPositive('short', a, 0)).toMatchObject({ value: positive, cc: ccPositive, fpc: 0 });
    },
  );
  test('LOAD AND TEST of a signaling NaN traps', () => {
    expect(bfpLoadAndTest('long', 0x7ff0000000000001n, 0x80000000)).toMatchObject({
      dxc: 0x80,
      suppressed: true,
    });
  });
});

test.each<[string, bigint, bigint, bigint, number]>([
  ['+zero', 0n, 0n, 0n, 0x800],
  ['-zero', 1n << 31n, 1n << 63n, 1n << 127n, 0x400],
  ['+normal', 0x00800000n, 0x7fefffffffffffffn, 1n << 112n, 0x200],
  ['-normal', 0xff7fffffn, 0x8010n << 48n, 0xfffen << 112n, 0x100],
  ['+subnormal', 1n, 0x000fffffffffffffn, 1n, 0x080],
  ['-subnormal', 0x80000001n, 0x8008n << 48n, (1n << 127n) | (1n << 111n), 0x040],
  ['+infinity', 0x7f800000n, 0x7ff0n << 48n, 0x7fffn << 112n, 0x020],
  ['-infinity', 0xff800000n, 0xfff0n << 48n, 0xffffn << 112n, 0x010],
  ['+quiet NaN', 0x7fc00000n, 0x7ff8n << 48n, 0x7fff8n << 108n, 0x008],
  ['-quiet NaN', 0xffffffffn, 0xffffffffffffffffn, 0xffff8n << 108n, 0x004],
  ['+signaling NaN', 0x7f800001n, 0x7ff0000000000001n, (0x7fffn << 112n) | 1n, 0x002],
  ['-signaling NaN', 0xffbfffffn, 0xfff7ffffffffffffn, (0xffffn << 112n) | 1n, 0x001],
])('TEST DATA CLASS knows %s by one bit', (_name, short, long, extended, bit) => {
  for (const [format, a] of [
    ['short', short],
    ['long', long],
    ['extended', extended],
  ] as const) {
    expect(bfpTestDataClass(format, a, BigInt(bit), 0).cc).toBe(1);
    expect(bfpTestDataClass(format, a, BigInt(0xfff & ~bit) | 0x1000n, 0).cc).toBe(0);
  }
});
