/** Packed virtqueues, as the device sees them (Virtual I/O Device 1.3, section 2.8). */
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
import { DescriptorFlag, descriptor, eventSuppression } from './ring-layout.ts';

const { flag } = eventSuppression;

/**
 * Positions count through two rounds of the ring: below the size the wrap counter is 1, above it is 0.
 */
export class PackedRing implements Ring {
  readonly #context: RingContext;
  readonly #order: ByteOrder;
  readonly #size: number;
  readonly #descriptors: StorageView;
  readonly #driver: StorageView;
  readonly #device: StorageView;
  #nextAvailable = 0;
  #nextUsed = 0;
  /** Descriptors of chains that the device has. */
  #inFlight = 0;
  /** Descriptors used since an interrupt was last decided on. */
  #usedSince: number | undefined = 0;

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
  static at(areas: RingAreas, context: RingContext): PackedRing | undefined {
    const descriptors = context.storage.view(areas.descriptors, descriptor.size * areas.size);
    const driver = context.storage.view(areas.driver, eventSuppression.size);
    const device = context.storage.view(areas.device, eventSuppression.size);
    if (descriptors === undefined || driver === undefined || device === undefined) return undefined;
    return new PackedRing(context, areas.size, descriptors, driver, device);
  }

  take(): Taken {
    if (!this.#available()) return EMPTY;
    fence();
    const builder = new ChainBuilder(this.#context.storage, this.#context.indirect);
    for (let slots = 1; slots <= this.#size - this.#inFlight; slots++) {
      const at = ((this.#nextAvailable + slots - 1) % this.#size) * descriptor.size;
      const found = this.#descriptor(this.#descriptors, at);
      const indirect = (found.flags & DescriptorFlag.indirect) !== 0;
      const problem = indirect
        ? builder.addTable(found, (table, entries) => this.#walkTable(builder, table, entries))
        : builder.add(found);
      if (problem !== undefined) return malformed(problem);
      if ((found.flags & DescriptorFlag.next) !== 0) continue;
      this.#nextAvailable = (this.#nextAvailable + slots) % (2 * this.#size);
      this.#inFlight += slots;
      const id = this.#order.u16(this.#descriptors, at + descriptor.packed.id);
      return { kind: 'chain', chain: builder.finish(id, slots) };
    }
    return malformed('more descriptors are available than there are');
  }

  putBack({ slots }: DescriptorChain): void {
    this.#nextAvailable = (this.#nextAvailable + 2 * this.#size - slots) % (2 * this.#size);
    this.#inFlight -= slots;
  }

  use(buffers: readonly UsedBuffer[]): void {
    const first = buffers[0];
    if (first === undefined) return;
    const start = this.#nextUsed;
    let position = (start + first.chain.slots) % (2 * this.#size);
    let slots = first.chain.slots;
    for (const buffer of buffers.slice(1)) {
      this.#writeUsed(position, buffer);
      position = (position + buffer.chain.slots) % (2 * this.#size);
      slots += buffer.chain.slots;
    }
    // A driver looks at descriptors in their order: until it sees the first as used, it sees none.
    this.#writeUsed(start, first);
    this.#nextUsed = position;
    this.#inFlight -= slots;
    if (this.#usedSince !== undefined) this.#usedSince += slots;
  }

  suppressNotifications(): void {
    this.#order.setU16(this.#device, eventSuppression.flags, flag.disable);
  }

  requestNotifications(): boolean {
    if (this.#context.eventIndex) {
      const wrap = this.#nextAvailable < this.#size ? eventSuppression.wrap : 0;
      const offset = this.#nextAvailable % this.#size;
      this.#order.setU16(this.#device, eventSuppression.offsetAndWrap, offset | wrap);
      fence();
      this.#order.setU16(this.#device, eventSuppression.flags, flag.descriptor);
    } else {
      this.#order.setU16(this.#device, eventSuppression.flags, flag.enable);
    }
    fence();
    return this.#available();
  }

  interruptWanted(): boolean {
    fence();
    const used = this.#usedSince;
    this.#usedSince = 0;
    const wanted = this.#order.u16(this.#driver, eventSuppression.flags) & 3;
    if (wanted !== flag.descriptor || !this.#context.eventIndex) return wanted !== flag.disable;
    if (used === undefined) return true;
    const event = this.#order.u16(this.#driver, eventSuppression.offsetAndWrap);
    const round = (event & eventSuppression.wrap) !== 0 ? 0 : this.#size;
    const position = (event & eventSuppression.offset) + round;
    const rounds = 2 * this.#size;
    return (((this.#nextUsed - 1 - position) % rounds) + rounds) % rounds < used;
  }

  save(): SavedRing {
    return {
      kind: 'packed',
      nextAvailable: this.#nextAvailable,
      nextUsed: this.#nextUsed,
      inFlight: this.#inFlight,
    };
  }

  restore(state: SavedRing): void {
    this.#nextAvailable = state.nextAvailable;
    this.#nextUsed = state.nextUsed;
    this.#inFlight = state.inFlight;
    this.#usedSince = undefined;
  }

  #available(): boolean {
    const at = (this.#nextAvailable % this.#size) * descriptor.size;
    const flags = this.#order.u16(this.#descriptors, at + descriptor.packed.flags);
    const wrap = this.#nextAvailable < this.#size;
    return (
      ((flags & DescriptorFlag.available) !== 0) === wrap && ((flags & DescriptorFlag.used) !== 0) !== wrap
    );
  }

  #descriptor(table: StorageView, at: number) {
    return {
      address: this.#order.address(table, at + descriptor.address),
      length: this.#order.u32(table, at + descriptor.length),
      flags: this.#order.u16(table, at + descriptor.packed.flags),
    };
  }

  /** The entries of an indirect table follow one another, and only their write flag means something. */
  #walkTable(builder: ChainBuilder, table: StorageView, entries: number): string | undefined {
    for (let index = 0; index < entries; index++) {
      const problem = builder.add(this.#descriptor(table, index * descriptor.size));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #writeUsed(position: number, { chain, written }: UsedBuffer): void {
    const at = (position % this.#size) * descriptor.size;
    this.#order.setU32(this.#descriptors, at + descriptor.length, written);
    this.#order.setU16(this.#descriptors, at + descriptor.packed.id, chain.id);
    const wrap = position < this.#size ? DescriptorFlag.available | DescriptorFlag.used : 0;
    const write = written > 0 ? DescriptorFlag.write : 0;
    fence();
    this.#order.setU16(this.#descriptors, at + descriptor.packed.flags, wrap | write);
  }
}
