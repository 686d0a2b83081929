/** Requests that a quick medium does at once. */
import { describe, expect, it } from 'vitest';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { BlockDevice, type BlockDeviceOptions } from './block-device.ts';
import { BlockRequest, BlockStatus } from './block-layout.ts';

const MIB = 1 << 20;
const { ok, ioError } = BlockStatus;

function setUp(form: (typeof ringForms)[number] = 'split', options: Partial<BlockDeviceOptions> = {}) {
  const memory = new GuestMemory(16 * MIB);
  const disk = new MemoryDisk(4 * MIB, { quick: true });
  disk.cache.forEach((_, i) => {
    disk.cache[i] = (i >> 9) & 0xff;
  });
  const device = new VirtioDevice(new BlockDevice({ backend: disk, ...options }), { storage: memory });
  const driver = new GuestDriver(device, memory, { form });
  const queue = driver.queue(0);
  const header = (type: number, sector: number) => {
    const data = new DataView(new ArrayBuffer(16));
    data.setUint32(0, type, device.order.littleEndian);
    data.setBigUint64(8, BigInt(sector), device.order.littleEndian);
    return new Uint8Array(data.buffer);
  };
  const read = (sector: number, length: number) => queue.add([header(BlockRequest.in, sector)], [length, 1]);
  const write = (sector: number, bytes: Uint8Array) =>
    queue.add([header(BlockRequest.out, sector), bytes], [1]);
  return { disk, device, driver, queue, read, write };
}

describe.each(ringForms)('with a %s ring', (form) => {
  it('are answered when the notification has returned, with one interrupt', () => {
    const { disk, driver, queue, read, write } = setUp(form);
    write(8, new Uint8Array(1024).fill(0xee));
    read(9, 1024);
    queue.notify();
    expect(disk.calls).toEqual(['write 4096 1024 at once', 'read 4608 1024 at once']);
    expect(queue.collect()?.bytes).toEqual(Uint8Array.of(ok));
    const expected = new Uint8Array(1025);
    expected.fill(0xee, 0, 512);
    expected.fill(10, 512, 1024);
    expect(queue.collect()?.bytes).toEqual(expected);
    expect(driver.interrupts).toEqual([0]);
  });
});

it('are so many at a time, so that the driver learns of them and others have a turn', async () => {
  const { disk, driver, queue, read } = setUp();
  for (let i = 0; i < 4; i++) read(1024 * i, MIB / 2);
  queue.notify();
  expect(disk.calls).toHaveLength(2);
  expect(driver.interrupts).toEqual([0]);
  for (let i = 0; i < 4; i++) expect((await queue.answer()).bytes[0]).toBe((1024 * i) & 0xff);
  expect(disk.calls).toHaveLength(4);
});

it.each([
  ['a large one', (set: ReturnType<typeof setUp>) => set.read(0, MIB + 512), `read 0 ${MIB}`],
  [
    'a write that is not to wait in a cache',
    (set: ReturnType<typeof setUp>) => {
      set.device.writeConfig(32, Uint8Array.of(0));
      set.write(0, new Uint8Array(512));
    },
    'write 0 512',
  ],
  [
    'one for a medium that is not quick',
    (set: ReturnType<typeof setUp>) => {
      set.disk.quick = false;
      set.read(0, 512);
    },
    'read 0 512',
  ],
])('%s is handed over', async (_, add, call) => {
  const set = setUp();
  add(set);
  set.queue.notify();
  expect(set.disk.calls[0]).toBe(call);
  expect(set.queue.collect()).toBeUndefined();
  expect((await set.queue.answer()).bytes.at(-1)).toBe(ok);
});

it('a failure is the guest’s', () => {
  const errors: unknown[] = [];
  const { disk, queue, read } = setUp('split', { onBackendError: (error) => errors.push(error) });
  disk.failure = new Error('a bad spot');
  read(0, 512);
  read(0, 512);
  queue.notify();
  expect(queue.collect()?.bytes.at(-1)).toBe(ioError);
  expect(queue.collect()?.bytes.at(-1)).toBe(ok);
  expect(errors).toEqual([new Error('a bad spot')]);
});

it('none is done while the device is drained', async () => {
  const { disk, device, queue, read } = setUp();
  await device.drain();
  read(0, 512);
  queue.notify();
  expect(disk.calls).toEqual([]);
  device.resume();
  expect(queue.collect()?.written).toBe(513);
});

it('buffers are what the storage has for that', () => {
  const memory = new GuestMemory(MIB);
  const given: Uint8Array[] = [];
  const storage = {
    size: memory.size,
    view: memory.view.bind(memory),
    buffer: (size: number) => {
      given.push(new Uint8Array(size));
      return given.at(-1);
    },
  };
  const disk = new MemoryDisk(MIB, { quick: true });
  disk.cache.fill(7);
  const driver = new GuestDriver(new VirtioDevice(new BlockDevice({ backend: disk }), { storage }), memory, {
    form: 'split',
  });
  for (let i = 0; i < 3; i++) {
    driver.queue(0).add([new Uint8Array(16)], [512, 1]);
    driver.queue(0).notify();
  }
  expect(given).toHaveLength(1);
  expect(given[0]?.subarray(0, 512).every((byte) => byte === 7)).toBe(true);
});
