/** What the driver's sides of split and packed rings have in common. */
import type { AbsoluteAddress } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import type { RingAreas } from '../queue/ring.ts';
import type { GuestMemory } from './guest-memory.ts';

export interface DriverBuffer {
  readonly address: AbsoluteAddress | number;
  readonly length: number;
  readonly writable: boolean;
}

export interface DriverRingOptions {
  readonly memory: GuestMemory;
  readonly order: ByteOrder;
  readonly size: number;
  readonly eventIndex: boolean;
  /** Alignment of the used ring when the areas lie as a legacy driver has them. */
  readonly legacyAlignment?: number;
}

export interface UsedElement {
  readonly id: number;
  readonly written: number;
}

export interface DriverRing {
  readonly areas: RingAreas;
  /**
   * Writes a chain's descriptors. It is available from {@link publish} on.
   *
   * @param indirect - Descriptors from this one on go into an indirect table. Default: none do.
   * @returns The id that the used element will have; undefined when descriptors are used up.
   */
  add(buffers: readonly DriverBuffer[], indirect?: number): number | undefined;
  /** Makes available what was added. */
  publish(): void;
  /** Takes the next used element. */
  collect(): UsedElement | undefined;
  /** Whether the device wants a notification of what was published last. */
  readonly notificationWanted: boolean;
  /** Asks for an interrupt with the next buffer used (or, with the event index, the one after `skip` more). */
  requestInterrupt(skip?: number): void;
  suppressInterrupts(): void;
  /** Writes one descriptor of the ring as it is given, for rings that are malformed. */
  writeDescriptor(index: number, fields: RawDescriptor): void;
}

/** `last` is the next index in a split ring, the buffer id in a packed one. */
export interface RawDescriptor {
  readonly address: number | bigint;
  readonly length: number;
  readonly flags: number;
  readonly last: number;
}
