import { describe, expect, it } from 'vitest';
import { littleEndian } from '../byte-order.ts';
import { DeviceStatus } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, type GuestDriverOptions, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { MemoryDisk, type MemoryDiskOptions } from '../testing/memory-disk.ts';
import { BlockDevice, type BlockDeviceOptions } from './block-device.ts';
import { BlockFeature, BlockRequest, BlockStatus } from './block-layout.ts';

const MIB = 1 << 20;
const { ok, ioError, unsupported } = BlockStatus;

interface SetUp {
  readonly driver: GuestDriverOptions;
  readonly disk?: MemoryDiskOptions;
  readonly block?: Partial<BlockDeviceOptions>;
}

function setUp({ driver: driverOptions, disk: diskOptions, block }: SetUp) {
  const memory = new GuestMemory(16 * MIB);
  const disk = new MemoryDisk(4 * MIB, diskOptions);
  const model = new BlockDevice({ backend: disk, ...block });
  const device = new VirtioDevice(model, { storage: memory });
  const driver = new GuestDriver(device, memory, driverOptions);

  const header = (type: number, sector: number | bigint) => {
    const data = new DataView(new ArrayBuffer(16));
    data.setUint32(0, type, device.order.littleEndian);
    data.setBigUint64(8, BigInt.asUintN(64, BigInt(sector)), device.order.littleEndian);
    return new Uint8Array(data.buffer);
  };
  const range = (sector: number | bigint, sectors: number, flags = 0) => {
    const data = new DataView(new ArrayBuffer(16));
    data.setBigUint64(0, BigInt(sector), device.order.littleEndian);
    data.setUint32(8, sectors, device.order.littleEndian);
    data.setUint32(12, flags, device.order.littleEndian);
    return new Uint8Array(data.buffer);
  };
  const request = async (
    type: number,
    sector: number | bigint,
    out: readonly Uint8Array[],
    room: readonly number[],
  ) => {
    const { bytes, written } = await driver
      .queue(0)
      .exchange([header(type, sector), ...out], [...room, 1], 0);
    return { data: bytes.subarray(0, -1), status: bytes.at(-1), written };
  };
  return { memory, disk, model, device, driver, header, range, request };
}

const pattern = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);

describe.each(ringForms)('a block device with a %s ring', (form) => {
  it('writes and reads', async () => {
    const { request, disk } = setUp({ driver: { form } });
    const data = pattern(1536);
    expect(await request(BlockRequest.out, 3, [data.subarray(0, 100), data.subarray(100)], [])).toMatchObject(
      {
        status: ok,
      },
    );
    expect(disk.cache.slice(1536, 3072)).toEqual(data);
    const read = await request(BlockRequest.in, 3, [], [7, 1529]);
    expect(read).toEqual({ data, status: ok, written: 1537 });
  });

  it('moves large requests in pieces', async () => {
    const { request, disk } = setUp({ driver: { form } });
    const data = pattern(2 * MIB + 512);
    await request(BlockRequest.out, 0, [data], []);
    expect(disk.calls).toEqual([`write 0 ${MIB}`, `write ${MIB} ${MIB}`, `write ${2 * MIB} 512`]);
    expect((await request(BlockRequest.in, 0, [], [data.length])).data).toEqual(data);
  });

  it('discards and writes zeroes', async () => {
    const { request, range, disk } = setUp({ driver: { form } });
    expect(await request(BlockRequest.discard, 0, [range(8, 1), range(16, 2)], [])).toMatchObject({
      status: ok,
    });
    expect(await request(BlockRequest.writeZeroes, 0, [range(8, 1, 1)], [])).toMatchObject({ status: ok });
    expect(disk.calls).toEqual(['discard 4096 512', 'discard 8192 1024', 'zero 4096 512 unmap']);
  });

  it.each([
    ['all of it', [20], 'disk-1'.padEnd(20, '\0')],
    ['what there is room for', [4], 'disk'],
  ])('tells its serial number: %s', async (_, room, text) => {
    const { request } = setUp({ driver: { form }, block: { serial: 'disk-1' } });
    const { data, status } = await request(BlockRequest.getId, 0, [], room);
    expect([new TextDecoder().decode(data), status]).toEqual([text, ok]);
  });

  it('stops at a request without header or status', async () => {
    for (const [readable, writable] of [
      [[15], [1]],
      [[16], []],
    ] as const) {
      const { device, driver } = setUp({ driver: { form } });
      driver.queue(0).add(
        readable.map((length) => new Uint8Array(length)),
        writable,
      );
      driver.queue(0).notify();
      expect(device.status & DeviceStatus.needsReset).toBe(form === 'legacy' ? 0 : DeviceStatus.needsReset);
      expect(driver.queue(0).collect()).toBeUndefined();
    }
  });
});

const SECTORS = (4 * MIB) / 512;

