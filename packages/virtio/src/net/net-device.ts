/** The network device (Virtual I/O Device 1.3, section 5.1). */
import type { Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType, Feature, features } from '../device/feature.ts';
import type { DescriptorChain } from '../queue/descriptor-chain.ts';
import type { Virtqueue } from '../queue/virtqueue.ts';
import { completeChecksum, describeSegment, familyOfTcp, flowHash } from './frame.ts';
import type { LargeSegments, NetBackend } from './net-backend.ts';
import { controlCommand } from './net-control.ts';
import {
  ControlAck,
  ethernet,
  GsoType,
  LinkStatus,
  MAC_SIZE,
  NetFeature,
  NetHeaderFlag,
  netConfig,
  netHeader,
} from './net-layout.ts';
import { ReceiveFilter, type SavedFilter } from './receive-filter.ts';

const VERSION = 1;
const QUEUE_SIZE = 256;
const FRAME_LIMIT = 65535 + ethernet.headerSize + ethernet.vlanTagSize;
const CONTROL_LIMIT = 65536;
const FLOWS = 256;

export interface NetDeviceOptions {
  readonly backend: NetBackend;
  /** The address, 6 bytes, until the driver sets another. */
  readonly mac: Uint8Array;
  /** The largest payload of a frame, which the driver is told. Default: it is not. */
  readonly mtu?: number;
  /** Pairs of queues. Default 1. */
  readonly pairs?: number;
  readonly queueSize?: number;
}

/** A frame for the guest, and what is known of it. */
interface ReceivedFrame {
  readonly bytes: Uint8Array;
  readonly checksumValid: boolean;
  readonly segment: number | undefined;
}

interface SavedNet {
  readonly mac: Uint8Array;
  readonly linkUp: boolean;
  readonly announcing: boolean;
  readonly pairs: number;
  readonly guestChecksum: boolean;
  readonly largeSegments: LargeSegments;
  readonly flows: Uint8Array;
  readonly filter: SavedFilter;
}

const CONTROL_FEATURES = [
  NetFeature.controlGuestOffloads,
  NetFeature.controlRx,
  NetFeature.controlVlan,
  NetFeature.controlRxExtra,
  NetFeature.guestAnnounce,
  NetFeature.controlMac,
];

const GUEST_TSO = [NetFeature.guestTso4, NetFeature.guestTso6];
const HOST_TSO = [NetFeature.hostTso4, NetFeature.hostTso6];
const NO_LARGE_SEGMENTS: LargeSegments = { 4: false, 6: false };

export class NetDevice implements DeviceModel {
  readonly name = 'virtio-net';
  readonly type = DeviceType.network;
  readonly features: bigint;
  readonly dependencies = [
    ...[...CONTROL_FEATURES, NetFeature.multiqueue].map((feature) => ({
      feature,
      needs: [NetFeature.controlQueue],
    })),
    ...GUEST_TSO.map((feature) => ({ feature, needs: [NetFeature.guestChecksum] })),
    ...HOST_TSO.map((feature) => ({ feature, needs: [NetFeature.checksum] })),
  ];
  readonly queueSizes: readonly number[];
  readonly #options: NetDeviceOptions;
  readonly #maximumPairs: number;
  readonly #filter = new ReceiveFilter();
  #host: DeviceHost | undefined;
  #mac: Uint8Array;
  #linkUp = true;
  #announcing = false;
  #pairs = 1;
  /** Whether the driver believes in checksums that the device found valid. */
  #guestChecksum = true;
  #largeSegments = NO_LARGE_SEGMENTS;
  /** The pair of queues in which the driver last sent a frame of each flow. */
  #flows = new Uint8Array(FLOWS);
  /** A frame was refused. */
  #refused = false;

