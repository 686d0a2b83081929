/** Split virtqueues, as the device sees them (Virtual I/O Device 1.3, section 2.7). */
import type { StorageView } from '@zarch/memory';
import type { ByteOrder } from '../byte-order.ts';
import { ChainBuilder, type DescriptorChain } from './descriptor-chain.ts';
import { fence } from './fence.ts';
import {
  EMPTY,
  malformed,
  type Ring,
  type RingAreas,
  type RingContext,
  type SavedRing,
  type Taken,
  type UsedBuffer,
} from './ring.ts';
import { availableRing, DescriptorFlag, descriptor, splitSizes, usedRing } from './ring-layout.ts';

export class SplitRing implements Ring {
  readonly #context: RingContext;
  readonly #order: ByteOrder;
  readonly #size: number;
  readonly #descriptors: StorageView;
  readonly #driver: StorageView;
  readonly #device: StorageView;
  #nextAvailable = 0;
  #nextUsed = 0;
  #inFlight = 0;
  /** The used index when an interrupt was last decided on. */
  #decidedAt: number | undefined = 0;

  private constructor(
    context: RingContext,
    size: number,
    descriptors: StorageView,
    driver: StorageView,
    device: StorageView,
  ) {
    this.#context = context;
    this.#order = context.order;
    this.#size = size;
    this.#descriptors = descriptors;
    this.#driver = driver;
    this.#device = device;
  }

  /** Undefined when an area is outside storage. */
  static at(areas: RingAreas, context: RingContext): SplitRing | undefined {
    const sizes = splitSizes(areas.size);
    // The event indexes at the end are there only when they were negotiated.
    const less = context.eventIndex ? 0 : 2;
    const descriptors = context.storage.view(areas.descriptors, sizes.descriptors);
    const driver = context.storage.view(areas.driver, sizes.driver - less);
    const device = context.storage.view(areas.device, sizes.device - less);
    if (descriptors === undefined || driver === undefined || device === undefined) return undefined;
    return new SplitRing(context, areas.size, descriptors, driver, device);
  }

  take(): Taken {
    const waiting = (this.#order.u16(this.#driver, availableRing.index) - this.#nextAvailable) & 0xffff;
    if (waiting === 0) return EMPTY;
    if (waiting > this.#size) return malformed('the available index is ahead by more than the queue size');
    if (this.#inFlight === this.#size) return malformed('more chains than descriptors');
    fence();
    const slot = this.#nextAvailable & (this.#size - 1);
    const head = this.#order.u16(this.#driver, availableRing.ring + availableRing.elementSize * slot);
    const builder = new ChainBuilder(this.#context.storage, this.#context.indirect);
    const problem = this.#walk(builder, this.#descriptors, this.#size, head, false);
    if (problem !== undefined) return malformed(problem);
    this.#nextAvailable = (this.#nextAvailable + 1) & 0xffff;
    this.#inFlight++;
    return { kind: 'chain', chain: builder.finish(head, 1) };
  }

  putBack(_chain: DescriptorChain): void {
    this.#nextAvailable = (this.#nextAvailable - 1) & 0xffff;
    this.#inFlight--;
  }

  use(buffers: readonly UsedBuffer[]): void {
    for (const { chain, written } of buffers) {
      const at = usedRing.ring + usedRing.elementSize * (this.#nextUsed & (this.#size - 1));
      this.#order.setU32(this.#device, at, chain.id);
      this.#order.setU32(this.#device, at + 4, written);
      this.#nextUsed = (this.#nextUsed + 1) & 0xffff;
    }
    this.#inFlight -= buffers.length;
    fence();
    this.#order.setU16(this.#device, usedRing.index, this.#nextUsed);
  }

  suppressNotifications(): void {
    if (!this.#context.eventIndex) this.#order.setU16(this.#device, usedRing.flags, usedRing.noNotify);
  }

  requestNotifications(): boolean {
    if (this.#context.eventIndex) {
      const event = usedRing.ring + usedRing.elementSize * this.#size;
      this.#order.setU16(this.#device, event, this.#nextAvailable);
    } else {
      this.#order.setU16(this.#device, usedRing.flags, 0);
    }
    fence();
    return this.#order.u16(this.#driver, availableRing.index) !== this.#nextAvailable;
  }

  interruptWanted(): boolean {
    fence();
    const before = this.#decidedAt;
    this.#decidedAt = this.#nextUsed;
    if (!this.#context.eventIndex) {
      return (this.#order.u16(this.#driver, availableRing.flags) & availableRing.noInterrupt) === 0;
    }
    if (before === undefined) return true;
    const event = this.#order.u16(this.#driver, availableRing.ring + availableRing.elementSize * this.#size);
    return ((this.#nextUsed - event - 1) & 0xffff) < ((this.#nextUsed - before) & 0xffff);
  }

  save(): SavedRing {
    return {
      kind: 'split',
      nextAvailable: this.#nextAvailable,
      nextUsed: this.#nextUsed,
      inFlight: this.#inFlight,
    };
  }

  restore(state: SavedRing): void {
    this.#nextAvailable = state.nextAvailable;
    this.#nextUsed = state.nextUsed;
    this.#inFlight = state.inFlight;
    this.#decidedAt = undefined;
  }

  #walk(
    builder: ChainBuilder,
    table: StorageView,
    entries: number,
    head: number,
    inTable: boolean,
  ): string | undefined {
    let index = head;
    for (let count = 0; count < entries; count++) {
      if (index >= entries) return 'a descriptor is outside its table';
      const at = index * descriptor.size;
      const flags = this.#order.u16(table, at + descriptor.split.flags);
      const found = {
        address: this.#order.address(table, at + descriptor.address),
        length: this.#order.u32(table, at + descriptor.length),
        flags,
      };
      if ((flags & DescriptorFlag.indirect) !== 0) {
        if (inTable) return 'an indirect table refers to another';
        return builder.addTable(found, (inner, size) => this.#walk(builder, inner, size, 0, true));
      }
      const problem = builder.add(found);
      if (problem !== undefined || (flags & DescriptorFlag.next) === 0) return problem;
      index = this.#order.u16(table, at + descriptor.split.next);
    }
    return 'a chain is a loop';
  }
}
