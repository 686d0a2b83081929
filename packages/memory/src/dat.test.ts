/** Walks through translation tables (Principles of Operation, chapter 3, "Dynamic Address Translation"). */
import { ASCE, CR0 } from '@zarch/arch';
import { beforeEach, describe, expect, it } from 'vitest';
import { translationFlag } from './dat.ts';
import { mmuFacility } from './mmu-layout.ts';
import { addressOf, EDAT, FRAME, levelShift, levels, REAL, ROOT, SIZE, TABLE, TestMmu } from './test-mmu.ts';

let mmu: TestMmu;
beforeEach(() => {
  mmu = new TestMmu();
});

describe('a walk', () => {
  it.each(levels)('from a region- or segment-table (%s) designation leads to the frame', (top) => {
    const asce = mmu.map(addressOf[top], FRAME, top);
    expect(mmu.translate(addressOf[top], asce)).toEqual([REAL, 0]);
  });

  it.each([
    ['second', 1n << 53n],
    ['third', 1n << 42n],
    ['segment', 1n << 31n],
    ['segment', 1n << 63n],
  ] as const)('from %s has an ASCE-type exception for an address with %i', (top, beyond) => {
    const asce = mmu.map(addressOf[top], FRAME, top);
    expect(mmu.translate(addressOf[top] | beyond, asce)).toEqual([0n, 0x38]);
  });

  const faults = { first: 0x39, second: 0x3a, third: 0x3b, segment: 0x10 } as const;

  it.each(levels)("of a %s table that is too short for the index is that table's exception", (top) => {
    const base = { first: 0x1ffn, second: 0x1ffn, third: 0x1ffn, segment: 0x1ffn }[top];
    const inside = base << levelShift[top];
    const outside = (base + 1n) << levelShift[top];
    const asce = mmu.map(inside, FRAME, top) & ~3n;
    expect(mmu.translate(inside, asce)).toEqual([FRAME, 0]);
    expect(mmu.translate(outside, asce)).toEqual([0n, faults[top]]);
  });

  it.each([
    ['first', 'second'],
    ['second', 'third'],
    ['third', 'segment'],
  ] as const)('honours offset and length in an entry of the %s table for the next one', (top, next) => {
    // Only entries 512 to 1023: offset 1, length 1.
    const at = (index: bigint) => (1n << levelShift[top]) | (index << levelShift[next]);
    const asce = mmu.map(at(512n), FRAME, top, { [top]: 0x40n | 2n });
    expect(mmu.translate(at(512n), asce)).toEqual([FRAME, 0]);
    expect(mmu.translate(at(511n), asce)).toEqual([0n, faults[next]]);
    expect(mmu.translate(at(1024n), asce)).toEqual([0n, faults[next]]);
  });

  it.each([
    ...levels.map((level) => [`an invalid ${level} entry`, level, 0x20n, faults[level]] as const),
    ...levels.map((level) => [`another type in the ${level} entry`, level, 0x4n, 0x12] as const),
    ['an invalid page', 'page', 0x400n, 0x11],
    ['bit 52 of the page-table entry', 'page', 0x800n, 0x12],
    ['an invalid page with bit 52', 'page', 0xc00n, 0x11],
  ] as const)('meets %s', (_, level, bits, code) => {
    const asce = mmu.map(addressOf.first, FRAME, 'first', { [level]: bits });
    expect(mmu.translate(addressOf.first, asce)).toEqual([0n, code]);
  });

  it.each([
    ['a common segment in a private space', ASCE.privateSpace, 0x12],
    ['a common segment in another space', 0n, 0],
  ])('meets %s', (_, bits, code) => {
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { segment: 0x10n }) | bits;
    expect(mmu.translate(addressOf.segment, asce)[1]).toBe(code);
  });

  it.each([
    ['with EDAT-2', EDAT, ASCE.privateSpace, 0x12],
    ['without EDAT-2', mmuFacility.edat1, ASCE.privateSpace, 0],
    ['in a space that is not private', EDAT, 0n, 0],
  ])('meets a common region %s', (_, facilities, bits, code) => {
    mmu.enhanced(facilities);
    const asce = mmu.map(addressOf.third, FRAME, 'third', { third: 0x10n }) | bits;
    expect(mmu.translate(addressOf.third, asce)[1]).toBe(code);
  });

  it.each([
    ['the first table', {}, BigInt(SIZE)],
    ['the first table, far outside', {}, 1n << 40n],
  ])('with %s outside the storage is an addressing exception', (_, change, origin) => {
    mmu.map(addressOf.segment, FRAME, 'segment', change);
    expect(mmu.translate(addressOf.segment, origin | 3n)).toEqual([0n, 5]);
  });

  it('reads the last entry in the storage and none after it', () => {
    const last = BigInt(SIZE - 0x1000) | 3n;
    mmu.write(SIZE - 8, 0x20n);
    expect(mmu.translate(511n << 20n, last)).toEqual([0n, 0x10]);
    expect(mmu.translate(512n << 20n, last)).toEqual([0n, 5]);
  });

  it('with a page table outside the storage is an addressing exception', () => {
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { segment: BigInt(SIZE) });
    expect(mmu.translate(addressOf.segment, asce)).toEqual([0n, 5]);
  });

  it('by a real-space designation gives the address itself', () => {
    expect(mmu.translate(0x1234_5678_9abc_def0n, ASCE.realSpace)).toEqual([0x1234_5678_9abc_def0n, 0]);
  });

  it('finds a page table at an odd multiple of 2 KiB', () => {
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { segment: 0x800n });
    mmu.write(ROOT + TABLE + 0x800 + 8 * 0x21, 0x9_0000n);
    expect(mmu.translate(addressOf.segment, asce)).toEqual([0x9_0abcn, 0]);
  });
});

