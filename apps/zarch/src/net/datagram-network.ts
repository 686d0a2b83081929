/** A frame in each UDP datagram. */
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { FrameReceiver, NetBackend } from '@zarch/virtio';
import { CommandError, systemReason } from '../command-error.ts';
import type { NetworkOptions } from './network.ts';
import { ReceiveQueue } from './receive-queue.ts';

type DatagramOptions = NetworkOptions & { readonly kind: 'datagram' };

export class DatagramNetwork implements NetBackend {
  readonly #socket: Socket;
  readonly #received = new ReceiveQueue();
  #remote: { readonly host: string; readonly port: number } | undefined;

  private constructor(socket: Socket, { remote }: DatagramOptions) {
    this.#socket = socket;
    this.#remote = remote;
    socket.on('message', (bytes, { address, port }) => {
      if (remote === undefined) this.#remote = { host: address, port };
      this.#received.push(Uint8Array.from(bytes));
    });
    // A datagram that cannot be sent is lost, as others are.
    socket.on('error', () => {});
  }

  /** @throws {CommandError} When the local address cannot be used. */
  static async open(options: DatagramOptions): Promise<DatagramNetwork> {
    const { host, port } = options.local;
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error) => {
        socket.close();
        reject(new CommandError(`${options.option}: ${systemReason(error)}`));
      };
      socket.once('error', fail);
      socket.bind(port, host, () => {
        socket.off('error', fail);
        resolve();
      });
    });
    return new DatagramNetwork(socket, options);
  }

  get address(): ReturnType<Socket['address']> {
    return this.#socket.address();
  }

  send(frame: Uint8Array): void {
    const remote = this.#remote;
    if (remote) this.#socket.send(frame, remote.port, remote.host, () => {});
  }

  onFrame(receive: FrameReceiver): void {
    this.#received.connect(receive);
  }

  onRoom(): void {
    queueMicrotask(() => this.#received.drain());
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}
