/**
 * The console device (Virtual I/O Device 1.3, section 5.3): ports, and messages about them.
 *
 * A console's size goes into the configuration space of a driver that knows of one port, and into a message for
 * others: columns, then rows, as the specification has it. Older Linux reads them the other way round.
 */
import type { Payload } from '@zarch/arch';
import type { ByteOrder } from '../byte-order.ts';
import { type DeviceHost, type DeviceModel, payloadData } from '../device/device-model.ts';
import { DeviceType, features } from '../device/feature.ts';
import {
  ConsoleEvent,
  ConsoleFeature,
  consoleConfig,
  consoleControl,
  controlQueues,
  portQueues,
} from './console-layout.ts';
import { ConsolePort, type ConsolePortOptions, type PortHost, type SavedPort } from './console-port.ts';

const VERSION = 1;
const QUEUE_SIZE = 128;
/** Messages that wait at most, of a driver that asks and does not read. Later ones are lost. */
const MESSAGES_LIMIT = 1024;
const MAXIMUM_PORTS = 512;

export interface ConsoleSize {
  readonly columns: number;
  readonly rows: number;
}

export interface ConsoleDeviceOptions {
  /** The ports there are from the start, by number. */
  readonly ports: readonly ConsolePortOptions[];
  /** Ports that there can be. Default: those there are. With more than one, the driver may use several. */
  readonly maximumPorts?: number;
  readonly size?: ConsoleSize;
  /** Gets what a driver writes without queues, byte by byte. Default: the output of port 0. */
  readonly onEmergencyWrite?: (byte: number) => void;
}

/** A message for the driver, of which `content` follows the fixed part. */
interface ControlMessage {
  readonly port: number;
  readonly event: number;
  readonly value: number;
  readonly content?: Uint8Array;
}

interface SavedConsole {
  readonly size: ConsoleSize;
  readonly ready: boolean;
  readonly messages: readonly ControlMessage[];
  readonly ports: readonly { readonly id: number; readonly port: SavedPort }[];
}

export class ConsoleDevice implements DeviceModel {
  readonly name = 'virtio-console';
  readonly type = DeviceType.console;
  readonly features: bigint;
  readonly dependencies = [];
  readonly queueSizes: readonly number[];
  readonly #options: ConsoleDeviceOptions;
  readonly #maximumPorts: number;
  readonly #ports = new Map<number, ConsolePort>();
  #host: DeviceHost | undefined;
  #size: ConsoleSize;
  /** The driver said that it is ready to hear of ports. */
  #ready = false;
  #messages: ControlMessage[] = [];

  constructor(options: ConsoleDeviceOptions) {
    this.#options = options;
    const { ports, maximumPorts = Math.max(1, ports.length) } = options;
    if (maximumPorts < ports.length || maximumPorts > MAXIMUM_PORTS) {
      throw new RangeError(`a console device with ${ports.length} ports of ${maximumPorts}`);
    }
    this.#maximumPorts = maximumPorts;
    this.#size = options.size ?? { columns: 0, rows: 0 };
    const several = maximumPorts > 1;
    this.queueSizes = Array.from({ length: several ? 2 * maximumPorts + 2 : 2 }, () => QUEUE_SIZE);
    this.features =
      features(ConsoleFeature.emergencyWrite) |
      features(...(several ? [ConsoleFeature.multiport] : [])) |
      features(...(options.size ? [ConsoleFeature.size] : []));
    ports.forEach((port, id) => {
      this.addPort(id, port);
    });
  }

  connect(host: DeviceHost): void {
    this.#host = host;
  }

  port(id: number): ConsolePort | undefined {
    return this.#ports.get(id);
  }

