/** ICMP for IPv4 (RFC 792) and ICMPv6 (RFC 4443): echo, and the errors that the network itself reports. */
import { familyOf, type IpAddress } from '../address.ts';
import { checksum, messageChecksum } from './checksum.ts';
import { type IpMessage, IpProtocol, type ReceivedMessage } from './packet.ts';

export const IcmpType = { echoReply: 0, unreachable: 3, echoRequest: 8, timeExceeded: 11 } as const;
export const Icmpv6Type = {
  unreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  echoRequest: 128,
  echoReply: 129,
} as const;

const HEADER = 8;
/** An error message of IPv6 is no longer than what every link carries. */
const IPV6_QUOTE = 1280 - 40 - HEADER;
/** RFC 792: the header with its options, and 64 bits. */
const IPV4_QUOTE = 68;

export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** What follows the checksum. */
  readonly body: Uint8Array;
}

export interface Echo {
  readonly identifier: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** @returns Undefined for a malformed message. */
export function parseIcmp({ source, destination, protocol, payload }: IpMessage): IcmpMessage | undefined {
  if (payload.length < HEADER) return undefined;
  const rest =
    protocol === IpProtocol.icmp
      ? checksum(payload)
      : messageChecksum({ source, destination, protocol }, payload);
  if (rest !== 0) return undefined;
  return { type: payload[0] ?? 0, code: payload[1] ?? 0, body: payload.subarray(4) };
}

export function encodeIcmp(source: IpAddress, destination: IpAddress, message: IcmpMessage): IpMessage {
  const protocol = familyOf(source) === 4 ? IpProtocol.icmp : IpProtocol.icmpv6;
  const payload = new Uint8Array(4 + message.body.length);
  payload[0] = message.type;
  payload[1] = message.code;
  payload.set(message.body, 4);
  const sum =
    protocol === IpProtocol.icmp
      ? checksum(payload)
      : messageChecksum({ source, destination, protocol }, payload);
  new DataView(payload.buffer).setUint16(2, sum);
  return { source, destination, protocol, payload };
}

/** @returns Undefined for another kind of message. */
export function echoRequest({ type, code, body }: IcmpMessage, protocol: number): Echo | undefined {
  const request = protocol === IpProtocol.icmp ? IcmpType.echoRequest : Icmpv6Type.echoRequest;
  if (type !== request || code !== 0) return undefined;
  const data = new DataView(body.buffer, body.byteOffset, body.length);
  return { identifier: data.getUint16(0), sequence: data.getUint16(2), data: body.subarray(4) };
}

export function echoReply(source: IpAddress, destination: IpAddress, echo: Echo): IpMessage {
  const type = familyOf(source) === 4 ? IcmpType.echoReply : Icmpv6Type.echoReply;
  const body = new Uint8Array(4 + echo.data.length);
  const data = new DataView(body.buffer);
  data.setUint16(0, echo.identifier);
  data.setUint16(2, echo.sequence);
  body.set(echo.data, 4);
  return encodeIcmp(source, destination, { type, code: 0, body });
}

export type IcmpError = 'host unreachable' | 'port unreachable' | 'time exceeded';

const errorsIpv4: Readonly<Record<IcmpError, readonly [type: number, code: number]>> = {
  'host unreachable': [IcmpType.unreachable, 1],
  'port unreachable': [IcmpType.unreachable, 3],
  'time exceeded': [IcmpType.timeExceeded, 0],
};
const errorsIpv6: typeof errorsIpv4 = {
  'host unreachable': [Icmpv6Type.unreachable, 3],
  'port unreachable': [Icmpv6Type.unreachable, 4],
  'time exceeded': [Icmpv6Type.timeExceeded, 0],
};

/** The report that a packet of the guest did not arrive. */
export function icmpError(
  error: IcmpError,
  reporter: IpAddress,
  { source, packet }: Pick<ReceivedMessage, 'source' | 'packet'>,
): IpMessage {
  const isIpv4 = familyOf(source) === 4;
  const [type, code] = (isIpv4 ? errorsIpv4 : errorsIpv6)[error];
  const quote = packet.subarray(0, isIpv4 ? IPV4_QUOTE : IPV6_QUOTE);
  const body = new Uint8Array(4 + quote.length);
  body.set(quote, 4);
  return encodeIcmp(reporter, source, { type, code, body });
}
