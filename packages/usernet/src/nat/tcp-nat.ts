/** TCP between the guest and the host's sockets: a connection of the guest for each of the host, begun by either. */
import { type Endpoint, endpointText, familyOf } from '../address.ts';
import type { HostStream, HostStreamEvents } from '../host.ts';
import type { ReceivedMessage } from '../ip/packet.ts';
import { TcpConnection, type TcpConnectionOptions } from '../tcp/connection.ts';
import { encodeTcp, parseTcp, resetFor, TcpFlag, type TcpPorts, type TcpSegment } from '../tcp/segment.ts';
import type { NatEnvironment } from './environment.ts';

/** Connections, and streams of the host, at most: each of them has up to two buffers of 256 KiB. */
export const MOST_CONNECTIONS = 1024;
/** Bytes of data in a large segment: with headers it is less than 64 KiB. */
const LARGEST_SEGMENT = 65_000;
const TCP_HEADERS = { 4: 40, 6: 60 } as const;

/** Both ends of a connection, as the guest sees them. */
interface Ends {
  readonly guest: Endpoint;
  readonly remote: Endpoint;
}

export class TcpNat {
  readonly #environment: NatEnvironment;
  readonly #connections = new Map<string, TcpConnection>();
  #streams = 0;

  constructor(environment: NatEnvironment) {
    this.#environment = environment;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** A segment of the guest. */
  receive(message: ReceivedMessage): void {
    const segment = parseTcp(message);
    if (!segment) {
      this.#environment.statistics.count('malformed');
      return;
    }
    const ends: Ends = {
      guest: { address: message.source, port: segment.sourcePort },
      remote: { address: message.destination, port: segment.destinationPort },
    };
    const connection = this.#connections.get(keyOf(ends));
    if (connection?.isReplacedBy(segment)) connection.destroy();
    else if (connection) {
      connection.receive(segment);
      return;
    }
    const opens = (segment.flags & (TcpFlag.syn | TcpFlag.ack | TcpFlag.rst)) === TcpFlag.syn;
    if (opens && this.#open(ends, segment, message)) return;
    const reset = resetFor(segment);
    if (reset) this.#send(ends, reset);
  }

  /** A connection that a port of the host accepted. @returns Undefined when the guest cannot have it. */
  accept(stream: HostStream, peer: Endpoint, guest: Endpoint): HostStreamEvents | undefined {
    const remote = this.#environment.routes.inward(peer);
    if (!remote || familyOf(remote.address) !== familyOf(guest.address)) return undefined;
    const ends = { guest, remote };
    if (this.#connections.has(keyOf(ends)) || !this.#hasRoom()) return undefined;
    const connection = TcpConnection.fromHost(this.#options(ends, undefined), stream);
    this.#connections.set(keyOf(ends), connection);
    connection.start();
    return this.#counted(connection.events);
  }

  close(): void {
    for (const connection of [...this.#connections.values()]) connection.destroy();
  }

  #open(ends: Ends, syn: TcpSegment, message: ReceivedMessage): boolean {
    const { routes, resolvers, statistics } = this.#environment;
    const route = routes.outward(ends.remote);
    const targets = route.kind === 'host' ? route.endpoints : route.kind === 'dns' ? resolvers : [];
    if (targets.length === 0) {
      statistics.count('unreachable');
      return false;
    }
    if (!this.#hasRoom()) {
      statistics.count('limited');
      return false;
    }
    const connection = TcpConnection.fromGuest(this.#options(ends, message), syn);
    this.#connections.set(keyOf(ends), connection);
    this.#connect(connection, targets);
    return true;
  }

  /** Tries endpoints of the host, one after another. */
  #connect(connection: TcpConnection, [first, ...rest]: readonly Endpoint[]): void {
    if (!first) return;
    const { events } = connection;
    const onClose: HostStreamEvents['onClose'] = (failure) => {
      const again = failure !== undefined && connection.state === 'connecting' && rest.length > 0;
      if (again) this.#connect(connection, rest);
      else events.onClose(failure);
    };
    const stream = this.#environment.host.sockets.connectTcp(first, this.#counted({ ...events, onClose }));
    connection.attach(stream);
  }

  #counted(events: HostStreamEvents): HostStreamEvents {
    this.#streams++;
    const onClose: HostStreamEvents['onClose'] = (failure) => {
      this.#streams--;
      events.onClose(failure);
    };
    return { ...events, onClose };
  }

  /** Whether one more connection is allowed, if need be in place of one that only waits. */
  #hasRoom(): boolean {
    if (this.#streams >= MOST_CONNECTIONS) return false;
    if (this.#connections.size < MOST_CONNECTIONS) return true;
    for (const connection of this.#connections.values()) {
      if (connection.state !== 'time-wait') continue;
      connection.destroy();
      return true;
    }
    return false;
  }

  #options(ends: Ends, syn: ReceivedMessage | undefined): TcpConnectionOptions {
    const { host, mtu, report } = this.#environment;
    const family = familyOf(ends.guest.address);
    return {
      family,
      timers: host.timers,
      initialSequence: host.random() >>> 0,
      maximumSegment: mtu - TCP_HEADERS[family],
      send: (segment, largest) => this.#send(ends, segment, largest),
      largest: () => (this.#environment.takesLarge(family) ? LARGEST_SEGMENT : 0),
      onClosed: () => this.#connections.delete(keyOf(ends)),
      onUnreachable: () => {
        if (syn) report('host unreachable', syn);
      },
    };
  }

  #send({ guest, remote }: Ends, segment: TcpSegment, largest?: number): void {
    const ports: TcpPorts = { sourcePort: remote.port, destinationPort: guest.port };
    this.#environment.send(encodeTcp(remote.address, guest.address, { ...segment, ...ports }, largest));
  }
}

function keyOf({ guest, remote }: Ends): string {
  return `${endpointText(guest)} ${endpointText(remote)}`;
}
