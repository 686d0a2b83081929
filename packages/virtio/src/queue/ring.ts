/** What split and packed rings have in common, as a virtqueue sees them. */

import type { AbsoluteAddress } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import type { DescriptorChain } from './descriptor-chain.ts';
import type { DeviceStorage } from './device-storage.ts';

/** Where the driver put a ring's areas. */
export interface RingAreas {
  /** Descriptors: a power of two in a split ring. */
  readonly size: number;
  readonly descriptors: AbsoluteAddress;
  /** The available ring, or the driver's event suppression structure. */
  readonly driver: AbsoluteAddress;
  /** The used ring, or the device's event suppression structure. */
  readonly device: AbsoluteAddress;
}

export interface RingContext {
  readonly storage: DeviceStorage;
  readonly order: ByteOrder;
  /** VIRTIO_F_INDIRECT_DESC was negotiated. */
  readonly indirect: boolean;
  /** VIRTIO_F_EVENT_IDX was negotiated. */
  readonly eventIndex: boolean;
}

export type Taken =
  | { readonly kind: 'chain'; readonly chain: DescriptorChain }
  | { readonly kind: 'empty' }
  | { readonly kind: 'malformed'; readonly reason: string };

export interface UsedBuffer {
  readonly chain: DescriptorChain;
  /** Bytes that the device wrote, from the first writable one. */
  readonly written: number;
}

export interface SavedRing {
  readonly kind: 'split' | 'packed';
  /** Positions in the ring; a packed ring counts through two rounds, of which the first has wrap counter 1. */
  readonly nextAvailable: number;
  readonly nextUsed: number;
  readonly inFlight: number;
}

export interface Ring {
  /** Takes the next chain that the driver made available. */
  take(): Taken;
  /** Undoes {@link take} of the chain taken last. */
  putBack(chain: DescriptorChain): void;
  /** Hands buffers back, of which the driver sees all or none. */
  use(buffers: readonly UsedBuffer[]): void;
  /** Tells the driver that it need not notify: a hint, which does not always work. */
  suppressNotifications(): void;
  /**
   * Asks the driver to notify when it makes another chain available.
   *
   * @returns Whether one is available already, of which no notification may come.
   */
  requestNotifications(): boolean;
  /** Whether the driver wants an interrupt for what was used since the last call. */
  interruptWanted(): boolean;
  save(): SavedRing;
  restore(state: SavedRing): void;
}

export const malformed = (reason: string): Taken => ({ kind: 'malformed', reason });
export const EMPTY: Taken = { kind: 'empty' };
