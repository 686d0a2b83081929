/**
 * The 9P transport device (Virtual I/O Device 1.3, section 5.16, and Linux, net/9p/trans_virtio.c): a request and the
 * room for its reply in each chain. Behind it is a server for one folder.
 */
import type { Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import { BackendRequests } from '../device/backend-requests.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType, features } from '../device/feature.ts';
import type { DescriptorChain } from '../queue/descriptor-chain.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';
import { ERROR_SIZE, ninePHeader } from './message.ts';
import { NinePServer, type NinePServerOptions } from './server.ts';
import type { SavedSession } from './session.ts';

const STATE_VERSION = 1;
const QUEUE_SIZE = 128;
const TAG_LIMIT = 65535;

export const NinePFeature = { mountTag: 0 } as const;

export interface NinePDeviceOptions extends NinePServerOptions {
  /** The name by which the guest mounts: 1 to 65535 bytes of UTF-8. */
  readonly tag: string;
}

interface SavedNineP {
  readonly session: SavedSession;
}

export class NinePDevice implements DeviceModel {
  readonly name = 'virtio-9p';
  readonly type = DeviceType.ninePTransport;
  readonly features = features(NinePFeature.mountTag);
  readonly dependencies = [];
  readonly queueSizes = [QUEUE_SIZE];
  readonly #tag: Uint8Array;
  readonly #server: NinePServer;
  readonly #requests = new BackendRequests(1, () => this.serve());
  #host: DeviceHost | undefined;

  constructor(options: NinePDeviceOptions) {
    this.#tag = new TextEncoder().encode(options.tag);
    if (this.#tag.length === 0 || this.#tag.length > TAG_LIMIT)
      throw new RangeError('a mount tag has 1 to 65535 bytes');
    this.#server = new NinePServer(options);
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  config({ littleEndian }: ByteOrder): Uint8Array {
    const bytes = new Uint8Array(2 + this.#tag.length);
    new DataView(bytes.buffer).setUint16(0, this.#tag.length, littleEndian);
    bytes.set(this.#tag, 2);
    return bytes;
  }

  writeConfig(): void {}

  negotiated(): void {}

  started(): void {}

  serve(): void {
    const host = this.#host;
    const queue = host?.queues[0];
    if (!host?.running || queue === undefined) return;
    queue.serve(
      (chain) => this.#begin(host, queue, chain),
      () => this.#requests.room,
    );
  }

  queueReset(): void {}

  /** The client's files are closed before a request of the next one is looked at. */
  reset(): void {
    this.#requests.begin(() => this.#server.reset());
    this.#requests.reset();
  }

  drain(): Promise<void> {
    return this.#requests.drain();
  }

  resume(): void {
    this.#requests.resume();
  }

  /** @throws {Error} When a request is with the file system. */
  save(): Payload {
    this.#requests.assertNone();
    const data: SavedNineP = { session: this.#server.save() };
    return { name: this.name, version: STATE_VERSION, data };
  }

  /** The client's files are open again before a request is looked at. */
  restore(state: Payload): void {
    const { session } = payloadData<SavedNineP>(state, this.name, STATE_VERSION);
    this.#requests.begin(() => this.#server.restore(session));
  }

  #begin(host: DeviceHost, queue: Virtqueue, chain: DescriptorChain): void {
    const { readable, writable } = chain;
    if (readable.length < ninePHeader.size || writable.length < ERROR_SIZE) {
      host.fail('a 9P request without header or room for a reply');
      return;
    }
    const message = readable.bytes(0, Math.min(readable.length, this.#server.messageSize));
    this.#requests.begin(async () => {
      const reply = await this.#server.request(message, writable.length);
      if (queue.holds(chain)) queue.use(chain, writable.setBytes(0, reply));
    });
  }
}