  constructor(options: NetDeviceOptions) {
    if (options.mac.length !== MAC_SIZE) throw new RangeError('a MAC address has 6 bytes');
    const { pairs = 1, queueSize = QUEUE_SIZE } = options;
    if (pairs < 1 || pairs > FLOWS) throw new RangeError('a network device has 1 to 256 pairs of queues');
    this.#options = options;
    this.#maximumPairs = pairs;
    this.#mac = options.mac.slice();
    this.queueSizes = Array.from({ length: 2 * pairs + 1 }, () => queueSize);
    const { checksum, guestChecksum, mac, mergeableBuffers, status, controlQueue } = NetFeature;
    this.features =
      features(checksum, guestChecksum, mac, mergeableBuffers, status, controlQueue, ...CONTROL_FEATURES) |
      features(...(options.backend.onLargeSegments ? [...GUEST_TSO, ...HOST_TSO] : [])) |
      features(...(pairs > 1 ? [NetFeature.multiqueue] : [])) |
      features(...(options.mtu === undefined ? [] : [NetFeature.mtu]));
    options.backend.onFrame((frame, checksumValid, segment) =>
      this.#receive({ bytes: frame, checksumValid: checksumValid ?? false, segment }),
    );
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  /** Plugs the cable in or pulls it. */
  setLink(up: boolean): void {
    if (this.#linkUp === up) return;
    this.#linkUp = up;
    this.#host?.configChanged();
  }

  /** Asks the driver to tell the network where it is, as after a migration. */
  announce(): void {
    if (!this.#host?.has(NetFeature.guestAnnounce)) return;
    this.#announcing = true;
    this.#host.configChanged();
  }

  config({ littleEndian }: ByteOrder): Uint8Array {
    const bytes = new Uint8Array(netConfig.size);
    const data = new DataView(bytes.buffer);
    bytes.set(this.#mac, netConfig.mac);
    const status = (this.#linkUp ? LinkStatus.up : 0) | (this.#announcing ? LinkStatus.announce : 0);
    data.setUint16(netConfig.status, status, littleEndian);
    data.setUint16(netConfig.maximumPairs, this.#maximumPairs, littleEndian);
    data.setUint16(netConfig.mtu, this.#options.mtu ?? 0, littleEndian);
    return bytes;
  }

  /** A legacy driver without the command for it sets the address here. */
  writeConfig(offset: number, bytes: Uint8Array): void {
    const host = this.#host;
    if (!host || host.has(Feature.version1) || host.has(NetFeature.controlMac)) return;
    this.#mac.set(bytes.subarray(0, Math.max(0, MAC_SIZE - offset)), Math.min(offset, MAC_SIZE));
  }

  negotiated(): void {
    const has = (feature: number) => this.#host?.has(feature) ?? false;
    this.#takeLargeSegments({ 4: has(NetFeature.guestTso4), 6: has(NetFeature.guestTso6) });
  }

  started(): void {}

  serve(index: number): void {
    const host = this.#host;
    const queue = host?.queues[index];
    if (host === undefined || queue === undefined) return;
    if (index === this.#controlIndex) {
      queue.serve((chain) => this.#control(host, queue, chain));
    } else if (index > this.#controlIndex) {
      return;
    } else if (index % 2 === 1) {
      queue.serve((chain) => this.#transmit(host, queue, chain, index >> 1));
    } else if (this.#refused) {
      this.#refused = false;
      this.#options.backend.onRoom?.();
    }
  }

  queueReset(): void {}

  reset(): void {
    this.#mac = this.#options.mac.slice();
    this.#announcing = false;
    this.#pairs = 1;
    this.#guestChecksum = true;
    this.#takeLargeSegments(NO_LARGE_SEGMENTS);
    this.#flows = new Uint8Array(FLOWS);
    this.#refused = false;
    this.#filter.reset();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  resume(): void {}

  save(): Payload {
    const data: SavedNet = {
      mac: this.#mac.slice(),
      linkUp: this.#linkUp,
      announcing: this.#announcing,
      pairs: this.#pairs,
      guestChecksum: this.#guestChecksum,
      largeSegments: this.#largeSegments,
      flows: this.#flows.slice(),
      filter: this.#filter.save(),
    };
    return { name: this.name, version: VERSION, data };
  }

  restore(state: Payload): void {
    const saved = payloadData<SavedNet>(state, this.name, VERSION);
    this.#mac = saved.mac.slice();
    this.#linkUp = saved.linkUp;
    this.#announcing = saved.announcing;
    this.#pairs = saved.pairs;
    this.#guestChecksum = saved.guestChecksum;
    this.#takeLargeSegments(saved.largeSegments);
    this.#flows = saved.flows.slice();
    this.#filter.restore(saved.filter);
  }

  /** The control queue follows those pairs that the driver knows of. */
  get #controlIndex(): number {
    return this.#host?.has(NetFeature.multiqueue) ? 2 * this.#maximumPairs : 2;
  }

  get #headerSize(): number {
    const long = this.#host?.has(Feature.version1) || this.#host?.has(NetFeature.mergeableBuffers);
    return long ? netHeader.size : netHeader.legacySize;
  }

  /** Bytes of a frame at most, with its headers. */
  get #frameLimit(): number {
    const { mtu } = this.#options;
    if (mtu === undefined || !this.#host?.has(NetFeature.mtu)) return FRAME_LIMIT;
    return mtu + ethernet.headerSize + ethernet.vlanTagSize;
  }

  #transmit(host: DeviceHost, queue: Virtqueue, chain: DescriptorChain, pair: number): void {
    const size = this.#headerSize;
    const length = chain.readable.length - size;
    if (length < 0) {
      host.fail('a frame without its header');
      return;
    }
    const limit = Math.max(this.#frameLimit, HOST_TSO.some((each) => host.has(each)) ? FRAME_LIMIT : 0);
    if (length >= ethernet.headerSize && length <= limit && this.#linkUp) {
      const frame = chain.readable.bytes(size, length);
      if (this.#complete(host, chain, frame)) {
        this.#flows[flowHash(frame)] = pair;
        this.#options.backend.send(frame);
      }
    }
    queue.use(chain, 0);
  }

  /** Does what the frame's header asks for; false when that was not negotiated or cannot be. */
  #complete(host: DeviceHost, chain: DescriptorChain, frame: Uint8Array): boolean {
    const header = new DataView(chain.readable.bytes(0, netHeader.legacySize).buffer);
    const gsoType = header.getUint8(netHeader.gsoType);
    const taken =
      gsoType === GsoType.none ||
      (gsoType === GsoType.tcp4 && host.has(NetFeature.hostTso4)) ||
      (gsoType === GsoType.tcp6 && host.has(NetFeature.hostTso6));
    if (!taken || (gsoType === GsoType.none && frame.length > this.#frameLimit)) return false;
    if ((header.getUint8(netHeader.flags) & NetHeaderFlag.needsChecksum) === 0) return true;
    const { littleEndian } = host.order;
    const start = header.getUint16(netHeader.checksumStart, littleEndian);
    const offset = header.getUint16(netHeader.checksumOffset, littleEndian);
    return host.has(NetFeature.checksum) && completeChecksum(frame, start, offset);
  }

  #receive(received: ReceivedFrame): boolean {
    const host = this.#host;
    const { bytes: frame, segment } = received;
    if (!host?.running || !this.#linkUp) return true;
    if (frame.length < ethernet.headerSize) return true;
    // From before the driver said otherwise; TCP sends it again.
    if (segment === undefined ? frame.length > this.#frameLimit : !this.#takes(frame)) return true;
    if (!this.#filter.passes(frame, this.#mac, host.has(NetFeature.controlVlan))) return true;
    const pair = this.#pairs === 1 ? 0 : Math.min(this.#flows[flowHash(frame)] ?? 0, this.#pairs - 1);
    const queue = host.queues[2 * pair];
    if (!queue?.enabled) return true;
    if (this.#deliver(host, queue, received)) return true;
    // A buffer that became available before the driver knew it should notify.
    if (queue.requestNotifications() && this.#deliver(host, queue, received)) return true;
    this.#refused = true;
    return false;
  }

  /** Puts a frame into as many chains as it takes; false when there are not enough. */
  #deliver(host: DeviceHost, queue: Virtqueue, received: ReceivedFrame): boolean {
    const { bytes: frame, checksumValid, segment } = received;
    const size = this.#headerSize;
    const mergeable = host.has(NetFeature.mergeableBuffers);
    const chains: DescriptorChain[] = [];
    let room = 0;
    while (room < size + frame.length) {
      const chain = queue.take();
      if (chain !== undefined) chains.push(chain);
      if (chain !== undefined && chain.writable.length < (room === 0 ? size : 1)) {
        host.fail('a receive buffer without room');
        return true;
      }
      room += chain?.writable.length ?? 0;
      const tooSmall = !mergeable && room < size + frame.length;
      if (chain === undefined || tooSmall) {
        for (const each of chains.toReversed()) queue.putBack(each);
        return chain !== undefined;
      }
    }
    const message = new Uint8Array(size + frame.length);
    const header = new DataView(message.buffer);
    const believes = host.has(NetFeature.guestChecksum) && this.#guestChecksum;
    if (segment !== undefined) describeSegment(header, frame, segment, host.order.littleEndian);
    else if (checksumValid && believes) header.setUint8(netHeader.flags, NetHeaderFlag.dataValid);
    if (size === netHeader.size) header.setUint16(netHeader.buffers, chains.length, host.order.littleEndian);
    message.set(frame, size);
    let done = 0;
    const buffers = chains.map((chain) => {
      const written = chain.writable.setBytes(0, message.subarray(done));
      done += written;
      return { chain, written };
    });
    queue.useAll(buffers);
    return true;
  }

  #takeLargeSegments(taken: LargeSegments): void {
    this.#largeSegments = taken;
    this.#options.backend.onLargeSegments?.(taken);
  }

  /** Whether the driver takes a large segment. */
  #takes(frame: Uint8Array): boolean {
    const family = familyOfTcp(frame);
    return family !== undefined && this.#largeSegments[family] && frame.length <= FRAME_LIMIT;
  }

  #control(host: DeviceHost, queue: Virtqueue, chain: DescriptorChain): void {
    const { readable, writable } = chain;
    if (readable.length < 2 || writable.length < 1) {
      host.fail('a control command without header or acknowledgement');
      return;
    }
    const target = {
      filter: this.#filter,
      maximumPairs: this.#maximumPairs,
      has: (feature: number) => host.has(feature),
      setMac: (mac: Uint8Array) => {
        this.#mac = mac.slice();
      },
      acknowledgeAnnounce: () => {
        this.#announcing = false;
      },
      setPairs: (pairs: number) => {
        this.#pairs = pairs;
      },
      setOffloads: (offloads: bigint) => {
        const on = (feature: number) => (offloads & features(feature)) !== 0n;
        this.#guestChecksum = on(NetFeature.guestChecksum);
        this.#takeLargeSegments({ 4: on(NetFeature.guestTso4), 6: on(NetFeature.guestTso6) });
      },
    };
    const fits = readable.length <= CONTROL_LIMIT;
    const done = fits && controlCommand(target, readable.bytes(), host.order);
    writable.setBytes(0, Uint8Array.of(done ? ControlAck.ok : ControlAck.error));
    queue.use(chain, 1);
  }
}
