/** Frames over a TCP or UNIX connection, as client or as server of one client at a time. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { FrameReceiver, NetBackend } from '@zarch/virtio';
import { CommandError, systemReason } from '../command-error.ts';
import { FrameReader, framed } from './frame-stream.ts';
import type { NetworkOptions } from './network.ts';
import { ReceiveQueue } from './receive-queue.ts';

/** Bytes under way to the other end beyond which frames are dropped. */
const SEND_LIMIT = 1 << 22;

type StreamOptions = NetworkOptions & { readonly kind: 'stream' };

export class StreamNetwork implements NetBackend {
  readonly #options: StreamOptions;
  readonly #received = new ReceiveQueue();
  #server: Server | undefined;
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  private constructor(options: StreamOptions) {
    this.#options = options;
  }

  /** @throws {CommandError} When the address cannot be listened on, or the server is not there. */
  static async open(options: StreamOptions): Promise<StreamNetwork> {
    const network = new StreamNetwork(options);
    try {
      if (options.server) await network.#listen();
      else await network.#connect();
    } catch (error) {
      if (options.server || options.reconnect === 0) {
        throw new CommandError(`${options.option}: ${systemReason(error)}`);
      }
      network.#later();
    }
    return network;
  }

  send(frame: Uint8Array): void {
    const socket = this.#socket;
    if (socket?.writable && socket.writableLength < SEND_LIMIT) socket.write(framed(frame));
  }

  onFrame(receive: FrameReceiver): void {
    this.#received.connect(receive);
  }

  onRoom(): void {
    queueMicrotask(() => this.#received.drain());
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    const server = this.#server;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Where it listens. */
  get address(): ReturnType<Server['address']> | undefined {
    return this.#server?.address();
  }

  #listen(): Promise<void> {
    const server = createServer((socket) => {
      // One at a time.
      if (this.#socket) socket.destroy();
      else this.#use(socket);
    });
    this.#server = server;
    const { address } = this.#options;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen('path' in address ? { path: address.path } : address, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  #connect(): Promise<void> {
    const { address } = this.#options;
    const socket = connect('path' in address ? { path: address.path } : address);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        this.#use(socket);
        resolve();
      });
    });
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    const reader = new FrameReader((frame) => this.#received.push(frame));
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      if (!reader.push(bytes)) socket.destroy();
    });
    // What went wrong does not matter: the link is down.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#socket = undefined;
      this.#later();
    });
  }

  /** Connects again, where that is wanted. */
  #later(): void {
    const { server, reconnect } = this.#options;
    if (server || reconnect === 0 || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#connect().catch(() => this.#later());
    }, reconnect * 1000);
    this.#timer.unref();
  }
}