describe('DAT protection', () => {
  it.each([
    ['page', 0, true],
    ['segment', 0, true],
    ['third', 0, false],
    ['second', 0, false],
    ['first', 0, false],
    ['third', EDAT, true],
    ['second', EDAT, true],
    ['first', mmuFacility.edat1, true],
  ] as const)('of a %s entry with facilities %i counts: %s', (level, facilities, counts) => {
    mmu.enhanced(facilities);
    const asce = mmu.map(addressOf.first, FRAME, 'first', { [level]: 0x200n });
    const flags = counts ? translationFlag.protected : 0;
    expect(mmu.translate(addressOf.first, asce)).toEqual([REAL, flags]);
  });

  it('of regions does not count while CR0 bit 40 is zero', () => {
    mmu.enhanced(EDAT, 0n);
    const asce = mmu.map(addressOf.first, FRAME, 'first', { first: 0x200n });
    expect(mmu.translate(addressOf.first, asce)).toEqual([REAL, 0]);
  });
});

describe('a frame of', () => {
  const MIB = 0x7_0000_0000n | 0x30_0000n;
  it.each([
    ['used', mmuFacility.edat1, CR0.enhancedDat, true],
    ['not used without the facility', 0, CR0.enhancedDat, false],
    ['not used without CR0 bit 40', EDAT, 0n, false],
  ] as const)('1 MiB is %s', (_, facilities, control, used) => {
    mmu.enhanced(facilities, control);
    const asce = mmu.map(addressOf.segment, FRAME);
    const entry = ROOT + 8 * 3;
    mmu.write(entry, used ? MIB | 0x400n : BigInt(ROOT + TABLE) | 0x400n);
    const expected = used ? [MIB | 0x2_1abcn, translationFlag.absolute] : [REAL, 0];
    expect(mmu.translate(addressOf.segment, asce)).toEqual(expected);
  });

  it('1 MiB has protection of its own', () => {
    mmu.enhanced();
    const asce = mmu.map(addressOf.segment, FRAME);
    mmu.write(ROOT + 8 * 3, MIB | 0x600n);
    const flags = translationFlag.absolute | translationFlag.protected;
    expect(mmu.translate(addressOf.segment, asce)).toEqual([MIB | 0x2_1abcn, flags]);
  });

  const GIB2 = 0x5_8000_0000n;
  it.each([
    ['used', EDAT, CR0.enhancedDat, true],
    ['not used with EDAT-1 only', mmuFacility.edat1, CR0.enhancedDat, false],
    ['not used without CR0 bit 40', EDAT, 0n, false],
  ] as const)('2 GiB is %s', (_, facilities, control, used) => {
    mmu.enhanced(facilities, control);
    const asce = mmu.map(addressOf.third, FRAME, 'third');
    const next = used ? GIB2 : BigInt(ROOT + TABLE);
    mmu.write(ROOT + 8 * Number(addressOf.third >> 31n), next | 0x407n);
    const offset = addressOf.third & 0x7fff_ffffn;
    const expected = used ? [GIB2 | offset, translationFlag.absolute] : [REAL, 0];
    expect(mmu.translate(addressOf.third, asce)).toEqual(expected);
  });
});
