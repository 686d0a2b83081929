import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('translation, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const TABLE = 0x6f80;
  const inverted = Array.from({ length: 256 }, (_, i) => 255 - i);
  const zeros = (...entries: readonly (readonly [number, number])[]) => {
    const table: number[] = new Array(256).fill(0);
    for (const [index, value] of entries) table[index] = value;
    return table;
  };
  const twoBytes = (values: readonly number[]) => values.flatMap((value) => [value >> 8, value & 0xff]);

  it('TR replaces bytes, across pages of operand and table', () => {
    cpu.setBytes(TABLE, inverted);
    cpu.setBytes(0x2ffe, [1, 2, 3, 200, 255]);
    cpu.setGr(5, 0x2ffen);
    cpu.setGr(6, BigInt(TABLE));
    cpu.run('tr 0(4,%r5),0(%r6)');
    expect([...cpu.bytes(0x2ffe, 5)]).toEqual([254, 253, 252, 55, 255]);
  });

  it('TR and TRT within a page', () => {
    cpu.setBytes(0x6000, inverted);
    cpu.setBytes(0x2000, [1, 2, 3, 200, 255]);
    cpu.setGr(1, 0n);
    cpu.setGr(2, 0x2222n);
    cpu.setGr(5, 0x2000n);
    cpu.setGr(6, 0x6000n);
    cpu.run('tr 0(4,%r5),0(%r6)');
    expect([...cpu.bytes(0x2000, 5)]).toEqual([254, 253, 252, 55, 255]);
    cpu.setBytes(0x6000, zeros([9, 0x77]));
    cpu.setBytes(0x2000, [1, 9, 3, 9]);
    expect(cpu.run('trt 0(1,%r5),0(%r6)').cc).toBe(0);
    expect(cpu.run('trt 0(2,%r5),0(%r6)').cc).toBe(2);
    expect(cpu.run('trt 0(4,%r5),0(%r6)').cc).toBe(1);
    expect([cpu.gr(1), cpu.gr(2)]).toEqual([0x2001n, 0x2277n]);
  });

  it('TRT keeps bits 32-39 of register 1 in the 24-bit mode', () => {
    cpu.setBytes(0x6000, zeros([9, 0x77]));
    cpu.setBytes(0x6ff0, zeros([9, 0x66]));
    cpu.setBytes(0x2000, [1, 9]);
    cpu.setGr(5, 0x2000n);
    for (const table of [0x6000n, 0x6ff0n]) {
      cpu.setGr(1, 0x1234_5678_9abc_def0n);
      cpu.setGr(6, table);
      cpu.setPsw(0n);
      expect(cpu.run('trt 0(2,%r5),0(%r6)').cc).toBe(2);
      cpu.setPsw(0x0000_0001_8000_0000n);
      expect(cpu.gr(1)).toBe(0x1234_5678_9a00_2001n);
    }
  });

  it('TR that needs a table byte outside the storage stores nothing', () => {
    cpu.setGr(5, 0x2000n);
    cpu.setGr(6, 0xfff80n);
    cpu.setBytes(0x2000, [1, 0x90]);
    expect(cpu.run('tr 0(2,%r5),0(%r6)').code).toBe(5);
    expect([...cpu.bytes(0x2000, 2)]).toEqual([1, 0x90]);
    expect(cpu.run('tr 0(1,%r5),0(%r6)').code).toBe(1);
  });

  it.each([
    ['trt', [1, 2, 3, 4], 0x2000, 0, 0],
    ['trt', [1, 9, 3, 8], 0x2000, 1, 0x2001],
    ['trt', [1, 2, 3, 9], 0x2000, 2, 0x2003],
    ['trtr', [9, 2, 9, 4], 0x2003, 1, 0x2002],
    ['trtr', [9, 2, 3, 4], 0x2003, 2, 0x2000],
    ['trtr', [1, 2, 3, 4], 0x2003, 0, 0],
  ])('%s of %j', (mnemonic, bytes, start, cc, found) => {
    cpu.setBytes(TABLE, zeros([9, 0x77], [8, 0x66]));
    cpu.setBytes(0x2000, bytes);
    cpu.setGr(1, 0x1111_1111_1111_1111n);
    cpu.setGr(2, 0x2222_2222_2222_2222n);
    cpu.setGr(5, BigInt(start));
    cpu.setGr(6, BigInt(TABLE));
    expect(cpu.run(`${mnemonic} 0(4,%r5),0(%r6)`).cc).toBe(cc);
    expect(cpu.gr(1)).toBe(cc === 0 ? 0x1111_1111_1111_1111n : BigInt(found));
    expect(cpu.gr(2)).toBe(cc === 0 ? 0x2222_2222_2222_2222n : 0x2222_2222_2222_2277n);
  });

  it('TRE translates up to the test byte or the end', () => {
    cpu.setBytes(TABLE, inverted);
    for (const [length, cc] of [
      [5000, 0],
      [6000, 1],
    ] as const) {
      cpu.setBytes(0x2ffe, [...new Array(5000).fill(7), 0x40, 7]);
      cpu.setGr(0, 0x40n);
      cpu.setGr(2, 0x2ffen);
      cpu.setGr(3, BigInt(length));
      cpu.setGr(6, BigInt(TABLE));
      expect(cpu.run('again: tre %r2,%r6\n jo again').cc).toBe(cc);
      expect([cpu.gr(2), cpu.gr(3)]).toEqual([0x2ffen + 5000n, BigInt(length - 5000)]);
      expect(new Set(cpu.bytes(0x2ffe, 5000))).toEqual(new Set([248]));
      expect(cpu.bytes(0x2ffe + 5000, 1)[0]).toBe(0x40);
    }
  });

  it.each([
    ['troo', 1, 1],
    ['trot', 1, 2],
    ['trto', 2, 1],
    ['trtt', 2, 2],
  ] as const)('%s goes from characters of %i to %i bytes', (mnemonic, from, to) => {
    const characters = Array.from({ length: 700 }, (_, i) => i % 200);
    const entries = Array.from({ length: 256 }, (_, i) => (to === 2 ? 0x4100 + i : i ^ 0x55));
    cpu.setBytes(0x6000, to === 2 ? twoBytes(entries) : entries);
    cpu.setBytes(0x2fff, from === 2 ? twoBytes(characters) : characters);
    const set = (test: number) => {
      cpu.setGr(0, BigInt(test));
      cpu.setGr(1, 0x6007n);
      cpu.setGr(2, 0x4fffn);
      cpu.setGr(3, BigInt(700 * from));
      cpu.setGr(4, 0x2fffn);
    };
    const translated = characters.map((character) => entries[character] ?? 0);
    set(to === 2 ? 0xffff : 200 ^ 0x55);
    expect(cpu.run(`again: ${mnemonic} %r2,%r4\n jo again`).cc).toBe(0);
    expect([...cpu.bytes(0x4fff, 700 * to)]).toEqual(to === 2 ? twoBytes(translated) : translated);
    expect(cpu.gr(3)).toBe(0n);
    set(translated[9] ?? 0);
    expect(cpu.run(`${mnemonic} %r2,%r4`).cc).toBe(1);
    expect([cpu.gr(2), cpu.gr(3), cpu.gr(4)]).toEqual([
      BigInt(0x4fff + 9 * to),
      BigInt(691 * from),
      BigInt(0x2fff + 9 * from),
    ]);
    set(translated[9] ?? 0);
    expect(cpu.run(`again: ${mnemonic} %r2,%r4,1\n jo again`).cc).toBe(0);
  });

  it('TRTE and TRTRE give the function code of the first character that has one', () => {
    cpu.setBytes(0x6000, zeros([9, 0x77]));
    cpu.setBytes(0x2000, [1, 2, 9, 4]);
    const set = (address: number, length: number) => {
      cpu.setGr(1, 0x6000n);
      cpu.setGr(2, BigInt(address));
      cpu.setGr(3, BigInt(length));
      cpu.setGr(4, -1n);
    };
    set(0x2000, 4);
    expect(cpu.run('trte %r2,%r4,0').cc).toBe(1);
    expect([cpu.gr(2), cpu.gr(3), cpu.gr(4)]).toEqual([0x2002n, 2n, 0x77n]);
    set(0x2003, 4);
    expect(cpu.run('trtre %r2,%r4,0').cc).toBe(1);
    expect([cpu.gr(2), cpu.gr(3), cpu.gr(4)]).toEqual([0x2002n, 3n, 0x77n]);
    set(0x2000, 2);
    expect(cpu.run('trte %r2,%r4,0').cc).toBe(0);
    // Two-byte arguments beyond 255 are passed over when limited.
    cpu.setBytes(0x2000, [1, 9, 0, 9]);
    set(0x2000, 4);
    expect(cpu.run('trte %r2,%r4,10').cc).toBe(1);
    expect([cpu.gr(2), cpu.gr(3), cpu.gr(4)]).toEqual([0x2002n, 2n, 0x77n]);
    set(0x2000, 3);
    expect(cpu.run('trte %r2,%r4,8').code).toBe(6);
  });
});
