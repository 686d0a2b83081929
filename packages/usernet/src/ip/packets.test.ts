import { describe, expect, it } from 'vitest';
import type { IpAddress } from '../address.ts';
import { encodeTcp, parseTcp, TcpFlag } from '../tcp/segment.ts';
import { encodeUdp, parseUdp } from '../udp/udp.ts';
import { checksum } from './checksum.ts';
import { encodeIpv4, parseIpv4 } from './ipv4.ts';
import { encodeIpv6, parseIpv6, skipExtensions } from './ipv6.ts';
import type { IpMessage } from './packet.ts';

const [a4, b4] = ['192.0.2.1', '10.0.2.15'] as IpAddress[] as [IpAddress, IpAddress];
const [a6, b6] = ['2001:db8::1', 'fec0::15'] as IpAddress[] as [IpAddress, IpAddress];
const message = (length: number): IpMessage => ({
  source: a4,
  destination: b4,
  protocol: 17,
  payload: Uint8Array.from({ length }, (_, i) => i),
});

it('a checksum is that of the example of RFC 1071', () => {
  expect(checksum(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toBe(~0xddf2 & 0xffff);
  expect(checksum(Uint8Array.of(0xab))).toBe(0x54ff);
});

describe('an IPv4 packet', () => {
  it('is read back', () => {
    const [bytes = new Uint8Array(0)] = encodeIpv4(message(100), 7, 1500);
    expect(parseIpv4(bytes)).toMatchObject({ ...message(100), hops: 64, fragment: undefined });
    // What follows it in a frame is padding.
    expect(parseIpv4(Uint8Array.of(...bytes, 0, 0, 0))?.payload).toEqual(message(100).payload);
  });

  it('that is too long becomes fragments', () => {
    const packets = encodeIpv4(message(3000), 7, 1500).map((bytes) => parseIpv4(bytes)?.fragment);
    expect(packets.map((each) => [each?.offset, each?.bytes.length, each?.more])).toEqual([
      [0, 1480, true],
      [1480, 1480, true],
      [2960, 40, false],
    ]);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut short', (bytes) => bytes.subarray(0, 19)],
    ['with less than its length', (bytes) => bytes.subarray(0, 99)],
    ['of another version', (bytes) => bytes.with(0, 0x65)],
    ['with a header of 16 bytes', (bytes) => bytes.with(0, 0x44)],
    ['with a header that is longer than it', (bytes) => bytes.with(0, 0x4f).subarray(0, 40)],
    ['with a wrong checksum', (bytes) => bytes.with(10, (bytes[10] ?? 0) ^ 1)],
    ['that is empty', () => new Uint8Array(0)],
  ])('%s is malformed', (_, damage) => {
    const [bytes = new Uint8Array(0)] = encodeIpv4(message(100), 7, 1500);
    expect(parseIpv4(damage(bytes))).toBeUndefined();
  });
});

describe('an IPv6 packet', () => {
  const sixth = (length: number): IpMessage => ({ ...message(length), source: a6, destination: b6 });

  it('is read back', () => {
    const [bytes = new Uint8Array(0)] = encodeIpv6(sixth(100), 7, 1500);
    expect(parseIpv6(bytes)).toMatchObject({ ...sixth(100), hops: 64, fragment: undefined });
  });

  it('that is too long becomes fragments', () => {
    const packets = encodeIpv6(sixth(3000), 7, 1500).map((bytes) => parseIpv6(bytes)?.fragment);
    expect(packets.map((each) => [each?.offset, each?.bytes.length, each?.more])).toEqual([
      [0, 1448, true],
      [1448, 1448, true],
      [2896, 104, false],
    ]);
  });

  it('has its message behind extension headers', () => {
    const options = [60, 0, 1, 4, 0, 0, 0, 0, 17, 1, 1, 12, ...new Array<number>(12).fill(0), 5, 6];
    expect(skipExtensions(0, Uint8Array.from(options))).toEqual({
      protocol: 17,
      payload: Uint8Array.of(5, 6),
      fragment: undefined,
    });
  });

  it.each<[string, number, number[]]>([
    ['longer than the packet', 0, [17, 1, 0, 0, 0, 0, 0, 0]],
    ['cut short', 44, [17, 0, 0]],
    ['without end', 0, new Array<number>(800).fill(0)],
  ])('with an extension header %s is malformed', (_, next, bytes) => {
    expect(skipExtensions(next, Uint8Array.from(bytes))).toBeUndefined();
  });
});

describe('a UDP datagram', () => {
  const datagram = {
    source: { address: a4, port: 1 },
    destination: { address: b4, port: 0xffff },
    data: Uint8Array.of(1, 2, 3),
  };

  it('is read back, over either protocol', () => {
    expect(parseUdp(encodeUdp(datagram))).toEqual(datagram);
    const sixth = {
      ...datagram,
      source: { address: a6, port: 1 },
      destination: { address: b6, port: 2 },
    };
    expect(parseUdp(encodeUdp(sixth))).toEqual(sixth);
  });

  it('may have no checksum over IPv4 only', () => {
    const { payload, ...rest } = encodeUdp(datagram);
    const without = payload.with(6, 0).with(7, 0);
    expect(parseUdp({ ...rest, payload: without })).toEqual(datagram);
    expect(parseUdp({ ...rest, source: a6, destination: b6, payload: without })).toBeUndefined();
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut short', (bytes) => bytes.subarray(0, 7)],
    ['with less than its length', (bytes) => bytes.subarray(0, 10)],
    ['of less than a header', (bytes) => bytes.with(5, 7)],
    ['with a wrong checksum', (bytes) => bytes.with(8, 9)],
  ])('%s is malformed', (_, damage) => {
    const { payload, ...rest } = encodeUdp(datagram);
    expect(parseUdp({ ...rest, payload: damage(payload) })).toBeUndefined();
  });
});

describe('a TCP segment', () => {
  const segment = {
    ...{ sourcePort: 80, destinationPort: 5000, sequence: 0xffffffff, acknowledgment: 0x80000000 },
    ...{ flags: TcpFlag.syn | TcpFlag.ack, window: 0xffff, maximumSegment: 1460, windowShift: 7 },
    data: Uint8Array.of(1, 2, 3),
  };

  it('is read back', () => {
    expect(parseTcp(encodeTcp(a4, b4, segment))).toEqual(segment);
  });

  it.each<[string, number[], object]>([
    ['nothing after the end', [0, 3, 3, 7], { windowShift: undefined }],
    ['one between others', [1, 3, 3, 20], { windowShift: 14 }],
    ['an unknown one', [99, 4, 0, 0], { windowShift: undefined, maximumSegment: undefined }],
    ['one of no length', [99, 0, 3, 3], { windowShift: undefined }],
    ['one that does not fit', [2, 5, 1, 1], { maximumSegment: undefined }],
  ])('has options: %s', (_, options, expected) => {
    const plain = { ...segment, maximumSegment: undefined, windowShift: undefined };
    const message = encodeTcp(a4, b4, { ...plain, data: Uint8Array.from(options) });
    const view = new DataView(message.payload.buffer);
    view.setUint8(12, 6 << 4);
    view.setUint16(16, view.getUint16(16) - (1 << 12) + (view.getUint16(16) < 1 << 12 ? 0xffff : 0));
    expect(parseTcp(message)).toMatchObject({ ...expected, data: new Uint8Array(0) });
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut short', (bytes) => bytes.subarray(0, 19)],
    ['with a header of 16 bytes', (bytes) => bytes.with(12, 0x40)],
    ['with a header that is longer than it', (bytes) => bytes.with(12, 0xf0)],
    ['with a wrong checksum', (bytes) => bytes.with(8, 1)],
  ])('%s is malformed', (_, damage) => {
    const { payload, ...rest } = encodeTcp(a4, b4, segment);
    expect(parseTcp({ ...rest, payload: damage(payload) })).toBeUndefined();
  });
});
