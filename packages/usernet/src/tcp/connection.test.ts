import { describe, expect, it } from 'vitest';
import type { Endpoint, IpAddress } from '../address.ts';
import type { FakePeer } from '../testing/fake-sockets.ts';
import type { GuestTcp, GuestTcpOptions } from '../testing/guest-tcp.ts';
import { openTestNetwork, type TestNetwork } from '../testing/opened-network.ts';
import { SEND_BUFFER } from './connection.ts';
import { RECEIVE_BUFFER } from './receiver.ts';
import { TcpFlag } from './segment.ts';

const { fin, syn, rst, ack } = TcpFlag;
const at = (address: string, port: number): Endpoint => ({ address: address as IpAddress, port });
const web = at('10.0.2.2', 80);
const bytes = (...values: number[]) => Uint8Array.from(values);

interface Established extends TestNetwork {
  readonly connection: GuestTcp;
  readonly peer: FakePeer;
}

async function established(options: GuestTcpOptions = {}, remote = web): Promise<Established> {
  const net = await openTestNetwork();
  const connection = net.guest.connect(remote, options);
  net.clock.advance(1);
  const peer = net.sockets.connected[0]?.peer;
  if (!peer || !connection.established) throw new Error('not connected');
  connection.segments.length = 0;
  return { ...net, connection, peer };
}

const flagsOf = (connection: GuestTcp) => connection.segments.map(({ flags }) => flags & ~TcpFlag.psh);

describe('the handshake of a guest', () => {
  it('waits for the host, and agrees on segments and windows', async () => {
    const { guest, clock, sockets } = await openTestNetwork();
    const connection = guest.connect(web);
    clock.advance(1);
    expect(sockets.connected.map(({ to }) => to)).toEqual([at('127.0.0.1', 80)]);
    expect(connection.segments).toMatchObject([
      { flags: syn | ack, acknowledgment: 0x1001, maximumSegment: 1460, windowShift: 3, window: 0xffff },
    ]);
  });

  it.each([
    ['refused', { flags: rst | ack, acknowledgment: 0x1001 }, undefined],
    ['unreachable', undefined, { type: 3, code: 1 }],
    ['reset', { flags: rst | ack }, undefined],
  ] as const)('ends when the host finds it %s', async (failure, segment, icmp) => {
    const { guest, clock, sockets, network } = await openTestNetwork();
    sockets.failures.set('127.0.0.1 80', failure);
    const connection = guest.connect(web);
    clock.advance(1);
    expect(connection.segments).toMatchObject(segment ? [segment] : []);
    expect(guest.icmp).toMatchObject(icmp ? [icmp] : []);
    expect([network.flows.tcp, clock.waiting]).toEqual([0, 0]);
  });

  it('has its answer repeated, until the guest is given up', async () => {
    const net = await openTestNetwork();
    net.guest.requestArp('10.0.2.2' as IpAddress);
    net.clock.advance(1);
    const connection = net.guest.connect(web);
    connection.receive = (segment) => connection.segments.push(segment);
    net.clock.advance(100_000);
    expect(flagsOf(connection)).toEqual([...new Array<number>(9).fill(syn | ack), rst | ack]);
    expect([net.sockets.connected[0]?.peer.wasReset, net.network.flows.tcp, net.clock.waiting]).toEqual([
      true,
      0,
      0,
    ]);
  });

  it.each([
    ['10.0.2.3', 53, ['192.0.2.1 53', '192.0.2.2 53']],
    ['fec0::3', 53, ['192.0.2.1 53', '192.0.2.2 53']],
    ['10.0.2.3', 80, []],
    ['192.0.2.80', 80, ['192.0.2.80 80']],
    ['fec0::2', 80, ['::1 80']],
    ['127.0.0.1', 80, []],
    ['10.0.2.99', 80, []],
  ])('with %s port %i tries %j', async (address, port, expected) => {
    const resolvers = [at('192.0.2.1', 53), at('192.0.2.2', 53)];
    const { guest, clock, sockets } = await openTestNetwork({ resolvers });
    for (const each of expected) sockets.failures.set(each, 'refused');
    guest.connect(at(address, port));
    clock.advance(1);
    expect(sockets.connected.map(({ to }) => `${to.address} ${to.port}`)).toEqual(expected);
  });
});

