import { describe, expect, it } from 'vitest';
import type { Endpoint, IpAddress } from './address.ts';
import { BROADCAST_MAC, EtherType, parseEthernet } from './ethernet/ethernet.ts';
import { checksum } from './ip/checksum.ts';
import { encodeIpv4 } from './ip/ipv4.ts';
import { openTestNetwork } from './testing/opened-network.ts';
import { encodeUdp } from './udp/udp.ts';

const ip = (text: string) => text as IpAddress;
const at = (address: string, port: number): Endpoint => ({ address: ip(address), port });
const bytes = (...values: number[]) => Uint8Array.from(values);

describe('ARP', () => {
  it.each([
    ['10.0.2.2', '52:55:a:0:2:2'],
    ['10.0.2.3', '52:55:a:0:2:3'],
    ['10.0.2.4', undefined],
    ['10.0.2.15', undefined],
  ])('knows %s as %s', async (address, mac) => {
    const { guest, clock } = await openTestNetwork();
    guest.requestArp(ip(address));
    clock.advance(0);
    const answers = guest.arp.map(({ senderMac }) =>
      [...senderMac].map((byte) => byte.toString(16)).join(':'),
    );
    expect(answers).toEqual(mac === undefined ? [] : [mac]);
  });
});

describe('an echo request', () => {
  it.each(['10.0.2.2', '10.0.2.3'])('to %s is answered', async (address) => {
    const { guest, clock } = await openTestNetwork({ restrict: true });
    guest.ping(ip(address), bytes(7, 8, 9));
    clock.advance(0);
    expect(guest.icmp).toMatchObject([{ type: 0, source: address, body: bytes(0x12, 0x34, 0, 1, 7, 8, 9) }]);
  });

  it('to another host goes to its echo service', async () => {
    const { guest, clock, sockets } = await openTestNetwork();
    guest.ping(ip('192.0.2.9'), bytes(7, 8, 9));
    clock.advance(0);
    const [socket] = sockets.datagrams;
    expect(socket?.sent).toEqual([{ data: bytes(7, 8, 9), to: at('192.0.2.9', 7) }]);
    socket?.receive(bytes(7, 8, 9), at('192.0.2.9', 7));
    socket?.receive(bytes(1), at('192.0.2.10', 7));
    clock.advance(0);
    expect(guest.icmp).toMatchObject([
      { type: 0, source: '192.0.2.9', body: bytes(0x12, 0x34, 0, 1, 7, 8, 9) },
    ]);
    clock.advance(20_000);
    expect(socket?.closed).toBe(true);
  });

  it('that cannot be sent is reported', async () => {
    const { guest, clock, sockets } = await openTestNetwork();
    guest.ping(ip('192.0.2.9'), bytes(7));
    clock.advance(0);
    sockets.datagrams[0]?.fail('unreachable');
    clock.advance(0);
    expect(guest.icmp).toMatchObject([{ type: 3, code: 1, source: '10.0.2.2' }]);
  });
});

describe('UDP', () => {
  it('has a socket for each port of the guest, which anyone can answer to', async () => {
    const { guest, clock, sockets, network } = await openTestNetwork();
    guest.udp(1000, at('10.0.2.2', 9), bytes(1));
    guest.udp(1000, at('192.0.2.1', 9), bytes(2));
    guest.udp(1001, at('192.0.2.1', 9), bytes(3));
    clock.advance(0);
    expect(sockets.datagrams.map(({ sent }) => sent)).toEqual([
      [
        { data: bytes(1), to: at('127.0.0.1', 9) },
        { data: bytes(2), to: at('192.0.2.1', 9) },
      ],
      [{ data: bytes(3), to: at('192.0.2.1', 9) }],
    ]);
    sockets.datagrams[0]?.receive(bytes(4), at('127.0.0.1', 9));
    sockets.datagrams[0]?.receive(bytes(5), at('192.0.2.99', 10));
    clock.advance(0);
    expect(guest.datagrams).toEqual([
      { source: at('10.0.2.2', 9), destination: at('10.0.2.15', 1000), data: bytes(4) },
      { source: at('192.0.2.99', 10), destination: at('10.0.2.15', 1000), data: bytes(5) },
    ]);
    expect(network.flows.udp).toBe(2);
  });

  it('ends a flow that is idle for four minutes', async () => {
    const { guest, clock, sockets, network } = await openTestNetwork();
    for (const port of [1000, 1001]) guest.udp(port, at('192.0.2.1', 9), bytes(1));
    clock.advance(200_000);
    sockets.datagrams[0]?.receive(bytes(1), at('192.0.2.1', 9));
    clock.advance(50_000);
    expect(sockets.datagrams.map(({ closed }) => closed)).toEqual([false, true]);
    clock.advance(250_000);
    expect([network.flows.udp, clock.waiting]).toEqual([0, 0]);
  });

  it('has a bounded number of flows: the oldest goes', async () => {
    const { guest, clock, sockets, network } = await openTestNetwork();
    for (let port = 1; port <= 600; port++) {
      guest.udp(port, at('192.0.2.1', 9), bytes(1));
      clock.advance(0);
    }
    expect(network.flows.udp).toBe(512);
    expect(sockets.datagrams.filter(({ closed }) => closed).length).toBe(600 - 512);
  });

  it.each([3000, 20_000])('has datagrams of %i bytes in fragments, both ways', async (length) => {
    const { guest, clock, sockets } = await openTestNetwork();
    const data = Uint8Array.from({ length }, (_, i) => i * 7);
    guest.requestArp(ip('10.0.2.2'));
    clock.advance(0);
    guest.udp(1000, at('192.0.2.1', 9), data);
    guest.udp(1000, at('2001:db8::1', 9), data);
    clock.advance(0);
    expect(sockets.datagrams.map(({ sent }) => sent[0]?.data)).toEqual([data, data]);
    sockets.datagrams[0]?.receive(data, at('192.0.2.1', 9));
    sockets.datagrams[1]?.receive(data, at('2001:db8::1', 9));
    clock.advance(0);
    expect(guest.datagrams.map((each) => each.data)).toEqual([data, data]);
    expect(Math.max(...guest.frames.map((frame) => frame.length))).toBeLessThanOrEqual(1514);
  });

  it('is reported when it goes where nobody is', async () => {
    const { guest, clock, network } = await openTestNetwork();
    guest.udp(1000, at('10.0.2.77', 9), bytes(1));
    clock.advance(0);
    expect(guest.icmp).toMatchObject([{ type: 3, code: 1 }]);
    expect(network.statistics.unreachable).toBe(1);
  });

  it.each([
    '127.0.0.1',
    '224.0.0.251',
    '255.255.255.255',
    '10.0.2.255',
    '0.0.0.0',
    'ff02::fb',
    '::1',
    'fe80::9',
  ])('for %s goes nowhere', async (address) => {
    const { guest, clock, network, sockets } = await openTestNetwork();
    guest.udp(1000, at(address, 9), bytes(1));
    clock.advance(0);
    expect([sockets.datagrams.length, guest.icmp.length]).toEqual([0, 0]);
    expect(network.statistics.unsupported).toBe(1);
  });
});

