import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { download } from './download.ts';
import type { Progress } from './progress.ts';

const content = Buffer.alloc(300_000, 'zarch');
const timing = { idle: 150, attempts: 3, delay: 1 };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

test('a file comes whole, with progress to its end', async () => {
  const url = await serve((_, response) => response.end(content));
  const seen: Progress[] = [];
  const bytes = await download(url, {
    item: 'file',
    size: content.length,
    timing,
    progress: (p) => seen.push(p),
  });
  expect(Buffer.compare(bytes, content)).toBe(0);
  expect(seen.at(-1)).toEqual({
    step: 'download',
    item: 'file',
    done: content.length,
    total: content.length,
  });
});

test('after a break the rest is asked for, and joined', async () => {
  const ranges: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    ranges.push(request.headers.range);
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    if (from > 0) response.end(content.subarray(from));
    else response.write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
  });
  const bytes = await download(url, { item: 'file', timing });
  expect(Buffer.compare(bytes, content)).toBe(0);
  expect(ranges).toEqual([undefined, 'bytes=100000-']);
});

test('a server that cannot resume sends all again', async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    if (asked++ > 0) response.end(content);
    else response.write(content.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
  });
  expect(Buffer.compare(await download(url, { item: 'file', timing }), content)).toBe(0);
});

test.each([500, 503, 429])('HTTP %i is tried again', async (status) => {
  let asked = 0;
  const url = await serve((_, response) => {
    if (asked++ === 0) response.writeHead(status);
    response.end('x');
  });
  expect(Buffer.from(await download(url, { item: 'file', timing })).toString()).toBe('x');
});

test.each([
  [404, 'not-found', 1],
  [403, 'network', 1],
  [500, 'network', 3],
])('HTTP %i in the end is the failure %s after %i requests', async (status, failure, requests) => {
  let asked = 0;
  const url = await serve((_, response) => {
    asked++;
    response.writeHead(status).end();
  });
  await expect(download(url, { item: 'file', timing })).rejects.toMatchObject({ failure });
  expect(asked).toBe(requests);
});

test('an answer of unknown length that is too short is tried again', async () => {
  let asked = 0;
  const url = await serve((_, response) => {
    response.write(content.subarray(0, 1000));
    response.end(asked++ === 0 ? '' : content.subarray(1000));
  });
  const bytes = await download(url, { item: 'file', size: content.length, timing });
  expect(Buffer.compare(bytes, content)).toBe(0);
});

test('a server that falls silent is given up', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('abc');
  });
  const failure = download(url, { item: 'file', timing: { ...timing, attempts: 1 } });
  await expect(failure).rejects.toThrow('no answer for 0.15 s');
});

test('an answer longer than the file should be is cut off', async () => {
  const url = await serve((_, response) => response.end(content));
  await expect(download(url, { item: 'file', size: 1000, timing })).rejects.toMatchObject({
    failure: 'checksum',
  });
});

test('a mirror that is not there is named without its password', async () => {
  const failure = download('http://user:secret@127.0.0.1:1/debian', { item: 'x', timing });
  await expect(failure).rejects.toThrow(/^http:\/\/127\.0\.0\.1:1\/debian: .*--mirror URL$/);
});

test('a user name and password in the address are sent', async () => {
  let authorization: string | undefined;
  const url = await serve((request, response) => {
    authorization = request.headers.authorization;
    response.end('x');
  });
  await download(url.replace('//', '//user:p%40ss@'), { item: 'file', timing });
  expect(authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
});

test('a cancelled download stops at once', async () => {
  const url = await serve((_, response) => response.writeHead(200).write('x'));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 30);
  const failure = download(url, { item: 'file', timing, signal: controller.signal });
  await expect(failure).rejects.toThrow('cancelled');
});
