/** IPv4 packets (RFC 791), and their fragments. */
import { addressBytes, ipAddress } from '../address.ts';
import { checksum } from './checksum.ts';
import { HOP_LIMIT, type IpMessage, type ReceivedMessage } from './packet.ts';
import type { Fragment } from './reassembly.ts';

export const IPV4_HEADER = 20;

const field = {
  length: 2,
  identification: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
} as const;
const MORE_FRAGMENTS = 0x2000;
const DONT_FRAGMENT = 0x4000;
const OFFSET = 0x1fff;

export interface Ipv4Packet extends ReceivedMessage {
  /** Undefined for a whole packet. */
  readonly fragment: Fragment | undefined;
}

/** @returns Undefined for a malformed packet. */
export function parseIpv4(bytes: Uint8Array): Ipv4Packet | undefined {
  const headerLength = ((bytes[0] ?? 0) & 0xf) * 4;
  if ((bytes[0] ?? 0) >> 4 !== 4 || headerLength < IPV4_HEADER || bytes.length < headerLength)
    return undefined;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = data.getUint16(field.length);
  if (length < headerLength || length > bytes.length) return undefined;
  if (checksum(bytes.subarray(0, headerLength)) !== 0) return undefined;
  const packet = bytes.subarray(0, length);
  const payload = packet.subarray(headerLength);
  const source = ipAddress(bytes.subarray(field.source, field.source + 4));
  const destination = ipAddress(bytes.subarray(field.destination, field.destination + 4));
  const protocol = data.getUint8(field.protocol);
  const placement = data.getUint16(field.fragment);
  const [offset, more] = [(placement & OFFSET) * 8, (placement & MORE_FRAGMENTS) !== 0];
  const key = `${source} ${destination} ${protocol} ${data.getUint16(field.identification)}`;
  const fragment = offset > 0 || more ? { key, offset, more, bytes: payload } : undefined;
  return { source, destination, protocol, payload, packet, fragment, hops: data.getUint8(field.ttl) };
}

/**
 * Makes a message's packet, or several where it is longer than one may be.
 *
 * @param identification - 16 bits, which the fragments of a packet have in common.
 * @param mtu - Bytes of a packet at most.
 */
export function encodeIpv4(message: IpMessage, identification: number, mtu: number): readonly Uint8Array[] {
  const { payload } = message;
  if (message.segment !== undefined || IPV4_HEADER + payload.length <= mtu)
    return [encode(message, identification, payload, DONT_FRAGMENT)];
  const step = (mtu - IPV4_HEADER) & ~7;
  return Array.from({ length: Math.ceil(payload.length / step) }, (_, index) => {
    const offset = index * step;
    const more = offset + step < payload.length ? MORE_FRAGMENTS : 0;
    return encode(message, identification, payload.subarray(offset, offset + step), more | (offset / 8));
  });
}

function encode(
  message: IpMessage,
  identification: number,
  payload: Uint8Array,
  placement: number,
): Uint8Array {
  const bytes = new Uint8Array(IPV4_HEADER + payload.length);
  const data = new DataView(bytes.buffer);
  data.setUint8(0, 0x45);
  data.setUint16(field.length, bytes.length);
  data.setUint16(field.identification, identification);
  data.setUint16(field.fragment, placement);
  data.setUint8(field.ttl, HOP_LIMIT);
  data.setUint8(field.protocol, message.protocol);
  bytes.set(addressBytes(message.source), field.source);
  bytes.set(addressBytes(message.destination), field.destination);
  data.setUint16(field.checksum, checksum(bytes.subarray(0, IPV4_HEADER)));
  bytes.set(payload, IPV4_HEADER);
  return bytes;
}
