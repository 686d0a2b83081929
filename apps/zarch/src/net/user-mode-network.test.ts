import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Endpoint, IpAddress, UserNetworkOptions } from '@zarch/usernet';
import { GuestStack } from '@zarch/usernet/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { resolverOf, UserModeNetwork } from './user-mode-network.ts';

const SIZE = 2 << 20;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const at = (address: string, port: number): Endpoint => ({ address: address as IpAddress, port });
const pattern = (seed: number) => Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) ^ seed);

async function open(user: UserNetworkOptions = {}): Promise<{ guest: GuestStack; network: UserModeNetwork }> {
  const network = await UserModeNetwork.open({ kind: 'user', user, option: '-netdev user' });
  closers.push(() => network.close());
  const guest = new GuestStack((frame) => setImmediate(() => network.send(frame)));
  network.onFrame((frame, checksumsValid) => {
    expect(checksumsValid).toBe(true);
    setImmediate(() => guest.receive(frame));
    return true;
  });
  return { guest, network };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** What a socket of the host receives until its peer ends. */
async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('a stream', () => {
  it('that the guest begins carries bytes both ways and closes by halves', async () => {
    const [up, down] = [pattern(0), pattern(0x55)];
    let received: Promise<Buffer> | undefined;
    const port = await listen((socket) => {
      received = readAll(socket);
      socket.end(down);
    });
    const { guest } = await open();
    const connection = guest.connect(at('10.0.2.2', port));
    await until(() => connection.peerEnded);
    expect(Buffer.compare(connection.bytes, down)).toBe(0);
    connection.write(up);
    connection.end();
    expect(Buffer.compare((await received) ?? new Uint8Array(0), up)).toBe(0);
    expect(connection.wasReset).toBe(false);
  });

  it('that a client of the host begins reaches the guest', async () => {
    const forwards = [{ protocol: 'tcp', host: at('127.0.0.1', 0), guest: { port: 80 } }] as const;
    const { guest, network } = await open({ forwards });
    guest.listening.add(80);
    const [up, down] = [pattern(1), pattern(2)];
    const client = connect({ port: network.forwards[0]?.port ?? 0, host: '127.0.0.1', allowHalfOpen: true });
    client.end(up);
    const received = readAll(client);
    await until(() => [...guest.connections.values()].some(({ peerEnded }) => peerEnded));
    const [connection] = guest.connections.values();
    expect(connection?.remote).toEqual(at('10.0.2.2', client.localPort ?? 0));
    expect(Buffer.compare(connection?.bytes ?? new Uint8Array(0), up)).toBe(0);
    connection?.write(down);
    connection?.end();
    expect(Buffer.compare(await received, down)).toBe(0);
  });

  it('to a port where nobody listens is reset', async () => {
    const port = await listen(() => {});
    for (const close of closers.splice(0)) close();
    const { guest } = await open();
    const connection = guest.connect(at('10.0.2.2', port));
    await until(() => connection.wasReset);
  });

  it('that one side breaks off is broken on the other', async () => {
    const sockets: Socket[] = [];
    const port = await listen((socket) => {
      socket.on('error', () => {});
      sockets.push(socket);
    });
    const { guest } = await open();
    const [one, other] = [guest.connect(at('10.0.2.2', port)), guest.connect(at('10.0.2.2', port))];
    await until(() => one.established && other.established && sockets.length === 2);
    one.reset();
    await until(() => sockets.some(({ destroyed }) => destroyed));
    for (const socket of sockets) socket.resetAndDestroy();
    await until(() => other.wasReset);
  });

  it('waits for a server that does not read', async () => {
    let accepted: Socket | undefined;
    const port = await listen((socket) => {
      accepted = socket.pause();
    });
    const { guest } = await open();
    const connection = guest.connect(at('10.0.2.2', port));
    const bytes = new Uint8Array(32 << 20);
    connection.write(bytes);
    let before = -1;
    await until(() => {
      const stands = accepted !== undefined && connection.unsent === before;
      before = connection.unsent;
      return stands;
    });
    expect(connection.unsent).toBeGreaterThan(0);
    const received = accepted && readAll(accepted);
    connection.end();
    expect((await received)?.length).toBe(bytes.length);
  });
});

describe('datagrams', () => {
  it('go to the host and come back', async () => {
    const server = createSocket('udp4', (bytes, { port }) => server.send(bytes.reverse(), port, '127.0.0.1'));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const { guest } = await open();
    const to = at('10.0.2.2', server.address().port);
    guest.udp(1000, to, Uint8Array.of(1, 2, 3));
    await until(() => guest.datagrams.length > 0);
    expect(guest.datagrams).toEqual(
      [{ source: to, destination: at('10.0.2.15', 1000), data: Buffer.of(3, 2, 1) }].map((each) => ({
        ...each,
        data: Uint8Array.from(each.data),
      })),
    );
  });

  it('come through a forwarded port', async () => {
    const forwards = [{ protocol: 'udp', host: at('127.0.0.1', 0), guest: { port: 53 } }] as const;
    const { guest, network } = await open({ forwards });
    const client = createSocket('udp4');
    closers.push(() => client.close());
    client.send(Uint8Array.of(1), network.forwards[0]?.port ?? 0, '127.0.0.1');
    await until(() => guest.datagrams.length > 0);
    const [question] = guest.datagrams;
    const answer = once(client, 'message');
    if (question) guest.udp(53, question.source, Uint8Array.of(2));
    expect(Uint8Array.from((await answer)[0])).toEqual(Uint8Array.of(2));
  });
});

it('a port that is in use cannot be forwarded', async () => {
  const port = await listen(() => {});
  const forwards = [{ protocol: 'tcp', host: at('127.0.0.1', port), guest: { port: 80 } }] as const;
  await expect(open({ forwards })).rejects.toThrow(
    `-netdev user: could not set up host forwarding: tcp port ${port}: Address already in use`,
  );
});

it.each([
  ['192.0.2.1', at('192.0.2.1', 53)],
  ['192.0.2.1:5353', at('192.0.2.1', 5353)],
  ['2001:db8::1', at('2001:db8::1', 53)],
  ['[2001:db8::1]:5353', at('2001:db8::1', 5353)],
  ['fe80::1%eth0', undefined],
])('the name server %s is known', (text, expected) => {
  expect(resolverOf(text)).toEqual(expected);
});
