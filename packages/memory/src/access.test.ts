/** The address space by which an operand is accessed (Principles of Operation, chapter 3, "Address Spaces"). */
import { beforeEach, describe, expect, it } from 'vitest';
import { mmuLayout } from './mmu-layout.ts';
import { TestMmu } from './test-mmu.ts';

let mmu: TestMmu;
beforeEach(() => {
  mmu = new TestMmu();
});

describe('the space of an operand', () => {
  beforeEach(() => {
    for (const number of [1, 7, 13]) mmu.setControl(number, BigInt(number) << 12n);
    mmu.setWord(mmuLayout.accessRegisters + 4 * 3, 1);
    mmu.setWord(mmuLayout.accessRegisters + 4 * 4, 0x1_0002);
  });
  it.each([
    ['primary', 0, 4, 0x1000n, 0],
    ['secondary', 2, 4, 0x7000n, 0],
    ['home', 3, 4, 0xd000n, 0],
    ['access register 0', 1, 0, 0x1000n, 0],
    ['an ALET of 0', 1, 2, 0x1000n, 0],
    ['an ALET of 1', 1, 3, 0x7000n, 0],
    ['another ALET', 1, 4, 0n, 0x28],
  ])('by %s', (_, space, ar, asce, code) => {
    expect(mmu.exports.spaceAsce(mmu.cpu, space, ar)).toEqual([asce, code]);
  });
});
