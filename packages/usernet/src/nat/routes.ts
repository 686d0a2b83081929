/** Where the guest's destinations are on the host, and what the guest knows the host's addresses as. */
import { type Endpoint, familyOf, type IpAddress, isInNetwork, isLoopback, isRoutable } from '../address.ts';
import type { Configuration, OwnAddresses } from '../configuration.ts';

const LOOPBACK = { 4: '127.0.0.1' as IpAddress, 6: '::1' as IpAddress } as const;
const DNS_PORT = 53;

export type Route =
  /** One of these, in order of preference. */
  | { readonly kind: 'host'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'dns' }
  /** Nobody is there. */
  | { readonly kind: 'none' };

export class Routes {
  readonly #configuration: Configuration;

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
  }

  /** The network's own addresses of the family that an address has. */
  own(address: IpAddress): OwnAddresses | undefined {
    const { ipv4, ipv6 } = this.#configuration;
    return familyOf(address) === 4 ? ipv4 : ipv6;
  }

  /** Where messages to a destination of the guest go: its gateway stands for the host's loopback address. */
  outward({ address, port }: Endpoint): Route {
    const own = this.own(address);
    if (!own || this.#configuration.restrict) return { kind: 'none' };
    if (address === own.dns) return port === DNS_PORT ? { kind: 'dns' } : { kind: 'none' };
    if (address === own.gateway)
      return { kind: 'host', endpoints: [{ address: LOOPBACK[familyOf(address)], port }] };
    if (isInNetwork(address, own.network) || !isRoutable(address)) return { kind: 'none' };
    return { kind: 'host', endpoints: [{ address, port }] };
  }

  /** Who a peer of the host is for the guest; undefined when the guest could not answer it. */
  inward({ address, port }: Endpoint): Endpoint | undefined {
    const own = this.own(address);
    return own && { address: isLoopback(address) ? own.gateway : address, port };
  }
}
