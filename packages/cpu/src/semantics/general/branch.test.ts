import { PSW } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { Exit } from '../../cpu-layout.ts';
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

/** In translated code EXECUTE of what is known beforehand, and other, is part of a region. */
describe('EXECUTE in a loop', () => {
  const loop = (body: string) => `lghi %r5,40\nagain: ${body}\n aghi %r6,1\n brctg %r5,again\n j end`;
  it.each([
    ['MVC in the same page', 'exrl %r4,target', 'target: mvc 0(1,%r2),0(%r3)', [1, 2, 3, 0]],
    ['MVC in another page', 'exrl %r4,target', '.org 0x11800\ntarget: mvc 0(1,%r2),0(%r3)', [1, 2, 3, 0]],
    ['MVC by a register', 'larl %r1,target\n ex %r4,0(%r1)', 'target: mvc 0(1,%r2),0(%r3)', [1, 2, 3, 0]],
    ['a store of one byte', 'exrl %r4,target', 'target: mvi 0(%r2),5', [7, 0, 0, 0]],
    ['a branch', 'exrl %r7,target', 'target: brc 0,back\nback: mvi 0(%r2),9\n brctg %r5,again', [9, 0, 0, 0]],
  ])('of %s', (_, body, target, expected) => {
    const cpu = new TestCpu();
    cpu.setGr(2, 0x2_0000n);
    cpu.setGr(3, 0x2_0100n);
    cpu.setGr(4, 2n);
    cpu.setGr(7, 0xf0n);
    cpu.setBytes(0x2_0100, [1, 2, 3, 4]);
    const end = cpu.run(`${loop(body)}\n${target}\n j end\nend: nopr`);
    expect(end).toMatchObject({ exit: Exit.program, code: 1 });
    expect([...cpu.bytes(0x2_0000, 4)]).toEqual(expected);
    expect(cpu.gr(5)).toBe(0n);
  });

  it('of what purges goes on with the new mapping', () => {
    const cpu = new TestCpu();
    cpu.setGr(4, 0n);
    expect(cpu.run(`${loop('exrl %r4,target')}\ntarget: ptlb\nend: nopr`).code).toBe(1);
    expect(cpu.gr(6)).toBe(40n);
  });
});
