/** UDP datagrams (RFC 768; RFC 8200, section 8.1). */
import type { Endpoint } from '../address.ts';
import { messageChecksum } from '../ip/checksum.ts';
import { type IpMessage, IpProtocol } from '../ip/packet.ts';

const HEADER = 8;

export interface UdpDatagram {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly data: Uint8Array;
}

/** @returns Undefined for a malformed datagram. */
export function parseUdp(message: IpMessage): UdpDatagram | undefined {
  const { source, destination, payload } = message;
  if (payload.length < HEADER) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const length = view.getUint16(4);
  if (length < HEADER || length > payload.length) return undefined;
  const datagram = payload.subarray(0, length);
  const hasChecksum = view.getUint16(6) !== 0;
  // Only IPv4 allows datagrams without one.
  if (!hasChecksum && source.includes(':')) return undefined;
  if (hasChecksum && messageChecksum(message, datagram) !== 0) return undefined;
  return {
    source: { address: source, port: view.getUint16(0) },
    destination: { address: destination, port: view.getUint16(2) },
    data: datagram.subarray(HEADER),
  };
}

export function encodeUdp({ source, destination, data }: UdpDatagram): IpMessage {
  const payload = new Uint8Array(HEADER + data.length);
  const view = new DataView(payload.buffer);
  view.setUint16(0, source.port);
  view.setUint16(2, destination.port);
  view.setUint16(4, payload.length);
  payload.set(data, HEADER);
  const ends = { source: source.address, destination: destination.address, protocol: IpProtocol.udp };
  view.setUint16(6, messageChecksum(ends, payload) || 0xffff);
  return { ...ends, payload };
}
