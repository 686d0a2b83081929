import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('interlocked updates, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const load = (address: number, length: number) =>
    [...cpu.bytes(address, length)].reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
  const store = (address: number, length: number, value: bigint) =>
    cpu.setBytes(
      address,
      Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn)),
    );
  const A = 0x1111_2222_3333_4444n;
  const B = 0x5555_6666_7777_8888n;

  it.each([
    ['cs', 4, 0x3333_4444n],
    ['csy', 4, 0x3333_4444n],
    ['csg', 8, A],
  ])('%s replaces the operand only if it is equal', (mnemonic, length, expected) => {
    cpu.setGr(5, 0x2000n);
    cpu.setGr(1, A);
    cpu.setGr(3, B);
    store(0x2000, length, expected);
    expect(cpu.run(`${mnemonic} %r1,%r3,0(%r5)`).cc).toBe(0);
    expect(load(0x2000, length)).toBe(length === 4 ? B & 0xffff_ffffn : B);
    expect(cpu.gr(1)).toBe(A);
    expect(cpu.run(`${mnemonic} %r1,%r3,0(%r5)`).cc).toBe(1);
    expect(cpu.gr(1)).toBe(length === 4 ? 0x1111_2222_7777_8888n : B);
    cpu.setGr(5, 0x2002n);
    expect(cpu.run(`${mnemonic} %r1,%r3,0(%r5)`).code).toBe(6);
  });

  it('CDS and CDSG compare and swap pairs', () => {
    cpu.setGr(5, 0x2000n);
    for (const [number, value] of [A, B, B, A].entries()) cpu.setGr(6 + number, value);
    store(0x2000, 8, 0x3333_4444_7777_8888n);
    expect(cpu.run('cds %r6,%r8,0(%r5)').cc).toBe(0);
    expect(load(0x2000, 8)).toBe(0x7777_8888_3333_4444n);
    expect(cpu.run('cds %r6,%r8,0(%r5)').cc).toBe(1);
    expect([cpu.gr(6), cpu.gr(7)]).toEqual([0x1111_2222_7777_8888n, 0x5555_6666_3333_4444n]);
    cpu.setGr(6, A);
    cpu.setGr(7, B);
    store(0x2000, 16, (A << 64n) | B);
    expect(cpu.run('cdsg %r6,%r8,0(%r5)').cc).toBe(0);
    expect(load(0x2000, 16)).toBe((B << 64n) | A);
    expect(cpu.run('cdsg %r6,%r8,0(%r5)').cc).toBe(1);
    expect([cpu.gr(6), cpu.gr(7)]).toEqual([B, A]);
    expect(cpu.run('cdsg %r6,%r8,8(%r5)').code).toBe(6);
    expect(cpu.run('.short 0xbb78,0x5000').code).toBe(6);
  });

  it.each([
    ['laa', 0x7fff_ffffn, 1n, 0x8000_0000n, 3],
    ['laa', 5n, -5n, 0n, 0],
    ['laal', 5n, -5n, 0n, 2],
    ['laal', 5n, 5n, 10n, 1],
    ['lan', 6n, 9n, 0n, 0],
    ['lao', 6n, 9n, 15n, 1],
    ['lax', 6n, 6n, 0n, 0],
    ['laag', (1n << 63n) - 1n, 1n, 1n << 63n, 3],
    ['laalg', -1n, 2n, 1n, 3],
    ['lang', 6n, 3n, 2n, 1],
    ['laog', 0n, 0n, 0n, 0],
    ['laxg', 6n, 3n, 5n, 1],
  ])('%s of %i and %i', (mnemonic, old, value, result, cc) => {
    const bits = mnemonic.endsWith('g') ? 64 : 32;
    cpu.setGr(5, 0x2000n);
    cpu.setGr(1, value);
    store(0x2000, bits / 8, old);
    expect(cpu.run(`${mnemonic} %r1,%r1,0(%r5)`).cc).toBe(cc);
    expect(load(0x2000, bits / 8)).toBe(BigInt.asUintN(bits, result));
    expect(BigInt.asUintN(bits, cpu.gr(1))).toBe(BigInt.asUintN(bits, old));
    expect(cpu.run(`${mnemonic} %r1,%r1,2(%r5)`).code).toBe(6);
  });

  it('TS sets all bits and tells the leftmost one', () => {
    cpu.setGr(5, 0x2001n);
    cpu.setBytes(0x2000, [7, 0x7f, 7]);
    expect(cpu.run('ts 0(%r5)').cc).toBe(0);
    expect(cpu.run('ts 0(%r5)').cc).toBe(1);
    expect([...cpu.bytes(0x2000, 3)]).toEqual([7, 0xff, 7]);
  });

  it('CSST swaps and stores, or loads', () => {
    cpu.setGr(5, 0x2000n);
    cpu.setGr(6, 0x3000n);
    cpu.setGr(1, 0x4000n);
    store(0x4000, 16, (A << 64n) | B);
    store(0x4010, 16, (B << 64n) | A);
    for (const [code, size] of [
      [0, 4],
      [1, 8],
      [2, 16],
    ] as const) {
      for (let characteristic = 0; characteristic <= 4; characteristic++) {
        const length = 1 << characteristic;
        cpu.setGr(0, BigInt(code | (characteristic << 8)));
        cpu.setGr(2, 0x77n);
        cpu.setGr(3, 0x88n);
        const expected = size === 16 ? (0x77n << 64n) | 0x88n : 0x77n;
        store(0x2000, size, expected);
        store(0x3000, 16, 0n);
        expect(cpu.run('csst 0(%r5),0(%r6),%r2').cc).toBe(0);
        expect(load(0x2000, size)).toBe(load(0x4000, size));
        expect(load(0x3000, length)).toBe(load(0x4010, length));
        store(0x3000, 16, 0n);
        expect(cpu.run('csst 0(%r5),0(%r6),%r2').cc).toBe(1);
        expect(load(0x3000, 16)).toBe(0n);
        expect(cpu.gr(2)).toBe(load(0x4000, Math.min(size, 8)));
      }
    }
    cpu.setGr(0, 3n);
    expect(cpu.run('csst 0(%r5),0(%r6),%r2').code).toBe(6);
  });
});
