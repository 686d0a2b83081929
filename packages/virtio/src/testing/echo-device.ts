/** A device type of no standard: answers what the driver sent. It can hold requests until it is told to go on. */
import type { Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import type { DescriptorChain, SavedChain } from '../queue/descriptor-chain.ts';

const VERSION = 1;
const CONFIG_SIZE = 8;

interface SavedEcho {
  readonly config: Uint8Array;
  readonly held: readonly { readonly queue: number; readonly chain: SavedChain }[];
}

export class EchoDevice implements DeviceModel {
  readonly name = 'virtio-echo';
  readonly type = 0xffff;
  readonly features: bigint;
  readonly dependencies = [{ feature: 1, needs: [0] }];
  readonly queueSizes: readonly number[];
  /** Whether requests wait for {@link release}. */
  holding = false;
  readonly held: { readonly queue: number; readonly chain: DescriptorChain }[] = [];
  readonly events: string[] = [];
  #config = new Uint8Array(CONFIG_SIZE);
  #host: DeviceHost | undefined;

  constructor(queueSizes: readonly number[] = [256], features = 0b11n) {
    this.queueSizes = queueSizes;
    this.features = features;
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  config(order: ByteOrder): Uint8Array {
    return order.littleEndian ? this.#config : this.#config.toReversed();
  }

  writeConfig(offset: number, bytes: Uint8Array): void {
    this.#config.set(bytes, offset);
  }

  /** Changes the configuration space as a device does. */
  changeConfig(bytes: Uint8Array): void {
    this.#config.set(bytes);
    this.#host?.configChanged();
  }

  negotiated(): void {
    this.events.push('negotiated');
  }

  started(): void {
    this.events.push('started');
  }

  serve(queue: number): void {
    this.#host?.queues[queue]?.serve((chain) => {
      if (this.holding) this.held.push({ queue, chain });
      else this.#answer(queue, chain);
    });
  }

  /** Answers a held request: the one at `index`, by default the oldest. */
  release(index = 0): void {
    const [request] = this.held.splice(index, 1);
    if (request !== undefined) this.#answer(request.queue, request.chain);
  }

  queueReset(queue: number): void {
    const kept = this.held.filter((request) => request.queue !== queue);
    this.held.splice(0, this.held.length, ...kept);
  }

  reset(): void {
    this.events.push('reset');
    this.#config = new Uint8Array(CONFIG_SIZE);
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  resume(): void {}

  save(): Payload {
    const data: SavedEcho = {
      config: this.#config.slice(),
      held: this.held.map(({ queue, chain }) => ({ queue, chain: this.#queue(queue).saveChain(chain) })),
    };
    return { name: this.name, version: VERSION, data };
  }

  restore(state: Payload): void {
    const saved = payloadData<SavedEcho>(state, this.name, VERSION);
    this.#config = saved.config.slice();
    const held = saved.held.map(({ queue, chain }) => ({
      queue,
      chain: this.#queue(queue).restoreChain(chain),
    }));
    this.held.splice(0, this.held.length, ...held);
  }

  #answer(index: number, chain: DescriptorChain): void {
    const written = chain.writable.setBytes(0, chain.readable.bytes(0, chain.writable.length));
    this.#queue(index).use(chain, written);
  }

  #queue(index: number) {
    const queue = this.#host?.queues[index];
    if (queue === undefined) throw new RangeError(`the echo device has no queue ${index}`);
    return queue;
  }
}
