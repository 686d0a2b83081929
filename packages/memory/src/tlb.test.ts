/** What the TLBs keep and lose (Principles of Operation, chapter 3, "Translation-Lookaside Buffer"). */
import { beforeEach, describe, expect, it } from 'vitest';
import { mmuLayout } from './mmu-layout.ts';
import { FRAME, ROOT, TABLE, TestMmu } from './test-mmu.ts';
import { Access } from './tlb.ts';

let mmu: TestMmu;
beforeEach(() => {
  mmu = new TestMmu();
});

describe('the TLB', () => {
  const DAT = 1n << 58n;
  /** Whether the read TLB has the page in the present context. */
  const cached = (address: bigint): boolean => {
    const view = new DataView(mmu.memory);
    const at = mmu.cpu + mmuLayout.readTlb + Number((address >> 12n) & 0xfffn) * 16;
    const context = view.getBigUint64(mmu.cpu + mmuLayout.dataContext, true);
    return view.getBigUint64(at, true) === ((address & ~0xfffn) | context);
  };
  const read = (address: bigint) => mmu.exports.access(mmu.cpu, address, 0, Access.read);

  beforeEach(() => {
    mmu.setControl(1, mmu.map(0x32_1000n, FRAME));
    mmu.setPsw(DAT);
  });

  it('has a page after an access, which counts as a miss', () => {
    expect(cached(0x32_1000n)).toBe(false);
    const before = mmu.misses;
    expect(mmu.absoluteOf(read(0x32_1010n))).toBe(Number(FRAME) + 0x10);
    expect(mmu.misses).toBe(before + 1n);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('has no page after an access that failed', () => {
    expect(read(0x32_2000n)).not.toBe(0);
    mmu.write(ROOT + TABLE + 8 * 0x22, 0x400n);
    expect(read(0x32_2000n)).toBe(0);
    expect(mmu.word(mmuLayout.faultCode)).toBe(0x11);
  });

  it('is empty after a purge', () => {
    read(0x32_1000n);
    mmu.exports.purge(mmu.cpu);
    expect(cached(0x32_1000n)).toBe(false);
    read(0x32_1000n);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('loses one page index, in every segment, when a page is purged', () => {
    mmu.write(ROOT + 8 * 4, BigInt(ROOT + TABLE));
    for (const address of [0x32_1000n, 0x32_2000n, 0x42_1000n]) read(address);
    mmu.exports.purgePage(mmu.cpu, 0x32_1000n);
    expect(cached(0x32_1000n)).toBe(false);
    expect(cached(0x42_1000n)).toBe(false);
    expect(cached(0x32_2000n)).toBe(true);
  });

  it('keeps spaces apart', () => {
    read(0x32_1000n);
    mmu.setControl(1, BigInt(ROOT + 2 * TABLE) | 3n);
    expect(cached(0x32_1000n)).toBe(false);
    mmu.setControl(1, BigInt(ROOT) | 3n);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('keeps access keys apart', () => {
    read(0x32_1000n);
    mmu.setPsw(DAT | (3n << 52n));
    expect(cached(0x32_1000n)).toBe(false);
    mmu.setPsw(DAT);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('stays right when more spaces were used than there are contexts', () => {
    read(0x32_1000n);
    for (let i = 1n; i < 600n; i++) {
      mmu.setControl(1, (i << 20n) | 3n);
      expect(cached(0x32_1000n)).toBe(false);
    }
  });
});
