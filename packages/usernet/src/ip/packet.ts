/** What IPv4 and IPv6 have in common for those above: a message between two addresses. */
import type { IpAddress } from '../address.ts';

export const IpProtocol = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

export interface IpMessage {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly payload: Uint8Array;
  /**
   * Set for a TCP segment that the guest takes as it is, though it does not fit a packet: bytes of data in each of those
   * it stands for. Its checksum is not complete.
   */
  readonly segment?: number | undefined;
}

/** A message of the guest. */
export interface ReceivedMessage extends IpMessage {
  /** Time to live, or hop limit. */
  readonly hops: number;
  /** The packet's first bytes, which an error message quotes. */
  readonly packet: Uint8Array;
}

/** Sends a message to the guest. */
export type SendMessage = (message: IpMessage) => void;

export const HOP_LIMIT = 64;
