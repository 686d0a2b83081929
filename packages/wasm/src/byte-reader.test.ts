import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './index.ts';

describe('ByteReader', () => {
  it('reads what a writer has written', () => {
    const out = new ByteWriter(1);
    const numbers = [0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 0xffff_ffff, Number.MAX_SAFE_INTEGER];
    for (const number of numbers) out.u32(number);
    out.name('a name');
    out.u8(7);
    out.bytes(new Uint8Array([1, 2, 3]));
    const from = new ByteReader(out.view());
    expect(numbers.map(() => from.u32())).toEqual(numbers);
    expect([from.name(), from.u8(), [...from.bytes(3)]]).toEqual(['a name', 7, [1, 2, 3]]);
    expect(from.isAtEnd).toBe(true);
  });

  it.each([
    ['a byte', [], (from: ByteReader) => from.u8()],
    ['a number', [0x80], (from: ByteReader) => from.u32()],
    ['bytes', [1], (from: ByteReader) => from.bytes(2)],
    ['a name', [2, 65], (from: ByteReader) => from.name()],
    ['a number that is too large', Array(9).fill(0xff), (from: ByteReader) => from.u32()],
  ])('throws where %s is not whole', (_, bytes, read) => {
    expect(() => read(new ByteReader(Uint8Array.from(bytes)))).toThrow(RangeError);
  });
});
