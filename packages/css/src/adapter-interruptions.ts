/**
 * Adapter interruptions: interruptions of adapters that tell by bits in storage which of their devices want
 * attention, so that a subclass has at most one pending (Linux arch/s390/include/asm/airq.h; QEMU docs, "flic").
 */
import { absolute, type Payload } from '@zarch/arch';
import type { GuestStorage } from '@zarch/memory';
import type { IoInterruptions } from './io-interruptions.ts';

/** Sets indicator bits in storage, also against other CPUs. */
export interface IndicatorStorage {
  /** Sets bits of the byte at an absolute address. @returns The byte before, or undefined outside the storage. */
  setBits(address: number, bits: number): number | undefined;
}

/** Indicators in guest storage, for CPUs of the same thread. */
export function indicatorStorage(storage: GuestStorage): IndicatorStorage {
  return {
    setBits: (address, bits) => {
      const view = storage.view(absolute(address), 1);
      const before = view?.u8(0);
      if (before !== undefined) view?.setU8(0, before | bits);
      return before;
    },
  };
}

/** A bit, counted from the leftmost of the byte at an absolute address. */
export interface Indicator {
  readonly address: number;
  readonly bit: number;
}

/** Whether an adapter's interruptions come through: always, once until the mode is set again, or never. */
export type SuppressionMode = 'all' | 'single' | 'none';

export interface AdapterOptions {
  readonly subclass: number;
  /** The interruption mode of the subclass applies to it. Default: no. */
  readonly suppressible?: boolean;
}

interface SavedAdapterInterruptions {
  readonly modes: readonly SuppressionMode[];
}

const VERSION = 1;
const SUBCLASSES = 8;

export class AdapterInterruptions {
  readonly name = 'adapter-interruptions';
  readonly #interruptions: IoInterruptions;
  readonly #modes: SuppressionMode[] = Array.from({ length: SUBCLASSES }, () => 'all');

  constructor(interruptions: IoInterruptions) {
    this.#interruptions = interruptions;
  }

  /** Registers an adapter. */
  register(options: AdapterOptions): Adapter {
    return new Adapter(options, (subclass, suppressible) => this.#raise(subclass, suppressible));
  }

  /** Sets the interruption mode of a subclass; a single interruption is allowed again. */
  setMode(subclass: number, mode: SuppressionMode): void {
    this.#modes[subclass] = mode;
  }

  mode(subclass: number): SuppressionMode {
    return this.#modes[subclass] ?? 'all';
  }

  /** After a system reset all interruptions come through. */
  reset(): void {
    this.#modes.fill('all');
  }

  save(): Payload {
    const data: SavedAdapterInterruptions = { modes: this.#modes.slice() };
    return { name: this.name, version: VERSION, data };
  }

  /** @throws {RangeError} When another kind of object, or an unknown version, saved the state. */
  restore(state: Payload): void {
    if (state.name !== this.name || state.version !== VERSION) {
      throw new RangeError(`${this.name} cannot restore version ${state.version} of ${state.name}`);
    }
    (state.data as SavedAdapterInterruptions).modes.forEach((mode, subclass) => {
      this.setMode(subclass, mode);
    });
  }

  #raise(subclass: number, suppressible: boolean): void {
    if (suppressible) {
      const mode = this.mode(subclass);
      if (mode === 'none') return;
      if (mode === 'single') this.setMode(subclass, 'none');
    }
    this.#interruptions.addAdapter(subclass);
  }
}

export class Adapter {
  readonly subclass: number;
  readonly #suppressible: boolean;
  readonly #raise: (subclass: number, suppressible: boolean) => void;
  /** A masked adapter has no interruptions. */
  masked = false;

  constructor(options: AdapterOptions, raise: (subclass: number, suppressible: boolean) => void) {
    this.subclass = options.subclass;
    this.#suppressible = options.suppressible ?? false;
    this.#raise = raise;
  }

  /** Makes an interruption of the adapter pending. */
  raise(): void {
    if (!this.masked) this.#raise(this.subclass, this.#suppressible);
  }

  /**
   * Sets a device's indicator, then the summary, and raises an interruption unless the summary was set: then the
   * program has not looked yet.
   *
   * @returns Whether both indicators are in the storage.
   */
  notify(storage: IndicatorStorage, device: Indicator, summary: Indicator): boolean {
    if (setIndicator(storage, device) === undefined) return false;
    const before = setIndicator(storage, summary);
    if (before === false) this.raise();
    return before !== undefined;
  }
}

/** Sets an indicator. @returns Whether it was set before, or undefined outside the storage. */
export function setIndicator(storage: IndicatorStorage, { address, bit }: Indicator): boolean | undefined {
  const mask = 0x80 >> (bit & 7);
  const before = storage.setBits(address + Math.floor(bit / 8), mask);
  return before === undefined ? undefined : (before & mask) !== 0;
}
