/**
 * A virtqueue (Virtual I/O Device 1.3, section 2.6): a ring in either format, with what the device needs around it.
 * Whatever a driver puts into a ring, its device gets chains inside storage, or an error is reported and no more
 * chains come.
 */

import { absolute } from '@zarch/arch';
import { type DescriptorChain, restoreChain, type SavedChain, saveChain } from './descriptor-chain.ts';
import type { DeviceStorage } from './device-storage.ts';
import { PackedRing } from './packed-ring.ts';
import type { Ring, RingAreas, RingContext, SavedRing, UsedBuffer } from './ring.ts';
import { MAXIMUM_QUEUE_SIZE } from './ring-layout.ts';
import { SplitRing } from './split-ring.ts';

/** What was negotiated about rings. */
export type RingFeatures = Omit<RingContext, 'storage'> & { readonly packed: boolean };

export interface VirtqueueHost {
  readonly storage: DeviceStorage;
  readonly ringFeatures: RingFeatures;
  /** Whether the device works: not after an error, and not before the driver is ready. */
  readonly usable: boolean;
  /** The driver wants an interrupt for buffers used. */
  interrupt(): void;
  /** The ring is malformed. */
  fail(reason: string): void;
  /** {@link Virtqueue.serve} left chains behind: the queue is to be served again after other work. */
  later(): void;
}

export interface SavedVirtqueue {
  readonly size: number;
  readonly descriptors: number;
  readonly driver: number;
  readonly device: number;
  readonly ring: SavedRing;
}

/** Chains that {@link Virtqueue.serve} handles in one call at least, so that small queues are not slow. */
const MINIMUM_BUDGET = 64;

export class Virtqueue {
  /** Descriptors at most. */
  readonly maximumSize: number;
  readonly #host: VirtqueueHost;
  #areas: RingAreas | undefined;
  #ring: Ring | undefined;
  /** The ring that a chain came from, while the device has the chain. */
  readonly #owner = new WeakMap<DescriptorChain, Ring>();
  #serving = false;
  #undecided = false;

  constructor(maximumSize: number, host: VirtqueueHost) {
    this.maximumSize = maximumSize;
    this.#host = host;
  }

  get enabled(): boolean {
    return this.#ring !== undefined;
  }

  /** Where the ring is; undefined while the queue is not enabled. */
  get areas(): RingAreas | undefined {
    return this.#areas;
  }

  /**
   * Enables the queue with a new ring, from whose start the device reads.
   *
   * @returns False, and nothing changes, for a size that the queue cannot have or an area outside storage.
   */
  enable(areas: RingAreas): boolean {
    const { packed, ...features } = this.#host.ringFeatures;
    const { size } = areas;
    if (size < 1 || size > Math.min(this.maximumSize, MAXIMUM_QUEUE_SIZE)) return false;
    if (!packed && (size & (size - 1)) !== 0) return false;
    const context = { ...features, storage: this.#host.storage };
    const ring = packed ? PackedRing.at(areas, context) : SplitRing.at(areas, context);
    if (ring === undefined) return false;
    this.#ring = ring;
    this.#areas = areas;
    return true;
  }

  /** Disables the queue. Chains that the device still has are the driver's again: using them has no effect. */
  reset(): void {
    this.#ring = undefined;
    this.#areas = undefined;
    this.#undecided = false;
  }

  /** Takes the next chain; undefined when there is none or the queue is not enabled. */
  take(): DescriptorChain | undefined {
    const ring = this.#ring;
    if (ring === undefined || !this.#host.usable) return undefined;
    const taken = ring.take();
    if (taken.kind === 'malformed') this.#host.fail(taken.reason);
    if (taken.kind !== 'chain') return undefined;
    this.#owner.set(taken.chain, ring);
    return taken.chain;
  }

  /** Puts back the chain that was taken last; of several, the last one first. */
  putBack(chain: DescriptorChain): void {
    if (this.holds(chain)) this.#ring?.putBack(chain);
    this.#owner.delete(chain);
  }

  /** Whether the device still has the chain: not after it was used, the queue reset, or an error. */
  holds(chain: DescriptorChain): boolean {
    return this.#ring !== undefined && this.#owner.get(chain) === this.#ring && this.#host.usable;
  }

  /**
   * Hands a chain back, and interrupts if the driver wants that.
   *
   * @param written - Bytes that the device wrote, from the first writable one.
   */
  use(chain: DescriptorChain, written: number): void {
    this.useAll([{ chain, written }]);
  }

  /** Hands several chains back, of which the driver sees all or none. */
  useAll(buffers: readonly UsedBuffer[]): void {
    const held = buffers.filter(({ chain }) => this.holds(chain));
    if (this.#ring === undefined || held.length === 0) return;
    this.#ring.use(held);
    for (const { chain } of held) this.#owner.delete(chain);
    this.#undecided = true;
    if (!this.#serving) this.#decide();
  }

  /**
   * Handles what the driver made available, with its notifications suppressed meanwhile. The number of chains in one
   * call is bounded; interrupts wait for its end.
   *
   * @param handle - Gets each chain.
   * @param ready - Whether the device can take another. Who says no serves the queue again later.
   */
  serve(handle: (chain: DescriptorChain) => void, ready: () => boolean = () => true): void {
    const ring = this.#ring;
    if (ring === undefined || this.#serving) return;
    this.#serving = true;
    try {
      let budget = Math.max(MINIMUM_BUDGET, 2 * (this.#areas?.size ?? 0));
      for (let more = true; more && ready(); budget--) {
        if (budget <= 0) {
          this.#host.later();
          break;
        }
        ring.suppressNotifications();
        for (; budget > 0 && ready(); budget--) {
          const chain = this.take();
          if (chain === undefined) break;
          handle(chain);
        }
        // A handler can make the device fail or reset it.
        if (this.#ring !== ring || !this.#host.usable || !ready()) break;
        more = ring.requestNotifications();
      }
    } finally {
      this.#serving = false;
    }
    this.#decide();
  }

  /** Has the queue served again after other work. */
  serveLater(): void {
    this.#host.later();
  }

  /** Asks for a notification when the next chain becomes available; tells whether one is. */
  requestNotifications(): boolean {
    return this.#ring?.requestNotifications() ?? false;
  }

  save(): SavedVirtqueue | undefined {
    if (this.#ring === undefined || this.#areas === undefined) return undefined;
    return { ...this.#areas, ring: this.#ring.save() };
  }

  /** @throws {RangeError} When the ring does not fit storage, which has another size then. */
  restore(state: SavedVirtqueue | undefined): void {
    this.reset();
    if (state === undefined) return;
    const enabled = this.enable({
      size: state.size,
      descriptors: absolute(state.descriptors),
      driver: absolute(state.driver),
      device: absolute(state.device),
    });
    if (!enabled) throw new RangeError('a saved virtqueue does not fit storage');
    this.#ring?.restore(state.ring);
  }

  /** Saves a chain that the device has. */
  saveChain(chain: DescriptorChain): SavedChain {
    return saveChain(chain);
  }

  /** A chain that the device had when its state was saved. The queue is restored first. */
  restoreChain(state: SavedChain): DescriptorChain {
    const chain = restoreChain(this.#host.storage, state);
    if (this.#ring !== undefined) this.#owner.set(chain, this.#ring);
    return chain;
  }

  #decide(): void {
    if (!this.#undecided) return;
    this.#undecided = false;
    if (this.#ring?.interruptWanted()) this.#host.interrupt();
  }
}
