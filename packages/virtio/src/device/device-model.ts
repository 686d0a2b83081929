/** What a device type is to the part that all devices share. */
import type { Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import type { DeviceStorage } from '../queue/device-storage.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';

/** What a model sees of its device. */
export interface DeviceHost {
  readonly storage: DeviceStorage;
  /** The byte order of requests. */
  readonly order: ByteOrder;
  /** Whether the driver may use the device. */
  readonly running: boolean;
  readonly queues: readonly Virtqueue[];
  /** Whether a feature was negotiated. */
  has(feature: number): boolean;
  /** The configuration space changed by itself: a new generation, and an interrupt for a running driver. */
  configChanged(): void;
  /** The driver did what it must not: the device needs a reset. */
  fail(reason: string): void;
}

/** A device type: its features, configuration space and queues. It knows no transport. */
export interface DeviceModel {
  /** Names the payload that it saves. */
  readonly name: string;
  readonly type: number;
  /** Features of the device type that are offered. */
  readonly features: bigint;
  /** For a feature, those that a driver must accept with it. */
  readonly dependencies: readonly FeatureDependency[];
  /** Each queue's maximum size. */
  readonly queueSizes: readonly number[];

  connect(host: DeviceHost): void;
  /** The configuration space in a byte order. */
  config(order: ByteOrder): Uint8Array;
  /** The driver wrote to the configuration space, inside it. */
  writeConfig(offset: number, bytes: Uint8Array, order: ByteOrder): void;
  /** Features are negotiated: final, except for a legacy driver, which can do it again. */
  negotiated(): void;
  /** The driver set DRIVER_OK. Queues are served next. */
  started(): void;
  /** The driver made buffers available in a queue that is enabled. */
  serve(queue: number): void;
  /** A queue was reset on its own, or with the device. */
  queueReset(queue: number): void;
  reset(): void;
  /** Resolves when no request is with the backend. From the call on none is begun, until {@link resume}. */
  drain(): Promise<void>;
  /** Ends {@link drain}. Queues are served next. */
  resume(): void;
  save(): Payload;
  restore(state: Payload): void;
}

/** A feature that makes no sense without others: one of `needs` at least. */
export interface FeatureDependency {
  readonly feature: number;
  readonly needs: readonly number[];
}

/** How a device reaches its driver. */
export interface VirtioTransport {
  /** Buffers were used in a queue. */
  queueInterrupt(queue: number): void;
  /** The configuration space, or the device status, changed. */
  configInterrupt(): void;
  /**
   * Calls {@link VirtioDevice.notify} again after other work: there are more buffers than one call should handle.
   * Default: when the current job ends.
   */
  notifyLater?(queue: number): void;
}

/**
 * The data of a payload.
 *
 * @throws {RangeError} When another kind of object, or an unknown version, saved it.
 */
export function payloadData<Data>(state: Payload, name: string, version: number): Data {
  if (state.name !== name || state.version !== version) {
    throw new RangeError(`${name} cannot restore version ${state.version} of ${state.name}`);
  }
  return state.data as Data;
}
