/**
 * The socket device (Virtual I/O Device 1.3, section 5.10): streams between guest and host. Connections do not survive
 * saving and restoring, as the guest is told.
 */
import type { Payload } from '@zarch/arch';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType, features } from '../device/feature.ts';
import type { DescriptorChain } from '../queue/descriptor-chain.ts';
import { BUFFER_SIZE, VsockConnection, type VsockHandlers, type VsockLink } from './vsock-connection.ts';
import {
  FIRST_GUEST_CID,
  HOST_CID,
  readVsockHeader,
  TRANSPORT_RESET,
  VSOCK_HEADER_SIZE,
  VsockFeature,
  type VsockHeader,
  VsockOperation,
  VsockType,
  vsockQueues,
  writeVsockHeader,
} from './vsock-layout.ts';

const STATE_VERSION = 1;
const QUEUE_SIZE = 128;
const CONNECTIONS_LIMIT = 1024;
/** Packets that wait for the guest's buffers. With more of them, none of the guest's packets are looked at. */
const WAITING_LIMIT = 256;
const FIRST_PORT = 1024;
const PORTS = 2 ** 32;

export interface VsockBackend {
  /**
   * The guest connects to a port of the host.
   *
   * @returns What happens with it, or undefined to refuse it.
   */
  connect(port: number, connection: VsockConnection): VsockHandlers | undefined;
}

export interface VsockDeviceOptions {
  /** The guest's context identifier: 3 or more. */
  readonly guestCid: bigint;
  readonly backend: VsockBackend;
}

interface SavedVsock {
  readonly resetPending: boolean;
}

export class VsockDevice implements DeviceModel {
  readonly name = 'virtio-vsock';
  readonly type = DeviceType.socket;
  readonly features = features(VsockFeature.stream);
  readonly dependencies = [];
  readonly queueSizes = [QUEUE_SIZE, QUEUE_SIZE, QUEUE_SIZE];
  readonly #options: VsockDeviceOptions;
  readonly #connections = new Map<string, VsockConnection>();
  readonly #link: VsockLink;
  #host: DeviceHost | undefined;
  #waiting: VsockHeader[] = [];
  #nextPort = FIRST_PORT;
  /** The guest is to hear that all connections are gone. */
  #resetPending = false;