describe('a restricted network', () => {
  it.each(['10.0.2.2', '10.0.2.3', '192.0.2.1', 'fec0::2', '2001:db8::1'])(
    'does not reach %s',
    async (address) => {
      const resolvers = [at('192.0.2.53', 53)];
      const { guest, clock, sockets } = await openTestNetwork({ restrict: true, resolvers });
      guest.udp(1000, at(address, 53), new Uint8Array(20));
      const connection = guest.connect(at(address, 53));
      clock.advance(0);
      expect([sockets.datagrams.length, sockets.connected.length, connection.wasReset]).toEqual([0, 0, true]);
    },
  );
});

describe('a forwarded port', () => {
  const forward = (protocol: 'tcp' | 'udp') => ({
    forwards: [{ protocol, host: at('0.0.0.0', 8080), guest: { port: 80 } }],
    restrict: true,
  });

  it('leads a datagram to the guest, and the answer back', async () => {
    const { guest, clock, sockets, network } = await openTestNetwork(forward('udp'));
    expect(network.forwards).toEqual([at('0.0.0.0', 8080)]);
    const [socket] = sockets.datagrams;
    socket?.receive(bytes(1), at('127.0.0.1', 4000));
    clock.advance(0);
    expect(guest.arp.length).toBe(1);
    expect(guest.datagrams).toEqual([
      { source: at('10.0.2.2', 4000), destination: at('10.0.2.15', 80), data: bytes(1) },
    ]);
  });

  it('has the answers go out where the questions came in', async () => {
    const { guest, clock, sockets } = await openTestNetwork({ ...forward('udp'), restrict: false });
    guest.udp(80, at('192.0.2.1', 4000), bytes(2));
    clock.advance(0);
    expect(sockets.datagrams.map(({ sent }) => sent)).toEqual([
      [{ data: bytes(2), to: at('192.0.2.1', 4000) }],
    ]);
  });

  it('that cannot be had is an error', async () => {
    const [one] = forward('tcp').forwards;
    const twice = openTestNetwork({ forwards: one ? [one, one] : [] });
    await expect(twice).rejects.toThrow('Address already in use');
  });

  it('asks who has the address of the guest, three times', async () => {
    const { clock, sockets, guest, network } = await openTestNetwork(forward('udp'));
    guest.address = ip('10.0.2.99');
    sockets.datagrams[0]?.receive(bytes(1), at('127.0.0.1', 4000));
    clock.advance(60_000);
    const asked = guest.frames.map((frame) => parseEthernet(frame)?.destination);
    expect(asked).toEqual([BROADCAST_MAC, BROADCAST_MAC, BROADCAST_MAC]);
    network.close();
    expect(clock.waiting).toBe(0);
  });
});

it('a packet whose time is over is reported', async () => {
  const { guest, clock, sockets } = await openTestNetwork();
  const ends = { source: at('10.0.2.15', 1000), destination: at('192.0.2.1', 33434) };
  const [packet = bytes()] = encodeIpv4(encodeUdp({ ...ends, data: bytes(1) }), 1, 1500);
  packet.set([1, 17, 0, 0], 8);
  const sum = checksum(packet.subarray(0, 20));
  packet.set([sum >> 8, sum & 0xff], 10);
  guest.frame(EtherType.ipv4, packet);
  clock.advance(0);
  expect(guest.icmp).toMatchObject([{ type: 11, code: 0, source: '10.0.2.2' }]);
  expect(guest.icmp[0]?.body.subarray(4)).toEqual(packet);
  expect(sockets.datagrams).toEqual([]);
});

it('a saved network knows its guest', async () => {
  const one = await openTestNetwork();
  one.guest.request(ip('10.0.2.20'));
  one.guest.udp(1000, at('192.0.2.1', 9), bytes(1));
  one.clock.advance(0);
  const other = await openTestNetwork({
    forwards: [{ protocol: 'udp', host: at('0.0.0.0', 80), guest: { port: 80 } }],
  });
  other.network.restore(structuredClone(one.network.save()));
  other.sockets.datagrams[0]?.receive(bytes(1), at('192.0.2.1', 4000));
  other.clock.advance(0);
  expect([other.guest.datagrams.length, other.guest.arp.length]).toEqual([1, 0]);
  expect(() => other.network.restore({ name: 'usernet', version: 9, data: {} })).toThrow(RangeError);
});
