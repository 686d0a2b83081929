import { describe, expect, it } from 'vitest';
import { DeviceStatus, Feature } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import type { RawDescriptor } from '../testing/driver-ring.ts';
import { EchoDevice } from '../testing/echo-device.ts';
import { GuestDriver, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { PackedDriverRing } from '../testing/packed-driver-ring.ts';
import { SplitDriverRing, writeSplit } from '../testing/split-driver-ring.ts';
import { DescriptorFlag } from './ring-layout.ts';

const { next, write, indirect } = DescriptorFlag;
const OUTSIDE = 1n << 40n;

function setUp(form: (typeof ringForms)[number], without: readonly number[] = []) {
  const memory = new GuestMemory();
  const errors: string[] = [];
  const device = new VirtioDevice(new EchoDevice(), {
    storage: memory,
    onError: (reason) => errors.push(reason),
  });
  const driver = new GuestDriver(device, memory, { form, without });
  return { memory, device, driver, errors, ring: driver.queue(0).ring };
}

/** Offers descriptors as they are given, in order from index 0. */
function offer(ring: unknown, descriptors: readonly RawDescriptor[]): void {
  if (ring instanceof PackedDriverRing) {
    for (const fields of descriptors) ring.append(fields);
    ring.publish();
  } else if (ring instanceof SplitDriverRing) {
    descriptors.forEach((fields, index) => {
      ring.writeDescriptor(index, fields);
    });
    ring.offer(0);
    ring.publish();
  }
}

const plain = { address: 0x1000, length: 16, flags: 0, last: 0 };

describe.each(ringForms)('a malformed %s ring stops its device', (form) => {
  it.each<[string, string, readonly RawDescriptor[]]>([
    ['a buffer outside storage', 'outside storage', [{ ...plain, address: OUTSIDE }]],
    ['an address of 64 ones', 'outside storage', [{ ...plain, address: -1n, length: 1 }]],
    ['a buffer that leaves storage', 'outside storage', [{ ...plain, address: (4 << 20) - 8 }]],
    [
      'a readable buffer after a writable one',
      'readable buffer follows',
      [
        { ...plain, flags: write | next, last: 1 },
        { ...plain, last: 1 },
      ],
    ],
    ['an indirect table of no bytes', 'no whole', [{ ...plain, flags: indirect, length: 0 }]],
    [
      'an indirect table with a part of a descriptor',
      'no whole',
      [{ ...plain, flags: indirect, length: 24 }],
    ],
    [
      'an indirect table outside storage',
      'outside storage',
      [{ ...plain, flags: indirect, address: OUTSIDE }],
    ],
    [
      'an indirect descriptor with a successor',
      'follows an indirect',
      [{ ...plain, flags: indirect | next }],
    ],
  ])('%s', (_, reason, descriptors) => {
    const { device, driver, errors, ring, memory } = setUp(form);
    offer(ring, descriptors);
    device.notify(0);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(reason);
    const needsReset = form === 'legacy' ? 0 : DeviceStatus.needsReset;
    expect(device.status & DeviceStatus.needsReset).toBe(needsReset);
    expect(driver.configInterrupts).toBe(form === 'legacy' ? 0 : 1);
    // From here on it does nothing.
    device.notify(0);
    device.writeStatus(0xff);
    expect(errors).toHaveLength(1);
    expect(ring.collect()).toBeUndefined();
    // A reset brings it back.
    expect(new GuestDriver(device, memory, { form }).device.status & DeviceStatus.needsReset).toBe(0);
  });

  it('an indirect table that was not negotiated', () => {
    const { device, errors, ring } = setUp(form, [Feature.indirectDescriptors]);
    offer(ring, [{ ...plain, flags: indirect }]);
    device.notify(0);
    expect(errors[0]).toContain('not negotiated');
  });

  it('a chain of more than 2^32 bytes', () => {
    const big = new GuestMemory();
    const wide = { size: 2 ** 32, view: big.view.bind(big) };
    const view: typeof big.view = (address, length) => big.view(address, length > 2 ** 20 ? 1 : length);
    const errors: string[] = [];
    const device = new VirtioDevice(new EchoDevice(), {
      storage: { ...wide, view },
      onError: (reason) => errors.push(reason),
    });
    const driver = new GuestDriver(device, big, { form });
    offer(driver.queue(0).ring, [
      { ...plain, length: 2 ** 31, flags: next, last: 1 },
      { ...plain, length: 2 ** 31, flags: 0, last: 1 },
    ]);
    device.notify(0);
    expect(errors[0]).toContain('2^32');
  });

  it('an indirect table longer than any chain', () => {
    const { device, errors, ring, memory } = setUp(form);
    const entries = 1025;
    const table = memory.allocate(16 * entries);
    const view = memory.at(table, 16 * entries);
    for (let i = 0; i < entries; i++) {
      // Where a split ring's descriptor has the index of the next one, a packed ring's has its flags.
      const fields = form === 'packed' ? { flags: 0, last: 0 } : { flags: next, last: i + 1 };
      writeSplit(view, device.order, i, { address: 0x1000, length: 1, ...fields });
    }
    offer(ring, [{ address: table, length: 16 * entries, flags: indirect, last: 0 }]);
    device.notify(0);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('too long');
  });
});

describe.each(['legacy', 'split'] as const)('a malformed %s ring', (form) => {
  function split() {
    const set = setUp(form);
    if (!(set.ring instanceof SplitDriverRing)) throw new Error('not a split ring');
    return { ...set, ring: set.ring, order: set.device.order };
  }

  it('a loop', () => {
    const { device, errors, ring } = split();
    offer(ring, [
      { ...plain, flags: next, last: 1 },
      { ...plain, flags: next, last: 0 },
    ]);
    device.notify(0);
    expect(errors[0]).toContain('loop');
  });

  it.each([
    ['a head', (ring: SplitDriverRing) => ring.offer(16)],
    ['a successor', (ring: SplitDriverRing) => offer(ring, [{ ...plain, flags: next, last: 16 }])],
  ])('%s outside the table', (_, act) => {
    const { device, errors, ring } = split();
    act(ring);
    ring.publish();
    device.notify(0);
    expect(errors[0]).toContain('outside its table');
  });

  it('an available index that is too far ahead', () => {
    const { device, errors, ring, order } = split();
    order.setU16(ring.driver, 2, 17);
    device.notify(0);
    expect(errors[0]).toContain('ahead');
  });

  it('more chains than descriptors', () => {
    const { device, errors, ring, order } = split();
    (device.model as EchoDevice).holding = true;
    ring.writeDescriptor(0, plain);
    order.setU16(ring.driver, 2, 16);
    device.notify(0);
    order.setU16(ring.driver, 2, 17);
    device.notify(0);
    expect(errors[0]).toContain('more chains');
  });

  it.each([
    ['a loop', next, 0, 'loop'],
    ['an entry outside', next, 5, 'outside its table'],
    ['another table', indirect, 0, 'refers to another'],
  ])('%s in an indirect table', (_, flags, last, reason) => {
    const { device, errors, ring, memory, order } = split();
    const table = memory.allocate(32);
    writeSplit(memory.at(table, 32), order, 0, { ...plain, flags, last });
    offer(ring, [{ address: table, length: 32, flags: indirect, last: 0 }]);
    device.notify(0);
    expect(errors[0]).toContain(reason);
  });
});

describe('a malformed packed ring', () => {
  it('a chain that has no end', () => {
    const { device, errors, ring } = setUp('packed');
    offer(
      ring,
      Array.from({ length: 16 }, () => ({ ...plain, flags: next })),
    );
    device.notify(0);
    expect(errors[0]).toContain('more descriptors');
  });

  it('a queue whose last descriptor goes on at the first', () => {
    const { device, errors, driver } = setUp('packed');
    for (let i = 0; i < 15; i++) driver.queue(0).add([Uint8Array.of(i)]);
    driver.queue(0).notify();
    while (driver.queue(0).collect());
    expect(driver.queue(0).add([Uint8Array.of(1), Uint8Array.of(2)])).toBeDefined();
    driver.queue(0).notify();
    expect(driver.queue(0).collect()).toBeDefined();
    expect(device.status & DeviceStatus.needsReset).toBe(0);
    expect(errors).toEqual([]);
  });
});
