import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileChardev } from './file.ts';
import { SocketChardev } from './socket.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zarch-chardev-'));
});
afterAll(() => rm(directory, { recursive: true }));

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('a file is written over, or added to', async () => {
  const path = join(directory, 'file');
  for (const append of [false, false, true]) {
    const file = new FileChardev(path, append, (message) => expect.fail(message));
    file.write(Buffer.from('line\n'));
    await file.close();
  }
  expect(await readFile(path, 'utf8')).toBe('line\nline\n');
});

const address = { host: '127.0.0.1', port: 0 };
const received = (socket: Socket) =>
  new Promise<string>((resolve) => {
    let all = '';
    socket.on('data', (bytes) => {
      all += bytes.toString();
    });
    socket.on('close', () => resolve(all));
  });

test('a server passes bytes both ways and takes one client at a time', async () => {
  const chardev = await SocketChardev.listen(address, false, () => {}, new AbortController().signal);
  const port = Number(chardev.name(address).split(':').at(-1));
  const input = new Promise<string>((resolve) => {
    chardev.connect((bytes) => {
      resolve(text(bytes));
      return bytes.length;
    });
  });
  const client = connect(port, '127.0.0.1');
  client.write('in');
  expect(await input).toBe('in');
  const second = connect(port, '127.0.0.1');
  expect(await received(second)).toBe('');
  const all = received(client);
  chardev.write(Buffer.from('out'));
  await chardev.close();
  expect(await all).toBe('out');
});

test('a client connects, and reports a server that is not there', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const chardev = await SocketChardev.connect({ host: '127.0.0.1', port });
  const all = received(await accepted);
  chardev.write(Buffer.from('out'));
  await chardev.close();
  expect(await all).toBe('out');
  await new Promise((resolve) => server.close(resolve));
  await expect(SocketChardev.connect({ host: '127.0.0.1', port })).rejects.toThrow(
    `could not connect to tcp:127.0.0.1:${port}: Connection refused`,
  );
});

test('a guest waits for a peer that does not read', async () => {
  const chardev = await SocketChardev.listen(address, false, () => {}, new AbortController().signal);
  const port = Number(chardev.name(address).split(':').at(-1));
  chardev.connect((bytes) => bytes.length);
  const client = connect(port, '127.0.0.1');
  client.pause();
  await new Promise<void>((resolve) => client.once('connect', resolve));
  while (!chardev.congestion()) {
    chardev.write(new Uint8Array(1 << 18));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const drained = chardev.congestion();
  client.resume();
  await drained;
  expect(chardev.congestion()).toBeUndefined();
  await chardev.close();
});
