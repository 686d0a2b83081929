/**
 * Echo requests of the guest for other hosts. Without privilege there are no ICMP sockets; as libslirp does then, the
 * data go to the host's UDP echo service (RFC 862), and its answer becomes the reply.
 */
import { endpointText, familyOf } from '../address.ts';
import type { HostDatagrams } from '../host.ts';
import { type Echo, echoReply } from '../ip/icmp.ts';
import type { ReceivedMessage } from '../ip/packet.ts';
import type { NatEnvironment } from './environment.ts';
import { FlowTable } from './flow-table.ts';

const MOST_FLOWS = 64;
const IDLE = 10_000;
const ECHO_PORT = 7;

interface EchoFlow extends HostDatagrams {
  request: Echo;
}

export class EchoNat {
  readonly #environment: NatEnvironment;
  readonly #flows: FlowTable<EchoFlow>;

  constructor(environment: NatEnvironment) {
    this.#environment = environment;
    this.#flows = new FlowTable(environment.host.timers, { most: MOST_FLOWS, idle: IDLE });
  }

  receive(request: Echo, message: ReceivedMessage): void {
    const { routes, statistics, report } = this.#environment;
    const route = routes.outward({ address: message.destination, port: ECHO_PORT });
    const [target] = route.kind === 'host' ? route.endpoints : [];
    if (!target) {
      statistics.count('unreachable');
      report('host unreachable', message);
      return;
    }
    const key = `${message.source} ${request.identifier} ${message.destination}`;
    const flow = this.#flows.use(key) ?? this.#begin(key, request, message);
    flow.request = request;
    flow.send(request.data, target);
  }

  close(): void {
    this.#flows.close();
  }

  #begin(key: string, request: Echo, message: ReceivedMessage): EchoFlow {
    const { host, send, report } = this.#environment;
    const { source, destination } = message;
    const expected = endpointText({ address: destination, port: ECHO_PORT });
    const socket = host.sockets.openUdp(familyOf(destination), {
      onDatagram: (data, from) => {
        if (endpointText(from) === expected) send(echoReply(destination, source, { ...flow.request, data }));
      },
      onFailure: () => report('host unreachable', message),
    });
    const flow: EchoFlow = {
      request,
      send: (data, to) => socket.send(data, to),
      close: () => socket.close(),
    };
    this.#flows.add(key, flow);
    return flow;
  }
}
