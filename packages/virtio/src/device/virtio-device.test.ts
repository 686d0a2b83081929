import { absolute } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { bigEndian, littleEndian } from '../byte-order.ts';
import { EchoDevice } from '../testing/echo-device.ts';
import { GuestDriver, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { DeviceStatus, Feature, features } from './feature.ts';
import { VirtioDevice } from './virtio-device.ts';

const { acknowledge, driver, driverOk, featuresOk, needsReset } = DeviceStatus;

function setUp(withheld: readonly number[] = []) {
  const memory = new GuestMemory();
  const model = new EchoDevice([16, 16]);
  const device = new VirtioDevice(model, { storage: memory, withheld });
  return { memory, model, device };
}

function accept(device: VirtioDevice, set: bigint): void {
  for (let word = 0; word < 3; word++) {
    device.acceptFeatures(word, Number((set >> BigInt(32 * word)) & 0xffff_ffffn));
  }
}

describe('feature negotiation', () => {
  it.each([
    ['version 1 alone', features(Feature.version1), true],
    ['all that is offered', undefined, true],
    ['nothing: a legacy driver', 0n, true],
    ['a feature that is not offered', features(Feature.version1, 5), false],
    ['a feature beyond 64 bits', features(Feature.version1, 70), false],
    ['a feature without one that it needs', features(Feature.version1, 1), false],
    ['a feature with one that it needs', features(Feature.version1, 0, 1), true],
    ['packed rings without version 1', features(Feature.packedRing), false],
  ])('FEATURES_OK after accepting %s', (_, set, ok) => {
    const { device } = setUp();
    device.writeStatus(acknowledge | driver);
    accept(device, set ?? device.offeredFeatures);
    device.writeStatus(acknowledge | driver | featuresOk);
    expect(device.status).toBe(acknowledge | driver | (ok ? featuresOk : 0));
  });

  it('is over with FEATURES_OK', () => {
    const { device } = setUp();
    accept(device, features(Feature.version1));
    device.writeStatus(featuresOk);
    accept(device, features(Feature.version1, 0));
    expect(device.has(0)).toBe(false);
  });

  it('offers words of 32 bits, and zeros beyond', () => {
    const { device } = setUp();
    expect([0, 1, 2, 255].map((word) => device.deviceFeatures(word))).toEqual([
      Number(features(0, 1, 27, 28, 29)),
      Number(features(0, 2, 8)),
      0,
      0,
    ]);
  });

  it('is a legacy device without version 1', () => {
    const { device } = setUp([Feature.version1]);
    expect([0, 1].map((word) => device.deviceFeatures(word))).toEqual([
      Number(features(0, 1, 27, 28, 29)),
      0,
    ]);
  });

  it('does not look at words that no feature has', () => {
    const { device } = setUp();
    device.acceptFeatures(2 ** 31, 1);
    expect(device.negotiatedFeatures).toBe(0n);
  });
});

describe('the device status', () => {
  it('has no DRIVER_OK for a driver of version 1 without FEATURES_OK', () => {
    const { device } = setUp();
    accept(device, features(Feature.version1));
    device.writeStatus(acknowledge | driver | driverOk);
    expect(device.status).toBe(acknowledge | driver);
  });

  it('keeps bits until reset, and takes no DEVICE_NEEDS_RESET from the driver', () => {
    const { device, model } = setUp();
    device.writeStatus(acknowledge);
    device.writeStatus(driver | needsReset);
    expect(device.status).toBe(acknowledge | driver);
    device.writeStatus(0);
    expect(device.status).toBe(0);
    expect(model.events).toEqual(['reset']);
  });

  it('starts the model once, with what is available already', () => {
    const { device, model, memory } = setUp();
    const guest = new GuestDriver(device, memory, { form: 'split', start: false });
    guest.queue(1).add([Uint8Array.of(7)], [1]);
    guest.queue(1).notify();
    expect(guest.queue(1).collect()).toBeUndefined();
    device.writeStatus(device.status | driverOk);
    device.writeStatus(device.status | driverOk);
    expect(guest.queue(1).collect()?.bytes).toEqual(Uint8Array.of(7));
    expect(model.events.filter((event) => event === 'started')).toHaveLength(1);
  });

  it('lets a legacy driver use queues before DRIVER_OK', async () => {
    const { device, memory } = setUp();
    const guest = new GuestDriver(device, memory, { form: 'legacy', start: false });
    expect((await guest.queue(0).exchange([Uint8Array.of(7)], [1])).bytes).toEqual(Uint8Array.of(7));
  });
});

describe('the configuration space', () => {
  it.each([
    ['legacy', bigEndian],
    ['split', littleEndian],
  ] as const)('of a %s driver is in its byte order', (form, order) => {
    const { device, model, memory } = setUp();
    new GuestDriver(device, memory, { form });
    model.changeConfig(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    expect(device.readConfig(0, 8)).toEqual(model.config(order));
  });

  it('reads as zeros beyond its end, where writes are ignored', () => {
    const { device } = setUp();
    device.writeConfig(6, Uint8Array.of(1, 2, 3, 4), littleEndian);
    device.writeConfig(2 ** 32, Uint8Array.of(1), littleEndian);
    expect(device.readConfig(4, 8, littleEndian)).toEqual(Uint8Array.of(0, 0, 1, 2, 0, 0, 0, 0));
    expect(device.readConfig(2 ** 32, 2, littleEndian)).toEqual(Uint8Array.of(0, 0));
  });

  it('has a new generation with each change, and interrupts a driver that is ready', () => {
    const { device, model, memory } = setUp();
    const before = device.configGeneration;
    model.changeConfig(Uint8Array.of(1));
    const guest = new GuestDriver(device, memory, { form: 'split' });
    model.changeConfig(Uint8Array.of(2));
    expect(device.configGeneration).toBe(before + 2);
    expect(guest.configInterrupts).toBe(1);
  });
});

describe('queues', () => {
  it.each([
    ['a size of zero', false, 0, 0x1000, false],
    ['more than the maximum', false, 32, 0x1000, false],
    ['a split ring whose size is no power of two', false, 12, 0x1000, false],
    ['a packed ring of any size', true, 12, 0x1000, true],
    ['an area outside storage', false, 16, (4 << 20) - 100, false],
    ['a packed ring outside storage', true, 16, (4 << 20) - 100, false],
    ['a split ring', false, 16, 0x1000, true],
  ])('%s', (_, packed, size, address, ok) => {
    const { device } = setUp();
    accept(device, features(Feature.version1, ...(packed ? [Feature.packedRing] : [])));
    device.writeStatus(featuresOk);
    const at = absolute(address);
    const areas = { size, descriptors: at, driver: absolute(0x2000), device: absolute(0x3000) };
    expect(device.enableQueue(0, areas)).toBe(ok);
    expect(device.queues[0]?.enabled).toBe(ok);
    expect(device.enableQueue(2, areas)).toBe(false);
  });

  it.each(ringForms)('a %s ring is reset alone', async (form) => {
    const { device, memory, model } = setUp();
    const guest = new GuestDriver(device, memory, { form });
    model.holding = true;
    guest.queue(0).add([Uint8Array.of(1)], [1]);
    guest.queue(0).notify();
    expect(device.resetQueue(0)).toBe(true);
    expect(device.resetQueue(9)).toBe(false);
    model.holding = false;
    model.release();
    expect(guest.queue(0).collect()).toBeUndefined();
    expect((await guest.queue(1).exchange([Uint8Array.of(1)], [1])).written).toBe(1);
  });

  it('ignores notifications of queues that do not exist or are not enabled', () => {
    const { device } = setUp();
    device.notify(0);
    device.notify(99);
    expect(device.status).toBe(0);
  });
});

it('refuses the state of another device', () => {
  const { device, memory } = setUp();
  const state = device.save();
  const refused = (model: EchoDevice, changed = state) => {
    const other = new VirtioDevice(model, { storage: memory });
    return () => other.restore(changed);
  };
  expect(refused(new EchoDevice([16, 16]))).not.toThrow();
  expect(refused(new EchoDevice([16]))).toThrow('other queues');
  expect(refused(new EchoDevice([16, 16]), { ...state, version: 99 })).toThrow('version 99');
  new GuestDriver(device, memory, { form: 'split' });
  expect(refused(new EchoDevice([16, 16], 0n), device.save())).toThrow('other features');
});
