/** A console on a stream socket, TCP or Unix, as its server or its client. One peer at a time. */
import { lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { InputQueue } from '@zarch/session';
import { CommandError, systemReason } from '../command-error.ts';
import type { Chardev, SocketAddress } from './chardev.ts';

/** The guest waits when a peer leaves so many bytes unread. */
const OUTPUT_LIMIT = 1 << 20;

/** An address as messages name it. */
export function socketName(address: SocketAddress): string {
  return 'path' in address ? `unix:${address.path}` : `tcp:${address.host}:${address.port}`;
}

export class SocketChardev implements Chardev {
  readonly #input = new InputQueue((on) => {
    if (on) this.#peer?.resume();
    else this.#peer?.pause();
  });
  #server: Server | undefined;
  #peer: Socket | undefined;

  /** Listens, and waits for a client if asked to. */
  static async listen(
    address: SocketAddress,
    wait: boolean,
    onWaiting: (name: string) => void,
    signal: AbortSignal,
  ): Promise<SocketChardev> {
    const chardev = new SocketChardev();
    await chardev.#listen(address);
    if (wait) {
      onWaiting(chardev.name(address));
      try {
        await chardev.#firstPeer(signal);
      } catch (error) {
        await chardev.close();
        throw error;
      }
    }
    return chardev;
  }

  /** Connects to a server. */
  static async connect(address: SocketAddress): Promise<SocketChardev> {
    const chardev = new SocketChardev();
    await new Promise<void>((resolve, reject) => {
      const socket = connect('path' in address ? { path: address.path } : { ...address });
      socket.once('error', (error) => reject(failure('connect to', address, error)));
      socket.once('connect', () => {
        chardev.#adopt(socket);
        resolve();
      });
    });
    return chardev;
  }

  /** The address with the port that the system chose. */
  name(address: SocketAddress): string {
    const bound = this.#server?.address();
    if (!('path' in address) && bound && typeof bound === 'object') {
      return socketName({ host: address.host, port: bound.port });
    }
    return socketName(address);
  }

  write(bytes: Uint8Array): void {
    this.#peer?.write(bytes);
  }
  connect(take: (bytes: Uint8Array) => number): void {
    this.#input.connect(take);
  }
  room(): void {
    this.#input.room();
  }
  congestion(): Promise<void> | undefined {
    const peer = this.#peer;
    if (!peer || peer.writableLength < OUTPUT_LIMIT) return undefined;
    return new Promise((resolve) => {
      peer.once('drain', resolve);
      peer.once('close', () => resolve());
    });
  }
  async close(): Promise<void> {
    const peer = this.#peer;
    if (peer && !peer.destroyed) {
      // A peer that does not read must not keep the program from ending.
      const patience = setTimeout(() => peer.destroy(), 1000);
      await new Promise<void>((resolve) => {
        peer.once('close', () => resolve());
        peer.end(() => peer.destroy());
      });
      clearTimeout(patience);
    }
    // Closing removes a Unix socket's file.
    await new Promise<void>((resolve) => {
      if (this.#server) this.#server.close(() => resolve());
      else resolve();
    });
  }

  async #listen(address: SocketAddress): Promise<void> {
    if ('path' in address) {
      removeStaleSocket(address.path);
    }
    const server = createServer((socket) => {
      if (this.#peer && !this.#peer.destroyed) socket.destroy();
      else this.#adopt(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(failure('listen on', address, error)));
      server.listen('path' in address ? { path: address.path } : { ...address }, () => resolve());
    });
    this.#server = server;
  }

  #firstPeer(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#peer) resolve();
      this.#server?.once('connection', () => resolve());
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  #adopt(socket: Socket): void {
    this.#peer = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Uint8Array) => this.#input.push(bytes));
    // The peer is gone: what is written meets nobody until the next one comes.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#peer === socket) this.#peer = undefined;
    });
  }
}

function failure(what: string, address: SocketAddress, error: unknown): CommandError {
  return new CommandError(`could not ${what} ${socketName(address)}: ${systemReason(error)}`);
}

/** A socket's file outlives a program that was killed. */
function removeStaleSocket(path: string): void {
  try {
    if (lstatSync(path).isSocket()) unlinkSync(path);
  } catch {
    // There is none, or listening will tell what is wrong with it.
  }
}
