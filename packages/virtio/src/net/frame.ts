/** What a network device does with the inside of a frame: complete a checksum, tell flows apart. */
import { ethernet, GsoType, NetHeaderFlag, netHeader } from './net-layout.ts';

/**
 * Completes a checksum (RFC 1071): its field has the sum of what does not lie in the frame, the pseudo header.
 *
 * @param start - Where the checksum begins to count.
 * @param offset - Where the field is, counted from there.
 * @returns False when the field is not inside the frame.
 */
export function completeChecksum(frame: Uint8Array, start: number, offset: number): boolean {
  const field = start + offset;
  if (field + 2 > frame.length) return false;
  let sum = 0;
  for (let at = start; at < frame.length; at += 2) sum += ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  // A sum of zero would say that there is none; both forms of zero mean the same to who checks it.
  const checksum = ~sum & 0xffff || 0xffff;
  frame[field] = checksum >>> 8;
  frame[field + 1] = checksum & 0xff;
  return true;
}

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** A byte that is the same for all frames of a flow, in both directions. */
export function flowHash(frame: Uint8Array): number {
  const at16 = (offset: number) => ((frame[offset] ?? 0) << 8) | (frame[offset + 1] ?? 0);
  const start = ethernet.headerSize;
  let hash = 0;
  const mix = (from: number, length: number) => {
    for (let i = 0; i < length; i += 2) hash ^= at16(from + i);
  };
  const type = at16(ethernet.type);
  if (type === IPV4) {
    const header = ((frame[start] ?? 0) & 0xf) * 4;
    mix(start + 12, 8);
    const whole = (at16(start + 6) & 0x3fff) === 0;
    if (whole && hasPorts(frame[start + 9])) mix(start + header, 4);
  } else if (type === IPV6) {
    mix(start + 8, 32);
    if (hasPorts(frame[start + 6])) mix(start + 40, 4);
  } else {
    mix(0, 12);
  }
  return (hash ^ (hash >> 8)) & 0xff;
}

function hasPorts(protocol: number | undefined): boolean {
  return protocol === 6 || protocol === 17;
}

const TCP = 6;
const TCP_CHECKSUM = 16;

/** Whether a frame has TCP over IPv4 or IPv6 in it, without extension headers. */
export function familyOfTcp(frame: Uint8Array): 4 | 6 | undefined {
  const type = ((frame[ethernet.type] ?? 0) << 8) | (frame[ethernet.type + 1] ?? 0);
  const start = ethernet.headerSize;
  if (type === IPV4 && frame[start + 9] === TCP) return 4;
  return type === IPV6 && frame[start + 6] === TCP ? 6 : undefined;
}

/**
 * Says in a frame's header that it is a large TCP segment, whose checksum is not complete (section 5.1.6.2).
 *
 * @param segment - Bytes of data in each of the segments it stands for.
 */
export function describeSegment(
  header: DataView,
  frame: Uint8Array,
  segment: number,
  littleEndian: boolean,
): void {
  const isIpv4 = familyOfTcp(frame) === 4;
  const start = ethernet.headerSize + (isIpv4 ? ((frame[ethernet.headerSize] ?? 0) & 0xf) * 4 : 40);
  const dataOffset = ((frame[start + 12] ?? 0) >> 4) * 4;
  header.setUint8(netHeader.flags, NetHeaderFlag.needsChecksum);
  header.setUint8(netHeader.gsoType, isIpv4 ? GsoType.tcp4 : GsoType.tcp6);
  header.setUint16(netHeader.headerLength, start + dataOffset, littleEndian);
  header.setUint16(netHeader.gsoSize, segment, littleEndian);
  header.setUint16(netHeader.checksumStart, start, littleEndian);
  header.setUint16(netHeader.checksumOffset, TCP_CHECKSUM, littleEndian);
}
