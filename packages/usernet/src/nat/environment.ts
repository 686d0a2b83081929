/** What every translator between the guest's messages and the host's sockets is given. */
import type { Endpoint, IpFamily } from '../address.ts';
import type { UserNetworkHost } from '../host.ts';
import type { IcmpError } from '../ip/icmp.ts';
import type { ReceivedMessage, SendMessage } from '../ip/packet.ts';
import type { Statistics } from '../statistics.ts';
import type { Routes } from './routes.ts';

export interface NatEnvironment {
  readonly host: Pick<UserNetworkHost, 'sockets' | 'timers' | 'random'>;
  readonly routes: Routes;
  readonly resolvers: readonly Endpoint[];
  readonly mtu: number;
  readonly statistics: Statistics;
  /** Whether the guest takes large TCP segments. */
  readonly takesLarge: (family: IpFamily) => boolean;
  readonly send: SendMessage;
  /** Tells the guest that a packet did not arrive. */
  readonly report: (error: IcmpError, message: Pick<ReceivedMessage, 'source' | 'packet'>) => void;
}
