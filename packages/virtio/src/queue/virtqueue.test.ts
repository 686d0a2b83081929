import { describe, expect, it } from 'vitest';
import { littleEndian } from '../byte-order.ts';
import { Feature } from '../device/feature.ts';
import { VirtioDevice } from '../device/virtio-device.ts';
import { EchoDevice } from '../testing/echo-device.ts';
import { GuestDriver, type GuestDriverOptions, ringForms } from '../testing/guest-driver.ts';
import { GuestMemory } from '../testing/guest-memory.ts';
import { PackedDriverRing } from '../testing/packed-driver-ring.ts';
import { SplitDriverRing } from '../testing/split-driver-ring.ts';
import { Virtqueue } from './virtqueue.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const numbered = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => first + i);

function setUp(options: GuestDriverOptions) {
  const memory = new GuestMemory();
  const model = new EchoDevice();
  const errors: string[] = [];
  const device = new VirtioDevice(model, { storage: memory, onError: (reason) => errors.push(reason) });
  const driver = new GuestDriver(device, memory, options);
  return { memory, model, device, driver, queue: driver.queue(0), errors };
}

describe.each(ringForms)('a %s ring', (form) => {
  it.each([
    ['one buffer each way', [4], [4], undefined],
    ['several buffers that do not match', [1, 2, 3, 4], [3, 5, 2], undefined],
    ['buffers of no bytes', [0, 4, 0], [0, 4], undefined],
    ['an indirect table', [1, 2, 3, 4], [3, 5, 2], 0],
    ['an indirect table after direct buffers', [1, 2, 3, 4], [3, 5, 2], 2],
  ])('carries %s', async (_, readable, writable, indirect) => {
    const { queue, errors } = setUp({ form });
    const sent = readable.map((length, i) => numbered(length, 16 * i));
    const answer = await queue.exchange(sent, writable, indirect);
    const all = sent.flatMap((part) => [...part]);
    const room = writable.reduce((sum, length) => sum + length, 0);
    expect(errors).toEqual([]);
    expect(answer.written).toBe(Math.min(all.length, room));
    expect([...answer.bytes.subarray(0, answer.written)]).toEqual(all.slice(0, room));
  });

  it('goes round many times, with chains of different lengths', async () => {
    const { queue, driver } = setUp({ form, queueSize: form === 'packed' ? 7 : 8 });
    for (let i = 0; i < 300; i++) {
      const readable = Array.from({ length: 1 + (i % 3) }, () => bytes(i & 0xff));
      const answer = await queue.exchange(readable, [1, 1]);
      expect(answer.bytes[0]).toBe(i & 0xff);
      queue.ring.requestInterrupt();
    }
    expect(driver.interrupts).toHaveLength(300);
  });

  it('takes chains back in another order than they came', () => {
    const { queue, model } = setUp({ form });
    model.holding = true;
    const ids = [10, 20, 30, 40].map((value) => queue.add([bytes(value, 0, 0)], [1, 2]));
    queue.notify();
    for (const index of [2, 0, 1, 0]) model.release(index);
    const answers = ids.map(() => queue.collect());
    expect(answers.map((answer) => answer?.id)).toEqual([ids[2], ids[0], ids[3], ids[1]]);
    expect(answers.map((answer) => answer?.bytes[0])).toEqual([30, 10, 40, 20]);
    expect(queue.collect()).toBeUndefined();
  });

  it('fills up, empties, and fills up again', () => {
    const { queue, errors } = setUp({ form, queueSize: 8 });
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 8; i++) expect(queue.add([bytes(i)])).toBeDefined();
      expect(queue.add([bytes(9)])).toBeUndefined();
      queue.notify();
      for (let i = 0; i < 8; i++) expect(queue.collect()).toBeDefined();
    }
    expect(errors).toEqual([]);
  });

  describe.each([
    ['with the event index', []],
    ['without the event index', [Feature.eventIndex]],
  ])('%s', (_, without) => {
    it('interrupts when the driver wants it, once for what is used together', () => {
      const { queue, driver } = setUp({ form, without });
      for (let i = 0; i < 3; i++) queue.add([bytes(i)]);
      queue.notify();
      expect(driver.interrupts).toEqual([0]);
      while (queue.collect() !== undefined);
      queue.ring.suppressInterrupts();
      queue.add([bytes(1)]);
      queue.notify();
      expect(driver.interrupts).toEqual([0]);
      queue.collect();
      queue.ring.requestInterrupt();
      queue.add([bytes(1)]);
      queue.notify();
      expect(driver.interrupts).toEqual([0, 0]);
    });

    it('wants notifications only after it has looked', () => {
      const { queue, model } = setUp({ form, without });
      queue.add([bytes(1)]);
      expect(queue.ring.notificationWanted).toBe(true);
      queue.notify();
      queue.add([bytes(2)]);
      expect(queue.ring.notificationWanted).toBe(true);
      expect(model.held).toEqual([]);
    });
  });

  it('interrupts after as many buffers as the driver waits for', () => {
    const { queue, driver } = setUp({ form, queueSize: 4 });
    const counts = Array.from({ length: 12 }, (_, i) => {
      if (i % 3 === 0) queue.ring.requestInterrupt(2);
      queue.add([bytes(i)]);
      queue.notify();
      queue.collect();
      return driver.interrupts.length;
    });
    expect(counts).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4]);
  });

  it('gives chains that are put back once more', () => {
    const { queue, device } = setUp({ form, start: false });
    device.writeStatus(0x0f);
    queue.add([bytes(1)], [1, 1]);
    queue.add([bytes(2), bytes(3)]);
    const [first, second] = [device.queues[0]!.take()!, device.queues[0]!.take()!];
    device.queues[0]!.putBack(second);
    device.queues[0]!.putBack(first);
    expect(device.queues[0]!.holds(first)).toBe(false);
    queue.notify();
    expect([queue.collect()?.bytes[0], queue.collect()?.id]).toEqual([1, second.id]);
  });

  it('hands several chains back as one', () => {
    const { queue, device, driver, model } = setUp({ form });
    model.holding = true;
    for (let i = 0; i < 3; i++) queue.add([bytes(i)], [1, 1]);
    queue.notify();
    const buffers = model.held.map(({ chain }, i) => ({ chain, written: i }));
    device.queues[0]!.useAll(buffers);
    expect([1, 2, 3].map(() => queue.collect()?.written)).toEqual([0, 1, 2]);
    expect(driver.interrupts).toEqual([0]);
  });

  it('has no effect on storage when a chain is used after a reset', () => {
    const { queue, device, model, driver } = setUp({ form });
    model.holding = true;
    queue.add([bytes(1)], [1]);
    queue.notify();
    const [{ chain }] = model.held as [(typeof model.held)[0]];
    device.reset();
    device.queues[0]!.use(chain, 1);
    expect(queue.collect()).toBeUndefined();
    expect(driver.interrupts).toEqual([]);
  });

  it('saves and restores its positions and the chains the device has', () => {
    const { queue, device, model, memory } = setUp({ form, queueSize: 8 });
    for (let i = 0; i < 11; i++) {
      queue.add([bytes(i)], [1]);
      queue.notify();
      queue.collect();
    }
    model.holding = true;
    queue.add([bytes(100)], [1]);
    queue.notify();
    queue.add([bytes(101)], [1]);
    const state = structuredClone(device.save());

    const otherModel = new EchoDevice();
    const other = new VirtioDevice(otherModel, { storage: memory });
    other.restore(state);
    otherModel.release();
    other.notify(0);
    expect([queue.collect()?.bytes[0], queue.collect()?.bytes[0]]).toEqual([100, 101]);
    expect(other.save()).toMatchObject({ name: 'virtio', version: 1 });
  });
});

