/**
 * What all virtio devices share (Virtual I/O Device 1.3, chapter 2, "Basic Facilities of a Virtio Device", and 3.1,
 * "Device Initialization"): status, feature negotiation, configuration space, virtqueues, reset. A transport calls
 * it with what the driver does, and is called for interrupts.
 */

import type { Payload } from '@zarch/arch';
import { type ByteOrder, bigEndian, littleEndian } from '../byte-order.ts';
import type { DeviceStorage } from '../queue/device-storage.ts';
import type { RingAreas } from '../queue/ring.ts';
import { type RingFeatures, type SavedVirtqueue, Virtqueue } from '../queue/virtqueue.ts';
import { type DeviceHost, type DeviceModel, payloadData, type VirtioTransport } from './device-model.ts';
import { DeviceStatus, Feature, features, hasFeature } from './feature.ts';

const VERSION = 1;
/** Words of features that a driver can address. */
const FEATURE_WORDS = 256;
const LEGACY_FEATURES = 0xffff_ffffn;

const COMMON_FEATURES = features(
  Feature.anyLayout,
  Feature.indirectDescriptors,
  Feature.eventIndex,
  Feature.version1,
  Feature.packedRing,
  Feature.ringReset,
);

export interface VirtioDeviceOptions {
  readonly storage: DeviceStorage;
  /** Feature bits that are not offered although the device has them. Without VERSION_1 it is a legacy device. */
  readonly withheld?: readonly number[];
  /** Called with what a driver did wrong when its device stops. */
  readonly onError?: (reason: string) => void;
}

interface SavedDevice {
  readonly status: number;
  readonly driverFeatures: bigint;
  readonly broken: boolean;
  readonly configGeneration: number;
  readonly queues: readonly (SavedVirtqueue | undefined)[];
  readonly model: Payload;
}

const DISCONNECTED: VirtioTransport = { queueInterrupt: () => {}, configInterrupt: () => {} };

export class VirtioDevice {
  readonly name = 'virtio';
  readonly model: DeviceModel;
  readonly queues: readonly Virtqueue[];
  /** All features that are offered. A driver of the legacy interface sees those below bit 32. */
  readonly offeredFeatures: bigint;
  readonly #storage: DeviceStorage;
  readonly #onError: (reason: string) => void;
  #transport = DISCONNECTED;
  #status = 0;
  #driverFeatures = 0n;
  /** The driver made a mistake: nothing happens until reset. */
  #broken = false;
  #configGeneration = 0;
  /** Counts resets, so that what was put off before one is not done after it. */
  #life = 0;

