import { PSW } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { CODE, TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('branches, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it.each([
    ['balr %r1,%r2', 0x40n, 2n],
    ['bal %r1,0(%r2)', 0x80n, 4n],
    // The length is that of the EXECUTE.
    ['ex %r0,0(%r3)', 0x80n, 4n],
    ['exrl %r0,target', 0xc0n, 6n],
  ])('in the 24-bit mode %s gives a length code', (source, code, length) => {
    cpu.setPsw(0n);
    cpu.setCc(0);
    cpu.setGr(1, 0n);
    cpu.setGr(2, 0x3000n);
    cpu.setGr(3, CODE + 0x20n);
    cpu.run(`${source}\n .org ${CODE + 0x20n}\ntarget: balr %r1,%r2`);
    cpu.setPsw(PSW.extendedAddressing | PSW.basicAddressing);
    expect(cpu.gr(1)).toBe((code << 24n) | (CODE + length));
  });

  it('EXECUTE modifies also the part of an operation code in the second byte', () => {
    cpu.setGr(1, 4n);
    cpu.setGr(2, 5n);
    // CGHRL is C6.4; its target is C6.0, which as it stands would be another EXRL.
    const end = cpu.run('exrl %r1,target\n .org 0x10020\ntarget: .short 0xc620,0,4\n.short 0,5');
    expect({ code: end.code, cc: end.cc }).toEqual({ code: 1, cc: 0 });
  });
});
