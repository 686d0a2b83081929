/** Purging translations, and looking through them (Principles of Operation, chapter 10). */
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout } from '../../cpu-layout.ts';
import {
  DATA,
  MODE,
  OPERATION,
  OTHER,
  PAGE_TABLE,
  SECOND_TABLE,
  SEGMENT_TABLE,
  TestControlCpu,
} from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('compare and swap and purge', () => {
  it.each([
    ['csp', 0x1111_1111_5555_5555n, 0, 0x2222_2222_5555_5555n, 0xaaaa_aaaa_1111_1111n],
    ['csp', 0x1111_1112_5555_5555n, 1, 0x1111_1112_5555_5555n, 0xaaaa_aaaa_1111_1112n],
    ['cspg', 0xaaaa_aaaa_1111_1111n, 0, 0x2222_2222n, 0xaaaa_aaaa_1111_1111n],
    ['cspg', 0xaaaa_aaaa_1111_1112n, 1, 0xaaaa_aaaa_1111_1112n, 0xaaaa_aaaa_1111_1112n],
  ])('%s of %i gives cc %i', (mnemonic, stored, cc, after, register) => {
    cpu.put(DATA, stored);
    cpu.setGr(2, 0xaaaa_aaaa_1111_1111n);
    cpu.setGr(3, 0x2222_2222n);
    cpu.setGr(4, DATA | 1n);
    expect(cpu.run(`${mnemonic} %r2,%r4`)).toMatchObject({ code: OPERATION, cc });
    expect([cpu.get(DATA), cpu.gr(2)]).toEqual([after, register]);
  });
});

describe('IPTE', () => {
  it('invalidates the entry of the address in R2 and purges it', () => {
    cpu.translate();
    cpu.setGr(1, PAGE_TABLE);
    cpu.setGr(2, DATA);
    expect(cpu.run('lg %r3,0(%r10)\n ipte %r1,%r2\n lg %r4,0(%r10)').code).toBe(0x11);
    expect(cpu.word(cpuLayout.length)).toBe(6);
    const entries = [-1n, 0n, 1n].map((i) => cpu.get(PAGE_TABLE + 8n * ((DATA >> 12n) + i)) & 0x400n);
    expect(entries).toEqual([0n, 0x400n, 0n]);
  });
  it('invalidates a range', () => {
    for (let i = 0n; i < 256n; i++) cpu.put(PAGE_TABLE + 8n * i, i << 12n);
    cpu.setGr(1, PAGE_TABLE);
    cpu.setGr(2, 0x2_0000n);
    cpu.setGr(3, 2n);
    expect(cpu.run('ipte %r1,%r2,%r3').code).toBe(OPERATION);
    const invalid = [31n, 32n, 33n, 34n, 35n].map((i) => cpu.get(PAGE_TABLE + 8n * i) & 0x400n);
    expect(invalid).toEqual([0n, 0x400n, 0x400n, 0x400n, 0n]);
  });
  it('refuses a range beyond the page table', () => {
    cpu.setGr(2, 0xf_f000n);
    cpu.setGr(3, 1n);
    expect(cpu.run('ipte %r1,%r2,%r3').code).toBe(6);
  });
});

describe('IDTE', () => {
  const invalid = () => [2n, 3n, 4n, 5n, 6n].map((i) => Number((cpu.get(SEGMENT_TABLE + 8n * i) >> 5n) & 1n));
  it.each([
    ['a segment', 0n, 3n << 20n, [0, 1, 0, 0, 0]],
    ['a third region', 4n, 4n << 31n, [0, 0, 1, 0, 0]],
    ['a second region', 8n, 5n << 42n, [0, 0, 0, 1, 0]],
    ['a first region', 12n, 3n << 53n, [0, 1, 0, 0, 0]],
    ['three segments', 0n, (3n << 20n) | 2n, [0, 1, 1, 1, 0]],
    ['nothing, clearing only', 0n, (3n << 20n) | 0x800n, [0, 0, 0, 0, 0]],
  ])('invalidates %s', (_, type, address, expected) => {
    cpu.setGr(1, SEGMENT_TABLE | type);
    cpu.setGr(2, address);
    expect(cpu.run('idte %r1,%r3,%r2').code).toBe(OPERATION);
    expect(invalid()).toEqual(expected);
  });
  it('purges', () => {
    cpu.translate();
    cpu.setGr(1, SEGMENT_TABLE);
    cpu.setGr(2, 0n);
    expect(cpu.run('idte %r1,%r3,%r2').code).toBe(0x10);
  });
  it.each([
    ['the current space', SEGMENT_TABLE | 3n, 0x11],
    ['a space with the same table and other attributes', SEGMENT_TABLE, 0x11],
    ['another space', SECOND_TABLE | 3n, OPERATION],
  ])('clears entries of %s', (_, asce, code) => {
    cpu.translate();
    cpu.setGr(2, 0x800n);
    cpu.setGr(3, asce);
    cpu.setGr(4, PAGE_TABLE + 8n * (DATA >> 12n));
    cpu.setGr(5, DATA | 0x400n);
    expect(cpu.run('lg %r6,0(%r10)\n stg %r5,0(%r4)\n idte %r0,%r3,%r2\n lg %r6,0(%r10)').code).toBe(code);
  });
  it('refuses bits 44 to 51 of R2', () => {
    cpu.setGr(2, 0x1000n);
    expect(cpu.run('idte %r1,%r3,%r2').code).toBe(6);
  });
});

