/** A split virtqueue, as the driver sees it (Virtual I/O Device 1.3, sections 2.7.13 and 2.7.14). */
import { absolute } from '@zarch/arch';
import type { StorageView } from '@zarch/memory';
import type { ByteOrder } from '../byte-order.ts';
import type { RingAreas } from '../queue/ring.ts';
import {
  availableRing,
  DescriptorFlag,
  descriptor,
  legacyLayout,
  splitSizes,
  usedRing,
} from '../queue/ring-layout.ts';
import type {
  DriverBuffer,
  DriverRing,
  DriverRingOptions,
  RawDescriptor,
  UsedElement,
} from './driver-ring.ts';

export class SplitDriverRing implements DriverRing {
  readonly areas: RingAreas;
  readonly #options: DriverRingOptions;
  readonly #order: ByteOrder;
  readonly #descriptors: StorageView;
  readonly driver: StorageView;
  readonly device: StorageView;
  readonly #free: number[];
  readonly #chains = new Map<number, readonly number[]>();
  #added = 0;
  #published = 0;
  #before = 0;
  #seen = 0;

  constructor(options: DriverRingOptions) {
    const { memory, size, legacyAlignment } = options;
    this.#options = options;
    this.#order = options.order;
    const sizes = splitSizes(size);
    if (legacyAlignment === undefined) {
      this.areas = {
        size,
        descriptors: memory.allocate(sizes.descriptors, 16),
        driver: memory.allocate(sizes.driver, 2),
        device: memory.allocate(sizes.device, 4),
      };
    } else {
      const whole = legacyLayout(0, size, legacyAlignment).device + sizes.device;
      const layout = legacyLayout(memory.allocate(whole, legacyAlignment), size, legacyAlignment);
      const { descriptors, driver, device } = layout;
      this.areas = {
        size,
        descriptors: absolute(descriptors),
        driver: absolute(driver),
        device: absolute(device),
      };
    }
    this.#descriptors = memory.at(this.areas.descriptors, sizes.descriptors);
    this.driver = memory.at(this.areas.driver, sizes.driver);
    this.device = memory.at(this.areas.device, sizes.device);
    this.#free = Array.from({ length: size }, (_, i) => i);
  }

  add(buffers: readonly DriverBuffer[], indirect = buffers.length): number | undefined {
    const direct = buffers.slice(0, indirect);
    const table = buffers.slice(indirect);
    const slots = direct.length + (table.length > 0 ? 1 : 0);
    if (slots === 0 || slots > this.#free.length) return undefined;
    const indexes = this.#free.splice(0, slots);
    direct.forEach((buffer, i) => {
      this.#write(this.#descriptors, indexes[i]!, buffer, indexes[i + 1]);
    });
    if (table.length > 0) {
      const length = table.length * descriptor.size;
      const address = this.#options.memory.allocate(length);
      const view = this.#options.memory.at(address, length);
      table.forEach((buffer, i) => {
        this.#write(view, i, buffer, i + 1 < table.length ? i + 1 : undefined);
      });
      this.writeDescriptor(indexes[slots - 1]!, { address, length, flags: DescriptorFlag.indirect, last: 0 });
    }
    const head = indexes[0]!;
    this.#chains.set(head, indexes);
    this.#offer(head);
    return head;
  }

  /** Offers a head as it is. */
  #offer(head: number): void {
    const slot = this.#added & (this.areas.size - 1);
    this.#order.setU16(this.driver, availableRing.ring + availableRing.elementSize * slot, head);
    this.#added = (this.#added + 1) & 0xffff;
  }

  /** Makes a head available whatever the descriptors say, for rings that are malformed. */
  offer(head: number): void {
    this.#offer(head);
  }

  publish(): void {
    this.#before = this.#published;
    this.#published = this.#added;
    this.#order.setU16(this.driver, availableRing.index, this.#published);
  }

  collect(): UsedElement | undefined {
    if (this.#order.u16(this.device, usedRing.index) === this.#seen) return undefined;
    const at = usedRing.ring + usedRing.elementSize * (this.#seen & (this.areas.size - 1));
    this.#seen = (this.#seen + 1) & 0xffff;
    const id = this.#order.u32(this.device, at);
    const indexes = this.#chains.get(id);
    if (indexes === undefined) throw new Error(`the device used descriptor ${id}, which it did not have`);
    this.#chains.delete(id);
    this.#free.push(...indexes);
    return { id, written: this.#order.u32(this.device, at + 4) };
  }

  get notificationWanted(): boolean {
    if (!this.#options.eventIndex) {
      return (this.#order.u16(this.device, usedRing.flags) & usedRing.noNotify) === 0;
    }
    const event = this.#order.u16(this.device, usedRing.ring + usedRing.elementSize * this.areas.size);
    return ((this.#published - event - 1) & 0xffff) < ((this.#published - this.#before) & 0xffff);
  }

  requestInterrupt(skip = 0): void {
    this.#order.setU16(this.driver, availableRing.flags, 0);
    const event = availableRing.ring + availableRing.elementSize * this.areas.size;
    this.#order.setU16(this.driver, event, (this.#seen + skip) & 0xffff);
  }

  suppressInterrupts(): void {
    this.#order.setU16(this.driver, availableRing.flags, availableRing.noInterrupt);
    const event = availableRing.ring + availableRing.elementSize * this.areas.size;
    this.#order.setU16(this.driver, event, (this.#seen - 1) & 0xffff);
  }

  writeDescriptor(index: number, fields: RawDescriptor): void {
    writeSplit(this.#descriptors, this.#order, index, fields);
  }

  #write(table: StorageView, index: number, buffer: DriverBuffer, next: number | undefined): void {
    const flags =
      (buffer.writable ? DescriptorFlag.write : 0) | (next === undefined ? 0 : DescriptorFlag.next);
    const { address, length } = buffer;
    writeSplit(table, this.#order, index, { address, length, flags, last: next ?? 0 });
  }
}

/** Writes an entry of a split ring's descriptor table. */
export function writeSplit(table: StorageView, order: ByteOrder, index: number, fields: RawDescriptor): void {
  const at = index * descriptor.size;
  setAddress(table, order, at + descriptor.address, fields.address);
  order.setU32(table, at + descriptor.length, fields.length);
  order.setU16(table, at + descriptor.split.flags, fields.flags);
  order.setU16(table, at + descriptor.split.next, fields.last);
}

export function setAddress(view: StorageView, order: ByteOrder, at: number, address: number | bigint): void {
  const value = BigInt.asUintN(64, BigInt(address));
  const [low, high] = [Number(value & 0xffff_ffffn), Number(value >> 32n)];
  order.setU32(view, at, order.littleEndian ? low : high);
  order.setU32(view, at + 4, order.littleEndian ? high : low);
}
