/** The block device (Virtual I/O Device 1.3, section 5.2). */
import type { Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import { BackendRequests } from '../device/backend-requests.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType, features } from '../device/feature.ts';
import type { DescriptorChain } from '../queue/descriptor-chain.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';
import type { BlockBackend, ImmediateAccess } from './block-backend.ts';
import {
  BlockFeature,
  BlockStatus,
  blockConfig,
  blockHeader,
  SECTOR_SIZE,
  SERIAL_SIZE,
} from './block-layout.ts';
import {
  type CheckedRequest,
  checkRequest,
  MAXIMUM_RANGE_SECTORS,
  MAXIMUM_RANGES,
  type Range,
} from './block-request.ts';
import { ReadAhead } from './read-ahead.ts';
import { PIECE, RequestBuffers } from './request-buffers.ts';

const VERSION = 1;
const QUEUE_SIZE = 256;
const IN_FLIGHT = 64;
/** Bytes that are moved at once before the driver is told and others have a turn. */
const TURN = 1 << 20;

export interface BlockDeviceOptions {
  readonly backend: BlockBackend;
  /** At most 20 bytes of ASCII. Default empty. */
  readonly serial?: string;
  /** Request queues. Default 1. */
  readonly queues?: number;
  readonly queueSize?: number;
  /** Requests with the backend at a time. Default 64. */
  readonly maximumInFlight?: number;
  readonly geometry?: { readonly cylinders: number; readonly heads: number; readonly sectors: number };
  /** Writes wait in the backend's cache until they are flushed, unless the driver wants it otherwise. Default true. */
  readonly writeCache?: boolean;
  /** Called with what a backend's promise was rejected with. The guest gets an I/O error. */
  readonly onBackendError?: (error: unknown) => void;
}

/** A read or write that is done at once. */
interface Access {
  readonly kind: 'read' | 'write';
  readonly offset: number;
  readonly length: number;
  readonly immediate: ImmediateAccess;
}

interface SavedBlock {
  readonly writeback: boolean;
}

export class BlockDevice implements DeviceModel {
  readonly name = 'virtio-block';
  readonly type = DeviceType.block;
  readonly features: bigint;
  readonly dependencies = [];
  readonly queueSizes: readonly number[];
  readonly #options: BlockDeviceOptions;
  readonly #backend: BlockBackend;
  readonly #serial: Uint8Array;
  readonly #requests: BackendRequests;
  readonly #buffers = new RequestBuffers();
  readonly #ahead = new ReadAhead();
  #host: DeviceHost | undefined;
  #writeback: boolean;

  constructor(options: BlockDeviceOptions) {
    const { backend, queues = 1, queueSize = QUEUE_SIZE } = options;
    this.#options = options;
    this.#backend = backend;
    this.#serial = new TextEncoder().encode(options.serial ?? '');
    if (this.#serial.length > SERIAL_SIZE) throw new RangeError('a serial number has at most 20 bytes');
    this.#writeback = options.writeCache ?? true;
    this.queueSizes = Array.from({ length: queues }, () => queueSize);
    this.#requests = new BackendRequests(options.maximumInFlight ?? IN_FLIGHT, () => this.#serveAll());
    const { segmentMaximum, blockSize, flush, topology, configWriteCache, multiqueue } = BlockFeature;
    this.features =
      features(segmentMaximum, blockSize, flush, topology, configWriteCache) |
      features(...(queues > 1 ? [multiqueue] : [])) |
      features(...(options.geometry ? [BlockFeature.geometry] : [])) |
      features(...(backend.readOnly ? [BlockFeature.readOnly] : [])) |
      features(...(backend.discard ? [BlockFeature.discard] : [])) |
      features(...(backend.writeZeroes ? [BlockFeature.writeZeroes] : []));
  }

  connect(host: DeviceHost): void {
    this.#host = host;
    this.#buffers.connect(host.storage);
  }

  /** The backend's size changed. */
  resized(): void {
    this.#ahead.forget();
    this.#host?.configChanged();
  }

  config({ littleEndian }: ByteOrder): Uint8Array {
    const backend = this.#backend;
    const { geometry } = this.#options;
    const { blockSize, physicalBlockSize = blockSize } = backend;
    const bytes = new Uint8Array(blockConfig.size);
    const data = new DataView(bytes.buffer);
    const set16 = (at: number, value: number) => data.setUint16(at, value, littleEndian);
    const set32 = (at: number, value: number) => data.setUint32(at, value, littleEndian);
    data.setBigUint64(blockConfig.capacity, BigInt(Math.floor(backend.size / SECTOR_SIZE)), littleEndian);
    // A header and a status take a descriptor each.
    set32(blockConfig.segmentMaximum, Math.max(1, (this.queueSizes[0] ?? 0) - 2));
    set16(blockConfig.cylinders, geometry?.cylinders ?? 0);
    bytes[blockConfig.heads] = geometry?.heads ?? 0;
    bytes[blockConfig.sectors] = geometry?.sectors ?? 0;
    set32(blockConfig.blockSize, blockSize);
    bytes[blockConfig.physicalBlockExponent] = Math.log2(physicalBlockSize / blockSize);
    set16(blockConfig.minimumIoSize, physicalBlockSize / blockSize);
    set32(blockConfig.optimalIoSize, (backend.optimalSize ?? 0) / blockSize);
    bytes[blockConfig.writeback] = this.#writeback ? 1 : 0;
    set16(blockConfig.queues, this.queueSizes.length);
    if (backend.discard) {
      set32(blockConfig.maximumDiscardSectors, MAXIMUM_RANGE_SECTORS);
      set32(blockConfig.maximumDiscardRanges, MAXIMUM_RANGES);
      set32(blockConfig.discardSectorAlignment, blockSize / SECTOR_SIZE);
    }
    if (backend.writeZeroes) {
      set32(blockConfig.maximumWriteZeroesSectors, MAXIMUM_RANGE_SECTORS);
      set32(blockConfig.maximumWriteZeroesRanges, MAXIMUM_RANGES);
      bytes[blockConfig.writeZeroesMayUnmap] = 1;
    }
    return bytes;
  }

  /** A driver that negotiated VIRTIO_BLK_F_CONFIG_WCE switches the write cache. */
  writeConfig(offset: number, bytes: Uint8Array): void {
    const value = bytes[blockConfig.writeback - offset];
    if (value !== undefined && this.#host?.has(BlockFeature.configWriteCache)) this.#writeback = value !== 0;
  }

  negotiated(): void {}

  started(): void {}

  serve(index: number): void {
    const host = this.#host;
    const queue = host?.queues[index];
    if (host === undefined || queue === undefined) return;
    let moved = 0;
    queue.serve(
      (chain) => {
        moved += this.#begin(host, queue, chain);
      },
      () => this.#requests.room && moved < TURN,
    );
    if (moved >= TURN) queue.serveLater();
    if (moved > 0) this.#readAhead();
  }

  queueReset(): void {}

  reset(): void {
    this.#ahead.forget();
    this.#requests.reset();
    this.#writeback = this.#options.writeCache ?? true;
  }

  drain(): Promise<void> {
    return this.#requests.drain();
  }

  resume(): void {
    this.#requests.resume();
  }

  /** @throws {Error} When requests are with the backend. */
  save(): Payload {
    this.#requests.assertNone();
    const data: SavedBlock = { writeback: this.#writeback };
    return { name: this.name, version: VERSION, data };
  }

  restore(state: Payload): void {
    this.#ahead.forget();
    this.#writeback = payloadData<SavedBlock>(state, this.name, VERSION).writeback;
  }

  /** Whether writes wait for a flush. A driver that cannot flush gets each write on the medium. */
  get #cached(): boolean {
    const has = (feature: number) => this.#host?.has(feature) ?? false;
    return has(BlockFeature.configWriteCache) ? this.#writeback : has(BlockFeature.flush);
  }

  #serveAll(): void {
    if (!this.#host?.running) return;
    for (let index = 0; index < this.queueSizes.length; index++) this.serve(index);
  }

  /** @returns Bytes that were moved at once. */
  #begin(host: DeviceHost, queue: Virtqueue, chain: DescriptorChain): number {
    const { readable, writable } = chain;
    if (readable.length < blockHeader.size || writable.length < 1) {
      host.fail('a block request without header or status');
      return 0;
    }
    const room = writable.length - 1;
    const request = checkRequest(readable, room, host.order, this.#backend);
    const finish = (status: number) => {
      if (!queue.holds(chain)) return;
      writable.setBytes(room, Uint8Array.of(status));
      queue.use(chain, writable.length);
    };
    if (changes(request)) this.#ahead.forget();
    const access = this.#accessFor(request);
    if (access === undefined) {
      this.#requests.begin(async () => finish(await this.#perform(request, queue, chain)));
      return 0;
    }
    finish(this.#move(access, chain));
    return access.length;
  }

  /** A request that is best done at once, and how; undefined for others. */
  #accessFor(request: CheckedRequest): Access | undefined {
    if (request.kind !== 'read' && request.kind !== 'write') return undefined;
    const { immediate } = this.#backend;
    const waits = request.kind === 'write' && !this.#cached;
    if (immediate === undefined || waits || request.length > PIECE) return undefined;
    return { ...request, immediate };
  }

  /** @returns The request's status. */
  #move({ kind, offset, length, immediate }: Access, chain: DescriptorChain): number {
    const ahead = kind === 'read' ? this.#ahead.take(offset, length) : undefined;
    if (ahead !== undefined) {
      chain.writable.setBytes(0, ahead.buffer.subarray(ahead.at, ahead.at + length));
      return BlockStatus.ok;
    }
    const buffer = this.#buffers.take(length);
    const bytes = buffer.subarray(0, length);
    try {
      if (kind === 'read') {
        immediate.read(offset, bytes);
        chain.writable.setBytes(0, bytes);
      } else {
        chain.readable.copy(blockHeader.size, bytes);
        immediate.write(offset, bytes);
      }
      return BlockStatus.ok;
    } catch (error) {
      this.#options.onBackendError?.(error);
      return BlockStatus.ioError;
    } finally {
      this.#buffers.giveBack(buffer);
    }
  }

  #readAhead(): void {
    const { immediate, exclusive, size } = this.#backend;
    if (immediate === undefined || !exclusive || !this.#requests.idle) return;
    this.#ahead.fill(immediate, size, () => this.#buffers.take(PIECE));
  }

  async #perform(request: CheckedRequest, queue: Virtqueue, chain: DescriptorChain): Promise<number> {
    switch (request.kind) {
      case 'refused':
        return request.status;
      case 'id':
        chain.writable.setBytes(0, this.#id(chain.writable.length - 1));
        return BlockStatus.ok;
      case 'flush':
        return this.#attempt(() => this.#backend.flush());
      case 'read':
        return this.#attempt(() => this.#read(request, queue, chain));
      case 'write':
        return this.#attempt(() => this.#written(this.#write(request, queue, chain)));
      case 'discard':
        return this.#attempt(() => this.#discard(request.ranges));
      case 'writeZeroes':
        return this.#attempt(() => this.#written(this.#writeZeroes(request.ranges)));
    }
  }

  async #attempt(action: () => Promise<void>): Promise<number> {
    try {
      await action();
      return BlockStatus.ok;
    } catch (error) {
      this.#options.onBackendError?.(error);
      return BlockStatus.ioError;
    }
  }

  async #read(
    range: { offset: number; length: number },
    queue: Virtqueue,
    chain: DescriptorChain,
  ): Promise<void> {
    await this.#inPieces(range, async (piece, done) => {
      if (!queue.holds(chain)) return;
      await this.#backend.read(range.offset + done, piece);
      if (queue.holds(chain)) chain.writable.setBytes(done, piece);
    });
  }

  async #write(
    range: { offset: number; length: number },
    queue: Virtqueue,
    chain: DescriptorChain,
  ): Promise<void> {
    await this.#inPieces(range, async (piece, done) => {
      if (!queue.holds(chain)) return;
      chain.readable.copy(blockHeader.size + done, piece);
      await this.#backend.write(range.offset + done, piece);
    });
  }

  /** Does something with a request's bytes, in a buffer that is used again for others. */
  async #inPieces(
    { length }: { length: number },
    action: (piece: Uint8Array, done: number) => Promise<void>,
  ): Promise<void> {
    const buffer = this.#buffers.take(length);
    try {
      for (let done = 0; done < length; done += buffer.length)
        await action(buffer.subarray(0, length - done), done);
    } finally {
      this.#buffers.giveBack(buffer);
    }
  }

  async #discard(ranges: readonly Range[]): Promise<void> {
    for (const { offset, length } of ranges) await this.#backend.discard?.(offset, length);
  }

  async #writeZeroes(ranges: readonly Range[]): Promise<void> {
    for (const { offset, length, unmap } of ranges) await this.#backend.writeZeroes?.(offset, length, unmap);
  }

  async #written(write: Promise<void>): Promise<void> {
    await write;
    if (!this.#cached) await this.#backend.flush();
  }

  #id(room: number): Uint8Array {
    const bytes = new Uint8Array(SERIAL_SIZE);
    bytes.set(this.#serial);
    return bytes.subarray(0, room);
  }
}

/** Whether a request may change what is on the medium. */
function changes({ kind }: CheckedRequest): boolean {
  return kind === 'write' || kind === 'discard' || kind === 'writeZeroes';
}
