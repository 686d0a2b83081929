/**
 * The traditional memory balloon device (Virtual I/O Device 1.3, section 5.5): the guest gives pages away and takes
 * them back, tells how it uses its memory, and reports pages that are free.
 *
 * The specification numbers the queues from 0 to 4 and leaves gaps for features that are not negotiated; not every
 * Linux does. Without free page hinting, which is not offered, both find their queues.
 */
import { type AbsoluteAddress, absolute, type Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType, features } from '../device/feature.ts';
import type { DescriptorChain, SavedChain } from '../queue/descriptor-chain.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';
import { BALLOON_PAGE, BalloonFeature, balloonConfig, statistic } from './balloon-layout.ts';

const VERSION = 1;
const QUEUE_SIZE = 128;
/** Page numbers in a buffer at most; Linux has 256. */
const PAGES_LIMIT = 65536;
const STATISTICS_LIMIT = 256;

/** What happens to pages. Ranges are inside storage, in multiples of 4096 bytes unless said otherwise. */
export interface BalloonBackend {
  /** The guest does not use the pages any more; their content is lost. */
  inflate(address: AbsoluteAddress, length: number): void;
  /** The guest uses the pages again. */
  deflate(address: AbsoluteAddress, length: number): void;
  /**
   * The guest does not use the pages now, but can at any time without telling: they may become zeros until it does.
   * Ranges are as the guest has them. Called before the guest hears that it was.
   */
  report?(address: AbsoluteAddress, length: number): void;
}

export interface BalloonDeviceOptions {
  readonly backend: BalloonBackend;
  /** The guest must deflate before it uses pages. Default false. */
  readonly mustTellHost?: boolean;
  /** The guest may take pages back when it has no memory. Default false. */
  readonly deflateOnOutOfMemory?: boolean;
  /** Called when the guest's part of the balloon has another size. */
  readonly onActual?: (bytes: number) => void;
  /** Called with the statistics of a request, by tag (see {@link StatisticTag}). */
  readonly onStatistics?: (statistics: ReadonlyMap<number, bigint>) => void;
}

interface SavedBalloon {
  readonly target: number;
  readonly actual: number;
  readonly poison: number;
  readonly held?: SavedChain;
}

type Role = 'inflate' | 'deflate' | 'statistics' | 'reporting';

const STATISTICS_QUEUE = 2;

export class BalloonDevice implements DeviceModel {
  readonly name = 'virtio-balloon';
  readonly type = DeviceType.balloon;
  readonly features: bigint;
  readonly dependencies = [];
  readonly queueSizes: readonly number[];
  readonly #options: BalloonDeviceOptions;
  #host: DeviceHost | undefined;
  /** In balloon pages. */
  #target = 0;
  #actual = 0;
  #poison = 0;
  /** The statistics buffer, which the driver gets back as a question. */
  #held: DescriptorChain | undefined;

