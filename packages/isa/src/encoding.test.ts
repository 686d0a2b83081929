import { describe, expect, test } from 'vitest';
import { operandSamples } from '../conformance/samples.ts';
import { decode } from './decode.ts';
import { encode, fieldValue, type OperandValue, operandValues } from './encoding.ts';
import { instruction, instructions } from './instructions.ts';

const cases: readonly (readonly [hex: string, mnemonic: string, operands: readonly OperandValue[]])[] = [
  ['0107', 'sckpf', []],
  ['1a12', 'ar', [1, 2]],
  ['e31230100004', 'lg', [1, { base: 3, displacement: 16, index: 2 }]],
  ['e31230018004', 'lg', [1, { base: 3, displacement: -524287, index: 2 }]],
  ['e31230ff7f04', 'lg', [1, { base: 3, displacement: 0x7f0ff, index: 2 }]],
  [
    'd2ff10002fff',
    'mvc',
    [
      { base: 1, displacement: 0, length: 255 },
      { base: 2, displacement: 4095 },
    ],
  ],
  ['d9123004500f', 'mvck', [{ base: 3, displacement: 4, register: 1 }, { base: 5, displacement: 15 }, 2]],
  ['a718ffff', 'lhi', [1, -1]],
  ['a71b8000', 'aghi', [1, -32768]],
  ['a51f8000', 'llill', [1, 0x8000]],
  ['c01fffffffff', 'llilf', [1, 0xffffffff]],
  ['a7f4ffff', 'brc', [15, -1]],
  ['c0e580000000', 'brasl', [14, -(2 ** 31)]],
  ['c7a04005fffe', 'bpp', [10, -2, { base: 4, displacement: 5 }]],
  ['e7f120006cf3', 'va', [31, 17, 2, 6]],
  ['e70f10050413', 'vgef', [0, { base: 1, displacement: 5, vectorIndex: 31 }, 0]],
];

describe('operand values', () => {
  test.each(cases)('of %s (%s) are read from its fields', (hex, mnemonic, operands) => {
    expect(operandValues(instruction(mnemonic), Uint8Array.fromHex(hex))).toEqual(operands);
  });

  test.each(cases)('give %s (%s) again', (hex, mnemonic, operands) => {
    expect(encode(instruction(mnemonic), operands).toHex()).toBe(hex);
  });

  test('of every instruction survive encoding', () => {
    for (const insn of instructions) {
      for (const operands of operandSamples(insn, 5)) {
        const bytes = encode(insn, operands);
        expect(decode(bytes), insn.mnemonic).toBe(insn);
        expect(operandValues(insn, bytes), insn.mnemonic).toEqual(operands);
      }
    }
  });

  test('are read at the offset', () => {
    expect(operandValues(instruction('ar'), Uint8Array.of(0, 0, 0x1a, 0x34), 2)).toEqual([3, 4]);
  });

  test('may leave out optional operands at the end', () => {
    expect(encode(instruction('ipte'), [1, 2]).toHex()).toBe('b2210012');
  });

  test.each<[string, string, readonly OperandValue[], string]>([
    ['a register is too great', 'ar', [16, 0], 'ar operand R1 must be a whole number from 0 to 15, not 16'],
    ['a signed immediate is too great', 'lhi', [1, 32768], 'from -32768 to 32767, not 32768'],
    ['a value is not whole', 'lhi', [1, 0.5], 'not 0.5'],
    ['a displacement is negative', 'l', [1, { base: 0, displacement: -1 }], 'displacement must be'],
    ['an operand is missing', 'ar', [1], 'ar operand R2 is missing'],
    ['there is one too many', 'ar', [1, 2, 3], 'ar: too many operands'],
    ['a storage operand is a number', 'l', [1, 2], 'l operand S2 is a storage operand'],
    ['a register is a storage operand', 'ar', [1, { base: 0, displacement: 0 }], 'not a storage operand'],
  ])('are refused if %s', (_, mnemonic, operands, message) => {
    expect(() => encode(instruction(mnemonic), operands)).toThrow(message);
  });
});

describe('the raw value of a field', () => {
  const lg = Uint8Array.fromHex('0000e31230018004');

  test('is unsigned', () => {
    expect(fieldValue(instruction('lg'), 'DH2', lg, 2)).toBe(0x80);
    expect(fieldValue(instruction('lg'), 'DL2', lg, 2)).toBe(1);
    expect(fieldValue(instruction('lgfi'), 'I2', Uint8Array.fromHex('c011ffffffff'))).toBe(0xffffffff);
  });

  test('exists only if the format has the field', () => {
    expect(() => fieldValue(instruction('lg'), 'M3', lg)).toThrow('lg (RXY-a) has no field M3');
  });
});
