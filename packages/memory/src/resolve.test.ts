/** Protection, recording and prefixing of one access (Principles of Operation, chapter 3), and how it fails. */
import { ASCE, CR0 } from '@zarch/arch';
import { beforeEach, describe, expect, it } from 'vitest';
import { mmuFacility, mmuLayout } from './mmu-layout.ts';
import { accessMode } from './resolve.ts';
import { addressOf, FRAME, REAL, ROOT, SIZE, TestMmu } from './test-mmu.ts';
import { Access } from './tlb.ts';

let mmu: TestMmu;
beforeEach(() => {
  mmu = new TestMmu();
});

describe('resolving a store', () => {
  const store = { access: Access.write };
  it.each([
    [0n, true],
    [511n, true],
    [512n, false],
    [4095n, false],
    [4096n, true],
    [4607n, true],
    [4608n, false],
    [8192n, false],
  ])('at %i is hindered by low-address protection: %s', (address, hindered) => {
    expect(mmu.resolve(address, undefined, store)).toBe(address);
    mmu.setControl(0, CR0.lowAddressProtection);
    expect(mmu.resolve(address, undefined)).toBe(address);
    const page = address & ~0xfffn;
    expect(mmu.resolve(address, undefined, store)).toEqual(hindered ? { code: 4, teid: page } : address);
  });

  it('in a private space is exempt from low-address protection', () => {
    mmu.setControl(0, CR0.lowAddressProtection);
    const asce = mmu.map(0n, FRAME);
    expect(mmu.resolve(0n, asce, store)).toEqual({ code: 4, teid: 0n });
    expect(mmu.resolve(0n, asce | ASCE.privateSpace, store)).toBe(FRAME);
  });

  it('to a protected page fails and a fetch does not', () => {
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { page: 0x200n });
    expect(mmu.resolve(addressOf.segment, asce)).toBe(REAL);
    expect(mmu.resolve(addressOf.segment, asce, store)).toEqual({ code: 4, teid: 0x32_1004n });
  });
});

describe('key-controlled protection', () => {
  const DATA = 0x5008n;
  const allowed = (access: number, key: number, storageKey: number, address = DATA) => {
    mmu.setKey(address, storageKey);
    return mmu.resolve(address, undefined, { access, key }) === address;
  };
  it.each([
    // Access key, storage key, fetch permitted, store permitted.
    [0, 0x58, true, true],
    [5, 0x58, true, true],
    [4, 0x58, false, false],
    [4, 0x50, true, false],
    [4, 0x08, false, false],
    [9, 0x98, true, true],
    [8, 0x98, false, false],
  ])(
    'with access key %i and storage key %i permits fetch: %s, store: %s',
    (key, storageKey, fetch, store) => {
      expect(allowed(Access.read, key, storageKey)).toBe(fetch);
      expect(allowed(Access.fetch, key, storageKey)).toBe(fetch);
      expect(allowed(Access.write, key, storageKey)).toBe(store);
    },
  );

  it.each([
    ['storage-protection override', 8, 0x98, DATA, CR0.storageProtectionOverride, true, true],
    [
      'storage-protection override of another key',
      8,
      0xa8,
      DATA,
      CR0.storageProtectionOverride,
      false,
      false,
    ],
    ['fetch-protection override below 2048', 4, 0x58, 2047n, CR0.fetchProtectionOverride, true, false],
    ['fetch-protection override from 2048 on', 4, 0x58, 2048n, CR0.fetchProtectionOverride, false, false],
  ] as const)('with %s', (_, key, storageKey, address, control, fetch, store) => {
    mmu.setControl(0, control);
    expect(allowed(Access.read, key, storageKey, address)).toBe(fetch);
    expect(allowed(Access.write, key, storageKey, address)).toBe(store);
  });

  it('has no fetch-protection override in a private space', () => {
    mmu.setControl(0, CR0.fetchProtectionOverride);
    const asce = mmu.map(0x10n, FRAME);
    mmu.setKey(FRAME, 0x58);
    expect(mmu.resolve(0x10n, asce, { key: 4 })).toBe(FRAME | 0x10n);
    expect(mmu.resolve(0x10n, asce | ASCE.privateSpace, { key: 4 })).toMatchObject({ code: 4 });
  });
});

