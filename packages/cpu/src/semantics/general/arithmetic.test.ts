import { describe, expect, it } from 'vitest';
import { CODE, TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('arithmetic, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it.each([
    // instruction, R1, R2, result, condition code
    ['ar %r1,%r2', 0x1_7fff_ffffn, 1n, 0x1_8000_0000n, 3],
    ['ar %r1,%r2', 5n, 0xffff_fffbn, 0n, 0],
    ['agr %r1,%r2', 1n, -2n, -1n, 1],
    ['agr %r1,%r2', (1n << 63n) - 1n, 1n, 1n << 63n, 3],
    ['agfr %r1,%r2', 10n, 0xffff_ffffn, 9n, 2],
    ['alr %r1,%r2', 0xffff_ffffn, 1n, 0n, 2],
    ['algr %r1,%r2', -1n, 2n, 1n, 3],
    ['sr %r1,%r2', 0n, 1n, 0xffff_ffffn, 1],
    ['sgr %r1,%r2', 1n << 63n, 1n, (1n << 63n) - 1n, 3],
    ['slgr %r1,%r2', 1n, 2n, -1n, 1],
    ['slgr %r1,%r2', 2n, 2n, 0n, 2],
    ['ahi %r1,-1', 1n, 0n, 0n, 0],
    ['aghi %r1,-32768', 0n, 0n, -32768n, 1],
    ['alhsik %r1,%r2,-1', 0n, 1n, 0n, 2],
  ])('%s of %i and %i', (source, a, b, result, cc) => {
    cpu.setGr(1, a);
    cpu.setGr(2, b);
    const end = cpu.run(source);
    expect({ code: end.code, cc: end.cc, result: cpu.gr(1) }).toEqual({
      code: 1,
      cc,
      result: BigInt.asUintN(64, result),
    });
  });

  it('the carry of ALCG and the borrow of SLBG come from the condition code', () => {
    cpu.setGr(1, -1n);
    cpu.setGr(2, 0n);
    cpu.setCc(2);
    expect(cpu.run('alcgr %r1,%r2').cc).toBe(2);
    expect(cpu.gr(1)).toBe(0n);
    cpu.setCc(1);
    expect(cpu.run('slbgr %r1,%r2').cc).toBe(1);
    expect(cpu.gr(1)).toBe((1n << 64n) - 1n);
  });

  it('with its mask one, fixed-point overflow interrupts after the result is stored', () => {
    cpu.setPsw(0x0000_0801_8000_0000n);
    cpu.setGr(1, 0x7fff_ffffn);
    const end = cpu.run('ahi %r1,1');
    cpu.setPsw(0x0000_0001_8000_0000n);
    expect({ code: end.code, cc: end.cc, next: end.nextAddress }).toEqual({
      code: 8,
      cc: 3,
      next: CODE + 4n,
    });
    expect(cpu.gr(1)).toBe(0x8000_0000n);
  });

  it('ASI and AGSI add to storage, aligned or not, across a page end too', () => {
    for (const address of [0x2000, 0x2003, 0x2ffd]) {
      cpu.setBytes(address, [0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff]);
      cpu.setGr(5, BigInt(address));
      expect(cpu.run('agsi 0(%r5),1').cc).toBe(2);
      expect([...cpu.bytes(address, 8)]).toEqual([0, 0, 0, 2, 0, 0, 0, 0]);
    }
  });
});
