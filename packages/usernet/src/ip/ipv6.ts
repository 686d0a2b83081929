/** IPv6 packets and their extension headers (RFC 8200). */
import { addressBytes, ipAddress } from '../address.ts';
import { HOP_LIMIT, type IpMessage, IpProtocol, type ReceivedMessage } from './packet.ts';
import type { Fragment } from './reassembly.ts';

export const IPV6_HEADER = 40;

const field = { length: 4, next: 6, hops: 7, source: 8, destination: 24 } as const;
const Extension = { hopByHop: 0, routing: 43, fragment: 44, destination: 60 } as const;
const MOST_EXTENSIONS = 8;
const FRAGMENT_HEADER = 8;

export interface Ipv6Packet extends ReceivedMessage {
  /** Undefined for a whole packet. */
  readonly fragment: Fragment | undefined;
}

/** @returns Undefined for a malformed packet. */
export function parseIpv6(bytes: Uint8Array): Ipv6Packet | undefined {
  if (bytes.length < IPV6_HEADER || (bytes[0] ?? 0) >> 4 !== 6) return undefined;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = IPV6_HEADER + data.getUint16(field.length);
  if (length > bytes.length) return undefined;
  const packet = bytes.subarray(0, length);
  const source = ipAddress(bytes.subarray(field.source, field.source + 16));
  const destination = ipAddress(bytes.subarray(field.destination, field.destination + 16));
  const inner = skipExtensions(data.getUint8(field.next), packet.subarray(IPV6_HEADER));
  if (!inner) return undefined;
  const { protocol, payload } = inner;
  const fragment = inner.fragment && {
    ...inner.fragment,
    key: `${source} ${destination} ${protocol} ${inner.fragment.key}`,
  };
  return { source, destination, protocol, payload, packet, fragment, hops: data.getUint8(field.hops) };
}

interface Inner {
  readonly protocol: number;
  readonly payload: Uint8Array;
  readonly fragment: Fragment | undefined;
}

/** Finds the message behind the extension headers, or the fragment of it. */
export function skipExtensions(next: number, bytes: Uint8Array): Inner | undefined {
  let protocol = next;
  let payload = bytes;
  for (let count = 0; count <= MOST_EXTENSIONS; count++) {
    switch (protocol) {
      case Extension.hopByHop:
      case Extension.routing:
      case Extension.destination: {
        const size = ((payload[1] ?? 0) + 1) * 8;
        if (payload.length < size) return undefined;
        protocol = payload[0] ?? 0;
        payload = payload.subarray(size);
        break;
      }
      case Extension.fragment: {
        if (payload.length < FRAGMENT_HEADER) return undefined;
        const data = new DataView(payload.buffer, payload.byteOffset, payload.length);
        const placement = data.getUint16(2);
        const [offset, more] = [placement & 0xfff8, (placement & 1) !== 0];
        protocol = data.getUint8(0);
        payload = payload.subarray(FRAGMENT_HEADER);
        // One that is whole all the same is no fragment (RFC 6946).
        if (offset === 0 && !more) break;
        const fragment = { key: String(data.getUint32(4)), offset, more, bytes: payload };
        return { protocol, payload, fragment };
      }
      default:
        return { protocol, payload, fragment: undefined };
    }
  }
  return undefined;
}

/** NDP takes only what no router has passed on (RFC 4861, section 3.1), so that it says 255. */
export const NDP_HOP_LIMIT = 255;

/** Makes a message's packet, or several where it is longer than one may be. */
export function encodeIpv6(message: IpMessage, identification: number, mtu: number): readonly Uint8Array[] {
  const { payload, protocol } = message;
  if (message.segment !== undefined || IPV6_HEADER + payload.length <= mtu)
    return [encode(message, protocol, payload)];
  const step = (mtu - IPV6_HEADER - FRAGMENT_HEADER) & ~7;
  return Array.from({ length: Math.ceil(payload.length / step) }, (_, index) => {
    const offset = index * step;
    const part = payload.subarray(offset, offset + step);
    const bytes = new Uint8Array(FRAGMENT_HEADER + part.length);
    const data = new DataView(bytes.buffer);
    data.setUint8(0, protocol);
    data.setUint16(2, offset | (offset + step < payload.length ? 1 : 0));
    data.setUint32(4, identification);
    bytes.set(part, FRAGMENT_HEADER);
    return encode(message, Extension.fragment, bytes);
  });
}

function encode({ source, destination, protocol }: IpMessage, next: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(IPV6_HEADER + payload.length);
  const data = new DataView(bytes.buffer);
  data.setUint8(0, 0x60);
  data.setUint16(field.length, payload.length);
  data.setUint8(field.next, next);
  data.setUint8(field.hops, protocol === IpProtocol.icmpv6 ? NDP_HOP_LIMIT : HOP_LIMIT);
  bytes.set(addressBytes(source), field.source);
  bytes.set(addressBytes(destination), field.destination);
  bytes.set(payload, IPV6_HEADER);
  return bytes;
}
