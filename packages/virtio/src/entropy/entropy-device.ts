/** The entropy device (Virtual I/O Device 1.3, section 5.4): fills buffers with random bytes. */
import type { Payload } from '@zarch/arch';
import { BackendRequests } from '../device/backend-requests.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType } from '../device/feature.ts';
import type { DescriptorChain } from '../queue/descriptor-chain.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';

const VERSION = 1;
const QUEUE_SIZE = 8;
/** Bytes of a buffer that are filled at most: the driver asks again. */
const PIECE = 65536;

export interface EntropySource {
  /** Fills `target` with bytes that nobody can guess. */
  fill(target: Uint8Array): Promise<void> | void;
}

/** How much a guest gets in a time. */
export interface EntropyRate {
  readonly bytes: number;
  readonly milliseconds: number;
  /** Calls `action` once, after a time. */
  after(milliseconds: number, action: () => void): void;
}

export interface EntropyDeviceOptions {
  readonly source: EntropySource;
  /** Default: as much as the guest wants. */
  readonly rate?: EntropyRate;
  /** Called with what a promise of the source was rejected with. The guest's buffer comes back empty. */
  readonly onBackendError?: (error: unknown) => void;
}

interface SavedEntropy {
  readonly left: number;
}

export class EntropyDevice implements DeviceModel {
  readonly name = 'virtio-rng';
  readonly type = DeviceType.entropy;
  readonly features = 0n;
  readonly dependencies = [];
  readonly queueSizes = [QUEUE_SIZE];
  readonly #options: EntropyDeviceOptions;
  readonly #requests = new BackendRequests(1, () => this.serve());
  #host: DeviceHost | undefined;
  /** Bytes left in this period; Infinity without a rate. */
  #left: number;
  #timing = false;

  constructor(options: EntropyDeviceOptions) {
    this.#options = options;
    this.#left = options.rate?.bytes ?? Number.POSITIVE_INFINITY;
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  config(): Uint8Array {
    return new Uint8Array();
  }

  writeConfig(): void {}

  negotiated(): void {}

  started(): void {}

  serve(): void {
    const host = this.#host;
    const queue = host?.queues[0];
    if (!host?.running || queue === undefined) return;
    queue.serve(
      (chain) => this.#begin(queue, chain),
      () => this.#requests.room && this.#left > 0,
    );
  }

  queueReset(): void {}

  reset(): void {
    this.#requests.reset();
  }

  drain(): Promise<void> {
    return this.#requests.drain();
  }

  resume(): void {
    this.#requests.resume();
    this.#startPeriod();
  }

  /** @throws {Error} When a request is with the source. */
  save(): Payload {
    this.#requests.assertNone();
    const data: SavedEntropy = { left: this.#left };
    return { name: this.name, version: VERSION, data };
  }

  restore(state: Payload): void {
    const { left } = payloadData<SavedEntropy>(state, this.name, VERSION);
    this.#left = Math.min(left, this.#options.rate?.bytes ?? Number.POSITIVE_INFINITY);
  }

  #begin(queue: Virtqueue, chain: DescriptorChain): void {
    const length = Math.min(chain.writable.length, PIECE, this.#left);
    this.#left -= length;
    this.#startPeriod();
    this.#requests.begin(async () => {
      const bytes = new Uint8Array(length);
      const filled = await this.#fill(bytes);
      if (!queue.holds(chain)) return;
      queue.use(chain, filled ? chain.writable.setBytes(0, bytes) : 0);
    });
  }

  async #fill(bytes: Uint8Array): Promise<boolean> {
    try {
      await this.#options.source.fill(bytes);
      return true;
    } catch (error) {
      this.#options.onBackendError?.(error);
      return false;
    }
  }

  #startPeriod(): void {
    const { rate } = this.#options;
    if (rate === undefined || this.#timing || this.#left === rate.bytes) return;
    this.#timing = true;
    rate.after(rate.milliseconds, () => {
      this.#timing = false;
      this.#left = rate.bytes;
      this.serve();
    });
  }
}