describe('the handshake of the host', () => {
  const options = {
    forwards: [{ protocol: 'tcp', host: at('0.0.0.0', 8080), guest: { port: 80 } }] as const,
    restrict: true,
  };

  it.each([
    ['127.0.0.1', '10.0.2.2'],
    ['192.0.2.7', '192.0.2.7'],
  ])('from %s reaches the guest from %s', async (from, seen) => {
    const { guest, clock, sockets } = await openTestNetwork(options);
    guest.listening.add(80);
    const peer = sockets.connectFrom(at(from, 4000), at('0.0.0.0', 8080));
    peer?.send(bytes(1, 2));
    clock.advance(1);
    const [connection] = guest.connections.values();
    expect(connection?.remote).toEqual(at(seen, 4000));
    expect(connection?.bytes).toEqual(bytes(1, 2));
    connection?.write(bytes(3));
    clock.advance(1);
    expect(peer?.bytes).toEqual(bytes(3));
  });

  it('is broken off when the guest refuses', async () => {
    const { guest, clock, sockets, network } = await openTestNetwork(options);
    const peer = sockets.connectFrom(at('127.0.0.1', 4000), at('0.0.0.0', 8080));
    clock.advance(1);
    const [stray] = guest.strays;
    guest.connect(at('10.0.2.2', 4000)).raw({ flags: syn });
    expect(stray).toMatchObject({ flags: syn, windowShift: 3 });
    clock.advance(100_000);
    expect([peer?.wasReset, network.flows.tcp]).toEqual([true, 0]);
  });

  it('that both sides begin at once leads to one connection', async () => {
    const { guest, clock, sockets } = await openTestNetwork(options);
    sockets.connectFrom(at('127.0.0.1', 4000), at('0.0.0.0', 8080))?.send(bytes(9));
    clock.advance(1);
    expect(guest.strays.length).toBe(1);
    // The guest's own SYN crosses: its end has not seen the other one.
    const connection = guest.dial(at('10.0.2.15', 80), at('10.0.2.2', 4000));
    clock.advance(5000);
    expect([connection.established, connection.wasReset]).toEqual([true, false]);
    expect(connection.bytes).toEqual(bytes(9));
  });
});

describe('the end', () => {
  it('of the guest goes to the host, whose data still come', async () => {
    const { connection, peer, clock, network } = await established();
    connection.write(bytes(1));
    connection.end();
    clock.advance(20);
    expect([peer.bytes, peer.ended]).toEqual([bytes(1), true]);
    peer.send(bytes(2));
    peer.end();
    clock.advance(20);
    expect([connection.bytes, connection.peerEnded, connection.wasReset]).toEqual([bytes(2), true, false]);
    expect([network.flows.tcp, clock.waiting]).toEqual([0, 0]);
  });

  it('of the host goes to the guest, whose data are still taken; then it waits', async () => {
    const { connection, peer, clock, network } = await established();
    peer.send(bytes(1));
    peer.end();
    clock.advance(20);
    expect([connection.bytes, connection.peerEnded]).toEqual([bytes(1), true]);
    connection.write(bytes(2));
    connection.end();
    clock.advance(20);
    expect([peer.bytes, peer.ended, network.flows.tcp]).toEqual([bytes(2), true, 1]);
    // The FIN comes again, since its acknowledgment was lost.
    connection.segments.length = 0;
    connection.raw({ sequence: connection.next - 1, flags: fin | ack });
    clock.advance(20);
    expect(connection.segments).toMatchObject([{ flags: ack, acknowledgment: connection.next }]);
    clock.advance(10_000);
    expect([network.flows.tcp, clock.waiting, peer.wasReset]).toEqual([0, 0, false]);
  });

  it('of both at once is one', async () => {
    const { connection, peer, clock, network } = await established();
    peer.end();
    connection.end();
    clock.advance(20);
    expect([connection.peerEnded, peer.ended, network.flows.tcp]).toEqual([true, true, 1]);
    clock.advance(10_000);
    expect([network.flows.tcp, clock.waiting, peer.wasReset]).toEqual([0, 0, false]);
  });

  it('lets the guest use its port again at once', async () => {
    const { connection, peer, guest, clock, sockets } = await established();
    peer.end();
    connection.end();
    clock.advance(20);
    const next = guest.dial(connection.local, connection.remote, { initialSequence: 0x9000_0000 });
    clock.advance(20);
    expect(sockets.connected.length).toBe(1);
    const later = guest.dial(connection.local, connection.remote, { initialSequence: 0x2000 });
    clock.advance(20);
    expect([next.established, later.established, sockets.connected.length]).toEqual([false, true, 2]);
  });
});

