/** What a guest talks to over its network: a source of bytes by HTTP, and a sink over TCP. */
import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

export interface HostServices {
  /** The port of the source: `/NUMBER` is as many bytes. */
  readonly source: number;
  /** The port of the sink: it tells how many bytes came, as 16 hexadecimal digits. */
  readonly sink: number;
  close(): void;
}

const PIECE = new Uint8Array(1 << 16).fill(0x5a);

/** On the host's loopback address, which a guest with user-mode networking has as 10.0.2.2. */
export async function startHostServices(): Promise<HostServices> {
  const source = createHttpServer((request, response) => send(response, Number(request.url?.slice(1))));
  const sink = createServer({ allowHalfOpen: true }, (socket) => {
    let count = 0;
    socket.on('data', ({ length }) => {
      count += length;
    });
    socket.on('end', () => socket.end(`${count.toString(16).padStart(16, '0')}\n`));
    socket.on('error', () => socket.destroy());
  });
  const close = () => {
    source.closeAllConnections();
    for (const server of [source, sink]) server.close();
  };
  return { source: await portOf(source), sink: await portOf(sink), close };
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function send(response: ServerResponse, length: number): void {
  if (!Number.isSafeInteger(length) || length < 0) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-length': length });
  let left = length;
  const more = (): void => {
    while (left > 0) {
      const piece = PIECE.subarray(0, left);
      left -= piece.length;
      if (!response.write(piece)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