  constructor(model: DeviceModel, options: VirtioDeviceOptions) {
    this.model = model;
    this.#storage = options.storage;
    this.#onError = options.onError ?? (() => {});
    let offered = (model.features | COMMON_FEATURES) & ~features(...(options.withheld ?? []));
    if (!hasFeature(offered, Feature.version1)) offered &= LEGACY_FEATURES;
    this.offeredFeatures = offered;
    this.queues = model.queueSizes.map((size, index) => this.#makeQueue(size, index));
    model.connect(this.#makeHost());
  }

  /** Connects the transport. */
  connect(transport: VirtioTransport): void {
    this.#transport = transport;
  }

  get type(): number {
    return this.model.type;
  }

  /** The device status field. */
  get status(): number {
    return this.#status;
  }

  /** What the driver accepted of the features offered. */
  get negotiatedFeatures(): bigint {
    const accepted = this.#driverFeatures & this.offeredFeatures;
    return this.#isLegacy ? accepted & LEGACY_FEATURES : accepted;
  }

  has(feature: number): boolean {
    return hasFeature(this.negotiatedFeatures, feature);
  }

  /** Byte order of rings and requests, and of the configuration space for a transport that has no other rule. */
  get order(): ByteOrder {
    return this.has(Feature.version1) ? littleEndian : bigEndian;
  }

  /** A word of the features offered; `word` counts from bits 0 to 31. */
  deviceFeatures(word: number): number {
    return Number((this.offeredFeatures >> BigInt(32 * word)) & 0xffff_ffffn);
  }

  /** The driver accepts the features of a word. After FEATURES_OK it cannot. */
  acceptFeatures(word: number, value: number): void {
    if (word >= FEATURE_WORDS || (this.#status & DeviceStatus.featuresOk) !== 0) return;
    const shift = BigInt(32 * word);
    this.#driverFeatures = (this.#driverFeatures & ~(0xffff_ffffn << shift)) | (BigInt(value >>> 0) << shift);
    this.model.negotiated();
  }

  /**
   * The driver writes the device status: bits are set, or all are reset by a zero. FEATURES_OK stays off when the
   * features accepted do not go together; DRIVER_OK without it has no effect on a driver of version 1.
   */
  writeStatus(value: number): void {
    if (value === 0) {
      this.reset();
      return;
    }
    let added = value & 0xff & ~this.#status & ~DeviceStatus.needsReset;
    if ((added & DeviceStatus.featuresOk) !== 0 && !this.#validFeatures()) added &= ~DeviceStatus.featuresOk;
    const next = this.#status | added;
    const negotiated = this.#isLegacy || (next & DeviceStatus.featuresOk) !== 0;
    if ((added & DeviceStatus.driverOk) !== 0 && !negotiated) added &= ~DeviceStatus.driverOk;
    this.#status |= added;
    if ((added & DeviceStatus.featuresOk) !== 0) this.model.negotiated();
    if ((added & DeviceStatus.driverOk) === 0 || this.#broken) return;
    this.model.started();
    this.#notifyAll();
  }

  /** Device reset, as after power-on. Requests with the backend end without any effect on storage. */
  reset(): void {
    this.#life++;
    this.#status = 0;
    this.#driverFeatures = 0n;
    this.#broken = false;
    for (let queue = 0; queue < this.queues.length; queue++) this.#resetQueue(queue);
    this.model.reset();
  }

  /** Changes when the configuration space does other than by the driver. */
  get configGeneration(): number {
    return this.#configGeneration;
  }

  get configSize(): number {
    return this.model.config(littleEndian).length;
  }

  /** Bytes of the configuration space; what lies beyond it reads as zeros. `length` is at most 65536. */
  readConfig(offset: number, length: number, order = this.order): Uint8Array {
    const result = new Uint8Array(Math.min(length, 65536));
    result.set(this.model.config(order).subarray(offset, offset + result.length));
    return result;
  }

  /** The driver writes to the configuration space; what lies beyond it is ignored. */
  writeConfig(offset: number, bytes: Uint8Array, order = this.order): void {
    const room = Math.max(0, this.configSize - offset);
    if (room > 0 && bytes.length > 0) this.model.writeConfig(offset, bytes.slice(0, room), order);
  }

  /**
   * Enables a queue.
   *
   * @returns False for a queue that does not exist, a size it cannot have, or an area outside storage.
   */
  enableQueue(index: number, areas: RingAreas): boolean {
    return this.queues[index]?.enable(areas) ?? false;
  }

  /**
   * Resets one queue: of VIRTIO_F_RING_RESET, or by a transport that has another way.
   *
   * @returns False for a queue that does not exist.
   */
  resetQueue(index: number): boolean {
    if (this.queues[index] === undefined) return false;
    this.#resetQueue(index);
    return true;
  }

  /** The driver notifies: it made buffers available in a queue. */
  notify(index: number): void {
    if (this.#usable && this.queues[index]?.enabled) this.model.serve(index);
  }

  /**
   * Waits until no request is with the backend, so that the state can be saved. The guest must not run, and nothing
   * is begun until {@link resume}.
   */
  drain(): Promise<void> {
    return this.model.drain();
  }

  /** After {@link drain} or {@link restore}: goes on with what the driver made available. */
  resume(): void {
    this.model.resume();
    this.#notifyAll();
  }

  /** The state of device, queues and model. See {@link drain}. */
  save(): Payload {
    const data: SavedDevice = {
      status: this.#status,
      driverFeatures: this.#driverFeatures,
      broken: this.#broken,
      configGeneration: this.#configGeneration,
      queues: this.queues.map((queue) => queue.save()),
      model: this.model.save(),
    };
    return { name: this.name, version: VERSION, data };
  }

  /** @throws {RangeError} When a device with other features, queues, model or storage saved the state. */
  restore(state: Payload): void {
    const saved = payloadData<SavedDevice>(state, this.name, VERSION);
    if (saved.queues.length !== this.queues.length)
      throw new RangeError('a device with other queues was saved');
    const ready = (saved.status & DeviceStatus.featuresOk) !== 0;
    if (ready && (saved.driverFeatures & ~this.offeredFeatures) !== 0n) {
      throw new RangeError('a device with other features was saved');
    }
    this.reset();
    this.#status = saved.status;
    this.#driverFeatures = saved.driverFeatures;
    this.#broken = saved.broken;
    this.#configGeneration = saved.configGeneration;
    this.model.negotiated();
    this.queues.forEach((queue, index) => {
      queue.restore(saved.queues[index]);
    });
    this.model.restore(saved.model);
  }

  get #isLegacy(): boolean {
    return !hasFeature(this.#driverFeatures, Feature.version1);
  }

  /** A legacy driver may use queues before DRIVER_OK. */
  get #usable(): boolean {
    if (this.#broken) return false;
    return this.#isLegacy || (this.#status & DeviceStatus.driverOk) !== 0;
  }

  get #ringFeatures(): RingFeatures {
    return {
      order: this.order,
      indirect: this.has(Feature.indirectDescriptors),
      eventIndex: this.has(Feature.eventIndex),
      packed: this.has(Feature.packedRing),
    };
  }

  #validFeatures(): boolean {
    if ((this.#driverFeatures & ~this.offeredFeatures) !== 0n) return false;
    if (this.#isLegacy && (this.#driverFeatures & ~LEGACY_FEATURES) !== 0n) return false;
    return this.model.dependencies.every(
      ({ feature, needs }) => !this.has(feature) || needs.some((other) => this.has(other)),
    );
  }

  #fail(reason: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#onError(reason);
    if (this.#isLegacy) return;
    this.#status |= DeviceStatus.needsReset;
    if ((this.#status & DeviceStatus.driverOk) !== 0) this.#transport.configInterrupt();
  }

  #notifyAll(): void {
    for (let queue = 0; queue < this.queues.length; queue++) this.notify(queue);
  }

  #resetQueue(index: number): void {
    this.queues[index]?.reset();
    this.model.queueReset(index);
  }

  #configChanged(): void {
    this.#configGeneration = (this.#configGeneration + 1) >>> 0;
    if ((this.#status & DeviceStatus.driverOk) !== 0) this.#transport.configInterrupt();
  }

  #later(index: number): void {
    if (this.#transport.notifyLater) {
      this.#transport.notifyLater(index);
      return;
    }
    const life = this.#life;
    void Promise.resolve().then(() => {
      if (life === this.#life) this.notify(index);
    });
  }

  #makeQueue(size: number, index: number): Virtqueue {
    const device = this;
    return new Virtqueue(size, {
      storage: this.#storage,
      get ringFeatures() {
        return device.#ringFeatures;
      },
      get usable() {
        return device.#usable;
      },
      interrupt: () => this.#transport.queueInterrupt(index),
      fail: (reason) => this.#fail(`queue ${index}: ${reason}`),
      later: () => this.#later(index),
    });
  }

  #makeHost(): DeviceHost {
    const device = this;
    return {
      storage: this.#storage,
      queues: this.queues,
      get order() {
        return device.order;
      },
      get running() {
        return device.#usable;
      },
      has: (feature) => this.has(feature),
      configChanged: () => this.#configChanged(),
      fail: (reason) => this.#fail(reason),
    };
  }
}
