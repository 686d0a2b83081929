import { describe, expect, it } from 'vitest';
import { VirtioDevice } from '../device/virtio-device.ts';
import { GuestDriver, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { EntropyDevice, type EntropyDeviceOptions, type EntropySource } from './entropy-device.ts';

/** Bytes that count up. */
function counting(): EntropySource {
  let next = 1;
  return {
    fill: (target) => {
      for (let i = 0; i < target.length; i++) target[i] = next++ & 0xff;
    },
  };
}

function setUp(form: (typeof ringForms)[number], options: Partial<EntropyDeviceOptions> = {}) {
  const memory = new GuestMemory();
  const model = new EntropyDevice({ source: counting(), ...options });
  const device = new VirtioDevice(model, { storage: memory });
  const driver = new GuestDriver(device, memory, { form });
  return { memory, device, queue: driver.queue(0) };
}

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe.each(ringForms)('an entropy device with a %s ring', (form) => {
  it('fills buffers', async () => {
    const { queue } = setUp(form);
    expect(await queue.exchange([], [2, 3])).toMatchObject({
      written: 5,
      bytes: Uint8Array.of(1, 2, 3, 4, 5),
    });
    expect((await queue.exchange([], [1 << 20])).written).toBe(65536);
    expect((await queue.exchange([Uint8Array.of(1)], [])).written).toBe(0);
  });

  it('gives no more than its rate, and the rest later', async () => {
    const timers: (() => void)[] = [];
    const rate = {
      bytes: 10,
      milliseconds: 1000,
      after: (milliseconds: number, action: () => void) => {
        expect(milliseconds).toBe(1000);
        timers.push(action);
      },
    };
    const { queue } = setUp(form, { rate });
    for (const length of [4, 20, 8]) queue.add([], [length]);
    queue.notify();
    await settle();
    expect([queue.collect()?.written, queue.collect()?.written, queue.collect()]).toEqual([4, 6, undefined]);
    expect(timers).toHaveLength(1);
    timers.shift()?.();
    await settle();
    expect(queue.collect()?.written).toBe(8);
    expect(timers).toHaveLength(1);
  });
});

it('gives nothing when its source fails', async () => {
  const errors: unknown[] = [];
  const source = { fill: () => Promise.reject(new Error('no entropy')) };
  const { queue } = setUp('split', { source, onBackendError: (error) => errors.push(error) });
  const answer = await queue.exchange([], [4]);
  expect([answer.written, [...answer.bytes]]).toEqual([0, [0, 0, 0, 0]]);
  expect(errors).toHaveLength(1);
});

it('saves how much of its rate is left', async () => {
  const timers: (() => void)[] = [];
  const rate = {
    bytes: 10,
    milliseconds: 1,
    after: (_: number, action: () => void) => void timers.push(action),
  };
  const { queue, device, memory } = setUp('packed', { rate });
  await queue.exchange([], [7]);
  await device.drain();
  const other = new VirtioDevice(new EntropyDevice({ source: counting(), rate }), { storage: memory });
  other.restore(structuredClone(device.save()));
  other.resume();
  queue.add([], [7]);
  other.notify(0);
  await settle();
  expect(queue.collect()?.written).toBe(3);
  expect(timers).toHaveLength(2);
});
