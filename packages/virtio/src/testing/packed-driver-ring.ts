/** A packed virtqueue, as the driver sees it (Virtual I/O Device 1.3, sections 2.8.21 and 2.8.22). */
import type { StorageView } from '@zarch/memory';
import type { ByteOrder } from '../byte-order.ts';
import type { RingAreas } from '../queue/ring.ts';
import { DescriptorFlag, descriptor, eventSuppression } from '../queue/ring-layout.ts';
import type {
  DriverBuffer,
  DriverRing,
  DriverRingOptions,
  RawDescriptor,
  UsedElement,
} from './driver-ring.ts';
import { setAddress } from './split-driver-ring.ts';

const { flag } = eventSuppression;

/** Positions count through two rounds, as in the device's ring. */
export class PackedDriverRing implements DriverRing {
  readonly areas: RingAreas;
  readonly #options: DriverRingOptions;
  readonly #order: ByteOrder;
  readonly #descriptors: StorageView;
  readonly driver: StorageView;
  readonly device: StorageView;
  /** Descriptors of each chain by its id. */
  readonly #chains = new Map<number, number>();
  readonly #ids: number[];
  #free: number;
  #next = 0;
  #before = 0;
  #published = 0;
  #seen = 0;
  /** The flags of the first descriptor not yet published, which are written last. */
  #held: { readonly at: number; readonly flags: number } | undefined;

  constructor(options: DriverRingOptions) {
    const { memory, size } = options;
    this.#options = options;
    this.#order = options.order;
    this.areas = {
      size,
      descriptors: memory.allocate(size * descriptor.size, 16),
      driver: memory.allocate(eventSuppression.size, 4),
      device: memory.allocate(eventSuppression.size, 4),
    };
    this.#descriptors = memory.at(this.areas.descriptors, size * descriptor.size);
    this.driver = memory.at(this.areas.driver, eventSuppression.size);
    this.device = memory.at(this.areas.device, eventSuppression.size);
    this.#free = size;
    this.#ids = Array.from({ length: size }, (_, i) => i);
  }

  add(buffers: readonly DriverBuffer[], indirect = buffers.length): number | undefined {
    const direct = buffers.slice(0, indirect);
    const table = buffers.slice(indirect);
    const slots = direct.length + (table.length > 0 ? 1 : 0);
    if (slots === 0 || slots > this.#free) return undefined;
    const id = this.#ids.shift()!;
    const entries: Omit<RawDescriptor, 'last'>[] = direct.map(({ address, length, writable }) => ({
      address,
      length,
      flags: writable ? DescriptorFlag.write : 0,
    }));
    if (table.length > 0) {
      const length = table.length * descriptor.size;
      const address = this.#options.memory.allocate(length);
      const view = this.#options.memory.at(address, length);
      table.forEach((buffer, i) => {
        const flags = buffer.writable ? DescriptorFlag.write : 0;
        this.#write(view, i, { address: buffer.address, length: buffer.length, flags, last: 0 });
      });
      entries.push({ address, length, flags: DescriptorFlag.indirect });
    }
    entries.forEach((entry, i) => {
      const next = i + 1 < entries.length ? DescriptorFlag.next : 0;
      this.#append({ ...entry, flags: entry.flags | next, last: id });
    });
    this.#free -= slots;
    this.#chains.set(id, slots);
    return id;
  }

  /** Appends one descriptor as it is given, for rings that are malformed. */
  append(fields: RawDescriptor): void {
    this.#append(fields);
  }

  publish(): void {
    if (this.#held) this.#order.setU16(this.#descriptors, this.#held.at, this.#held.flags);
    this.#held = undefined;
    this.#before = this.#published;
    this.#published = this.#next;
  }

  collect(): UsedElement | undefined {
    const { size } = this.areas;
    const at = (this.#seen % size) * descriptor.size;
    const flags = this.#order.u16(this.#descriptors, at + descriptor.packed.flags);
    const wrap = this.#seen < size;
    if (
      ((flags & DescriptorFlag.available) !== 0) !== wrap ||
      ((flags & DescriptorFlag.used) !== 0) !== wrap
    ) {
      return undefined;
    }
    const id = this.#order.u16(this.#descriptors, at + descriptor.packed.id);
    const written = this.#order.u32(this.#descriptors, at + descriptor.length);
    const slots = this.#chains.get(id);
    if (slots === undefined) throw new Error(`the device used buffer ${id}, which it did not have`);
    this.#chains.delete(id);
    this.#ids.push(id);
    this.#free += slots;
    this.#seen = (this.#seen + slots) % (2 * size);
    return { id, written };
  }

  get notificationWanted(): boolean {
    const { size } = this.areas;
    const wanted = this.#order.u16(this.device, eventSuppression.flags);
    if (wanted !== flag.descriptor) return wanted === flag.enable;
    const event = this.#order.u16(this.device, eventSuppression.offsetAndWrap);
    const round = (event & eventSuppression.wrap) !== 0 ? 0 : size;
    const position = (event & eventSuppression.offset) + round;
    const distance = (from: number) => (this.#published - from + 2 * size) % (2 * size);
    return distance(position + 1) < distance(this.#before);
  }

  requestInterrupt(skip = 0): void {
    const { size } = this.areas;
    if (!this.#options.eventIndex) {
      this.#order.setU16(this.driver, eventSuppression.flags, flag.enable);
      return;
    }
    const position = (this.#seen + skip) % (2 * size);
    const wrap = position < size ? eventSuppression.wrap : 0;
    this.#order.setU16(this.driver, eventSuppression.offsetAndWrap, (position % size) | wrap);
    this.#order.setU16(this.driver, eventSuppression.flags, flag.descriptor);
  }

  suppressInterrupts(): void {
    this.#order.setU16(this.driver, eventSuppression.flags, flag.disable);
  }

  writeDescriptor(index: number, fields: RawDescriptor): void {
    this.#write(this.#descriptors, index, fields);
  }

  #append(fields: RawDescriptor): void {
    const { size } = this.areas;
    const at = (this.#next % size) * descriptor.size + descriptor.packed.flags;
    const wrap = this.#next < size ? DescriptorFlag.available : DescriptorFlag.used;
    const flags = fields.flags | wrap;
    const isFirst = this.#held === undefined;
    const old = this.#order.u16(this.#descriptors, at);
    this.#write(this.#descriptors, this.#next % size, { ...fields, flags: isFirst ? old : flags });
    if (isFirst) this.#held = { at, flags };
    this.#next = (this.#next + 1) % (2 * size);
  }

  #write(table: StorageView, index: number, fields: RawDescriptor): void {
    const at = index * descriptor.size;
    setAddress(table, this.#order, at + descriptor.address, fields.address);
    this.#order.setU32(table, at + descriptor.length, fields.length);
    this.#order.setU16(table, at + descriptor.packed.id, fields.last);
    this.#order.setU16(table, at + descriptor.packed.flags, fields.flags);
  }
}