describe('CRDTE', () => {
  it.each([
    ['page', PAGE_TABLE, 0x5_0000n, PAGE_TABLE + 8n * 0x50n],
    ['segment', SEGMENT_TABLE | 0x10n, 3n << 20n, SEGMENT_TABLE + 24n],
    ['third-region', SEGMENT_TABLE | 0x14n, 3n << 31n, SEGMENT_TABLE + 24n],
  ])('replaces a %s entry only if it is the expected one', (_, designation, address, entry) => {
    cpu.put(entry, 0x1000n);
    cpu.setGr(2, 0x1000n);
    cpu.setGr(3, 0x2000n);
    cpu.setGr(4, designation);
    cpu.setGr(5, address);
    expect(cpu.run('crdte %r2,%r6,%r4')).toMatchObject({ code: OPERATION, cc: 0 });
    expect(cpu.get(entry)).toBe(0x2000n);
    expect(cpu.run('crdte %r2,%r6,%r4')).toMatchObject({ code: OPERATION, cc: 1 });
    expect([cpu.get(entry), cpu.gr(2)]).toEqual([0x2000n, 0x2000n]);
  });
  it('refuses table types 1 to 3', () => {
    cpu.setGr(4, PAGE_TABLE | 4n);
    expect(cpu.run('crdte %r2,%r6,%r4').code).toBe(6);
  });
});

/** R1 tells where translation ended (Principles of Operation, chapter 10, "LOAD REAL ADDRESS"). */
describe('LRAG', () => {
  it.each([
    ['a page', DATA + 0x123n, 0],
    ['an invalid segment', 3n << 20n, 1],
    ['an invalid page', OTHER, 2],
    ['an address that the ASCE cannot translate', 1n << 40n, 3],
  ])('of %s gives the condition code', (_, address, cc) => {
    cpu.translate();
    cpu.put(PAGE_TABLE + 8n * (DATA >> 12n), 0x7_0000n);
    cpu.put(PAGE_TABLE + 8n * (OTHER >> 12n), 0x400n);
    cpu.setGr(5, address);
    expect(cpu.run('lrag %r3,0(%r5)')).toMatchObject({ code: OPERATION, cc });
    if (cc === 0) expect(cpu.gr(3)).toBe(0x7_0123n);
    // The address of the entry that is not valid, or the exception code.
    if (cc === 2) expect(cpu.gr(3)).toBe(PAGE_TABLE + 8n * (OTHER >> 12n));
    if (cc === 3) expect(cpu.gr(3) & 0xffff_ffffn).toBe(0x8000_0038n);
  });
  it('works while DAT is off', () => {
    cpu.translate();
    cpu.setPsw(MODE);
    expect(cpu.run('lrag %r3,8(%r10)')).toMatchObject({ code: OPERATION, cc: 0 });
    expect(cpu.gr(3)).toBe(DATA + 8n);
  });
});

describe('TPROT', () => {
  it.each([
    [0x50, 0x58, 0],
    [0x40, 0x50, 1],
    [0x40, 0x58, 2],
    [0x00, 0x58, 0],
  ])('under key %i of storage with %i gives cc %i', (access, storage, cc) => {
    cpu.setKey(DATA, storage);
    expect(cpu.run(`tprot 0(%r10),${access}`)).toMatchObject({ code: OPERATION, cc });
    expect(cpu.key(DATA)).toBe(storage);
  });
  it.each([
    ['a page', 0n, 0],
    ['a protected page', 0x200n, 1],
    ['an invalid page', 0x400n, 3],
  ])('of %s gives the condition code', (_, bits, cc) => {
    cpu.translate();
    cpu.put(PAGE_TABLE + 8n * (DATA >> 12n), DATA | bits);
    expect(cpu.run('tprot 0(%r10),0')).toMatchObject({ code: OPERATION, cc });
  });
  it('of no storage is an addressing exception', () => {
    cpu.setGr(10, 0x10_0000n);
    expect(cpu.run('tprot 0(%r10),0').code).toBe(5);
  });
});
