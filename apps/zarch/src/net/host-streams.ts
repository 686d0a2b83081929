/** TCP of the host for user-mode networking. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import {
  type Endpoint,
  type HostFailure,
  type HostStream,
  type HostStreamEvents,
  type IpAddress,
  type Listening,
  parseIpAddress,
} from '@zarch/usernet';
import { systemReason } from '../command-error.ts';

export function connectTcp({ address, port }: Endpoint, events: HostStreamEvents): HostStream {
  const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true });
  const stream = new SocketStream(socket);
  stream.attach(events);
  return stream;
}

type Accept = (stream: HostStream, peer: Endpoint) => HostStreamEvents | undefined;

export async function listenTcp(at: Endpoint, accept: Accept): Promise<Listening | string> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const stream = new SocketStream(socket);
    const peer = endpointOf(socket.remoteAddress, socket.remotePort);
    const events = peer && accept(stream, peer);
    if (events) stream.attach(events);
    else stream.refuse();
  });
  const problem = await listening(server, at);
  if (problem !== undefined) return problem;
  // One connection that cannot be accepted leaves the others as they are.
  server.on('error', () => {});
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : undefined;
  return { local: { ...at, port: port ?? at.port }, close: () => server.close() };
}

function listening(server: Server, { address, port }: Endpoint): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(systemReason(error)));
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      resolve(undefined);
    });
  });
}

/** The host may know IPv4 addresses as mapped ones. */
export function endpointOf(text: string | undefined, port: number | undefined): Endpoint | undefined {
  const address: IpAddress | undefined = parseIpAddress(text?.replace(/^::ffff:(?=\d+\.)/, '') ?? '');
  return address === undefined || port === undefined ? undefined : { address, port };
}

class SocketStream implements HostStream {
  readonly #socket: Socket;
  #events: HostStreamEvents | undefined;
  #failure: HostFailure | undefined;
  #broken = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // An error is followed by the end.
    socket.on('error', (error) => {
      this.#failure = failureOf(error, socket.connecting || socket.pending);
    });
  }

  attach(events: HostStreamEvents): void {
    const socket = this.#socket;
    this.#events = events;
    socket.on('connect', () => this.#live?.onConnect());
    socket.on('data', (bytes: Buffer) => this.#live?.onData(bytes));
    socket.on('end', () => this.#live?.onEnd());
    socket.on('close', () => events.onClose(this.#broken ? undefined : this.#failure));
  }

  /** Nobody wants the connection. */
  refuse(): void {
    this.#socket.resetAndDestroy();
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes, (error) => {
      if (!error) this.#live?.onWritten(bytes.length);
    });
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#broken = true;
    // Before it is connected, a reset would wait for that.
    if (this.#socket.connecting) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  get #live(): HostStreamEvents | undefined {
    return this.#broken ? undefined : this.#events;
  }
}

function failureOf(error: Error, connecting: boolean): HostFailure {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return connecting ? 'refused' : 'reset';
  return connecting ? 'unreachable' : 'reset';
}
