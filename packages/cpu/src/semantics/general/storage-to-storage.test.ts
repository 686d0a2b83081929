import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const text = (value: string) => [...value].map((character) => character.charCodeAt(0));

describe.each([false, true])('storage-to-storage, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const pattern = (length: number) => Array.from({ length }, (_, i) => (i * 7 + 1) & 0xff);

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100, 256])('MVC moves %i bytes', (length) => {
    for (const [to, from] of [
      [0x2000, 0x3000],
      [0x2ff0, 0x4ffb],
      [0x4ffb, 0x2ff0],
      [0x2fff, 0x2fff],
      [0x2ff0, 0x2ff1],
      [0x2f80, 0x2f90],
    ] as const) {
      cpu.setBytes(0x1ff0, new Uint8Array(0x5000));
      cpu.setBytes(from, pattern(length));
      cpu.setGr(1, BigInt(to));
      cpu.setGr(2, BigInt(from));
      expect(cpu.run(`mvc 0(${length},%r1),0(%r2)`).code).toBe(1);
      expect([...cpu.bytes(to, length)]).toEqual(pattern(length));
      expect(cpu.bytes(to - 1, 1)[0]).toBe(0);
      if (to > from) expect(cpu.bytes(to + length, 1)[0]).toBe(0);
    }
  });

  it.each([
    [0x2000, 1],
    [0x2fc0, 1],
    [0x2000, 3],
    [0x2fc0, 5],
    [0x2000, 90],
  ])('MVC at %i propagates over %i bytes', (from, distance) => {
    cpu.setBytes(from, pattern(300));
    const expected = pattern(300);
    for (let i = 0; i < 100; i++) expected[i + distance] = expected[i] ?? 0;
    cpu.setGr(1, BigInt(from + distance));
    cpu.setGr(2, BigInt(from));
    cpu.run('mvc 0(100,%r1),0(%r2)');
    expect([...cpu.bytes(from, 300)]).toEqual(expected);
  });

  it('MVC with its second page outside the storage moves nothing', () => {
    cpu.setBytes(0xfffff, [0x11]);
    cpu.setGr(1, 0xfffffn);
    cpu.setGr(2, 0x2000n);
    expect(cpu.run('mvc 0(2,%r1),0(%r2)').code).toBe(5);
    expect([...cpu.bytes(0xfffff, 1)]).toEqual([0x11]);
  });

  it('an operand wraps at the end of 31-bit addresses', () => {
    cpu.setPsw(0x0000_0000_8000_0000n);
    cpu.setGr(1, 0x7fff_ffffn);
    cpu.setGr(2, 0x2000n);
    // The first byte is outside the storage, whose end is far below.
    expect(cpu.run('mvc 0(2,%r1),0(%r2)').code).toBe(5);
    cpu.setGr(1, 0xffff_ffff_8000_2000n);
    cpu.setBytes(0x2000, [1]);
    cpu.setBytes(0x2001, [9]);
    cpu.setGr(2, 0x2001n);
    cpu.run('mvc 0(1,%r1),0(%r2)');
    cpu.setPsw(0x0000_0001_8000_0000n);
    expect([...cpu.bytes(0x2000, 1)]).toEqual([9]);
  });

  it.each([
    ['nc', (a: number, b: number) => a & b],
    ['oc', (a: number, b: number) => a | b],
    ['xc', (a: number, b: number) => a ^ b],
  ] as const)('%s combines bytes and tells whether the result is zero', (mnemonic, combine) => {
    for (const [to, from, length] of [
      [0x2000, 0x3000, 1],
      [0x2000, 0x3000, 8],
      [0x2ffc, 0x4ff1, 29],
      [0x2ffc, 0x2ff1, 29],
      [0x2000, 0x2001, 256],
      [0x2000, 0x2000, 60],
    ] as const) {
      cpu.setBytes(0x2000, pattern(0x3200));
      const expected = [...cpu.bytes(0, 0x6000)];
      let any = 0;
      for (let i = 0; i < length; i++) {
        const byte = combine(expected[to + i] ?? 0, expected[from + i] ?? 0);
        expected[to + i] = byte;
        any |= byte;
      }
      cpu.setGr(1, BigInt(to));
      cpu.setGr(2, BigInt(from));
      expect(cpu.run(`${mnemonic} 0(${length},%r1),0(%r2)`).cc).toBe(any === 0 ? 0 : 1);
      expect([...cpu.bytes(0, 0x6000)]).toEqual(expected);
    }
  });

  it.each([
    [20, -1, 0],
    [20, 0, 1],
    [20, 13, 1],
    [20, 19, 2],
    [5, 4, 2],
  ])('CLC of %i bytes that differ at %i gives condition code %i', (length, at, cc) => {
    for (const first of [0x2000, 0x2ffd]) {
      cpu.setBytes(first, pattern(length));
      cpu.setBytes(0x4ff7, pattern(length));
      if (at >= 0) cpu.setBytes((cc === 1 ? first : 0x4ff7) + at, [0]);
      cpu.setGr(1, BigInt(first));
      cpu.setGr(2, 0x4ff7n);
      expect(cpu.run(`clc 0(${length},%r1),0(%r2)`).cc).toBe(cc);
    }
  });

  it('EXECUTE gives MVC its length', () => {
    cpu.setBytes(0x2000, pattern(8));
    cpu.setBytes(0x3000, new Uint8Array(8));
    cpu.setGr(1, 0x3000n);
    cpu.setGr(2, 0x2000n);
    cpu.setGr(3, 4n);
    cpu.run('exrl %r3,target\n j end\ntarget: mvc 0(1,%r1),0(%r2)\nend: nopr');
    expect([...cpu.bytes(0x3000, 8)]).toEqual([...pattern(5), 0, 0, 0]);
  });

  it('MVCIN, MVN, MVZ, MVO and MVCRL give the examples of the architecture', () => {
    cpu.setGr(1, 0x2000n);
    cpu.setGr(2, 0x3000n);
    cpu.setBytes(0x3000, text('ABCDE'));
    cpu.run('mvcin 0(5,%r1),4(%r2)');
    expect([...cpu.bytes(0x2000, 5)]).toEqual(text('EDCBA'));
    cpu.setBytes(0x3000, [0xc1, 0xc2, 0xc3]);
    cpu.setBytes(0x2000, [0xf9, 0xf8, 0xf7]);
    cpu.run('mvn 0(3,%r1),0(%r2)');
    expect([...cpu.bytes(0x2000, 3)]).toEqual([0xf1, 0xf2, 0xf3]);
    cpu.run('mvz 0(3,%r1),0(%r2)');
    expect([...cpu.bytes(0x2000, 3)]).toEqual([0xc1, 0xc2, 0xc3]);
    cpu.setBytes(0x2000, [0x77, 0x88, 0x99, 0x0c]);
    cpu.setBytes(0x3000, [0x12, 0x34, 0x56]);
    cpu.run('mvo 0(4,%r1),0(3,%r2)');
    expect([...cpu.bytes(0x2000, 4)]).toEqual([0x01, 0x23, 0x45, 0x6c]);
    cpu.setBytes(0x2000, [1, 2, 3, 4, 5, 6]);
    cpu.setGr(0, 3n);
    cpu.run('mvcrl 1(%r1),0(%r1)');
    expect([...cpu.bytes(0x2000, 6)]).toEqual([1, 1, 2, 3, 4, 6]);
  });
});
