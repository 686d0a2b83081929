/** How a network is to be: its addresses, what it tells the guest and what it lets through. */
import {
  addressInNetwork,
  type Endpoint,
  familyOf,
  type IpAddress,
  type IpNetwork,
  isInNetwork,
} from './address.ts';

/** A port of the host that leads to the guest. */
export interface HostForward {
  readonly protocol: 'tcp' | 'udp';
  readonly host: Endpoint;
  /** Default address: the first that DHCP gives. */
  readonly guest: { readonly address?: IpAddress | undefined; readonly port: number };
}

export interface Ipv4Options {
  /** Default 10.0.2.0/24. */
  readonly network?: IpNetwork | undefined;
  /** The gateway. Default: the network's address 2. */
  readonly gateway?: IpAddress | undefined;
  /** Default: the network's address 3. */
  readonly dns?: IpAddress | undefined;
  /** The first address for a guest that asks. Default: the network's address 15. */
  readonly dhcpStart?: IpAddress | undefined;
}

export interface Ipv6Options {
  /** Default fec0::/64. */
  readonly network?: IpNetwork | undefined;
  readonly gateway?: IpAddress | undefined;
  readonly dns?: IpAddress | undefined;
}

export interface UserNetworkOptions {
  /** False for a network without it. */
  readonly ipv4?: Ipv4Options | false;
  readonly ipv6?: Ipv6Options | false;
  /** The guest reaches nothing but the network itself; forwards work all the same. */
  readonly restrict?: boolean;
  /** What DHCP tells the guest about names. */
  readonly hostname?: string | undefined;
  readonly domainName?: string | undefined;
  readonly searchDomains?: readonly string[];
  readonly forwards?: readonly HostForward[];
  /** The host's name servers, in order of preference. */
  readonly resolvers?: readonly Endpoint[];
  /** Bytes of a packet at most. Default 1500. */
  readonly mtu?: number;
}

/** The addresses that the network itself has in one family. */
export interface OwnAddresses {
  readonly network: IpNetwork;
  readonly gateway: IpAddress;
  readonly dns: IpAddress;
}

export interface Configuration {
  readonly ipv4: (OwnAddresses & { readonly dhcpStart: IpAddress }) | undefined;
  readonly ipv6: OwnAddresses | undefined;
  readonly restrict: boolean;
  readonly hostname: string | undefined;
  readonly domainName: string | undefined;
  readonly searchDomains: readonly string[];
  readonly forwards: readonly HostForward[];
  readonly resolvers: readonly Endpoint[];
  readonly mtu: number;
}

const DEFAULT_IPV4: IpNetwork = { address: '10.0.2.0' as IpAddress, prefix: 24 };
const DEFAULT_IPV6: IpNetwork = { address: 'fec0::' as IpAddress, prefix: 64 };
const DEFAULT_MTU = 1500;
/** What IPv6 asks of every link; and what the length field of IPv4 allows. */
const [LEAST_MTU, LARGEST_MTU] = [1280, 65535];
const [GATEWAY, DNS, DHCP_START] = [2, 3, 15];
/** RFC 1035 has 255 for a name; one option of DHCP has room for as many bytes. */
const LONGEST_NAME = 255;
/** A router's advertisement has the prefix of an interface identifier of 64 bits. */
const IPV6_PREFIX = 64;

/** Fills in what options leave open. @returns The reason, where they make no sense. */
export function configure(options: UserNetworkOptions): Configuration | string {
  const { ipv4 = {}, ipv6 = {}, mtu = DEFAULT_MTU, hostname, domainName, searchDomains = [] } = options;
  const own4 = ipv4 && { ...ownAddresses(ipv4, DEFAULT_IPV4), dhcpStart: dhcpStartOf(ipv4) };
  const own6 = ipv6 && ownAddresses(ipv6, DEFAULT_IPV6);
  const problem =
    (!own4 && !own6 && 'neither IPv4 nor IPv6 is enabled') ||
    (own4 && (problemOf(own4) ?? dhcpProblem(own4))) ||
    (own6 && (own6.network.prefix !== IPV6_PREFIX ? 'the IPv6 prefix must have 64 bits' : problemOf(own6))) ||
    [hostname, domainName, ...searchDomains].map((name) => nameProblem(name)).find(Boolean) ||
    ((mtu < LEAST_MTU || mtu > LARGEST_MTU) && `the MTU must be between ${LEAST_MTU} and ${LARGEST_MTU}`);
  if (problem) return problem;
  return {
    ipv4: own4 || undefined,
    ipv6: own6 || undefined,
    restrict: options.restrict ?? false,
    hostname,
    domainName,
    searchDomains,
    forwards: options.forwards ?? [],
    resolvers: options.resolvers ?? [],
    mtu,
  };
}

function ownAddresses(options: Ipv4Options | Ipv6Options, otherwise: IpNetwork): OwnAddresses {
  const { address, prefix } = options.network ?? otherwise;
  const network = { address: addressInNetwork({ address, prefix }, 0), prefix };
  return {
    network,
    gateway: options.gateway ?? addressInNetwork(network, GATEWAY),
    dns: options.dns ?? addressInNetwork(network, DNS),
  };
}

function dhcpStartOf({ network = DEFAULT_IPV4, dhcpStart }: Ipv4Options): IpAddress {
  return dhcpStart ?? addressInNetwork(network, DHCP_START);
}

function problemOf({ network, gateway, dns }: OwnAddresses): string | undefined {
  if (familyOf(network.address) === 4 && (network.prefix < 1 || network.prefix > 29))
    return 'the network is too small, or too large';
  if (!isInNetwork(gateway, network)) return "the host's address is not in the network";
  if (!isInNetwork(dns, network)) return "the name server's address is not in the network";
  return dns === gateway ? 'the name server must have another address than the host' : undefined;
}

function dhcpProblem({
  network,
  gateway,
  dns,
  dhcpStart,
}: NonNullable<Configuration['ipv4']>): string | undefined {
  if (!isInNetwork(dhcpStart, network)) return "DHCP's first address is not in the network";
  return dhcpStart === gateway || dhcpStart === dns
    ? "DHCP's first address must be another one than the host's and the name server's"
    : undefined;
}

function nameProblem(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const fits = name !== '' && name.length <= LONGEST_NAME && /^[\x21-\x7e]+$/.test(name);
  return fits ? undefined : `'${name}' is not a name`;
}
