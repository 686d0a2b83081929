/**
 * UDP between the guest and the host's sockets: one socket for each port of the guest, which anyone who knows it may
 * answer to (RFC 4787, endpoint-independent mapping and filtering), as with libslirp.
 */
import { type Endpoint, endpointText, familyOf } from '../address.ts';
import type { HostDatagrams } from '../host.ts';
import type { ReceivedMessage } from '../ip/packet.ts';
import { encodeUdp, type UdpDatagram } from '../udp/udp.ts';
import type { NatEnvironment } from './environment.ts';
import { FlowTable } from './flow-table.ts';

const MOST_FLOWS = 512;
/** RFC 4787 asks for more than two minutes; libslirp has four. */
const IDLE = 240_000;

interface UdpFlow extends HostDatagrams {
  /** The guest's last packet, which an error message would quote. */
  last: Pick<ReceivedMessage, 'source' | 'packet'>;
}

export class UdpNat {
  readonly #environment: NatEnvironment;
  readonly #flows: FlowTable<UdpFlow>;
  /** Sockets of forwarded ports, by the endpoint of the guest that they lead to. */
  readonly #forwards = new Map<string, HostDatagrams>();

  constructor(environment: NatEnvironment) {
    this.#environment = environment;
    this.#flows = new FlowTable(environment.host.timers, { most: MOST_FLOWS, idle: IDLE });
  }

  get size(): number {
    return this.#flows.size;
  }

  /** A datagram of the guest for a host. */
  receive({ source, destination, data }: UdpDatagram, message: ReceivedMessage): void {
    const route = this.#environment.routes.outward(destination);
    const [target] = route.kind === 'host' ? route.endpoints : [];
    if (!target) {
      this.#environment.statistics.count('unreachable');
      this.#environment.report('host unreachable', message);
      return;
    }
    const key = endpointText(source);
    const forward = this.#forwards.get(key);
    if (forward) {
      forward.send(data, target);
      return;
    }
    const flow = this.#flows.use(key) ?? this.#begin(source, message);
    flow.last = message;
    flow.send(data, target);
  }

  /** From now on datagrams of this endpoint of the guest go through this socket. */
  forward(guest: Endpoint, socket: HostDatagrams): void {
    this.#forwards.set(endpointText(guest), socket);
  }

  /** A datagram of the host for the guest. */
  deliver(guest: Endpoint, from: Endpoint, data: Uint8Array): void {
    const source = this.#environment.routes.inward(from);
    if (source && familyOf(source.address) === familyOf(guest.address))
      this.#environment.send(encodeUdp({ source, destination: guest, data }));
  }

  close(): void {
    this.#flows.close();
  }

  #begin(guest: Endpoint, message: ReceivedMessage): UdpFlow {
    const { host, report } = this.#environment;
    const key = endpointText(guest);
    const socket = host.sockets.openUdp(familyOf(guest.address), {
      onDatagram: (data, from) => {
        if (this.#flows.use(key) === flow) this.deliver(guest, from, data);
      },
      onFailure: (failure) =>
        report(failure === 'refused' ? 'port unreachable' : 'host unreachable', flow.last),
    });
    const flow: UdpFlow = {
      last: message,
      send: (data, to) => socket.send(data, to),
      close: () => socket.close(),
    };
    this.#flows.add(key, flow);
    return flow;
  }
}
