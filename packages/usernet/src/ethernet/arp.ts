/** ARP for IPv4 on Ethernet (RFC 826). */
import { addressBytes, type IpAddress, ipAddress } from '../address.ts';
import { EtherType } from './ethernet.ts';

export const ArpOperation = { request: 1, reply: 2 } as const;

export interface ArpPacket {
  readonly operation: number;
  readonly senderMac: Uint8Array;
  readonly sender: IpAddress;
  readonly targetMac: Uint8Array;
  readonly target: IpAddress;
}

const SIZE = 28;
const HARDWARE_ETHERNET = 1;

/** @returns Undefined for what is incomplete or about other kinds of address. */
export function parseArp(bytes: Uint8Array): ArpPacket | undefined {
  if (bytes.length < SIZE) return undefined;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.getUint16(0) !== HARDWARE_ETHERNET || data.getUint16(2) !== EtherType.ipv4) return undefined;
  if (data.getUint16(4) !== 0x0604) return undefined;
  return {
    operation: data.getUint16(6),
    senderMac: bytes.subarray(8, 14),
    sender: ipAddress(bytes.subarray(14, 18)),
    targetMac: bytes.subarray(18, 24),
    target: ipAddress(bytes.subarray(24, 28)),
  };
}

export function encodeArp({ operation, senderMac, sender, targetMac, target }: ArpPacket): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  const data = new DataView(bytes.buffer);
  data.setUint16(0, HARDWARE_ETHERNET);
  data.setUint16(2, EtherType.ipv4);
  data.setUint16(4, 0x0604);
  data.setUint16(6, operation);
  bytes.set(senderMac, 8);
  bytes.set(addressBytes(sender), 14);
  bytes.set(targetMac, 18);
  bytes.set(addressBytes(target), 24);
  return bytes;
}
