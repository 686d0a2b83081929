/** Networks that a network device of the guest is connected to (QEMU's `-netdev`). */
import type { UserNetworkOptions } from '@zarch/usernet';
import type { SocketAddress } from '../chardev/chardev.ts';

export type NetworkOptions =
  | {
      /** Frames over a TCP or UNIX connection: `socket` and `stream`. */
      readonly kind: 'stream';
      readonly address: SocketAddress;
      readonly server: boolean;
      /** Seconds after which a client that lost its server connects again; 0 is never. */
      readonly reconnect: number;
      readonly option: string;
    }
  | {
      /** A frame in each UDP datagram. */
      readonly kind: 'datagram';
      readonly local: { readonly host: string; readonly port: number };
      /** Default: whoever sent the last datagram. */
      readonly remote: { readonly host: string; readonly port: number } | undefined;
      readonly option: string;
    }
  | {
      /** A network of the program's own, which leads to the host's sockets: `user`. */
      readonly kind: 'user';
      readonly user: Omit<UserNetworkOptions, 'resolvers'>;
      readonly option: string;
    };

/** Frames that wait for the guest at most; later ones are lost, as on every Ethernet. */
export const WAITING_LIMIT = 256;
