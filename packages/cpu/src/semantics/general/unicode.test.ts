import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

const encodings = {
  1: (value: string) => [...new TextEncoder().encode(value)],
  2: (value: string) =>
    Array.from({ length: value.length }, (_, i) => value.charCodeAt(i)).flatMap((unit) => [
      unit >> 8,
      unit & 0xff,
    ]),
  4: (value: string) =>
    [...value].flatMap((each) => {
      const point = each.codePointAt(0) ?? 0;
      return [0, point >> 16, (point >> 8) & 0xff, point & 0xff];
    }),
} as const;

describe.each([false, true])('Unicode, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;
  const set = (bytes: readonly number[], room: number) => {
    cpu.setBytes(0x2ffd, bytes);
    cpu.setGr(2, 0xafffn);
    cpu.setGr(3, BigInt(room));
    cpu.setGr(4, 0x2ffdn);
    cpu.setGr(5, BigInt(bytes.length));
  };

  it.each([
    [1, 2],
    [1, 4],
    [2, 1],
    [2, 4],
    [4, 1],
    [4, 2],
  ] as const)('CU%i%i converts a text of several pages', (from, to) => {
    const text = 'aé€😀'.repeat(900);
    const [source, target] = [encodings[from](text), encodings[to](text)];
    set(source, 20000);
    expect(cpu.run(`again: cu${from}${to} %r2,%r4\n jo again`).cc).toBe(0);
    expect([...cpu.bytes(0xafff, target.length)]).toEqual(target);
    expect([cpu.gr(2), cpu.gr(3)]).toEqual([BigInt(0xafff + target.length), BigInt(20000 - target.length)]);
    expect([cpu.gr(4), cpu.gr(5)]).toEqual([BigInt(0x2ffd + source.length), 0n]);
  });

  it.each([
    // source bytes, room, instruction, condition code, bytes taken
    ['cu12 %r2,%r4', [0x61, 0xe2, 0x82], 100, 0, 1],
    ['cu12 %r2,%r4', [0x61, 0x62], 3, 1, 1],
    ['cu12 %r2,%r4', [0x61, 0x80], 100, 2, 1],
    ['cu12 %r2,%r4', [0x61, 0xc0, 0x80], 100, 0, 3],
    ['cu12 %r2,%r4,1', [0x61, 0xc0, 0x80], 100, 2, 1],
    ['cu12 %r2,%r4,1', [0xe0, 0x80, 0x80], 100, 2, 0],
    ['cu12 %r2,%r4,1', [0xed, 0xa0, 0x80], 100, 2, 0],
    ['cu12 %r2,%r4,1', [0xf4, 0x90, 0x80, 0x80], 100, 2, 0],
    ['cu14 %r2,%r4,1', [0xf4, 0x8f, 0xbf, 0xbf], 100, 0, 4],
    ['cu21 %r2,%r4', [0xd8, 0x00, 0x00, 0x41], 100, 0, 4],
    ['cu21 %r2,%r4,1', [0xd8, 0x00, 0x00, 0x41], 100, 2, 0],
    ['cu21 %r2,%r4', [0x00, 0x41, 0xd8, 0x00], 100, 0, 2],
    ['cu24 %r2,%r4', [0x00, 0x41, 0x00], 100, 0, 2],
    ['cu41 %r2,%r4', [0x00, 0x11, 0x00, 0x00], 100, 2, 0],
    ['cu42 %r2,%r4', [0x00, 0x00, 0xd8, 0x00], 100, 2, 0],
    ['cu42 %r2,%r4', [0x00, 0x01, 0x00, 0x00], 3, 1, 0],
    ['cu42 %r2,%r4', [], 3, 0, 0],
  ])('%s of %j into %i bytes', (source, bytes, room, cc, taken) => {
    set(bytes, room);
    expect(cpu.run(`again: ${source}\n jo again`)).toMatchObject({ code: 1, cc });
    expect(cpu.gr(4)).toBe(BigInt(0x2ffd + taken));
    expect(cpu.gr(5)).toBe(BigInt(bytes.length - taken));
  });
});
