import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const MODE_24 = 0n;
const MODE_31 = 0x0000_0000_8000_0000n;
const MODE_64 = 0x0000_0001_8000_0000n;

describe.each([false, true])('operands with lengths in registers, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const pattern = (length: number) => Array.from({ length }, (_, i) => (i * 7 + (i >> 8) + 1) & 0xff);
  const registers = (...values: bigint[]) => {
    for (const [i, value] of values.entries()) cpu.setGr(2 + i, value);
  };
  const low = (value: bigint) => value & 0xffff_ffffn;

  it.each([
    [5, 5, 0],
    [3, 9, 1],
    [12000, 5000, 2],
    [9000, 9000, 0],
    [10, 0, 2],
    [0, 10, 1],
    [0, 0, 0],
  ])('MVCL and MVCLE of %i bytes from %i, with padding, give condition code %i', (length1, length2, cc) => {
    for (const source of ['mvcl %r2,%r4', 'again: mvcle %r2,%r4,0x5c\n jo again']) {
      cpu.setBytes(0x2f00, new Uint8Array(0x4000));
      cpu.setBytes(0x8ffb, pattern(12000));
      registers(0x2fffn, BigInt(length1) | 0xaa00_0000_0000n, 0x8ffbn, BigInt(length2) | (0x5cn << 24n));
      if (source.includes('mvcle')) registers(0x2fffn, BigInt(length1), 0x8ffbn, BigInt(length2));
      expect(cpu.run(source)).toMatchObject({ code: 1, cc });
      const moved = Math.min(length1, length2);
      const expected = [...pattern(moved), ...new Array(length1 - moved).fill(0x5c)];
      expect([...cpu.bytes(0x2fff, length1)]).toEqual(expected);
      expect(cpu.bytes(0x2fff + length1, 1)[0]).toBe(0);
      expect(cpu.gr(2)).toBe(BigInt(0x2fff + length1));
      expect(cpu.gr(4)).toBe(BigInt(0x8ffb + moved));
      expect(low(cpu.gr(3))).toBe(0n);
      expect(cpu.gr(5) & 0xff_ffffn).toBe(BigInt(length2 - moved));
    }
  });

  it('MVCL keeps the bits beside its lengths, and bits 0-31 in the 31-bit mode', () => {
    cpu.setPsw(MODE_31);
    registers(0x1234_5678_8000_2000n, 0x9999_9999_7700_0004n, 0x1111_1111_8000_3000n, 0x2222_2222_ee00_0002n);
    cpu.setBytes(0x3000, [1, 2]);
    expect(cpu.run('mvcl %r2,%r4').cc).toBe(2);
    cpu.setPsw(MODE_64);
    expect([...cpu.bytes(0x2000, 4)]).toEqual([1, 2, 0xee, 0xee]);
    expect(cpu.gr(2) & ~0x8000_0000n).toBe(0x1234_5678_0000_2004n);
    expect(cpu.gr(3)).toBe(0x9999_9999_7700_0000n);
    expect(cpu.gr(4) & ~0x8000_0000n).toBe(0x1111_1111_0000_3002n);
    expect(cpu.gr(5)).toBe(0x2222_2222_ee00_0000n);
  });

  it('MVCLE in the 24-bit mode has lengths of 32 bits', () => {
    cpu.setPsw(MODE_24);
    registers((-1n << 32n) | 0xff00_2000n, (-1n << 32n) | 2n, 0x3000n, (-1n << 32n) | 2n);
    cpu.setBytes(0x3000, [7, 8]);
    expect(cpu.run('mvcle %r2,%r4,0').cc).toBe(0);
    cpu.setPsw(MODE_64);
    expect([...cpu.bytes(0x2000, 2)]).toEqual([7, 8]);
    expect(cpu.gr(3)).toBe(0xffff_ffff_0000_0000n);
    expect(cpu.gr(2) & 0xffff_ffff_00ff_ffffn).toBe(0xffff_ffff_0000_2002n);
  });

  it('MVCL moves nothing when the operands overlap destructively', () => {
    cpu.setBytes(0x2000, [1, 2, 3, 4]);
    registers(0x2001n, 3n, 0x2000n, 3n);
    expect(cpu.run('mvcl %r2,%r4').cc).toBe(3);
    expect([...cpu.bytes(0x2000, 4)]).toEqual([1, 2, 3, 4]);
    registers(0x2003n, 3n, 0x2000n, 3n);
    expect(cpu.run('mvcl %r2,%r4').cc).toBe(0);
    expect([...cpu.bytes(0x2003, 3)]).toEqual([1, 2, 3]);
  });

  it('an executed MVCL is resumed at the EXECUTE', () => {
    cpu.setBytes(0x2000, new Uint8Array(0x4000));
    registers(0x2800n, 0x2800n, 0x8000n, 0x6600_0000n);
    expect(cpu.run('exrl %r0,target\n j end\ntarget: mvcl %r2,%r4\nend: nopr').cc).toBe(2);
    expect(new Set(cpu.bytes(0x2800, 0x2800))).toEqual(new Set([0x66]));
    expect([cpu.gr(2), cpu.gr(3)]).toEqual([0x5000n, 0n]);
  });

  it('MVCL in the 24-bit mode wraps to address 0', () => {
    cpu.setPsw(MODE_24);
    // Storage ends far below 16 MiB, so only the part at 0 can be moved.
    registers(0x0700_0000n, 2n, 0x0000_3000n, 2n);
    cpu.setBytes(0x3000, [0x31, 0x32]);
    expect(cpu.run('mvcl %r2,%r4').cc).toBe(0);
    cpu.setPsw(MODE_64);
    expect([...cpu.bytes(0, 2)]).toEqual([0x31, 0x32]);
  });

  it('MVCL that runs out of storage leaves registers at its progress', () => {
    registers(0xff000n, 0x3000n, 0x2000n, 0n);
    expect(cpu.run('mvcl %r2,%r4').code).toBe(5);
    expect([cpu.gr(2), cpu.gr(3)]).toEqual([0x100000n, 0x2000n]);
  });

  it('odd registers are a specification exception', () => {
    expect(cpu.run('.short 0x0e34').code).toBe(6);
    expect(cpu.run('.short 0x0f43').code).toBe(6);
  });

  it.each([
    // lengths, index of the difference, condition code
    [10000, 10000, -1, 0],
    [10000, 10000, 9000, 1],
    [7000, 9000, -1, 2],
    [9000, 7000, -1, 1],
    [9000, 7000, 6000, 1],
    [0, 0, -1, 0],
  ])('CLCL and CLCLE of %i and %i bytes that differ at %i', (length1, length2, at, cc) => {
    const source = ['clcl %r2,%r4', 'again: clcle %r2,%r4,0xfe\n jo again'];
    for (const [i, code] of source.entries()) {
      const bytes = new Array(10000).fill(0xf0);
      cpu.setBytes(0x2123, bytes);
      cpu.setBytes(0x6fff, bytes);
      if (at >= 0) cpu.setBytes(0x2123 + at, [0]);
      registers(0x2123n, BigInt(length1), 0x6fffn, BigInt(length2) | (i === 0 ? 0xfe00_0000n : 0n));
      expect(cpu.run(code)).toMatchObject({ code: 1, cc });
      const equal = at >= 0 ? at : Math.min(length1, length2);
      expect(cpu.gr(2)).toBe(BigInt(0x2123 + equal));
      expect(cpu.gr(4)).toBe(BigInt(0x6fff + equal));
      expect(cpu.gr(3)).toBe(BigInt(length1 - equal));
      expect(cpu.gr(5) & 0xff_ffffn).toBe(BigInt(length2 - equal));
    }
  });

  it('CLCL goes on with the padding byte', () => {
    cpu.setBytes(0x2000, [1, 2, 5, 5, 5, 6]);
    cpu.setBytes(0x3000, [1, 2]);
    registers(0x2000n, 6n, 0x3000n, 0x0500_0002n);
    expect(cpu.run('clcl %r2,%r4').cc).toBe(2);
    expect([cpu.gr(2), cpu.gr(3), cpu.gr(4), cpu.gr(5)]).toEqual([0x2005n, 1n, 0x3002n, 0x0500_0000n]);
    registers(0x2000n, 5n, 0x3000n, 0x0500_0002n);
    expect(cpu.run('clcl %r2,%r4').cc).toBe(0);
  });

  it('MVCLU and CLCLU take characters of two bytes', () => {
    cpu.setBytes(0x3000, [0, 1, 0, 2, 0, 3]);
    registers(0x2fffn, 10n, 0x3000n, 4n);
    cpu.setBytes(0x4000, [0, 1, 0, 2]);
    registers(0x2fffn, 10n, 0x4000n, 4n);
    expect(cpu.run('mvclu %r2,%r4,0x141').cc).toBe(2);
    expect([...cpu.bytes(0x2fff, 10)]).toEqual([0, 1, 0, 2, 1, 0x41, 1, 0x41, 1, 0x41]);
    expect([cpu.gr(2), cpu.gr(3), cpu.gr(4), cpu.gr(5)]).toEqual([0x3009n, 0n, 0x4004n, 0n]);
    registers(0x2fffn, 10n, 0x4000n, 4n);
    expect(cpu.run('clclu %r2,%r4,0x141').cc).toBe(0);
    registers(0x2fffn, 10n, 0x4000n, 4n);
    expect(cpu.run('clclu %r2,%r4,0x142').cc).toBe(1);
    expect([cpu.gr(2), cpu.gr(3)]).toEqual([0x3003n, 6n]);
    registers(0x4000n, 4n, 0x2fffn, 10n);
    expect(cpu.run('clclu %r2,%r4,0x142').cc).toBe(2);
    registers(0x2000n, 5n, 0x4000n, 4n);
    expect(cpu.run('mvclu %r2,%r4,0').code).toBe(6);
    registers(0x2000n, 4000n, 0x4000n, 0n);
    expect(cpu.run('again: mvclu %r2,%r4,7\n jo again').cc).toBe(2);
    expect([...cpu.bytes(0x2f9e, 2)]).toEqual([0, 7]);
  });
});
