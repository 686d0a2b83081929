import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const text = (value: string) => [...value].map((character) => character.charCodeAt(0));

describe.each([false, true])('strings, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it.each([0, 1, 7, 8, 20, 300, 5000])('MVST moves %i characters and the end', (length) => {
    const value = Array.from({ length }, (_, i) => 1 + (i % 255));
    cpu.setBytes(0x2ffd, [...value, 0, 9]);
    cpu.setBytes(0x8ff1, new Array(length + 3).fill(7));
    cpu.setGr(0, 0n);
    cpu.setGr(2, 0x8ff1n);
    cpu.setGr(4, 0x2ffdn);
    expect(cpu.run('again: mvst %r2,%r4\n jo again').cc).toBe(1);
    expect([...cpu.bytes(0x8ff1, length + 2)]).toEqual([...value, 0, 7]);
    expect(cpu.gr(2)).toBe(BigInt(0x8ff1 + length));
  });

  it.each([
    ['abc', 'abc', 0, 0],
    ['abc', 'abd', 1, 2],
    ['abe', 'abd', 2, 2],
    ['abc', 'ab', 2, 2],
    ['ab', 'abc', 1, 2],
    ['', '', 0, 0],
    ['x'.repeat(600), 'x'.repeat(600), 0, 0],
    ['x'.repeat(600), `${'x'.repeat(599)}y`, 1, 599],
  ])('CLST of %j and %j', (first, second, cc, at) => {
    cpu.setBytes(0x2ffe, [...text(first), 0, 1, 2, 3]);
    cpu.setBytes(0x5ff3, [...text(second), 0, 1, 2, 3]);
    cpu.setGr(0, 0n);
    cpu.setGr(2, 0x2ffen);
    cpu.setGr(4, 0x5ff3n);
    expect(cpu.run('again: clst %r2,%r4\n jo again').cc).toBe(cc);
    if (cc !== 0) expect([cpu.gr(2), cpu.gr(4)]).toEqual([BigInt(0x2ffe + at), BigInt(0x5ff3 + at)]);
  });

  it('CLST with an end other than zero takes the shorter string for the lower', () => {
    cpu.setBytes(0x2000, [1, 0xff]);
    cpu.setBytes(0x3000, [1, 2]);
    cpu.setGr(0, 0xffn);
    cpu.setGr(2, 0x2000n);
    cpu.setGr(4, 0x3000n);
    expect(cpu.run('clst %r2,%r4').cc).toBe(1);
    cpu.setGr(0, 0x100n);
    expect(cpu.run('clst %r2,%r4').code).toBe(6);
  });

  it.each([
    [0, 100, 5, 1],
    [0, 5, 5, 2],
    [0, 10000, 9000, 1],
    [0, 10000, -1, 2],
    [3, 3, -1, 2],
  ])('SRST and SRSTU from %i to %i find a character at %i', (start, end, at, cc) => {
    for (const [mnemonic, size] of [
      ['srst', 1],
      ['srstu', 2],
    ] as const) {
      cpu.setBytes(0x2001, new Uint8Array(0x6000));
      if (at >= 0) cpu.setBytes(0x2001 + at * size, [0x41, 0x41]);
      cpu.setGr(0, size === 1 ? 0x41n : 0x4141n);
      cpu.setGr(2, BigInt(0x2001 + end * size));
      cpu.setGr(4, BigInt(0x2001 + start * size));
      expect(cpu.run(`again: ${mnemonic} %r2,%r4\n jo again`).cc).toBe(cc);
      expect(cpu.gr(2)).toBe(BigInt(0x2001 + (cc === 1 ? at : end) * size));
    }
  });

  it.each([0, 1, 2, 3, 4, 7, 64, 5001, 9000])('CKSM of %i bytes', (length) => {
    const bytes = Array.from({ length }, (_, i) => (i * 37 + 200) & 0xff);
    let sum = 0xffff_fff0n;
    for (let i = 0; i < length; i += 4) {
      const word = [0, 1, 2, 3].reduce((value, k) => (value << 8n) | BigInt(bytes[i + k] ?? 0), 0n);
      sum += word;
      if (sum >> 32n) sum = (sum & 0xffff_ffffn) + 1n;
    }
    cpu.setBytes(0x2ffd, [...bytes, 0xee, 0xee, 0xee]);
    cpu.setGr(2, 0x1234_5678_ffff_fff0n);
    cpu.setGr(4, 0x2ffdn);
    cpu.setGr(5, BigInt(length));
    expect(cpu.run('again: cksm %r2,%r4\n jo again').cc).toBe(0);
    expect(cpu.gr(2)).toBe(0x1234_5678_0000_0000n | sum);
    expect([cpu.gr(4), cpu.gr(5)]).toEqual([BigInt(0x2ffd + length), 0n]);
  });
});
