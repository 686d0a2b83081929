/** A driver for tests: negotiates, sets up queues, exchanges buffers (Virtual I/O Device 1.3, section 3.1). */
import { bigEndian, littleEndian } from '../byte-order.ts';
import { DeviceStatus, Feature, features, hasFeature } from '../device/feature.ts';
import type { VirtioDevice } from '../device/virtio-device.ts';
import type { DriverBuffer, DriverRing } from './driver-ring.ts';
import type { GuestMemory } from './guest-memory.ts';
import { PackedDriverRing } from './packed-driver-ring.ts';
import { SplitDriverRing } from './split-driver-ring.ts';

/** The forms in which a ring can be: legacy ones are split and in the guest's byte order. */
export const ringForms = ['legacy', 'split', 'packed'] as const;
export type RingForm = (typeof ringForms)[number];

export interface GuestDriverOptions {
  readonly form: RingForm;
  /** Numbers of features that the driver does not accept. */
  readonly without?: readonly number[];
  /** Descriptors in each queue. Default 16, or what the device has at most. */
  readonly queueSize?: number;
  /** Set DRIVER_OK. Default true. */
  readonly start?: boolean;
}

/** What came back of a chain. */
export interface Answer {
  readonly id: number;
  /** Bytes written, says the device. */
  readonly written: number;
  /** All writable buffers, one after the other. */
  readonly bytes: Uint8Array;
}

const LEGACY_ALIGNMENT = 4096;

/** A queue in the driver's hands. */
export class DriverQueue {
  readonly ring: DriverRing;
  readonly #index: number;
  readonly #memory: GuestMemory;
  readonly #device: VirtioDevice;
  readonly #pending = new Map<number, readonly DriverBuffer[]>();

  constructor(index: number, ring: DriverRing, memory: GuestMemory, device: VirtioDevice) {
    this.#index = index;
    this.ring = ring;
    this.#memory = memory;
    this.#device = device;
  }

  /**
   * Makes a chain available, without notification.
   *
   * @param indirect - Buffers from this one on go into an indirect table.
   * @returns Its id; undefined when the ring is full.
   */
  add(
    readable: readonly Uint8Array[],
    writable: readonly number[] = [],
    indirect?: number,
  ): number | undefined {
    const buffers = [
      ...readable.map((bytes) => ({
        address: this.#memory.place(bytes),
        length: bytes.length,
        writable: false,
      })),
      ...writable.map((length) => ({ address: this.#memory.allocate(length), length, writable: true })),
    ];
    const id = this.ring.add(buffers, indirect);
    if (id === undefined) return undefined;
    this.#pending.set(id, buffers);
    this.ring.publish();
    return id;
  }

  notify(): void {
    this.#device.notify(this.#index);
  }

  /** Takes the next chain that the device used. */
  collect(): Answer | undefined {
    const used = this.ring.collect();
    if (used === undefined) return undefined;
    const buffers = (this.#pending.get(used.id) ?? []).filter(({ writable }) => writable);
    this.#pending.delete(used.id);
    const parts = buffers.map(({ address, length }) =>
      this.#memory.at(address as Parameters<GuestMemory['at']>[0], length).bytes(),
    );
    return { ...used, bytes: concat(parts) };
  }

  /** Makes a chain available, notifies, and waits until the device used one. */
  async exchange(
    readable: readonly Uint8Array[],
    writable: readonly number[] = [],
    indirect?: number,
  ): Promise<Answer> {
    if (this.add(readable, writable, indirect) === undefined) throw new Error('the ring is full');
    this.notify();
    return this.answer();
  }

  /** Waits until the device used a chain. */
  async answer(): Promise<Answer> {
    for (let turn = 0; turn < 1000; turn++) {
      const answer = this.collect();
      if (answer !== undefined) return answer;
      await Promise.resolve();
    }
    throw new Error('the device used no buffer');
  }
}

export class GuestDriver {
  readonly queues: readonly DriverQueue[];
  readonly device: VirtioDevice;
  readonly memory: GuestMemory;
  /** Interrupts by queue, in their order. */
  readonly interrupts: number[] = [];
  configInterrupts = 0;

  constructor(device: VirtioDevice, memory: GuestMemory, options: GuestDriverOptions) {
    this.device = device;
    this.memory = memory;
    device.connect({
      queueInterrupt: (queue) => this.interrupts.push(queue),
      configInterrupt: () => {
        this.configInterrupts++;
      },
    });
    device.writeStatus(0);
    device.writeStatus(DeviceStatus.acknowledge | DeviceStatus.driver);
    const without = [...(options.without ?? []), ...(options.form === 'packed' ? [] : [Feature.packedRing])];
    let accepted = device.offeredFeatures & ~features(...without);
    if (options.form === 'legacy') accepted &= 0xffff_ffffn;
    for (let word = 0; word < 4; word++) {
      device.acceptFeatures(word, Number((accepted >> BigInt(32 * word)) & 0xffff_ffffn));
    }
    if (options.form !== 'legacy') {
      device.writeStatus(device.status | DeviceStatus.featuresOk);
      if ((device.status & DeviceStatus.featuresOk) === 0) throw new Error('the device refuses the features');
    }
    const eventIndex = hasFeature(accepted, Feature.eventIndex);
    this.queues = device.queues.map(({ maximumSize }, index) => {
      const size = Math.min(maximumSize, options.queueSize ?? 16);
      const order = options.form === 'legacy' ? bigEndian : littleEndian;
      const common = { memory, order, size, eventIndex };
      const ring =
        options.form === 'packed'
          ? new PackedDriverRing(common)
          : new SplitDriverRing(
              options.form === 'legacy' ? { ...common, legacyAlignment: LEGACY_ALIGNMENT } : common,
            );
      if (!device.enableQueue(index, ring.areas)) throw new Error(`the device refuses queue ${index}`);
      ring.requestInterrupt();
      return new DriverQueue(index, ring, memory, device);
    });
    if (options.start ?? true) device.writeStatus(device.status | DeviceStatus.driverOk);
  }

  queue(index: number): DriverQueue {
    const queue = this.queues[index];
    if (queue === undefined) throw new RangeError(`there is no queue ${index}`);
    return queue;
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
