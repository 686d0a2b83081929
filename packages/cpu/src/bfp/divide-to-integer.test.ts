import { describe, expect, test } from 'vitest';
import { type BfpResult, bfpDivideToInteger } from './index.ts';

const MASKED = 0xf8000000;

/** Operands a and b, M4, FPC; remainder, quotient, condition code, flags set, DXC. */
type Case = readonly [string, bigint, bigint, number, number, bigint, bigint, number, number, number];

function check(
  result: BfpResult,
  fpc: number,
  expected: readonly [bigint, bigint, number, number, number],
): void {
  const [value, quotient, cc, flags, dxc] = expected;
  expect(result).toEqual({ value, quotient, cc, fpc: (fpc | flags) >>> 0, dxc, suppressed: false });
}

test.each<Case>([
  ['-8 / -4', 0xc1000000n, 0xc0800000n, 0, 0, 0x80000000n, 0x40000000n, 0, 0, 0],
  ['-7 / -4', 0xc0e00000n, 0xc0800000n, 0, 0, 0x3f800000n, 0x40000000n, 0, 0, 0],
  ['-6 / -4', 0xc0c00000n, 0xc0800000n, 0, 0, 0x40000000n, 0x40000000n, 0, 0, 0],
  ['-5 / -4', 0xc0a00000n, 0xc0800000n, 0, 0, 0xbf800000n, 0x3f800000n, 0, 0, 0],
  ['-2 / -4', 0xc0000000n, 0xc0800000n, 0, 0, 0xc0000000n, 0n, 0, 0, 0],
  ['2 / -4', 0x40000000n, 0xc0800000n, 0, 0, 0x40000000n, 0x80000000n, 0, 0, 0],
  ['4 / -4', 0x40800000n, 0xc0800000n, 0, 0, 0n, 0xbf800000n, 0, 0, 0],
  ['40 / -9', 0x42200000n, 0xc1100000n, 0, 0, 0x40800000n, 0xc0800000n, 0, 0, 0],
  ['451 / 460 toward -infinity', 0x43e1f1f1n, 0x43e61616n, 7, 0, 0x43e1f1f1n, 0n, 0, 0, 0],
  ['a large quotient that is an integer', 0xb7b7b7b7n, 0x15000000n, 7, 0, 0x80000000n, 0xe237b7b7n, 0, 0, 0],
  ['2 ** 26 / 3', 0x4c800000n, 0x40400000n, 0, 0, 0x40800000n, 0x4baaaaaan, 2, 0, 0],
  ['a partial remainder', 0x3d3d3d3dn, 0xaeaeaeaen, 0, 0, 0x2f38b8c0n, 0xce0aaaabn, 2, 0, 0],
  [
    'a partial remainder, masks one',
    0xd30a0040n,
    0xc6d30a00n,
    0,
    0xc4000000,
    0xc74a4400n,
    0x4ba766c6n,
    2,
    0,
    0,
  ],
  ['a scaled quotient', 0x7f7fffffn, 1n, 0, MASKED, 0n, 0x69ffffffn, 1, 0, 0],
  ['a scaled quotient and -0', 0xdcdcdcdcn, 0x00dcdcdcn, 7, 0xfc000000, 0x80000000n, 0xbb800000n, 1, 0, 0],
  ['a scaled quotient, partial', 0x7f7fffffn, 11n, 0, MASKED, 0x73a00000n, 0x683a2e8an, 3, 0, 0],
  ['a scaled negative quotient, partial', 0x7070ffffn, 0x90909090n, 0, 0, 0x6431c0c0n, 0xbf5562aan, 3, 0, 0],
  ['an inexact remainder', 0x0c0c0c0cn, 0x400c0c0cn, 6, 0, 0xc00c0c0cn, 0x3f800000n, 0, 0x00080000, 0],
  ['a truncated remainder', 0x09b2b2b2n, 0xb2b2b2b2n, 0, 0xfc000007, 0xb2b2b2b1n, 0xbf800000n, 0, 0, 0x08],
  ['an incremented remainder', 0x4c4c4c4cn, 0xe1e1e1e1n, 0, 0xfc000007, 0xe1e1e1e1n, 0xbf800000n, 0, 0, 0x0c],
  ['a tiny remainder', 0x00ffffffn, 0x00fffffen, 0, 0, 1n, 0x3f800000n, 0, 0, 0],
  ['a tiny remainder that traps', 0x00ffffffn, 0x00fffffen, 0, MASKED, 0x55000000n, 0x3f800000n, 0, 0, 0x10],
  [
    'a tiny dividend that traps',
    0x000d0100n,
    0xb0b0b0b0n,
    6,
    0xfc000000,
    0x5ed01000n,
    0x80000000n,
    0,
    0,
    0x10,
  ],
  ['a number / -infinity', 0x0c000029n, 0xff800000n, 0, 0, 0x0c000029n, 0x80000000n, 0, 0, 0],
  ['a subnormal number / -infinity', 0xc8n, 0xff800000n, 0, 0x7c000007, 0xc8n, 0x80000000n, 0, 0, 0],
  ['-0 / 4', 0x80000000n, 0x40800000n, 0, 0, 0x80000000n, 0x80000000n, 0, 0, 0],
  ['480 / 0', 0x43f00000n, 0n, 0, 0, 0x7fc00000n, 0x7fc00000n, 1, 0x00800000, 0],
  ['infinity / 1', 0x7f800000n, 0x3f800000n, 0, 0, 0x7fc00000n, 0x7fc00000n, 1, 0x00800000, 0],
  ['two quiet NaNs', 0xffffffffn, 0xffffffffn, 0, MASKED, 0xffffffffn, 0xffffffffn, 1, 0, 0],
  ['a quiet and a signaling NaN', 0xffff94ffn, 0xff94ff24n, 4, 7, 0xffd4ff24n, 0xffd4ff24n, 1, 0x00800000, 0],
])('short: %s', (_name, a, b, m4, fpc, ...expected) => {
  check(bfpDivideToInteger('short', a, b, m4, fpc), fpc, expected);
});