describe('requests that are refused', () => {
  it.each([
    ['a read across the end', BlockRequest.in, SECTORS - 1, [], [1024], ioError],
    ['a read far outside', BlockRequest.in, -1n, [], [512], ioError],
    ['a read of a part of a sector', BlockRequest.in, 0, [], [100], ioError],
    ['a write across the end', BlockRequest.out, SECTORS, [512], [], ioError],
    ['a discard without ranges', BlockRequest.discard, 0, [], [], ioError],
    ['a discard with a part of a range', BlockRequest.discard, 0, [17], [], ioError],
    ['a discard with too many ranges', BlockRequest.discard, 0, [16 * 65], [], ioError],
    ['an unknown request', 99, 0, [], [], unsupported],
    ['a SCSI command', 2, 0, [], [], unsupported],
  ])('%s', async (_, type, sector, out, room, status) => {
    const { request, disk } = setUp({ driver: { form: 'split' } });
    const answer = await request(
      type,
      sector,
      out.map((length) => new Uint8Array(length)),
      room,
    );
    expect(answer.status).toBe(status);
    expect(disk.calls).toEqual([]);
  });

  it.each([
    ['discard with unmap', BlockRequest.discard, 0, 1, 1, unsupported],
    ['write zeroes with a reserved flag', BlockRequest.writeZeroes, 0, 1, 2, unsupported],
    ['discard across the end', BlockRequest.discard, SECTORS - 1, 2, 0, ioError],
    ['write zeroes of too many sectors', BlockRequest.writeZeroes, 0, 2 ** 22, 0, ioError],
  ])('%s', async (_, type, sector, sectors, flags, status) => {
    const { request, range, disk } = setUp({ driver: { form: 'packed' } });
    const ranges = [range(0, 1), range(sector, sectors, flags)];
    expect((await request(type, 0, ranges, [])).status).toBe(status);
    expect(disk.calls).toEqual([]);
  });

  it('writes of any kind to a medium that is read-only', async () => {
    const { request, range, device } = setUp({ driver: { form: 'split' }, disk: { readOnly: true } });
    expect(device.has(BlockFeature.readOnly)).toBe(true);
    expect((await request(BlockRequest.out, 0, [new Uint8Array(512)], [])).status).toBe(ioError);
    expect((await request(BlockRequest.discard, 0, [range(0, 1)], [])).status).toBe(ioError);
    expect((await request(BlockRequest.writeZeroes, 0, [range(0, 1)], [])).status).toBe(ioError);
    expect((await request(BlockRequest.in, 0, [], [512])).status).toBe(ok);
  });

  it('requests that are no whole blocks', async () => {
    const { request } = setUp({ driver: { form: 'split' }, disk: { blockSize: 4096 } });
    expect((await request(BlockRequest.in, 1, [], [4096])).status).toBe(ioError);
    expect((await request(BlockRequest.in, 8, [], [512])).status).toBe(ioError);
    expect((await request(BlockRequest.in, 8, [], [4096])).status).toBe(ok);
  });

  it('requests that the backend fails', async () => {
    const errors: unknown[] = [];
    const { request, disk } = setUp({
      driver: { form: 'split' },
      block: { onBackendError: (error) => errors.push(error) },
    });
    disk.failure = new Error('a bad spot');
    expect((await request(BlockRequest.in, 0, [], [512])).status).toBe(ioError);
    expect((await request(BlockRequest.in, 0, [], [512])).status).toBe(ok);
    expect(errors).toEqual([new Error('a bad spot')]);
  });
});

describe('the write cache', () => {
  const { flush, configWriteCache } = BlockFeature;
  it.each([
    ['waits for a flush', [], undefined, false],
    ['waits for a flush if the driver can only flush', [configWriteCache], undefined, false],
    ['is not there for a driver that cannot flush', [configWriteCache, flush], undefined, true],
    ['is switched off by the driver', [], 0, true],
    ['is switched on by the driver', [], 1, false],
    ['is not switched by a driver that did not negotiate it', [configWriteCache], 0, false],
  ])('%s', async (_, without, write, lasting) => {
    const { request, disk, device } = setUp({ driver: { form: 'split', without } });
    if (write !== undefined) device.writeConfig(32, Uint8Array.of(write));
    await request(BlockRequest.out, 0, [pattern(512)], []);
    expect(disk.medium[1] === 7).toBe(lasting);
    expect((await request(BlockRequest.flush, 0, [], [])).status).toBe(ok);
    expect(disk.medium[1]).toBe(7);
  });

  it('has its first setting after a reset', () => {
    const { device } = setUp({ driver: { form: 'split' } });
    device.writeConfig(32, Uint8Array.of(0));
    expect(device.readConfig(32, 1)).toEqual(Uint8Array.of(0));
    device.reset();
    expect(device.readConfig(32, 1)).toEqual(Uint8Array.of(1));
  });
});

