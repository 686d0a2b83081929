/** What the interfaces of both families to the guest's Ethernet are given, and are. */
import type { UserNetworkHost } from '../host.ts';
import type { Statistics } from '../statistics.ts';
import type { ReceivedMessage } from './packet.ts';

export interface InterfaceOptions {
  readonly host: Pick<UserNetworkHost, 'timers' | 'random'>;
  readonly mtu: number;
  readonly statistics: Statistics;
  /** @param segment - As in `IpMessage`. */
  readonly transmit: (frame: Uint8Array, segment?: number) => void;
  /** Takes a whole message of the guest. */
  readonly deliver: (message: ReceivedMessage) => void;
}
