import { describe, expect, it } from 'vitest';
import { DeviceStatus } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, type GuestDriverOptions, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { BalloonDevice, type BalloonDeviceOptions } from './balloon-device.ts';
import { BalloonFeature, StatisticTag } from './balloon-layout.ts';

const SIZE = 4 << 20;

function setUp(driverOptions: GuestDriverOptions, options: Partial<BalloonDeviceOptions> = {}) {
  const memory = new GuestMemory(SIZE);
  const calls: string[] = [];
  const statistics: ReadonlyMap<number, bigint>[] = [];
  const backend = {
    inflate: (address: number, length: number) => void calls.push(`inflate ${address} ${length}`),
    deflate: (address: number, length: number) => void calls.push(`deflate ${address} ${length}`),
    report: (address: number, length: number) => void calls.push(`report ${address} ${length}`),
  };
  const make = () =>
    new BalloonDevice({
      backend,
      onStatistics: (found) => statistics.push(found),
      onActual: (bytes) => calls.push(`actual ${bytes}`),
      ...options,
    });
  const model = make();
  const device = new VirtioDevice(model, { storage: memory });
  const driver = new GuestDriver(device, memory, driverOptions);
  const le = device.order.littleEndian;
  const pages = (...numbers: number[]) => {
    const data = new DataView(new ArrayBuffer(4 * numbers.length));
    numbers.forEach((number, i) => {
      data.setUint32(4 * i, number, le);
    });
    return new Uint8Array(data.buffer);
  };
  const entry = (tag: number, value: bigint) => {
    const data = new DataView(new ArrayBuffer(10));
    data.setUint16(0, tag, le);
    data.setBigUint64(2, value, le);
    return new Uint8Array(data.buffer);
  };
  return { memory, model, make, device, driver, calls, statistics, pages, entry };
}

describe.each(ringForms)('a balloon device with a %s ring', (form) => {
  it('inflates and deflates, pages that follow one another together', async () => {
    const { driver, calls, pages } = setUp({ form });
    await driver.queue(0).exchange([pages(16, 17, 18, 3)]);
    await driver.queue(1).exchange([pages(17)]);
    expect(calls).toEqual(['inflate 65536 12288', 'inflate 12288 4096', 'deflate 69632 4096']);
  });

  it('lets pages outside storage be', async () => {
    const { driver, calls, pages } = setUp({ form });
    await driver.queue(0).exchange([pages(SIZE / 4096, 0xffff_ffff, SIZE / 4096 - 1)]);
    expect(calls).toEqual([`inflate ${SIZE - 4096} 4096`]);
  });

  it('stops at too many pages', () => {
    const { driver, device } = setUp({ form });
    driver.queue(0).add([new Uint8Array(4 * 65537)]);
    driver.queue(0).notify();
    expect(device.status & DeviceStatus.needsReset).toBe(form === 'legacy' ? 0 : DeviceStatus.needsReset);
  });

  it('has a little-endian configuration space', () => {
    const { device, model, driver, calls } = setUp({ form });
    model.setTarget(0x1234 * 4096);
    expect(device.readConfig(0, 8)).toEqual(Uint8Array.of(0x34, 0x12, 0, 0, 0, 0, 0, 0));
    expect(driver.configInterrupts).toBe(1);
    device.writeConfig(4, Uint8Array.of(2, 1, 0, 0));
    device.writeConfig(0, Uint8Array.of(9, 9));
    expect(model.actual).toBe(0x102 * 4096);
    expect(device.readConfig(0, 2)).toEqual(Uint8Array.of(0x34, 0x12));
    expect(calls).toEqual([`actual ${0x102 * 4096}`]);
  });

  it('asks for statistics', () => {
    const { driver, model, statistics, entry } = setUp({ form });
    expect(model.requestStatistics()).toBe(false);
    const tell = (free: bigint) => {
      driver.queue(2).add([entry(StatisticTag.freeMemory, free), entry(StatisticTag.totalMemory, 1n << 33n)]);
      driver.queue(2).notify();
    };
    tell(5n);
    expect(driver.queue(2).collect()).toBeUndefined();
    expect(model.requestStatistics()).toBe(true);
    expect(model.requestStatistics()).toBe(false);
    expect(driver.queue(2).collect()).toBeDefined();
    tell(6n);
    expect(statistics.map((found) => found.get(StatisticTag.freeMemory))).toEqual([5n, 6n]);
    expect(statistics[1]?.get(StatisticTag.totalMemory)).toBe(1n << 33n);
  });

  it('saves and restores the buffer for statistics', () => {
    const { driver, device, memory, make, entry } = setUp({ form });
    driver.queue(2).add([entry(0, 0n)]);
    driver.queue(2).notify();
    const model = make();
    const other = new VirtioDevice(model, { storage: memory });
    other.restore(structuredClone(device.save()));
    expect(model.requestStatistics()).toBe(true);
    expect(driver.queue(2).collect()?.written).toBe(0);
  });

  it.each([
    ['as the specification numbers it', 4, []],
    ['where Linux had it', 3, []],
    ['where Linux had it without statistics', 2, [BalloonFeature.statistics]],
  ])('hears of free pages in the queue %s', async (_, index, without) => {
    const { driver, calls } = setUp({ form, without });
    await driver.queue(index).exchange([], [8192, 4096]);
    expect(calls.map((call) => call.split(' ').at(-1))).toEqual(['8192', '4096']);
  });
});

it('leaves free pages alone that the guest has filled with a pattern', async () => {
  const { driver, device, calls } = setUp({ form: 'split' });
  device.writeConfig(12, Uint8Array.of(0xaa, 0xaa, 0xaa, 0xaa));
  await driver.queue(4).exchange([], [4096]);
  expect(calls).toEqual([]);
});

it('offers what it was made with', () => {
  const backend = { inflate: () => {}, deflate: () => {} };
  const offered = (options = {}) => new BalloonDevice({ backend, ...options });
  expect([offered().features, offered().queueSizes.length]).toEqual([2n, 3]);
  expect(offered({ mustTellHost: true, deflateOnOutOfMemory: true }).features).toBe(7n);
  expect(offered({ backend: { ...backend, report: () => {} } }).features).toBe(0x32n);
});
