/** The Internet checksum (RFC 1071), and the pseudo headers that TCP, UDP and ICMPv6 count in (RFC 9293, 768, 8200). */
import { addressBytes, type IpAddress } from '../address.ts';

/** Adds the 16-bit words of some bytes to a sum, the last byte padded with zero. */
function add(bytes: Uint8Array, start: number): number {
  let sum = start;
  const even = bytes.length & ~1;
  for (let at = 0; at < even; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return even === bytes.length ? sum : sum + ((bytes[even] ?? 0) << 8);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}

/** The checksum of bytes in which its own field is zero; 0 when the field has the right value already. */
export function checksum(bytes: Uint8Array): number {
  return ~fold(add(bytes, 0)) & 0xffff;
}

/** Who a message of a protocol above IP is between. */
export interface PseudoHeader {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
}

/** The sum of a pseudo header alone, for a message whose checksum somebody else completes. */
export function pseudoHeaderSum({ source, destination, protocol }: PseudoHeader, length: number): number {
  return fold(add(addressBytes(destination), add(addressBytes(source), 0)) + protocol + length);
}

/** The same for a message together with its pseudo header. */
export function messageChecksum(
  { source, destination, protocol }: PseudoHeader,
  message: Uint8Array,
): number {
  const addresses = add(addressBytes(destination), add(addressBytes(source), 0));
  return ~fold(add(message, addresses + protocol + message.length)) & 0xffff;
}