describe('recording', () => {
  it.each([
    ['a fetch sets R', Access.read, 0x34],
    ['an instruction fetch sets R', Access.fetch, 0x34],
    ['a store sets R and C', Access.write, 0x36],
  ])('%s', (_, access, key) => {
    mmu.setKey(0x5000n, 0x30);
    expect(mmu.resolve(0x5123n, undefined, { access })).toBe(0x5123n);
    expect(mmu.key(0x5000n)).toBe(key);
    expect(mmu.key(0x6000n)).toBe(0);
  });

  it('does not happen when the access fails or is only tested', () => {
    mmu.setKey(0x5000n, 0x38);
    expect(mmu.resolve(0x5000n, undefined, { access: Access.write, key: 1 })).toMatchObject({ code: 4 });
    expect(mmu.exports.testAccess(mmu.cpu, 0x5000n, 0n, Access.write | (1 << accessMode.key))).toBe(4);
    expect(mmu.exports.testAccess(mmu.cpu, 0x5000n, 0n, Access.write)).toBe(0);
    expect(mmu.key(0x5000n)).toBe(0x38);
  });
});

describe('prefixing', () => {
  beforeEach(() => mmu.setWord(mmuLayout.prefix, 0x4_2000));
  it.each([
    [0x123n, 0x4_2123n],
    [0x1fffn, 0x4_3fffn],
    [0x2000n, 0x2000n],
    [0x4_2123n, 0x123n],
    [0x4_3fffn, 0x1fffn],
    [0x4_4000n, 0x4_4000n],
  ])('of real %i gives absolute %i', (real, expected) => {
    expect(mmu.resolve(real, undefined)).toBe(expected);
    const asce = mmu.map(0x32_1000n, real & ~0xfffn);
    expect(mmu.resolve(0x32_1000n | (real & 0xfffn), asce)).toBe(expected);
  });

  it('is not applied to a frame of 1 MiB', () => {
    mmu.enhanced();
    const asce = mmu.map(addressOf.segment, FRAME);
    mmu.write(ROOT + 8 * 3, 0x400n);
    expect(mmu.resolve(0x30_0123n, asce)).toBe(0x123n);
    expect(mmu.resolve(0x34_2123n, asce)).toBe(0x4_2123n);
  });
});

describe('a failing access', () => {
  it.each([
    ['a read', Access.read, 0x800n],
    ['an instruction fetch', Access.fetch, 0x800n],
    ['a write', Access.write, 0x400n],
  ])('identifies %s, its page and its space', (_, access, indication) => {
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { page: 0x400n });
    const fields = { access, space: 2, ar: 7 };
    expect(mmu.resolve(addressOf.segment, asce, fields)).toEqual({ code: 0x11, teid: 0x32_1002n });
    mmu.setWord(mmuLayout.facilities, mmuFacility.fetchStoreIndication);
    expect(mmu.resolve(addressOf.segment, asce, fields)).toEqual({
      code: 0x11,
      teid: 0x32_1002n | indication,
    });
    expect(mmu.word(mmuLayout.faultAccess)).toBe(7);
  });

  const all = mmuFacility.suppressionOnProtection2 | mmuFacility.instructionExecutionProtection;
  it.each([
    ['key-controlled', Access.read, 4, 0n, 0x08n],
    ['DAT', Access.write, 0, 0x200n, 0x04n],
    ['instruction-execution', Access.fetch, 0, 0x100n, 0x84n],
  ])('tells %s protection', (_, access, key, page, bits) => {
    mmu.enhanced(all, CR0.instructionExecutionProtection);
    mmu.setKey(FRAME, 0x18);
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { page });
    expect(mmu.resolve(addressOf.segment, asce, { access, key })).toEqual({
      code: 4,
      teid: 0x32_1000n | bits,
    });
  });

  it('tells low-address protection', () => {
    mmu.enhanced(all, CR0.lowAddressProtection);
    expect(mmu.resolve(0x1010n, undefined, { access: Access.write })).toEqual({ code: 4, teid: 0x1080n });
  });

  it('executes from a no-execute page while the control or the facility is off', () => {
    const asce = mmu.map(addressOf.segment, FRAME, 'segment', { page: 0x100n });
    const fetch = { access: Access.fetch };
    mmu.enhanced(all, 0n);
    expect(mmu.resolve(addressOf.segment, asce, fetch)).toBe(REAL);
    mmu.enhanced(0, CR0.instructionExecutionProtection);
    expect(mmu.resolve(addressOf.segment, asce, fetch)).toBe(REAL);
  });

  it.each([BigInt(SIZE), 1n << 32n, 1n << 63n])(
    'outside the storage (%i) is an addressing exception',
    (address) => {
      expect(mmu.resolve(address, undefined)).toMatchObject({ code: 5 });
    },
  );
});