describe('a reset', () => {
  it('of the guest breaks off the stream', async () => {
    const { connection, peer, clock, network } = await established();
    connection.reset();
    clock.advance(1);
    expect([peer.wasReset, network.flows.tcp, clock.waiting]).toEqual([true, 0, 0]);
  });

  it('that is only near the right place is answered', async () => {
    const { connection, peer, clock } = await established();
    connection.raw({ sequence: connection.next + 5, flags: rst });
    connection.raw({ sequence: connection.next - 5, flags: rst });
    clock.advance(1);
    expect([flagsOf(connection), peer.wasReset]).toEqual([[ack], false]);
  });

  it('of the host reaches the guest', async () => {
    const { connection, peer, clock, network } = await established();
    peer.fail('reset');
    clock.advance(1);
    expect([connection.wasReset, network.flows.tcp, clock.waiting]).toEqual([true, 0, 0]);
  });

  it('answers data for a host that is gone', async () => {
    const { connection, peer, clock } = await established();
    peer.fail('reset');
    clock.advance(1);
    connection.segments.length = 0;
    connection.write(bytes(1));
    clock.advance(1);
    expect(flagsOf(connection)).toEqual([rst]);
  });

  it.each([
    ['a segment', { flags: ack, acknowledgment: 77 }, { flags: rst, sequence: 77 }],
    ['a FIN', { flags: fin, data: bytes(1, 2), sequence: 5 }, { flags: rst | ack, acknowledgment: 8 }],
  ])('answers %s of no connection', async (_, segment, expected) => {
    const { guest, clock } = await openTestNetwork();
    const connection = guest.connect(at('10.0.2.2', 81));
    guest.connections.clear();
    clock.advance(1);
    guest.strays.length = 0;
    const other = guest.dial(at('10.0.2.15', 999), web);
    clock.advance(1);
    other.reset();
    clock.advance(1);
    other.segments.length = 0;
    other.raw(segment);
    clock.advance(1);
    expect(other.segments).toMatchObject([expected]);
    expect(connection.established).toBe(false);
  });
});

describe('a segment', () => {
  it.each<[string, (connection: GuestTcp) => object, number, number[]]>([
    ['in order', (c) => ({ sequence: c.next, data: bytes(1) }), 1, [1]],
    ['that was there before', (c) => ({ sequence: c.next - 1, data: bytes(9) }), 0, []],
    ['that was there in part', (c) => ({ sequence: c.next - 2, data: bytes(8, 9, 1) }), 1, [1]],
    ['after a gap', (c) => ({ sequence: c.next + 1, data: bytes(2) }), 0, []],
    ['far outside', (c) => ({ sequence: c.next + 0x40000000, data: bytes(2) }), 0, []],
    ['for what was never sent', (c) => ({ acknowledgment: c.expected + 9, data: bytes(2) }), 0, []],
    ['without ACK', () => ({ flags: 0, data: bytes(2) }), 0, []],
    ['with SYN', (c) => ({ flags: syn, sequence: c.next, data: bytes(2) }), 0, []],
  ])('%s is answered as it should be', async (_, fields, taken, expected) => {
    const { connection, peer, clock } = await established();
    connection.raw(fields(connection));
    clock.advance(20);
    expect([...peer.bytes]).toEqual(expected);
    const [answer] = connection.segments;
    if (answer) expect(answer.acknowledgment).toBe(connection.next + taken);
    else expect(fields(connection)).toMatchObject({ flags: 0 });
  });

  it('is acknowledged a little later, two at once', async () => {
    const { connection, clock } = await established();
    // The first one also opens the window beyond what a SYN can say.
    connection.write(bytes(1));
    clock.advance(20);
    connection.segments.length = 0;
    connection.write(bytes(1));
    clock.advance(9);
    expect(connection.segments).toEqual([]);
    clock.advance(1);
    expect(connection.segments.length).toBe(1);
    connection.write(new Uint8Array(2920));
    clock.advance(0);
    expect(connection.segments.length).toBe(2);
  });
});

