import { describe, expect, test } from 'vitest';
import { decode, instructionLength } from './decode.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.fromHex(hex);

test.each([
  [0x00, 2],
  [0x3f, 2],
  [0x40, 4],
  [0xbf, 4],
  [0xc0, 6],
  [0xff, 6],
])('an instruction that begins with %i has %i bytes', (firstByte, length) => {
  expect(instructionLength(firstByte)).toBe(length);
});

describe('decoding', () => {
  test.each([
    ['1a12', 'ar'],
    ['0107', 'sckpf'],
    ['a7f40000', 'brc'],
    ['b9040012', 'lgr'],
    ['c0e500000000', 'brasl'],
    ['e31020000004', 'lg'],
    ['e7000000003e', 'vstm'],
  ])('finds the operation code in %s', (hex, mnemonic) => {
    expect(decode(bytes(hex))?.mnemonic).toBe(mnemonic);
  });

  test('starts at the offset', () => {
    expect(decode(bytes('1a121b12'), 2)?.mnemonic).toBe('sr');
  });

  test('gives nothing for an unassigned operation code', () => {
    expect(decode(bytes('0000'))).toBeUndefined();
    expect(decode(bytes('e300000000ff'))).toBeUndefined();
  });

  test('gives nothing if the instruction is cut off', () => {
    expect(decode(bytes('e310200000'))).toBeUndefined();
    expect(decode(bytes('1ae310200000'), 1)).toBeUndefined();
    expect(decode(bytes(''))).toBeUndefined();
  });

  test('does not look at bits that the format leaves unused', () => {
    expect(decode(bytes('b904ff12'))?.mnemonic).toBe('lgr');
  });
});