  constructor(options: BalloonDeviceOptions) {
    const { backend, mustTellHost = false, deflateOnOutOfMemory = false } = options;
    this.#options = options;
    this.queueSizes = Array.from({ length: backend.report ? 5 : 3 }, () => QUEUE_SIZE);
    this.features =
      features(BalloonFeature.statistics) |
      features(...(mustTellHost ? [BalloonFeature.mustTellHost] : [])) |
      features(...(deflateOnOutOfMemory ? [BalloonFeature.deflateOnOutOfMemory] : [])) |
      features(...(backend.report ? [BalloonFeature.pagePoison, BalloonFeature.pageReporting] : []));
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  /** Bytes that the guest has given away, as it says. */
  get actual(): number {
    return this.#actual * BALLOON_PAGE;
  }

  /** Asks the guest to give away so many bytes in all. */
  setTarget(bytes: number): void {
    this.#target = Math.floor(bytes / BALLOON_PAGE) >>> 0;
    this.#host?.configChanged();
  }

  /** Asks for statistics; false when the driver has none or was asked already. */
  requestStatistics(): boolean {
    const queue = this.#host?.queues[STATISTICS_QUEUE];
    if (queue === undefined || this.#held === undefined || !this.#host?.running) return false;
    const held = this.#held;
    this.#held = undefined;
    queue.use(held, 0);
    return true;
  }

  config(): Uint8Array {
    const bytes = new Uint8Array(balloonConfig.size);
    const data = new DataView(bytes.buffer);
    data.setUint32(balloonConfig.pages, this.#target, true);
    data.setUint32(balloonConfig.actual, this.#actual, true);
    data.setUint32(balloonConfig.poison, this.#poison, true);
    return bytes;
  }

  writeConfig(offset: number, bytes: Uint8Array): void {
    const config = this.config();
    config.set(bytes, offset);
    const data = new DataView(config.buffer);
    this.#poison = data.getUint32(balloonConfig.poison, true);
    const actual = data.getUint32(balloonConfig.actual, true);
    if (actual === this.#actual) return;
    this.#actual = actual;
    this.#options.onActual?.(this.actual);
  }

  negotiated(): void {}

  started(): void {}

  serve(index: number): void {
    const host = this.#host;
    const queue = host?.queues[index];
    if (host === undefined || queue === undefined) return;
    const role = this.#role(host, index);
    if (role === undefined) return;
    queue.serve((chain) => {
      if (role === 'statistics') this.#statistics(host.order, queue, chain);
      else if (role === 'reporting') this.#report(queue, chain);
      else this.#move(host, role, queue, chain);
    });
  }

  queueReset(index: number): void {
    if (index === STATISTICS_QUEUE) this.#held = undefined;
  }

  /** What the guest gave away stays away until its storage is cleared; the number starts again. */
  reset(): void {
    this.#actual = 0;
    this.#poison = 0;
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  resume(): void {}

  save(): Payload {
    const state = { target: this.#target, actual: this.#actual, poison: this.#poison };
    const queue = this.#host?.queues[STATISTICS_QUEUE];
    const data: SavedBalloon =
      this.#held === undefined || queue === undefined
        ? state
        : { ...state, held: queue.saveChain(this.#held) };
    return { name: this.name, version: VERSION, data };
  }

  restore(state: Payload): void {
    const saved = payloadData<SavedBalloon>(state, this.name, VERSION);
    this.#target = saved.target;
    this.#actual = saved.actual;
    this.#poison = saved.poison;
    this.#held = saved.held && this.#host?.queues[STATISTICS_QUEUE]?.restoreChain(saved.held);
  }

  #role(host: DeviceHost, index: number): Role | undefined {
    if (index < STATISTICS_QUEUE) return index === 0 ? 'inflate' : 'deflate';
    if (index === STATISTICS_QUEUE && host.has(BalloonFeature.statistics)) return 'statistics';
    return host.has(BalloonFeature.pageReporting) ? 'reporting' : undefined;
  }

  #move(host: DeviceHost, role: 'inflate' | 'deflate', queue: Virtqueue, chain: DescriptorChain): void {
    const count = Math.floor(chain.readable.length / 4);
    if (count > PAGES_LIMIT) {
      host.fail('too many pages at once');
      return;
    }
    const data = new DataView(chain.readable.bytes(0, 4 * count).buffer);
    let start = 0;
    let length = 0;
    const flush = () => {
      if (length > 0) this.#options.backend[role](absolute(start), length);
      length = 0;
    };
    for (let i = 0; i < count; i++) {
      const page = data.getUint32(4 * i, host.order.littleEndian) * BALLOON_PAGE;
      if (page + BALLOON_PAGE > host.storage.size) continue;
      if (page !== start + length) flush();
      if (length === 0) start = page;
      length += BALLOON_PAGE;
    }
    flush();
    queue.use(chain, 0);
  }

  #report(queue: Virtqueue, chain: DescriptorChain): void {
    // A guest that fills free pages with a pattern wants to find it there.
    const poisoned = this.#host?.has(BalloonFeature.pagePoison) && this.#poison !== 0;
    if (!poisoned) {
      for (const { address, length } of chain.writable.segments) {
        if (length > 0) this.#options.backend.report?.(address, length);
      }
    }
    queue.use(chain, 0);
  }

  #statistics({ littleEndian }: ByteOrder, queue: Virtqueue, chain: DescriptorChain): void {
    if (this.#held !== undefined) queue.use(this.#held, 0);
    this.#held = chain;
    const count = Math.min(STATISTICS_LIMIT, Math.floor(chain.readable.length / statistic.size));
    const data = new DataView(chain.readable.bytes(0, count * statistic.size).buffer);
    const entries = Array.from({ length: count }, (_, i) => {
      const at = i * statistic.size;
      const tag = data.getUint16(at + statistic.tag, littleEndian);
      return [tag, data.getBigUint64(at + statistic.value, littleEndian)] as const;
    });
    if (count > 0) this.#options.onStatistics?.(new Map(entries));
  }
}
