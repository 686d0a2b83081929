/** UDP of the host for user-mode networking. */
import { createSocket, type Socket } from 'node:dgram';
import {
  type Endpoint,
  familyOf,
  type HostDatagramEvents,
  type HostDatagrams,
  type IpFamily,
  type Listening,
} from '@zarch/usernet';
import { systemReason } from '../command-error.ts';
import { endpointOf } from './host-streams.ts';

/** Bytes that wait for the host's network, beyond which datagrams are dropped. */
const SEND_LIMIT = 1 << 20;

export function openUdp(family: IpFamily, events: HostDatagramEvents): HostDatagrams {
  const socket = new DatagramSocket(family, events);
  return socket;
}

export async function bindUdp(
  at: Endpoint,
  events: HostDatagramEvents,
): Promise<(HostDatagrams & Listening) | string> {
  const socket = new DatagramSocket(familyOf(at.address), events);
  const port = await socket.bind(at);
  if (typeof port === 'string') return port;
  return {
    local: { address: at.address, port },
    send: (bytes, to) => socket.send(bytes, to),
    close: () => socket.close(),
  };
}

class DatagramSocket implements HostDatagrams {
  readonly #socket: Socket;
  readonly #events: HostDatagramEvents;
  #closed = false;

  constructor(family: IpFamily, events: HostDatagramEvents) {
    this.#events = events;
    this.#socket = createSocket(family === 4 ? 'udp4' : 'udp6');
    this.#socket.on('message', (bytes, { address, port }) => {
      const from = endpointOf(address, port);
      if (from && !this.#closed) events.onDatagram(bytes, from);
    });
    this.#socket.on('error', (error) => this.#fail(error));
  }

  /** @returns The port, or what is wrong with it. */
  bind({ address, port }: Endpoint): Promise<number | string> {
    return new Promise((resolve) => {
      this.#socket.once('error', (error) => {
        this.close();
        resolve(systemReason(error));
      });
      this.#socket.bind(port, address, () => resolve(this.#socket.address().port));
    });
  }

  send(bytes: Uint8Array, { address, port }: Endpoint): void {
    if (this.#closed || port === 0 || this.#socket.getSendQueueSize() > SEND_LIMIT) return;
    this.#socket.send(bytes, port, address, (error) => {
      if (error) this.#fail(error);
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #fail(error: Error): void {
    if (this.#closed) return;
    const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
    this.#events.onFailure(refused ? 'refused' : 'unreachable');
  }
}