  /**
   * Plugs a port in.
   *
   * @throws {RangeError} When there is one with that number, or there cannot be.
   */
  addPort(id: number, options: ConsolePortOptions): ConsolePort {
    if (id >= this.#maximumPorts || this.#ports.has(id)) throw new RangeError(`no place for port ${id}`);
    const port = new ConsolePort(options, () => this.#portHost(id));
    this.#ports.set(id, port);
    if (this.#ready) this.#send({ port: id, event: ConsoleEvent.portAdd, value: 1 });
    return port;
  }

  /** Unplugs a port. */
  removePort(id: number): void {
    const port = this.#ports.get(id);
    if (port === undefined) throw new RangeError(`there is no port ${id}`);
    port.reset();
    this.#ports.delete(id);
    if (this.#ready) this.#send({ port: id, event: ConsoleEvent.portRemove, value: 1 });
  }

  /** The size of port 0's terminal changed. */
  resize(size: ConsoleSize): void {
    this.#size = size;
    if (!this.#host?.has(ConsoleFeature.size)) return;
    if (!this.#multiport) {
      this.#host.configChanged();
      return;
    }
    if (!this.#ready) return;
    const content = new Uint8Array(4);
    const data = new DataView(content.buffer);
    data.setUint16(0, size.columns, this.#host.order.littleEndian);
    data.setUint16(2, size.rows, this.#host.order.littleEndian);
    this.#send({ port: 0, event: ConsoleEvent.resize, value: 0, content });
  }

  config({ littleEndian }: ByteOrder): Uint8Array {
    const bytes = new Uint8Array(consoleConfig.size);
    const data = new DataView(bytes.buffer);
    data.setUint16(consoleConfig.columns, this.#size.columns, littleEndian);
    data.setUint16(consoleConfig.rows, this.#size.rows, littleEndian);
    data.setUint32(consoleConfig.maximumPorts, this.#maximumPorts, littleEndian);
    return bytes;
  }

  /** An emergency write needs no negotiation: the rightmost byte of the field is a character. */
  writeConfig(offset: number, bytes: Uint8Array, { littleEndian }: ByteOrder): void {
    const character = bytes[consoleConfig.emergencyWrite + (littleEndian ? 0 : 3) - offset];
    if (character === undefined) return;
    if (this.#options.onEmergencyWrite) this.#options.onEmergencyWrite(character);
    else void this.#ports.get(0)?.options.onOutput(Uint8Array.of(character));
  }

  negotiated(): void {}

  started(): void {}

  serve(index: number): void {
    const host = this.#host;
    if (host === undefined) return;
    if (this.#multiport && index === controlQueues.receive) this.#deliver(host);
    else if (this.#multiport && index === controlQueues.transmit) this.#control(host);
    else {
      const port = this.#portOf(index);
      if (index % 2 === 0) port?.serveInput();
      else port?.serveOutput();
    }
  }

  queueReset(index: number): void {
    if (index % 2 === 1) this.#portOf(index)?.forget();
  }

  reset(): void {
    this.#ready = false;
    this.#messages = [];
    for (const port of this.#ports.values()) port.reset();
  }

  async drain(): Promise<void> {
    await Promise.all(Array.from(this.#ports.values(), (port) => port.drain()));
  }

  resume(): void {
    for (const port of this.#ports.values()) port.resume();
  }

  /** @throws {Error} When output is with a backend. */
  save(): Payload {
    const data: SavedConsole = {
      size: this.#size,
      ready: this.#ready,
      messages: this.#messages.slice(),
      ports: Array.from(this.#ports, ([id, port]) => ({ id, port: port.save() })),
    };
    return { name: this.name, version: VERSION, data };
  }

  /** @throws {RangeError} When a device with other ports saved the state. */
  restore(state: Payload): void {
    const saved = payloadData<SavedConsole>(state, this.name, VERSION);
    if (saved.ports.length !== this.#ports.size || saved.ports.some(({ id }) => !this.#ports.has(id))) {
      throw new RangeError('a console device with other ports was saved');
    }
    this.#size = saved.size;
    this.#ready = saved.ready;
    this.#messages = saved.messages.slice();
    for (const { id, port } of saved.ports) this.#ports.get(id)?.restore(port);
  }

  get #multiport(): boolean {
    return this.#host?.has(ConsoleFeature.multiport) ?? false;
  }

  #portHost(id: number): PortHost | undefined {
    const host = this.#host;
    const { receive, transmit } = portQueues(id);
    const queues = { receive: host?.queues[receive], transmit: host?.queues[transmit] };
    if (host === undefined || queues.receive === undefined || queues.transmit === undefined) return undefined;
    return {
      device: host,
      multiport: this.#multiport,
      receive: queues.receive,
      transmit: queues.transmit,
      connectionChanged: () => this.#connectionChanged(id),
    };
  }

  #portOf(queue: number): ConsolePort | undefined {
    if (queue < controlQueues.receive) return this.#ports.get(0);
    return queue > controlQueues.transmit ? this.#ports.get((queue >> 1) - 1) : undefined;
  }

  #connectionChanged(id: number): void {
    const port = this.#ports.get(id);
    if (port === undefined || !this.#ready) return;
    this.#send({ port: id, event: ConsoleEvent.portOpen, value: port.connected ? 1 : 0 });
    // What the guest wrote last to a port that closed is dropped now.
    port.serveOutput();
  }

  #control(host: DeviceHost): void {
    const queue = host.queues[controlQueues.transmit];
    queue?.serve((chain) => {
      const { littleEndian } = host.order;
      if (chain.readable.length >= consoleControl.size) {
        const data = new DataView(chain.readable.bytes(0, consoleControl.size).buffer);
        this.#command({
          port: data.getUint32(consoleControl.port, littleEndian),
          event: data.getUint16(consoleControl.event, littleEndian),
          value: data.getUint16(consoleControl.value, littleEndian),
        });
      }
      queue.use(chain, 0);
    });
  }

  #command({ port: id, event, value }: ControlMessage): void {
    if (event === ConsoleEvent.deviceReady) {
      this.#ready = value !== 0;
      if (!this.#ready) return;
      for (const present of this.#ports.keys()) {
        this.#send({ port: present, event: ConsoleEvent.portAdd, value: 1 });
      }
      return;
    }
    const port = this.#ports.get(id);
    if (port === undefined) return;
    if (event === ConsoleEvent.portOpen) port.setGuestOpen(value !== 0);
    if (event === ConsoleEvent.portReady && value !== 0) this.#introduce(id, port);
  }

  /** Tells a driver that has a port what it is. */
  #introduce(id: number, { options, connected }: ConsolePort): void {
    const { isConsole = id === 0, name } = options;
    if (isConsole) this.#send({ port: id, event: ConsoleEvent.consolePort, value: 1 });
    if (name !== undefined) {
      const content = new TextEncoder().encode(name);
      this.#send({ port: id, event: ConsoleEvent.portName, value: 1, content });
    }
    if (connected) this.#send({ port: id, event: ConsoleEvent.portOpen, value: 1 });
  }

  #send(message: ControlMessage): void {
    if (!this.#multiport || this.#messages.length === MESSAGES_LIMIT) return;
    this.#messages.push(message);
    if (this.#host?.running) this.#deliver(this.#host);
  }

  #deliver(host: DeviceHost): void {
    const queue = host.queues[controlQueues.receive];
    const { littleEndian } = host.order;
    queue?.serve(
      (chain) => {
        const message = this.#messages.shift();
        if (message === undefined) return;
        const { port, event, value, content = new Uint8Array() } = message;
        const bytes = new Uint8Array(consoleControl.size + content.length);
        const data = new DataView(bytes.buffer);
        data.setUint32(consoleControl.port, port, littleEndian);
        data.setUint16(consoleControl.event, event, littleEndian);
        data.setUint16(consoleControl.value, value, littleEndian);
        bytes.set(content, consoleControl.size);
        queue.use(chain, chain.writable.setBytes(0, bytes));
      },
      () => this.#messages.length > 0,
    );
  }
}
