import { describe, expect, it, test } from 'vitest';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { MemoryDisk, type MemoryDiskOptions } from '../testing/memory-disk.ts';
import { BlockDevice } from './block-device.ts';
import { BlockRequest, BlockStatus } from './block-layout.ts';

const KIB = 1024;
/** Bytes of a read in most tests. */
const STEP = 64 * KIB;
const SIZE = 16 * STEP;

function setUp(options: MemoryDiskOptions = {}) {
  const memory = new GuestMemory(1 << 24);
  const disk = new MemoryDisk(SIZE, { quick: true, exclusive: true, ...options });
  disk.cache.forEach((_, i) => {
    disk.cache[i] = (i >> 9) & 0xff;
  });
  const model = new BlockDevice({ backend: disk });
  const device = new VirtioDevice(model, { storage: memory });
  const start = () => new GuestDriver(device, memory, { form: 'split' }).queue(0);
  let queue = start();
  const request = async (
    type: number,
    offset: number,
    out: readonly Uint8Array[],
    room: readonly number[],
  ) => {
    const header = new DataView(new ArrayBuffer(16));
    header.setUint32(0, type, true);
    header.setBigUint64(8, BigInt(offset / 512), true);
    return (await queue.exchange([new Uint8Array(header.buffer), ...out], [...room, 1], 0)).bytes;
  };
  const read = async (offset: number, length = STEP) => {
    const bytes = await request(BlockRequest.in, offset, [], [length]);
    expect(bytes.at(-1)).toBe(BlockStatus.ok);
    return bytes.subarray(0, -1);
  };
  const reset = () => {
    queue = start();
  };
  /** Reads on until bytes are there that nobody has asked for. */
  const readOn = async () => {
    await read(0);
    await read(STEP);
    expect(disk.calls).toEqual([0, 1, 2].map((i) => `read ${i * STEP} ${STEP} at once`));
  };
  return { disk, model, reset, request, read, readOn };
}

test('a driver that reads on finds the bytes there, and those after them are read', async () => {
  const { disk, read, readOn } = setUp();
  await readOn();
  expect(await read(2 * STEP)).toEqual(disk.cache.slice(2 * STEP, 3 * STEP));
  expect(disk.calls.slice(3)).toEqual([`read ${3 * STEP} ${STEP} at once`]);
});

test('they may be asked for in pieces, and a read across their end is a whole one', async () => {
  const { disk, read, readOn } = setUp();
  await readOn();
  const half = STEP / 2;
  expect(await read(2 * STEP, half)).toEqual(disk.cache.slice(2 * STEP, 2 * STEP + half));
  expect(disk.calls).toHaveLength(3);
  expect(await read(2 * STEP + half, STEP)).toEqual(disk.cache.slice(2 * STEP + half, 3 * STEP + half));
  expect(disk.calls[3]).toBe(`read ${2 * STEP + half} ${STEP} at once`);
});

test.each<[string, MemoryDiskOptions, readonly number[], number]>([
  ['a driver that jumps', {}, [0, 4, 1, 6, 2], STEP],
  ['small reads', {}, [0, 1, 2, 3], STEP / 2],
  ['a medium that others write to', { exclusive: false }, [0, 1, 2, 3], STEP],
  ['the end of the medium', {}, [14, 15], STEP],
])('nothing is read ahead for %s', async (_, options, places, length) => {
  const { disk, read } = setUp(options);
  for (const place of places) await read(place * length, length);
  expect(disk.calls).toHaveLength(places.length);
});

describe('what is no longer on the medium is not read:', () => {
  const at = 2 * STEP + 512;
  const range = () => {
    const data = new DataView(new ArrayBuffer(16));
    data.setBigUint64(0, BigInt(at / 512), true);
    data.setUint32(8, 1, true);
    return new Uint8Array(data.buffer);
  };

  it.each<[string, (set: ReturnType<typeof setUp>) => unknown]>([
    ['a write', ({ request }) => request(BlockRequest.out, at, [new Uint8Array(512).fill(0xab)], [])],
    [
      'a write that is handed over',
      async ({ disk, request }) => {
        disk.quick = false;
        await request(BlockRequest.out, at, [new Uint8Array(512).fill(0xab)], []);
        disk.quick = true;
      },
    ],
    ['a discard', ({ request }) => request(BlockRequest.discard, 0, [range()], [])],
    ['zeroes', ({ request }) => request(BlockRequest.writeZeroes, 0, [range()], [])],
    [
      'another size',
      ({ disk, model }) => {
        disk.cache = new Uint8Array(SIZE);
        model.resized();
      },
    ],
    [
      'a reset',
      ({ disk, reset }) => {
        disk.cache.fill(0xab);
        reset();
      },
    ],
  ])('%s', async (_, change) => {
    const set = setUp();
    await set.readOn();
    const before = set.disk.cache.slice(2 * STEP, 3 * STEP);
    await change(set);
    const seen = await set.read(2 * STEP);
    expect(seen).toEqual(set.disk.cache.slice(2 * STEP, 3 * STEP));
    expect(seen).not.toEqual(before);
  });

  it('while a write is under way nothing is read ahead', async () => {
    const { disk, request, read } = setUp();
    await read(0);
    let end = () => {};
    disk.quick = false;
    disk.gate = () => new Promise((resolve) => (end = resolve));
    const write = request(BlockRequest.out, at, [new Uint8Array(512).fill(0xab)], []);
    disk.quick = true;
    await read(STEP);
    expect(disk.calls.filter((call) => call.endsWith('at once'))).toHaveLength(2);
    end();
    await write;
    expect(await read(2 * STEP)).toEqual(disk.cache.slice(2 * STEP, 3 * STEP));
  });
});

test('an error is met by whoever asks for the bytes', async () => {
  const { disk, request, read } = setUp();
  await read(0);
  const { immediate } = disk;
  Object.defineProperty(disk, 'immediate', {
    value: {
      ...immediate,
      read: (offset: number, target: Uint8Array) => {
        if (offset === 2 * STEP) throw new Error('a bad spot');
        immediate?.read(offset, target);
      },
    },
  });
  await read(STEP);
  expect((await request(BlockRequest.in, 2 * STEP, [], [STEP])).at(-1)).toBe(BlockStatus.ioError);
});
