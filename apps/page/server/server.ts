/**
 * Serves the page and the files it boots, on the loopback address. Shared memory needs a page that is cross-origin
 * isolated: HTML Standard, "Cross-origin opener policies" and "Cross-origin embedder policies".
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const dist = join(import.meta.dirname, '../dist');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
};

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

export interface PageServer {
  /** Where the page is, with a slash at the end. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * @param files - Paths on the host, by the names under which the page finds them.
 * @param port - 0 leaves the choice to the system.
 */
export async function servePage(files: Readonly<Record<string, string>>, port = 0): Promise<PageServer> {
  const paths = new Map(Object.entries(files));
  const server = createServer((request, response) => {
    answer(paths, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a server without a port');
  return {
    address: `http://127.0.0.1:${bound.port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  paths: ReadonlyMap<string, string>,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = new URL(url, 'http://localhost').pathname.slice(1) || 'index.html';
  // The page's own files are in one folder, and their names have no slash.
  const path = paths.get(name) ?? (/^[\w-]+(\.[\w-]+)+$/.test(name) ? join(dist, name) : undefined);
  const status = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !status?.isFile() || (method !== 'GET' && method !== 'HEAD')) {
    response.writeHead(404, isolation).end();
    return;
  }
  response.writeHead(200, {
    ...isolation,
    'Content-Type': types[extname(path)] ?? 'application/octet-stream',
    'Content-Length': status.size,
    'Cache-Control': 'no-cache',
  });
  if (method === 'HEAD') response.end();
  else await pipeline(createReadStream(path), response);
}
