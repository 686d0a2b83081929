/** TCP segments and the options that a NAT needs (RFC 9293, section 3.1; RFC 7323, section 2). */
import type { IpAddress } from '../address.ts';
import { messageChecksum, pseudoHeaderSum } from '../ip/checksum.ts';
import { type IpMessage, IpProtocol } from '../ip/packet.ts';

export const TcpFlag = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

const HEADER = 20;
const Option = { end: 0, none: 1, maximumSegment: 2, windowScale: 3 } as const;
/** RFC 7323, section 2.3. */
const LARGEST_SHIFT = 14;

export interface TcpSegment {
  readonly sequence: number;
  /** 0 without the flag. */
  readonly acknowledgment: number;
  readonly flags: number;
  /** As in the header, not scaled. */
  readonly window: number;
  /** What a SYN says of its sender. */
  readonly maximumSegment?: number | undefined;
  readonly windowShift?: number | undefined;
  readonly data: Uint8Array;
}

export interface TcpPorts {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** @returns Undefined for a malformed segment. */
export function parseTcp(message: IpMessage): (TcpSegment & TcpPorts) | undefined {
  const { payload } = message;
  if (payload.length < HEADER) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const dataOffset = (view.getUint8(12) >> 4) * 4;
  if (dataOffset < HEADER || dataOffset > payload.length) return undefined;
  if (messageChecksum(message, payload) !== 0) return undefined;
  const flags = view.getUint8(13);
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequence: view.getUint32(4),
    acknowledgment: view.getUint32(8),
    flags,
    window: view.getUint16(14),
    ...((flags & TcpFlag.syn) === 0 ? {} : parseOptions(payload.subarray(HEADER, dataOffset))),
    data: payload.subarray(dataOffset),
  };
}

function parseOptions(bytes: Uint8Array): Pick<TcpSegment, 'maximumSegment' | 'windowShift'> {
  let maximumSegment: number | undefined;
  let windowShift: number | undefined;
  for (let at = 0; at < bytes.length; ) {
    const kind = bytes[at];
    if (kind === Option.end) break;
    const length = kind === Option.none ? 1 : (bytes[at + 1] ?? 0);
    // An option that does not fit ends them, as in Linux.
    if (length < (kind === Option.none ? 1 : 2) || at + length > bytes.length) break;
    if (kind === Option.maximumSegment && length === 4)
      maximumSegment = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (kind === Option.windowScale && length === 3)
      windowShift = Math.min(bytes[at + 2] ?? 0, LARGEST_SHIFT);
    at += length;
  }
  return { maximumSegment, windowShift };
}

/** @param largest - Bytes of data that fit a packet: with more of them it is a large segment. */
export function encodeTcp(
  source: IpAddress,
  destination: IpAddress,
  { sourcePort, destinationPort, ...segment }: TcpSegment & TcpPorts,
  largest = Number.POSITIVE_INFINITY,
): IpMessage {
  const options: number[] = [];
  const { maximumSegment, windowShift } = segment;
  if (maximumSegment !== undefined)
    options.push(Option.maximumSegment, 4, maximumSegment >> 8, maximumSegment & 0xff);
  if (windowShift !== undefined) options.push(Option.none, Option.windowScale, 3, windowShift);
  const dataOffset = HEADER + options.length;
  const payload = new Uint8Array(dataOffset + segment.data.length);
  const view = new DataView(payload.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgment);
  view.setUint8(12, (dataOffset / 4) << 4);
  view.setUint8(13, segment.flags);
  view.setUint16(14, segment.window);
  payload.set(options, HEADER);
  payload.set(segment.data, dataOffset);
  const ends = { source, destination, protocol: IpProtocol.tcp };
  if (segment.data.length > largest) {
    view.setUint16(16, pseudoHeaderSum(ends, payload.length));
    return { ...ends, payload, segment: largest };
  }
  view.setUint16(16, messageChecksum(ends, payload));
  return { ...ends, payload };
}

/** The answer to a segment that belongs to no connection (RFC 9293, section 3.10.7.1); none to a reset. */
export function resetFor({ flags, sequence, acknowledgment, data }: TcpSegment): TcpSegment | undefined {
  if ((flags & TcpFlag.rst) !== 0) return undefined;
  const none = { window: 0, data: new Uint8Array(0) };
  if ((flags & TcpFlag.ack) !== 0)
    return { ...none, sequence: acknowledgment, acknowledgment: 0, flags: TcpFlag.rst };
  const length = data.length + (flags & TcpFlag.syn ? 1 : 0) + (flags & TcpFlag.fin ? 1 : 0);
  return {
    ...none,
    sequence: 0,
    acknowledgment: (sequence + length) >>> 0,
    flags: TcpFlag.rst | TcpFlag.ack,
  };
}
