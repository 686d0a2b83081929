import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DatagramNetwork } from './datagram-network.ts';
import { FrameReader, framed } from './frame-stream.ts';
import { WAITING_LIMIT } from './network.ts';
import { ReceiveQueue } from './receive-queue.ts';
import { StreamNetwork } from './stream-network.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const loopback = { host: '127.0.0.1', port: 0 };
const frame = (value: number, length = 60) => new Uint8Array(length).fill(value);

/** A promise of the next frame that a network gives its guest. */
function nextFrame(network: StreamNetwork | DatagramNetwork): Promise<Uint8Array> {
  return new Promise((resolve) => {
    network.onFrame((received) => {
      resolve(received);
      return true;
    });
  });
}

async function stream(options: Partial<Parameters<typeof StreamNetwork.open>[0]>): Promise<StreamNetwork> {
  const base = {
    kind: 'stream',
    address: loopback,
    server: true,
    reconnect: 0,
    option: '-netdev s',
  } as const;
  const network = await StreamNetwork.open({ ...base, ...options });
  closers.push(() => network.close());
  return network;
}

describe('frames in a stream', () => {
  it.each([1, 3, 4, 7, 64, 1000])('are put together from pieces of %i bytes', (size) => {
    const frames = [frame(1), frame(2, 1), frame(3, 0), frame(4, 1514)];
    const bytes = new Uint8Array(Buffer.concat(frames.map(framed)));
    const found: Uint8Array[] = [];
    const reader = new FrameReader((each) => found.push(each));
    for (let at = 0; at < bytes.length; at += size)
      expect(reader.push(bytes.subarray(at, at + size))).toBe(true);
    expect(found).toEqual(frames);
  });

  it('of a length that no frame has end the stream', () => {
    expect(new FrameReader(() => {}).push(Uint8Array.of(0xff, 0, 0, 0))).toBe(false);
  });
});

describe('frames for a guest without buffers', () => {
  it('wait, in their order, and the last ones are lost', () => {
    const queue = new ReceiveQueue();
    const taken: number[] = [];
    let room = 0;
    queue.connect(([first = 0]) => {
      if (room === 0) return false;
      room--;
      taken.push(first);
      return true;
    });
    for (let i = 0; i <= WAITING_LIMIT; i++) queue.push(Uint8Array.of(i & 0xff, i >> 8));
    room = 2;
    queue.drain();
    expect(taken).toEqual([0, 1]);
    room = 1000;
    queue.drain();
    expect(taken.length).toBe(WAITING_LIMIT);
  });
});

describe('a stream network', () => {
  it.each(['tcp', 'unix'])('joins a server and a client over %s', async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'zarch-net-'));
    closers.push(() => rmSync(folder, { recursive: true }));
    const server = await stream({ address: kind === 'unix' ? { path: join(folder, 's') } : loopback });
    const at = server.address;
    const address =
      typeof at === 'string' ? { path: at } : { host: '127.0.0.1', port: (at as AddressInfo).port };
    const client = await stream({ address, server: false });
    const [atServer, atClient] = [nextFrame(server), nextFrame(client)];
    client.send(frame(1));
    expect(await atServer).toEqual(frame(1));
    server.send(frame(2, 1514));
    expect(await atClient).toEqual(frame(2, 1514));
  });

  it('has one client at a time, and the next one when it goes', async () => {
    const server = await stream({});
    const { port } = server.address as AddressInfo;
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    const second = connect(port, '127.0.0.1');
    await once(second, 'close');
    first.destroy();
    const received = nextFrame(server);
    // The server learns of the end a moment later.
    for (let tries = 0; ; tries++) {
      const third = connect(port, '127.0.0.1');
      closers.push(() => third.destroy());
      third.on('error', () => {});
      third.write(framed(frame(3)));
      const got = await Promise.race([received, once(third, 'close').then(() => undefined)]);
      if (got) break;
      expect(tries).toBeLessThan(100);
    }
    expect(await received).toEqual(frame(3));
  });

  it('connects again where that is wanted', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const first = once(server, 'connection');
    await stream({ address: { host: '127.0.0.1', port }, server: false, reconnect: 0.01 });
    const [socket] = await first;
    const second = once(server, 'connection');
    socket.destroy();
    const [again] = await second;
    again.destroy();
  });

  it('is an error when its server is not there', async () => {
    const opened = stream({ address: { path: '/nonexistent/socket' }, server: false });
    await expect(opened).rejects.toThrow('-netdev s: No such file or directory');
  });
});

describe('a datagram network', () => {
  it.each([true, false])('has a frame in each datagram, remote given: %s', async (given) => {
    const other = createSocket('udp4');
    other.bind(0, '127.0.0.1');
    await once(other, 'listening');
    closers.push(() => new Promise<void>((resolve) => other.close(() => resolve())));
    const remote = { host: '127.0.0.1', port: other.address().port };
    const network = await DatagramNetwork.open({
      kind: 'datagram',
      local: loopback,
      remote: given ? remote : undefined,
      option: '-netdev d',
    });
    closers.push(() => network.close());
    const received = nextFrame(network);
    const { port } = network.address;
    other.send(frame(1), port, '127.0.0.1');
    expect(await received).toEqual(frame(1));
    const answer = once(other, 'message');
    network.send(frame(2));
    expect(Uint8Array.from((await answer)[0])).toEqual(frame(2));
  });
});
