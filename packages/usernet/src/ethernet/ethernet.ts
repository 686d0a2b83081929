/** Ethernet II frames without their checksum (IEEE 802.3, RFC 894, RFC 2464). */
import { addressBytes, familyOf, type IpAddress } from '../address.ts';

export const ETHERNET_HEADER = 14;
export const MAC_SIZE = 6;

export const EtherType = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;

export interface EthernetFrame {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  readonly type: number;
  readonly payload: Uint8Array;
}

/** @returns Undefined when the header is not complete. */
export function parseEthernet(frame: Uint8Array): EthernetFrame | undefined {
  if (frame.length < ETHERNET_HEADER) return undefined;
  return {
    destination: frame.subarray(0, 6),
    source: frame.subarray(6, 12),
    type: ((frame[12] ?? 0) << 8) | (frame[13] ?? 0),
    payload: frame.subarray(ETHERNET_HEADER),
  };
}

export function encodeEthernet({ destination, source, type, payload }: EthernetFrame): Uint8Array {
  const frame = new Uint8Array(ETHERNET_HEADER + payload.length);
  frame.set(destination, 0);
  frame.set(source, 6);
  frame[12] = type >> 8;
  frame[13] = type & 0xff;
  frame.set(payload, ETHERNET_HEADER);
  return frame;
}

export const BROADCAST_MAC = new Uint8Array(MAC_SIZE).fill(0xff);

export function isGroupMac(mac: Uint8Array): boolean {
  return ((mac[0] ?? 0) & 1) !== 0;
}

/** The hardware address of one of the network's own addresses, as libslirp makes it: 52:55 or 52:56 and 32 bits of it. */
export function ownMac(address: IpAddress): Uint8Array {
  const last = addressBytes(address).slice(-4);
  return Uint8Array.of(0x52, familyOf(address) === 4 ? 0x55 : 0x56, ...last);
}

/** Where a multicast packet of IPv6 goes (RFC 2464, section 7). */
export function multicastMac(address: IpAddress): Uint8Array {
  return Uint8Array.of(0x33, 0x33, ...addressBytes(address).slice(-4));
}