test.each<Case>([
  ['an integer', 0x00e100e100e100e1n, 0x00e100e100e100e1n, 0, 1, 0n, 0x3ff0000000000000n, 0, 0, 0],
  [
    'a negative remainder',
    0x0200230200230200n,
    0x0023020023020023n,
    0,
    0,
    0x8001a017d247b3f4n,
    0x41cb2aa05f000000n,
    0,
    0,
    0,
  ],
  [
    'an incremented remainder',
    0xb063eb3d63b063ebn,
    0xeb3d63b063eb3d63n,
    3,
    0xe8000000,
    0x6b3d63b063eb3d63n,
    0x3ff0000000000000n,
    0,
    0,
    0x0c,
  ],
  [
    'a tiny divisor',
    0x0200000000000000n,
    0x53020000n,
    0,
    0,
    0x8000000020820000n,
    0x4338ac20dd47c6c1n,
    0,
    0,
    0,
  ],
])('long: %s', (_name, a, b, m4, fpc, ...expected) => {
  check(bfpDivideToInteger('long', a, b, m4, fpc), fpc, expected);
});

test('an invalid operation that traps is suppressed', () => {
  const suppressed = { value: 0n, fpc: MASKED, dxc: 0x80, suppressed: true };
  expect(bfpDivideToInteger('short', 0n, 0n, 0, MASKED)).toEqual(suppressed);
  expect(bfpDivideToInteger('long', 0x7ff0000000000001n, 0n, 0, MASKED)).toEqual(suppressed);
});

describe('-9.5 / 1 rounds the quotient by M4 and the remainder by the FPC', () => {
  test.each<[number, number, number]>([
    [0, -9, -1],
    [1, -10, 1],
    [3, -9, -1],
    [4, -10, 1],
    [5, -9, -1],
    [6, -9, -1],
    [7, -10, 1],
  ])('M4 %i', (m4, quotient, remainder) => {
    const scratch = new DataView(new ArrayBuffer(4));
    const bits = (value: number) => {
      scratch.setFloat32(0, value);
      return BigInt(scratch.getUint32(0));
    };
    const result = bfpDivideToInteger('short', bits(-19), bits(2), m4, 1);
    expect(result).toMatchObject({ quotient: bits(quotient), value: bits(remainder), cc: 0, fpc: 1 });
  });
});

test('repeating it on the remainder until it is complete gives the remainder of the whole division', () => {
  const scratch = new DataView(new ArrayBuffer(8));
  const bits = (value: number) => {
    scratch.setFloat64(0, value);
    return scratch.getBigUint64(0);
  };
  for (const [a, b] of [
    [1e300, 3.7e-20],
    [Number.MAX_VALUE, Number.MIN_VALUE * 12345],
    [-1e200, 7],
    [123456789, -0.001],
  ] as const) {
    let result = bfpDivideToInteger('long', bits(a), bits(b), 5, 0);
    let steps = 1;
    while ((result.cc ?? 0) >= 2 && steps < 100) {
      result = bfpDivideToInteger('long', result.value, bits(b), 5, 0);
      steps++;
    }
    expect(steps).toBeLessThan(100);
    expect(result).toMatchObject({ value: bits(a % b), cc: 0, fpc: 0 });
  }
});
