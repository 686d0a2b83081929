/** Guests that send nonsense. Nothing may throw, and what the network holds stays bounded. */

import { Random } from '@zarch/arch/testing';
import type { IpAddress } from '../address.ts';
import { EtherType, encodeEthernet } from '../ethernet/ethernet.ts';
import type { Statistic } from '../statistics.ts';
import { GUEST_MAC } from './guest-stack.ts';
import { openTestNetwork, type TestNetwork } from './opened-network.ts';

const MOST_KEPT = 64;
const endpoint = (address: string, port: number) => ({ address: address as IpAddress, port });

/**
 * Sends frames: some random, most of them right ones that were damaged a little.
 *
 * @throws {Error} When something threw.
 */
export async function fuzzFrames(
  seed: number | string,
  count: number,
): Promise<Readonly<Record<Statistic, number>>> {
  const random = new Random(seed);
  const net = await openTestNetwork({ resolvers: [endpoint('192.0.2.1', 53)] });
  const templates: Uint8Array[] = [];
  const original = net.network.receive.bind(net.network);
  net.network.receive = (frame) => {
    if (templates.length < MOST_KEPT) templates.push(frame.slice());
    original(frame);
  };
  honest(net);
  net.network.receive = original;
  for (let i = 0; i < count; i++) {
    original(random.once(8) ? noise(random) : damaged(random.pick(templates), random));
    if (random.once(16)) net.clock.advance(random.below(2000));
    if (random.once(32)) act(net, random);
    if (net.guest.frames.length > 1000) net.guest.frames.length = 0;
  }
  net.clock.advance(1000);
  const { statistics } = net.network;
  net.network.close();
  return statistics;
}

/** What a guest does that means well. */
function honest({ guest, clock, sockets }: TestNetwork): void {
  guest.discover();
  guest.request('10.0.2.15' as IpAddress);
  guest.ping('10.0.2.2' as IpAddress, new Uint8Array(16));
  guest.ping('fec0::2' as IpAddress, new Uint8Array(16));
  guest.udp(1000, endpoint('10.0.2.3', 53), new Uint8Array(40));
  guest.udp(1000, endpoint('192.0.2.7', 9), new Uint8Array(3000));
  guest.udp(1000, endpoint('2001:db8::7', 9), new Uint8Array(3000));
  const connection = guest.connect(endpoint('10.0.2.2', 80));
  guest.connect(endpoint('2001:db8::1', 80));
  clock.advance(10);
  connection.write(new Uint8Array(3000));
  sockets.connected[0]?.peer.send(new Uint8Array(3000));
  clock.advance(10);
  connection.end();
  clock.advance(10);
}

/** What a host does meanwhile. */
function act({ sockets, clock }: TestNetwork, random: Random): void {
  const stream = sockets.connected[random.below(Math.max(1, sockets.connected.length))]?.peer;
  const socket = sockets.datagrams[random.below(Math.max(1, sockets.datagrams.length))];
  const actions = [
    () => stream?.send(random.bytes(random.below(5000))),
    () => stream?.end(),
    () => stream?.fail('reset'),
    () => stream?.read(random.once(2)),
    () =>
      socket && !socket.closed && socket.receive(random.bytes(random.below(5000)), endpoint('192.0.2.7', 9)),
    () => socket && !socket.closed && socket.fail('unreachable'),
  ];
  random.pick(actions)();
  clock.advance(random.below(10));
}

function noise(random: Random): Uint8Array {
  const type = random.pick([EtherType.ipv4, EtherType.ipv6, EtherType.arp, random.below(65536)]);
  const payload = random.bytes(random.below(100));
  if (payload.length > 0 && random.once(2)) payload[0] = random.pick([0x45, 0x46, 0x4f, 0x60]);
  return encodeEthernet({ destination: GUEST_MAC, source: GUEST_MAC, type, payload });
}

/** A frame with a few bytes changed, cut or made longer; checksums are set right, so that it gets far. */
function damaged(frame: Uint8Array, random: Random): Uint8Array {
  const bytes = frame.slice(0, random.once(8) ? random.below(frame.length + 1) : frame.length);
  for (let i = random.below(4); i > 0 && bytes.length > 14; i--)
    bytes[14 + random.below(Math.min(bytes.length - 14, 80))] = random.below(256);
  if (random.once(2)) repair(bytes);
  return bytes;
}

/** Makes the checksums of an IPv4 packet right, if it can be one. */
function repair(bytes: Uint8Array): void {
  const header = ((bytes[14] ?? 0) & 0xf) * 4;
  const end = 14 + (((bytes[16] ?? 0) << 8) | (bytes[17] ?? 0));
  if (bytes[12] !== 8 || bytes[13] !== 0 || header < 20 || end < 14 + header || end > bytes.length) return;
  put(bytes, 24, bytes.subarray(14, 14 + header), 0);
  const message = bytes.subarray(14 + header, end);
  const field = { 1: 2, 6: 16, 17: 6 }[bytes[23] ?? 0];
  if (field === undefined || field + 2 > message.length) return;
  const pseudo = sum(bytes.subarray(26, 34)) + (bytes[23] ?? 0) + message.length;
  put(bytes, 14 + header + field, message, bytes[23] === 1 ? 0 : pseudo);
}

function put(bytes: Uint8Array, at: number, over: Uint8Array, start: number): void {
  bytes.fill(0, at, at + 2);
  let total = sum(over) + start;
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  bytes[at] = (~total >>> 8) & 0xff;
  bytes[at + 1] = ~total & 0xff;
}

function sum(bytes: Uint8Array): number {
  return bytes.reduce((total, byte, i) => total + (i % 2 === 0 ? byte << 8 : byte), 0);
}
