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

/** A device's own buffer, and one that the storage gave it. */
const buffers = {
  other: (_: BulkStorage, length: number) => new Uint8Array(length),
  given: (bulk: BulkStorage, length: number) => bulk.buffer(length) ?? new Uint8Array(),
} as const;

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
  it.each(Object.entries(buffers))('are stored as a view stores them: %s', (_, make) => {
    const { storage, bulk } = setUp();
    const buffer = make(bulk, offset + length + 3);
    buffer.set(pattern(buffer.length));
    bulk.write(absolute(address), buffer, offset, length);
    const whole = storage.view(absolute(0), SIZE)?.bytes() ?? new Uint8Array();
    expect(whole.slice(address, address + length)).toEqual(buffer.slice(offset, offset + length));
    expect(whole.filter((byte) => byte !== 0).length).toBeLessThanOrEqual(length);
  });

  it.each(Object.entries(buffers))('are read as a view reads them: %s', (_, make) => {
    const { storage, bulk } = setUp();
    storage.view(absolute(0), SIZE)?.setBytes(0, pattern(SIZE));
    const buffer = make(bulk, offset + length + 3);
    bulk.read(absolute(address), buffer, offset, length);
    const expected = new Uint8Array(buffer.length);
    expected.set(pattern(SIZE).subarray(address, address + length), offset);
    expect(buffer.slice()).toEqual(expected);
  });
});

it('a buffer is one device’s, and there are only so many', () => {
  const { storage, bulk } = setUp();
  const given: Uint8Array[] = [];
  for (let buffer = bulk.buffer(1 << 20); buffer; buffer = bulk.buffer(1 << 20)) given.push(buffer);
  expect(given.length).toBeGreaterThan(4);
  given.forEach((buffer, i) => {
    buffer.fill(i + 1);
  });
  // Goes by way of what no buffer is.
  bulk.write(absolute(0), new Uint8Array(SIZE).fill(0xff));
  given.forEach((buffer, i) => {
    expect(buffer.every((byte) => byte === i + 1)).toBe(true);
    bulk.write(absolute(i), buffer.subarray(-1));
  });
  expect(storage.view(absolute(0), given.length)?.bytes()).toEqual(Uint8Array.from(given, (_, i) => i + 1));
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

it('nothing outside a buffer is reached', () => {
  const { bulk } = setUp();
  const buffer = bulk.buffer(8) ?? new Uint8Array();
  expect(() => bulk.read(absolute(0), buffer, 4, 8)).toThrow(RangeError);
  expect(() => bulk.write(absolute(0), buffer, 0, 9)).toThrow(RangeError);
});
