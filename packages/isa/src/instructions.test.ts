import { describe, expect, test } from 'vitest';
import type { Field, Format } from './format.ts';
import { formats } from './format.ts';
import type { Instruction } from './instruction.ts';
import { findInstruction, instruction, instructions } from './instructions.ts';

/** The bits that operation code and extension fix, as mask and value of a 48-bit number. */
function fixedBits(insn: Instruction): { mask: bigint; value: bigint } {
  const place = (start: number, length: number, value: number) =>
    BigInt(value) << BigInt(48 - start - length);
  let mask = place(0, 8, 0xff);
  let value = place(0, 8, insn.firstByte);
  if (insn.extension !== undefined) {
    const { start, length } = insn.extension;
    mask |= place(start, length, 2 ** length - 1);
    value |= place(start, length, insn.extension.value);
  }
  return { mask, value };
}

/** Bits that belong to more than one of the fields, or lie outside the instruction. */
function clashes(length: number, fields: readonly { start: number; length: number }[]): number[] {
  const owners = new Array<number>(length * 8).fill(0);
  const outside: number[] = [];
  for (const field of fields) {
    for (let bit = field.start; bit < field.start + field.length; bit++) {
      if (bit < owners.length) owners[bit] = (owners[bit] ?? 0) + 1;
      else outside.push(bit);
    }
  }
  return [...outside, ...owners.flatMap((count, bit) => (count > 1 ? [bit] : []))];
}

function operandFields(insn: Instruction): Field[] {
  return insn.operands.flatMap((operand) => {
    if (operand.kind === 'mem') {
      const { base, displacement, displacementHigh, index, length, register, vectorIndex, extension } =
        operand;
      const all = [base, displacement, displacementHigh, index, length, register, vectorIndex, extension];
      return all.filter((field) => field !== undefined);
    }
    return operand.extension === undefined ? [operand.field] : [operand.field, operand.extension];
  });
}

describe('the declared instructions', () => {
  test('are those of all machines up to z17', () => {
    expect(instructions).toHaveLength(1276);
    const byGeneration = Map.groupBy(instructions, (insn) => insn.generation);
    expect(byGeneration.get('z900')).toHaveLength(567);
    expect(byGeneration.get('z16')).toHaveLength(19);
    expect(byGeneration.get('z17')).toHaveLength(28);
  });

  test('have distinct names', () => {
    expect(new Set(instructions.map((insn) => insn.mnemonic)).size).toBe(instructions.length);
  });

  test('no two encodings overlap', () => {
    const overlapping: string[] = [];
    const byFirstByte = Map.groupBy(instructions, (insn) => insn.firstByte);
    for (const group of byFirstByte.values()) {
      const fixed = group.map((insn) => ({ insn, ...fixedBits(insn) }));
      for (const [index, a] of fixed.entries()) {
        for (const b of fixed.slice(index + 1)) {
          const common = a.mask & b.mask;
          if ((a.value & common) === (b.value & common)) {
            overlapping.push(`${a.insn.mnemonic} and ${b.insn.mnemonic}`);
          }
        }
      }
    }
    expect(overlapping).toEqual([]);
  });

  test('have fields that overlap neither each other nor the operation code', () => {
    for (const insn of instructions) {
      const opcode = [{ start: 0, length: 8 }, ...(insn.extension === undefined ? [] : [insn.extension])];
      expect(clashes(insn.length, [...opcode, ...insn.format.fields]), insn.mnemonic).toEqual([]);
    }
  });

  test('use each field for one operand', () => {
    for (const insn of instructions) {
      expect(clashes(insn.length, operandFields(insn)), insn.mnemonic).toEqual([]);
    }
  });

  test('have the length that the first two bits of the operation code say', () => {
    for (const insn of instructions) {
      const length = [2, 4, 4, 6][insn.firstByte >> 6];
      expect(insn.length, insn.mnemonic).toBe(length);
      expect(insn.format.length, insn.mnemonic).toBe(length);
    }
  });

  test('use every format', () => {
    const used = new Set<Format>(instructions.map((insn) => insn.format));
    expect(formats.filter((format) => !used.has(format)).map((format) => format.name)).toEqual([]);
  });

  test('carry what the table says', () => {
    expect(instruction('lg')).toMatchObject({
      mnemonic: 'lg',
      opcode: 'e3..04',
      firstByte: 0xe3,
      extension: { start: 40, length: 8, value: 4 },
      length: 6,
      format: { name: 'RXY-a' },
      facility: undefined,
      generation: 'z900',
      privileged: 'no',
      topic: 'general',
      operands: [
        { name: 'R1', kind: 'gr64', field: { name: 'R1', start: 8, length: 4 } },
        {
          name: 'S2',
          kind: 'mem',
          base: { name: 'B2', start: 16, length: 4 },
          displacement: { name: 'DL2', start: 20, length: 12 },
          displacementHigh: { name: 'DH2', start: 32, length: 8 },
          index: { name: 'X2', start: 12, length: 4 },
        },
      ],
    });
    expect(instruction('va')).toMatchObject({
      facility: 129,
      operands: [
        { kind: 'vr', extension: { start: 36 } },
        { kind: 'vr', extension: { start: 37 } },
        { kind: 'vr', extension: { start: 38 } },
        { kind: 'mask', extension: undefined },
      ],
    });
    expect(instruction('lpsw').privileged).toBe('yes');
    expect(instruction('sac').privileged).toBe('semi');
    expect(instruction('ptff').privileged).toBe('conditional');
    expect(instruction('rion').privileged).toBe('undetermined');
  });
});

test('an unknown mnemonic is not found, and asking for it is an error', () => {
  expect(findInstruction('je')).toBeUndefined();
  expect(findInstruction('constructor')).toBeUndefined();
  expect(() => instruction('je')).toThrow('no instruction has the mnemonic je');
});