describe('flow control', () => {
  it('pauses the host while the guest does not read', async () => {
    const { connection, peer, clock, network } = await established({ buffer: 10_000 });
    connection.reading = false;
    for (let i = 0; i < 20; i++) peer.send(new Uint8Array(65536).fill(i));
    clock.advance(60_000);
    expect([peer.paused, connection.bytes.length]).toEqual([true, 10_000]);
    expect(20 * 65536 - peer.unsent).toBeLessThanOrEqual(SEND_BUFFER + 65536);
    // The window is asked after less and less often, for as long as the guest answers.
    clock.advance(3_600_000);
    expect([network.flows.tcp, connection.wasReset]).toEqual([1, false]);
    connection.reading = true;
    connection.read();
    clock.advance(1000);
    expect([peer.paused, connection.bytes.length]).toEqual([false, 20 * 65536]);
  });

  it('gives up a guest that is gone', async () => {
    const { connection, peer, clock, network } = await established();
    connection.receive = () => {};
    peer.send(bytes(1));
    clock.advance(600_000);
    expect([peer.wasReset, network.flows.tcp, clock.waiting]).toEqual([true, 0, 0]);
  });

  it('closes the window of the guest while the host does not read', async () => {
    const { connection, peer, clock } = await established();
    peer.read(false);
    connection.write(new Uint8Array(1 << 20));
    clock.advance(1000);
    expect((1 << 20) - connection.unsent).toBe(RECEIVE_BUFFER);
    expect(connection.segments.at(-1)?.window).toBe(0);
    connection.raw({ data: bytes(1) });
    clock.advance(20);
    expect(connection.segments.at(-1)).toMatchObject({ window: 0, acknowledgment: connection.next });
    peer.read(true);
    clock.advance(1000);
    expect([peer.length, connection.unsent]).toEqual([1 << 20, 0]);
  });

  it.each<[GuestTcpOptions, string, number]>([
    [{}, '10.0.2.2', 1460],
    [{ maximumSegment: 500 }, '10.0.2.2', 500],
    [{ maximumSegment: 9000 }, '10.0.2.2', 1460],
    [{ maximumSegment: undefined }, '10.0.2.2', 536],
    [{ maximumSegment: 1 }, '10.0.2.2', 88],
    [{ maximumSegment: 9000 }, 'fec0::2', 1440],
    [{ maximumSegment: undefined }, 'fec0::2', 1220],
  ])('keeps to the segments of the guest: %j to %s, %i bytes', async (options, address, size) => {
    const { connection, peer, clock } = await established(options, at(address, 80));
    peer.send(new Uint8Array(10_000));
    clock.advance(20);
    expect(Math.max(...connection.segments.map(({ data }) => data.length))).toBe(size);
  });
});

it('three duplicate acknowledgments bring a lost segment back before the timer does', async () => {
  let lost = 0;
  const { guest, clock, sockets } = await openTestNetwork({}, (frame) => frame.length > 1000 && lost++ === 2);
  const connection = guest.connect(web);
  clock.advance(1);
  sockets.connected[0]?.peer.send(new Uint8Array(20_000));
  clock.advance(0);
  expect(connection.bytes.length).toBe(20_000);
});

it('there are as many connections as are allowed', async () => {
  const { guest, clock, network, sockets } = await openTestNetwork();
  const connections = Array.from({ length: 1030 }, () => guest.connect(web));
  clock.advance(1);
  expect([network.flows.tcp, network.statistics.limited]).toEqual([1024, 6]);
  expect(connections.filter(({ wasReset }) => wasReset).length).toBe(6);
  sockets.connected[0]?.peer.fail('reset');
  clock.advance(1);
  const next = guest.connect(web);
  clock.advance(1);
  expect(next.established).toBe(true);
  network.close();
  expect(sockets.connected.slice(1).every(({ peer }) => peer.wasReset)).toBe(true);
  clock.advance(1);
  expect(clock.waiting).toBe(0);
});