  constructor(options: VsockDeviceOptions) {
    if (options.guestCid < FIRST_GUEST_CID || options.guestCid >= 2n ** 32n) {
      throw new RangeError(`a guest cannot have the context identifier ${options.guestCid}`);
    }
    this.#options = options;
    this.#link = {
      send: (connection, operation, flags) => this.#send(this.#header(connection, operation, flags)),
      sendData: (connection, bytes) => this.#sendData(connection, bytes),
      remove: (connection) => this.#connections.delete(key(connection.guestPort, connection.hostPort)),
    };
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  /**
   * Connects to a port of the guest. `onOpen` tells that it was accepted, `onClose` that it was not.
   *
   * @returns Undefined when the driver is not ready or there are too many connections.
   */
  connectToGuest(guestPort: number, handlers: VsockHandlers): VsockConnection | undefined {
    if (!this.#host?.running || this.#connections.size === CONNECTIONS_LIMIT) return undefined;
    while (this.#connections.has(key(guestPort, this.#nextPort))) this.#advancePort();
    const connection = new VsockConnection(guestPort, this.#nextPort, this.#link, false);
    this.#advancePort();
    connection.handle(handlers);
    this.#connections.set(key(guestPort, connection.hostPort), connection);
    this.#send(this.#header(connection, VsockOperation.request));
    return connection;
  }

  config(): Uint8Array {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, this.#options.guestCid, true);
    return bytes;
  }

  writeConfig(): void {}

  negotiated(): void {}

  started(): void {}

  serve(index: number): void {
    const host = this.#host;
    if (!host?.running) return;
    if (index === vsockQueues.receive) this.#deliver(host);
    if (index === vsockQueues.transmit) this.#transmit(host);
    if (index === vsockQueues.event) this.#tellReset(host);
  }

  queueReset(): void {}

  reset(): void {
    this.#waiting = [];
    this.#resetPending = false;
    for (const connection of [...this.#connections.values()]) connection.close();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  resume(): void {}

  save(): Payload {
    const data: SavedVsock = { resetPending: this.#resetPending || this.#connections.size > 0 };
    return { name: this.name, version: STATE_VERSION, data };
  }

  restore(state: Payload): void {
    this.#resetPending = payloadData<SavedVsock>(state, this.name, STATE_VERSION).resetPending;
  }

  #advancePort(): void {
    this.#nextPort = this.#nextPort + 1 === PORTS ? FIRST_PORT : this.#nextPort + 1;
  }

  #header(connection: VsockConnection, operation: number, flags = 0, length = 0): VsockHeader {
    connection.announced();
    return {
      sourceCid: HOST_CID,
      targetCid: this.#options.guestCid,
      sourcePort: connection.hostPort,
      targetPort: connection.guestPort,
      length,
      type: VsockType.stream,
      operation,
      flags,
      bufferSize: BUFFER_SIZE,
      forwarded: connection.forwarded,
    };
  }

  #send(header: VsockHeader): void {
    this.#waiting.push(header);
    if (this.#host?.running) this.#deliver(this.#host);
  }

  /** Gives the guest the packets that wait; then those have room who were refused. */
  #deliver(host: DeviceHost): void {
    const queue = host.queues[vsockQueues.receive];
    if (queue === undefined) return;
    queue.serve(
      (chain) => {
        const header = this.#waiting.shift();
        if (header !== undefined && this.#fits(host, chain)) {
          queue.use(chain, chain.writable.setBytes(0, writeVsockHeader(header)));
        }
      },
      () => this.#waiting.length > 0,
    );
    if (this.#waiting.length > 0) return;
    for (const connection of [...this.#connections.values()]) connection.roomed();
    if (queue.enabled) this.#transmit(host);
  }

  #fits(host: DeviceHost, chain: DescriptorChain): boolean {
    if (chain.writable.length >= VSOCK_HEADER_SIZE) return true;
    host.fail('a receive buffer without room for a header');
    return false;
  }

  /** Sends bytes in one packet. What waits goes first. */
  #sendData(connection: VsockConnection, bytes: Uint8Array): number {
    const host = this.#host;
    const queue = host?.queues[vsockQueues.receive];
    if (!host?.running || queue === undefined || this.#waiting.length > 0) return 0;
    let chain = queue.take();
    if (chain === undefined && queue.requestNotifications()) chain = queue.take();
    if (chain === undefined || !this.#fits(host, chain)) return 0;
    const length = Math.min(bytes.length, chain.writable.length - VSOCK_HEADER_SIZE);
    chain.writable.setBytes(0, writeVsockHeader(this.#header(connection, VsockOperation.data, 0, length)));
    chain.writable.setBytes(VSOCK_HEADER_SIZE, bytes.subarray(0, length));
    queue.use(chain, VSOCK_HEADER_SIZE + length);
    return length;
  }

  #transmit(host: DeviceHost): void {
    const queue = host.queues[vsockQueues.transmit];
    queue?.serve(
      (chain) => {
        if (chain.readable.length < VSOCK_HEADER_SIZE) {
          host.fail('a packet without its header');
          return;
        }
        this.#packet(readVsockHeader(chain.readable.bytes(0, VSOCK_HEADER_SIZE)), chain);
        queue.use(chain, 0);
      },
      () => this.#waiting.length < WAITING_LIMIT,
    );
  }

  #packet(header: VsockHeader, chain: DescriptorChain): void {
    // What says that it is from someone else, or has not the bytes it says, is nobody's.
    if (header.sourceCid !== this.#options.guestCid) return;
    if (header.length > chain.readable.length - VSOCK_HEADER_SIZE) return;
    const { sourcePort, targetPort, operation } = header;
    const known = header.targetCid === HOST_CID && header.type === VsockType.stream;
    const connection = known ? this.#connections.get(key(sourcePort, targetPort)) : undefined;
    if (connection) {
      connection.packet(header, () => chain.readable.bytes(VSOCK_HEADER_SIZE, header.length));
    } else if (known && operation === VsockOperation.request) {
      this.#accept(header);
    } else if (operation !== VsockOperation.reset) {
      this.#refuse(header);
    }
  }

  #accept(header: VsockHeader): void {
    const { sourcePort, targetPort } = header;
    const connection = new VsockConnection(sourcePort, targetPort, this.#link, true);
    const full = this.#connections.size === CONNECTIONS_LIMIT;
    const handlers = full ? undefined : this.#options.backend.connect(targetPort, connection);
    if (handlers === undefined) {
      if (!connection.closed) this.#refuse(header);
      return;
    }
    if (connection.closed) return;
    connection.handle(handlers);
    this.#connections.set(key(sourcePort, targetPort), connection);
    this.#send(this.#header(connection, VsockOperation.response));
    connection.packet({ ...header, operation: VsockOperation.creditUpdate }, () => new Uint8Array());
  }

  #refuse(header: VsockHeader): void {
    this.#send({
      ...header,
      sourceCid: header.targetCid,
      targetCid: header.sourceCid,
      sourcePort: header.targetPort,
      targetPort: header.sourcePort,
      length: 0,
      operation: VsockOperation.reset,
      flags: 0,
      bufferSize: 0,
      forwarded: 0,
    });
  }

  #tellReset(host: DeviceHost): void {
    const queue = host.queues[vsockQueues.event];
    queue?.serve(
      (chain) => {
        this.#resetPending = false;
        const event = new Uint8Array(4);
        new DataView(event.buffer).setUint32(0, TRANSPORT_RESET, true);
        queue.use(chain, chain.writable.setBytes(0, event));
      },
      () => this.#resetPending,
    );
  }
}

function key(guestPort: number, hostPort: number): string {
  return `${guestPort}:${hostPort}`;
}