describe('requests in flight', () => {
  function gated(limit: number) {
    const set = setUp({ driver: { form: 'split' }, block: { maximumInFlight: limit } });
    const open: (() => void)[] = [];
    set.disk.gate = () => new Promise((resolve) => open.push(resolve));
    const settle = async () => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
    };
    const add = (sector: number) =>
      set.driver.queue(0).add([set.header(BlockRequest.in, sector)], [512, 1], 0);
    return { ...set, open, settle, add };
  }

  it('are as many as allowed, and end in any order', async () => {
    const { disk, driver, open, settle, add } = gated(3);
    const ids = [0, 1, 2, 3, 4].map(add);
    driver.queue(0).notify();
    expect(disk.inFlight).toBe(3);
    open[2]!();
    await settle();
    expect(driver.queue(0).collect()?.id).toBe(ids[2]);
    expect(disk.inFlight).toBe(3);
    while (open.length > 0) {
      open.shift()!();
      await settle();
    }
    expect([1, 2, 3, 4].map(() => driver.queue(0).collect()?.id)).toEqual([ids[0], ids[1], ids[3], ids[4]]);
    expect(disk.mostInFlight).toBe(3);
  });

  it('end before those of the next driver begin, and leave no trace in storage', async () => {
    const { disk, device, memory, driver, open, settle, add, header } = gated(3);
    disk.cache.fill(0xff);
    add(0);
    driver.queue(0).notify();
    const next = new GuestDriver(device, memory, { form: 'packed' });
    next.queue(0).add([header(BlockRequest.in, 1)], [512, 1]);
    next.queue(0).notify();
    await settle();
    expect(disk.calls).toEqual(['read 0 512']);
    open.shift()!();
    await settle();
    expect(driver.queue(0).collect()).toBeUndefined();
    expect(disk.calls).toEqual(['read 0 512', 'read 512 512']);
    open.shift()!();
    await settle();
    expect(next.queue(0).collect()?.written).toBe(513);
  });

  it('are waited for before the state is saved', async () => {
    const { device, memory, disk, driver, open, settle, add } = gated(2);
    [0, 1, 2].map(add);
    driver.queue(0).notify();
    expect(() => device.save()).toThrow('drain');
    let drained = false;
    const drain = device.drain().then(() => {
      drained = true;
    });
    await settle();
    expect(drained).toBe(false);
    for (const let_ of open.splice(0)) let_();
    await drain;
    expect(disk.calls).toHaveLength(2);
    const state = structuredClone(device.save());

    disk.gate = () => Promise.resolve();
    const other = new VirtioDevice(new BlockDevice({ backend: disk }), { storage: memory });
    other.restore(state);
    other.resume();
    await settle();
    expect(disk.calls).toHaveLength(3);
    expect([1, 2, 3].map(() => driver.queue(0).collect()?.written)).toEqual([513, 513, 513]);
  });
});

it('serves several queues', async () => {
  const { driver, device, header } = setUp({ driver: { form: 'packed' }, block: { queues: 4 } });
  expect(device.has(BlockFeature.multiqueue)).toBe(true);
  for (let queue = 0; queue < 4; queue++) {
    expect((await driver.queue(queue).exchange([header(BlockRequest.in, queue)], [512, 1])).written).toBe(
      513,
    );
  }
  expect(driver.interrupts).toEqual([0, 1, 2, 3]);
});

it.each(ringForms)('has a configuration space for a %s driver', (form) => {
  const { device, model, disk, driver } = setUp({
    driver: { form },
    disk: { blockSize: 512, physicalBlockSize: 4096 },
    block: { queues: 2, geometry: { cylinders: 100, heads: 15, sectors: 63 } },
  });
  const config = () => {
    const data = new DataView(device.readConfig(0, 60).buffer as ArrayBuffer);
    const le = device.order === littleEndian;
    return {
      capacity: data.getBigUint64(0, le),
      segments: data.getUint32(12, le),
      geometry: [data.getUint16(16, le), data.getUint8(18), data.getUint8(19)],
      blockSize: data.getUint32(20, le),
      exponent: data.getUint8(24),
      minimum: data.getUint16(26, le),
      queues: data.getUint16(34, le),
      discard: [data.getUint32(36, le), data.getUint32(40, le), data.getUint32(44, le)],
      zeroes: [data.getUint32(48, le), data.getUint32(52, le), data.getUint8(56)],
    };
  };
  expect(config()).toEqual({
    capacity: 8192n,
    segments: 254,
    geometry: [100, 15, 63],
    blockSize: 512,
    exponent: 3,
    minimum: 8,
    queues: 2,
    discard: [2 ** 22 - 1, 64, 1],
    zeroes: [2 ** 22 - 1, 64, 1],
  });
  disk.cache = new Uint8Array(8 * MIB);
  model.resized();
  expect(config().capacity).toBe(16384n);
  expect(driver.configInterrupts).toBe(1);
});
