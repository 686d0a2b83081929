import { describe, expect, test } from 'vitest';
import {
  bfpModifierValid,
  bfpRoundingModeValid,
  bfpSetFpcAndSignal,
  bfpValidateFpc,
  effectiveRoundingMethod,
  fpcRoundingMethod,
  withDxc,
} from './index.ts';

describe('an FPC value', () => {
  const none = { floatingPointExtension: false, decimalFloatingPoint: false };
  test.each<[number, boolean, boolean]>([
    [0, true, true],
    [0xf8f8ff03, true, true],
    [0xfcfcff77, true, false],
    [0x04000000, true, false],
    [0x00040000, true, false],
    [0x00000010, true, false],
    [0x00000007, true, false],
    [0x00000004, false, false],
    [0x00000005, false, false],
    [0x00000006, false, false],
    [0x02000000, false, false],
    [0x01000000, false, false],
    [0x00020000, false, false],
    [0x00010000, false, false],
    [0x00000080, false, false],
    [0x00000008, false, false],
  ])('%s is valid with all facilities: %s, with none: %s', (value, all, without) => {
    expect(bfpValidateFpc(value)).toBe(all);
    expect(bfpValidateFpc(value, none)).toBe(without);
  });
});

test('rounding modes and modifiers depend on the floating-point extension facility', () => {
  const valid = (check: (code: number, facility: boolean) => boolean, facility: boolean) =>
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 15].filter((code) => check(code, facility));
  expect(valid(bfpRoundingModeValid, true)).toEqual([0, 1, 2, 3, 7]);
  expect(valid(bfpRoundingModeValid, false)).toEqual([0, 1, 2, 3]);
  expect(valid(bfpModifierValid, true)).toEqual([0, 1, 3, 4, 5, 6, 7]);
  expect(valid(bfpModifierValid, false)).toEqual([0, 1, 4, 5, 6, 7]);
});

test('modifier 0 stands for the rounding mode of the FPC', () => {
  expect([0, 1, 2, 3, 7].map((mode) => effectiveRoundingMethod(0, mode))).toEqual([
    'nearestEven',
    'towardZero',
    'towardPositive',
    'towardNegative',
    'prepareShorter',
  ]);
  expect(fpcRoundingMethod(0xfcfc_ff71)).toBe('towardZero');
  expect(effectiveRoundingMethod(1, 3)).toBe('nearestAway');
  expect(() => effectiveRoundingMethod(2, 0)).toThrow(RangeError);
});

test('a DXC replaces the one before', () => {
  expect(withDxc(0xf8f8ff03, 0x2c)).toBe(0xf8f82c03);
});

describe('SET FPC AND SIGNAL', () => {
  test.each<[string, number, number, number, number]>([
    ['no flag', 0x00000001, 0xfc000000, 0xfc000000, 0],
    ['a flag whose mask is zero', 0x00800000, 0x78000002, 0x78800002, 0],
    ['flags of both', 0x00080000, 0x00801203, 0x00881203, 0],
    ['invalid before all others', 0x00fc0000, 0xfc000000, 0xfcfc0000, 0x83],
    ['division by zero', 0x007c0000, 0xfc000000, 0xfc7c0000, 0x43],
    ['exact overflow', 0x00300000, 0xfc000000, 0xfc300000, 0x23],
    ['inexact overflow', 0x00280000, 0xfc000000, 0xfc280000, 0x2b],
    ['inexact overflow, the mask of inexact zero', 0x00280000, 0x20000000, 0x20280000, 0x2b],
    ['exact underflow', 0x00100000, 0x10000000, 0x10100000, 0x13],
    ['inexact underflow', 0x00180000, 0xfc000000, 0xfc180000, 0x1b],
    ['inexact', 0x00280000, 0x08000000, 0x08280000, 0x0b],
    ['quantum', 0x00040000, 0xfc000000, 0xfc040000, 0x07],
    ['only a flag of the source', 0, 0xfcfc0000, 0xfcfc0000, 0],
  ])('%s', (_name, current, source, fpc, dxc) => {
    expect(bfpSetFpcAndSignal(current, source)).toEqual({ kind: 'set', fpc, dxc });
  });
  test('a value that is not valid is a specification exception', () => {
    expect(bfpSetFpcAndSignal(0, 4)).toEqual({ kind: 'specification' });
  });
});