describe('a driver that adds chains as fast as they are used', () => {
  function endless(form: 'split' | 'packed') {
    const memory = new GuestMemory();
    const common = { memory, order: littleEndian, size: 8, eventIndex: false };
    const ring = form === 'packed' ? new PackedDriverRing(common) : new SplitDriverRing(common);
    let later = 0;
    const queue = new Virtqueue(8, {
      storage: memory,
      ringFeatures: { order: littleEndian, indirect: false, eventIndex: false, packed: form === 'packed' },
      usable: true,
      interrupt: () => {},
      fail: (reason) => expect.fail(reason),
      later: () => {
        later++;
      },
    });
    queue.enable(ring.areas);
    const add = () => {
      ring.add([{ address: 0x1000, length: 1, writable: false }]);
      ring.publish();
    };
    add();
    let served = 0;
    queue.serve((chain) => {
      served++;
      queue.use(chain, 0);
      ring.collect();
      add();
    });
    return { served, later };
  }

  it.each(['split', 'packed'] as const)('has to wait for other work: %s', (form) => {
    expect(endless(form)).toEqual({ served: 64, later: 1 });
  });

  it('is served again when the current job ends, if its transport knows no better', async () => {
    const memory = new GuestMemory();
    const model = new EchoDevice();
    const device = new VirtioDevice(model, { storage: memory });
    const driver = new GuestDriver(device, memory, { form: 'split' });
    let left = 100;
    const { held } = model;
    model.holding = true;
    const push = held.push.bind(held);
    held.push = (...requests) => {
      // Each chain is answered at once, and followed by another.
      const length = push(...requests);
      model.release();
      driver.queue(0).collect();
      if (left-- > 0) driver.queue(0).add([bytes(left)]);
      return length;
    };
    driver.queue(0).add([bytes(0)]);
    driver.queue(0).notify();
    expect(left).toBeGreaterThan(0);
    await Promise.resolve();
    await Promise.resolve();
    expect(left).toBe(-1);
  });
});
