/** The DHCP server (RFC 2131): gives the guest's interfaces addresses from the configured one on. */
import type { Payload } from '@zarch/arch';
import {
  addressBytes,
  addressInNetwork,
  BROADCAST,
  type IpAddress,
  isInNetwork,
  netmask,
  UNSPECIFIED_IPV4,
} from '../address.ts';
import type { Configuration } from '../configuration.ts';
import { restored } from '../saved.ts';
import {
  DhcpOption,
  type DhcpOptions,
  type DhcpReply,
  type DhcpRequest,
  DhcpType,
  domainList,
  encodeDhcp,
  parseDhcp,
  textBytes,
} from './dhcp-message.ts';

export const DHCP_SERVER_PORT = 67;
export const DHCP_CLIENT_PORT = 68;

const NAME = 'usernet-dhcp';
const VERSION = 1;
/** Addresses that can be given, as with libslirp. */
const ADDRESSES = 16;
const LEASE_SECONDS = 24 * 3600;
const BROADCAST_FLAG = 0x8000;
const DEFAULT_MTU = 1500;

export interface DhcpAnswer {
  readonly destination: IpAddress;
  /** Undefined for all of the guest's interfaces. */
  readonly mac: Uint8Array | undefined;
  readonly message: Uint8Array;
}

interface Lease {
  readonly mac: string;
  readonly until: number;
}

/** Leases with the time that they have left. */
type SavedLeases = readonly (readonly [address: IpAddress, mac: string, remaining: number])[];

export class DhcpServer {
  readonly #own: NonNullable<Configuration['ipv4']>;
  readonly #configuration: Configuration;
  readonly #now: () => number;
  readonly #pool: readonly IpAddress[];
  readonly #leases = new Map<IpAddress, Lease>();

  constructor(own: NonNullable<Configuration['ipv4']>, configuration: Configuration, now: () => number) {
    this.#own = own;
    this.#configuration = configuration;
    this.#now = now;
    this.#pool = poolOf(own);
  }

  /** @returns Undefined where no answer is due; `malformed` for what is no request. */
  answer(bytes: Uint8Array): DhcpAnswer | 'malformed' | undefined {
    const request = parseDhcp(bytes);
    if (!request) return 'malformed';
    const reply = this.#reply(request);
    return reply && { ...target(request, reply), message: encodeDhcp(request, reply) };
  }

  save(): Payload<SavedLeases> {
    const now = this.#now();
    const data = [...this.#leases].map(([address, { mac, until }]) => [address, mac, until - now] as const);
    return { name: NAME, version: VERSION, data };
  }

  restore(state: Payload): void {
    const now = this.#now();
    this.#leases.clear();
    for (const [address, mac, remaining] of restored<SavedLeases>(state, NAME, VERSION))
      this.#leases.set(address, { mac, until: now + remaining });
  }

  #reply(request: DhcpRequest): DhcpReply | undefined {
    const mac = request.mac.join(':');
    switch (request.type) {
      case DhcpType.discover: {
        const address = this.#choose(mac, request.requested);
        return address && this.#grant(DhcpType.offer, address);
      }
      case DhcpType.request:
        return this.#request(request, mac);
      case DhcpType.inform:
        return this.#acknowledgment(DhcpType.acknowledge, UNSPECIFIED_IPV4, this.#parameters());
      case DhcpType.release:
        if (this.#leases.get(request.client)?.mac === mac) this.#leases.delete(request.client);
        return undefined;
      case DhcpType.decline:
        // Somebody else has the address: nobody is given it for as long as a lease lasts.
        if (request.requested && this.#pool.includes(request.requested)) this.#lease(request.requested, '');
        return undefined;
      default:
        return undefined;
    }
  }

  #request({ client, requested, server }: DhcpRequest, mac: string): DhcpReply | undefined {
    if (server !== undefined && server !== this.#own.gateway) return undefined;
    const address = requested ?? client;
    if (!this.#isFree(address, mac)) {
      const message = textBytes('requested address not available');
      const options: DhcpOptions = [[DhcpOption.message, message]];
      return this.#acknowledgment(DhcpType.refuse, UNSPECIFIED_IPV4, options);
    }
    // A client has one address.
    for (const [other, lease] of this.#leases) if (lease.mac === mac) this.#leases.delete(other);
    this.#lease(address, mac);
    return this.#grant(DhcpType.acknowledge, address);
  }

  #choose(mac: string, requested: IpAddress | undefined): IpAddress | undefined {
    const current = this.#pool.find((address) => this.#leases.get(address)?.mac === mac);
    if (current !== undefined) return current;
    if (requested !== undefined && this.#isFree(requested, mac)) return requested;
    return this.#pool.find((address) => this.#isFree(address, mac));
  }

  #isFree(address: IpAddress, mac: string): boolean {
    const lease = this.#leases.get(address);
    return this.#pool.includes(address) && (!lease || lease.mac === mac || lease.until <= this.#now());
  }

  #lease(address: IpAddress, mac: string): void {
    this.#leases.set(address, { mac, until: this.#now() + LEASE_SECONDS * 1000 });
  }

  #grant(type: number, yours: IpAddress): DhcpReply {
    const seconds = new Uint8Array(4);
    new DataView(seconds.buffer).setUint32(0, LEASE_SECONDS);
    return this.#acknowledgment(type, yours, [[DhcpOption.leaseTime, seconds], ...this.#parameters()]);
  }

  #acknowledgment(type: number, yours: IpAddress, options: DhcpOptions): DhcpReply {
    return { type, yours, server: this.#own.gateway, options };
  }

  /** What the guest is told of its network; where it reaches nobody, there is no router and no name server. */
  #parameters(): DhcpOptions {
    const { restrict, hostname, domainName, searchDomains, mtu } = this.#configuration;
    const { network, gateway, dns } = this.#own;
    const options: [number, Uint8Array][] = [[DhcpOption.netmask, addressBytes(netmask(network.prefix))]];
    if (!restrict)
      options.push([DhcpOption.router, addressBytes(gateway)], [DhcpOption.nameServer, addressBytes(dns)]);
    if (hostname !== undefined) options.push([DhcpOption.hostname, textBytes(hostname)]);
    if (domainName !== undefined) options.push([DhcpOption.domainName, textBytes(domainName)]);
    if (searchDomains.length > 0) options.push([DhcpOption.searchDomains, domainList(searchDomains)]);
    if (mtu !== DEFAULT_MTU) options.push([DhcpOption.mtu, Uint8Array.of(mtu >> 8, mtu & 0xff)]);
    return options;
  }
}

/** Who an answer goes to (RFC 2131, section 4.1). */
function target({ client, flags, mac }: DhcpRequest, { type }: DhcpReply): Omit<DhcpAnswer, 'message'> {
  const refuses = type === DhcpType.refuse;
  if (client !== UNSPECIFIED_IPV4 && !refuses) return { destination: client, mac };
  return { destination: BROADCAST, mac: refuses || (flags & BROADCAST_FLAG) !== 0 ? undefined : mac };
}

/** The addresses from the first one on, as long as the network has them. */
function poolOf({ network, dhcpStart, gateway, dns }: NonNullable<Configuration['ipv4']>): IpAddress[] {
  const first = new DataView(addressBytes(dhcpStart).buffer).getUint32(0);
  const last = addressInNetwork(network, 0xffffffff);
  const candidates = Array.from({ length: ADDRESSES }, (_, i) =>
    addressInNetwork({ address: UNSPECIFIED_IPV4, prefix: 0 }, first + i),
  );
  return candidates.filter(
    (address) => isInNetwork(address, network) && ![gateway, dns, last].includes(address),
  );
}
