/** The GDB stub on a socket: one debugger at a time, which stops the guest when it comes. */
import { createServer, type Server, type Socket } from 'node:net';
import { GdbStub, VcpuTarget } from '@zarch/machine';
import type { Session } from '@zarch/session';
import type { SocketAddress } from '../chardev/chardev.ts';
import { socketName } from '../chardev/socket.ts';
import { CommandError, systemReason } from '../command-error.ts';

/** A debugger that leaves so many bytes unread is cut off. */
const OUTPUT_LIMIT = 1 << 22;

export class GdbServer {
  readonly #session: Session;
  readonly #server: Server;
  #client: { readonly socket: Socket; readonly stub: GdbStub } | undefined;

  /** @throws {CommandError} When it cannot listen there. */
  static async listen(session: Session, address: SocketAddress): Promise<GdbServer> {
    const server = new GdbServer(session);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', (error) => {
        reject(
          new CommandError(`could not listen for gdb on ${socketName(address)}: ${systemReason(error)}`),
        );
      });
      server.#server.listen('path' in address ? { path: address.path } : { ...address }, resolve);
    });
    return server;
  }

  private constructor(session: Session) {
    this.#session = session;
    this.#server = createServer((socket) => this.#accept(socket));
    session.onPaused = (event) => this.#client?.stub.stopped(event);
    void session.ended.then(() => this.#client?.stub.exited());
  }

  /** The port that the system chose, or that was asked for; undefined on a Unix socket. */
  get port(): number | undefined {
    const bound = this.#server.address();
    return bound && typeof bound === 'object' ? bound.port : undefined;
  }

  async close(): Promise<void> {
    this.#client?.socket.end();
    this.#client?.socket.unref();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#client?.socket.destroySoon();
    });
  }

  #accept(socket: Socket): void {
    if (this.#client) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const stub = new GdbStub(new VcpuTarget(this.#session.thread.state, this.#session), (bytes) => {
      if (socket.writableLength > OUTPUT_LIMIT) socket.destroy();
      else socket.write(bytes);
    });
    this.#client = { socket, stub };
    stub.start();
    socket.on('data', (bytes: Buffer) => stub.receive(bytes));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#client = undefined;
      stub.disconnected();
    });
  }
}
