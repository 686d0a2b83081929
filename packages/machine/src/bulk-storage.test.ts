import { absolute } from '@zarch/arch';
import { AbsoluteStorage, HostStorage } from '@zarch/memory';
import { describe, expect, it } from 'vitest';
import { BulkStorage } from './bulk-storage.ts';

const SIZE = 3 << 16;

function setUp() {
  const host = new HostStorage(SIZE, SIZE);
  const storage = new AbsoluteStorage(host, SIZE);
  return { storage, bulk: new BulkStorage(host, storage) };
}

const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + 1) & 0xff);

describe.each([
  [0, 4096, 0],
  [4096, 8, 0],
  [4, 12, 4],
  [1, 8, 0],
  [8, 8, 1],
  [8, 7, 0],
  [3, 1, 3],
  [SIZE - 8, 8, 0],
  [SIZE, 0, 0],
  [5, 45, 3],
  [0, SIZE, 0],
])('%#: %i, %i bytes, at %i of a buffer', (address, length, offset) => {
  it('are stored as a view stores them', () => {
    const { storage, bulk } = setUp();
    const buffer = pattern(offset + length + 3);
    bulk.write(absolute(address), buffer.subarray(offset, offset + length));
    const whole = storage.view(absolute(0), SIZE)?.bytes() ?? new Uint8Array();
    expect(whole.slice(address, address + length)).toEqual(buffer.slice(offset, offset + length));
    expect(whole.filter((byte) => byte !== 0).length).toBeLessThanOrEqual(length);
  });

  it('are read as a view reads them', () => {
    const { storage, bulk } = setUp();
    storage.view(absolute(0), SIZE)?.setBytes(0, pattern(SIZE));
    const buffer = new Uint8Array(offset + length + 3);
    bulk.read(absolute(address), buffer.subarray(offset, offset + length));
    const expected = new Uint8Array(buffer.length);
    expected.set(pattern(SIZE).subarray(address, address + length), offset);
    expect(buffer).toEqual(expected);
  });
});

it('a store into code is seen', () => {
  const { storage, bulk } = setUp();
  storage.codeFrames.protect(1);
  const before = storage.codeFrames.version(1);
  bulk.write(absolute(0), pattern(4096));
  expect(storage.codeFrames.version(1)).toBe(before);
  bulk.write(absolute(4092), pattern(8));
  expect(storage.codeFrames.version(1)).not.toBe(before);
});

it('nothing outside storage is reached', () => {
  const { bulk } = setUp();
  expect(() => bulk.read(absolute(SIZE - 4), new Uint8Array(8))).toThrow(RangeError);
  expect(() => bulk.write(absolute(SIZE), new Uint8Array(1))).toThrow(RangeError);
});
