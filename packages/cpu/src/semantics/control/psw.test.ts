/** What loads and changes the PSW (Principles of Operation, chapter 10). */
import { CR0, PSW } from '@zarch/arch';
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import { DATA, MODE, OPERATION, OTHER, TestControlCpu } from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('LPSWE', () => {
  it.each([
    ['64-bit mode', MODE, DATA + 0x100n],
    ['31-bit mode', PSW.basicAddressing, DATA + 0x100n],
    ['24-bit mode', 0n, DATA + 0x100n],
    ['a program mask and cc 2', MODE | 0x2f00_0000_0000n, DATA],
  ])('loads %s', (_, mask, address) => {
    cpu.put(DATA + 0x800n, mask, address);
    expect(cpu.run('lpswe 0x800(%r10)')).toMatchObject({
      code: OPERATION,
      nextAddress: address + 2n,
      cc: Number((mask >> 44n) & 3n),
    });
    expect(cpu.psw).toBe(mask & ~PSW.conditionCode);
  });

  it.each([
    ['bit 0', MODE | (1n << 63n), DATA],
    ['bit 2', MODE | (1n << 61n), DATA],
    ['bit 12', MODE | PSW.shortFormat, DATA],
    ['bit 33', MODE | (1n << 30n), DATA],
    ['bit 63', MODE | 1n, DATA],
    ['bit 31 without bit 32', PSW.extendedAddressing, DATA],
    ['an address beyond 31 bits', PSW.basicAddressing, 1n << 31n],
    ['an address beyond 24 bits', 0n, 1n << 24n],
  ])('loads and then rejects a PSW with %s, with length 0', (_, mask, address) => {
    cpu.put(DATA + 0x800n, mask, address);
    expect(cpu.run('lpswe 0x800(%r10)')).toMatchObject({ exit: Exit.program, code: 6, nextAddress: address });
    expect(cpu.word(cpuLayout.length)).toBe(0);
    expect(cpu.psw).toBe(mask);
  });

  it('leaves for a wait PSW', () => {
    cpu.put(DATA, MODE | PSW.wait, OTHER);
    expect(cpu.run('lpswe 0(%r10)')).toMatchObject({ exit: Exit.check, nextAddress: OTHER });
  });

  it('needs a doubleword boundary', () => {
    expect(cpu.run('lpswe 4(%r10)').code).toBe(6);
    expect(cpu.word(cpuLayout.length)).toBe(4);
  });
});

describe('LPSW', () => {
  it('expands a short PSW', () => {
    cpu.put(DATA + 0x800n, PSW.shortFormat | PSW.basicAddressing | (3n << 52n) | (1n << 44n) | DATA);
    expect(cpu.run('lpsw 0x800(%r10)')).toMatchObject({ code: OPERATION, cc: 1, nextAddress: DATA + 2n });
    expect(cpu.psw).toBe(PSW.basicAddressing | (3n << 52n));
  });
  it('rejects a PSW with bit 12 zero', () => {
    cpu.put(DATA + 0x800n, PSW.basicAddressing | DATA);
    expect(cpu.run('lpsw 0x800(%r10)')).toMatchObject({ exit: Exit.program, code: 6 });
  });
});

describe('the system mask', () => {
  const systemMask = () => Number(cpu.psw >> 56n);
  it.each([
    ['ssm 0(%r10)', 0x03, undefined],
    ['stnsm 0(%r10),0xfe', 0x02, 0x03],
    ['stosm 0(%r10),0x01', 0x03, 0x03],
  ])('is set by %s', (source, result, stored) => {
    cpu.setBytes(DATA, [0x03]);
    cpu.setPsw(MODE | PSW.io | PSW.external);
    if (stored !== undefined) cpu.setBytes(DATA, [0xee]);
    expect(cpu.run(source).code).toBe(OPERATION);
    expect(systemMask()).toBe(result);
    if (stored !== undefined) expect(cpu.bytes(DATA, 1)[0]).toBe(stored);
  });
  it.each(['ssm 0(%r10)', 'stosm 8(%r10),0x80'])(
    'with a reserved bit from %s is an early exception',
    (source) => {
      cpu.setBytes(DATA, [0x08]);
      expect(cpu.run(source)).toMatchObject({ exit: Exit.program, code: 6 });
      expect(cpu.word(cpuLayout.length)).toBe(0);
    },
  );
  it('is not for SSM while CR0 bit 33 suppresses it', () => {
    cpu.setControl(0, 1n << 30n);
    expect(cpu.run('ssm 0(%r10)').code).toBe(0x13);
  });
});

describe('the PSW key', () => {
  it('is set by SPKA and inserted by IPK', () => {
    cpu.setGr(2, -1n);
    expect(cpu.run('spka 0x5f\n ipk').code).toBe(OPERATION);
    expect(cpu.gr(2)).toBe(0xffff_ffff_ffff_ff50n);
    expect(cpu.psw).toBe(MODE | (5n << 52n));
  });
  it.each([
    [5, OPERATION],
    [6, 2],
    [4, 2],
  ])('%i may be set in the problem state by the PSW-key mask for 5: %i', (number, code) => {
    cpu.setControl(3, 1n << (31n - 5n));
    cpu.setPsw(MODE | PSW.problem);
    expect(cpu.run(`spka ${16 * number}`).code).toBe(code);
  });
  it.each([
    [0n, 2],
    [CR0.extractionAuthority, OPERATION],
  ])('is inserted in the problem state with CR0 %i: %i', (control, code) => {
    cpu.setControl(0, control);
    cpu.setPsw(MODE | PSW.problem);
    expect(cpu.run('ipk').code).toBe(code);
  });
});
