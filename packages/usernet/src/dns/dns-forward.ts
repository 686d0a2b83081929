/** Questions to the network's name server (RFC 1035, section 4.2.1), which the host's name servers answer. */
import { type Endpoint, endpointText, familyOf } from '../address.ts';
import type { HostDatagrams } from '../host.ts';
import type { NatEnvironment } from '../nat/environment.ts';
import { FlowTable } from '../nat/flow-table.ts';
import { encodeUdp, type UdpDatagram } from '../udp/udp.ts';

const MOST_FLOWS = 256;
const IDLE = 10_000;
const MOST_QUESTIONS = 64;
const HEADER = 12;

interface DnsFlow {
  /** Which of the host's name servers is asked. */
  resolver: number;
  /** The questions that are not answered yet: resolvers ask for several kinds of address at once. */
  readonly asked: Set<number>;
  socket: HostDatagrams | undefined;
  close(): void;
}

export class DnsForward {
  readonly #environment: NatEnvironment;
  readonly #flows: FlowTable<DnsFlow>;
  /** The name server that answered last. */
  #preferred = 0;

  constructor(environment: NatEnvironment) {
    this.#environment = environment;
    this.#flows = new FlowTable(environment.host.timers, { most: MOST_FLOWS, idle: IDLE });
  }

  get size(): number {
    return this.#flows.size;
  }

  /** Passes a question on. A guest that asks again has the next name server asked. */
  ask(question: UdpDatagram): void {
    const { resolvers, statistics } = this.#environment;
    if (question.data.length < HEADER) {
      statistics.count('malformed');
      return;
    }
    const key = endpointText(question.source);
    const flow = this.#flows.use(key) ?? this.#begin(key);
    const identifier = identifierOf(question.data);
    if (flow.asked.has(identifier)) this.#turn(flow);
    if (flow.asked.size === MOST_QUESTIONS) flow.asked.clear();
    const resolver = resolvers[flow.resolver];
    if (!resolver) {
      statistics.count('unreachable');
      return;
    }
    flow.asked.add(identifier);
    flow.socket ??= this.#open(key, flow, question, resolver);
    flow.socket.send(question.data, resolver);
  }

  close(): void {
    this.#flows.close();
  }

  #begin(key: string): DnsFlow {
    const flow: DnsFlow = {
      resolver: this.#preferred,
      asked: new Set(),
      socket: undefined,
      close: () => flow.socket?.close(),
    };
    this.#flows.add(key, flow);
    return flow;
  }

  #turn(flow: DnsFlow): void {
    flow.socket?.close();
    flow.socket = undefined;
    flow.asked.clear();
    flow.resolver = (flow.resolver + 1) % Math.max(1, this.#environment.resolvers.length);
  }

  #open(key: string, flow: DnsFlow, { source, destination }: UdpDatagram, resolver: Endpoint): HostDatagrams {
    const { host, send } = this.#environment;
    const asked = flow.resolver;
    return host.sockets.openUdp(familyOf(resolver.address), {
      onDatagram: (data, from) => {
        if (endpointText(from) !== endpointText(resolver) || this.#flows.use(key) !== flow) return;
        this.#preferred = asked;
        flow.asked.delete(identifierOf(data));
        send(encodeUdp({ source: destination, destination: source, data }));
      },
      // The guest will ask again.
      onFailure: () => {},
    });
  }
}

function identifierOf(message: Uint8Array): number {
  return ((message[0] ?? 0) << 8) | (message[1] ?? 0);
}
