/**
 * How a device tells its driver that something happened (Virtual I/O Device 1.3, section 4.3.2.6, "Setting Up
 * Indicators", and 4.3.3, "Device Operation"): by a bit in guest storage and an interruption, which is the
 * subchannel's own for classic indicators, and an adapter interruption for those of two stages.
 */
import type { Adapter, AdapterOptions, IndicatorStorage, StatusLine } from '@zarch/css';
import { setIndicator } from '@zarch/css';
import { CLASSIC_INDICATORS } from './virtio-ccw-layout.ts';

/** Gives out adapters: `AdapterInterruptions` of the channel subsystem does. */
export interface AdapterRegistry {
  register(options: AdapterOptions): Adapter;
}

/** What SET_IND_ADAPTER says. */
export interface AdapterIndicators {
  /** Absolute addresses. */
  readonly summary: number;
  readonly indicator: number;
  /** The bit of queue 0, counted from the leftmost one at `indicator`. */
  readonly bit: number;
  readonly subclass: number;
}

export interface SavedIndicators {
  readonly queues: number | undefined;
  readonly config: number | undefined;
  readonly adapter: AdapterIndicators | undefined;
}

/** The indicator in the summary byte: its rightmost bit. */
const SUMMARY_BIT = 7;
/** Indicators are counted from the right of a doubleword, css counts bits from the left. */
const RIGHTMOST = 63;

export class Indicators {
  readonly #storage: IndicatorStorage;
  readonly #adapters: AdapterRegistry;
  #line: StatusLine | undefined;
  #queues: number | undefined;
  #config: number | undefined;
  #areas: AdapterIndicators | undefined;
  #adapter: Adapter | undefined;

  constructor(storage: IndicatorStorage, adapters: AdapterRegistry) {
    this.#storage = storage;
    this.#adapters = adapters;
  }

  connect(line: StatusLine): void {
    this.#line = line;
  }

  /** @param address - Of the classic indicators; zero takes them away. @returns False beside adapter indicators. */
  setQueues(address: number): boolean {
    if (this.#areas !== undefined) return false;
    this.#queues = address || undefined;
    return true;
  }

  /** @param address - Of the indicators for changes of the configuration; zero takes them away. */
  setConfig(address: number): void {
    this.#config = address || undefined;
  }

  /** @returns False beside classic indicators. */
  setAdapter(areas: AdapterIndicators): boolean {
    if (this.#queues !== undefined) return false;
    const present = areas.indicator !== 0;
    this.#areas = present ? areas : undefined;
    this.#adapter = present
      ? this.#adapters.register({ subclass: areas.subclass, suppressible: true })
      : undefined;
    return true;
  }

  /** Buffers were used in a queue. */
  notifyQueue(queue: number): void {
    const areas = this.#areas;
    if (areas !== undefined) {
      const device = { address: areas.indicator, bit: areas.bit + queue };
      this.#adapter?.notify(this.#storage, device, { address: areas.summary, bit: SUMMARY_BIT });
    } else if (this.#queues !== undefined && queue < CLASSIC_INDICATORS) {
      this.#classic(this.#queues, queue);
    }
  }

  /** The configuration changed. */
  notifyConfig(): void {
    if (this.#config !== undefined) this.#classic(this.#config, 0);
  }

  clear(): void {
    this.#queues = undefined;
    this.#config = undefined;
    this.#areas = undefined;
    this.#adapter = undefined;
  }

  save(): SavedIndicators {
    return { queues: this.#queues, config: this.#config, adapter: this.#areas };
  }

  restore({ queues, config, adapter }: SavedIndicators): void {
    this.clear();
    this.#queues = queues;
    this.#config = config;
    if (adapter) this.setAdapter(adapter);
  }

  #classic(address: number, indicator: number): void {
    const found = setIndicator(this.#storage, { address, bit: RIGHTMOST - indicator });
    if (found !== undefined) this.#line?.present(0);
  }
}
