/** Neighbor discovery (RFC 4861) with name servers in router advertisements (RFC 8106). */
import { addressBytes, type IpAddress, ipAddress } from '../address.ts';
import type { OwnAddresses } from '../configuration.ts';
import { domainList } from '../dhcp/dhcp-message.ts';
import { MAC_SIZE } from '../ethernet/ethernet.ts';
import type { IcmpMessage } from './icmp.ts';

export const NdpType = {
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
} as const;

const Option = {
  sourceLinkAddress: 1,
  targetLinkAddress: 2,
  prefix: 3,
  mtu: 5,
  nameServers: 25,
  searchDomains: 31,
} as const;

export const ALL_NODES = 'ff02::1' as IpAddress;
const HOP_LIMIT = 64;
/** Other configuration is to be had by DHCPv6. */
const OTHER_CONFIGURATION = 0x40;
const ON_LINK_AND_AUTONOMOUS = 0xc0;
const SOLICITED_AND_OVERRIDE = 0x60000000;
const ROUTER = 0x80000000;
/** Seconds. */
export const Lifetime = { router: 1800, valid: 86_400, preferred: 14_400, nameServers: 1800 } as const;

/** What the guest says of a neighbor: who it looks for, or who it is. */
export interface NeighborMessage {
  readonly target: IpAddress;
  /** Its own hardware address. */
  readonly mac: Uint8Array | undefined;
}

/** @returns Undefined for a malformed message. */
export function parseNeighbor({ type, body }: IcmpMessage): NeighborMessage | undefined {
  if (body.length < 20) return undefined;
  const wanted = type === NdpType.neighborSolicitation ? Option.sourceLinkAddress : Option.targetLinkAddress;
  const options = parseOptions(body.subarray(20));
  return options && { target: ipAddress(body.subarray(4, 20)), mac: options.get(wanted)?.slice(0, MAC_SIZE) };
}

/** The hardware address that a router solicitation may have; `malformed` where its options are. */
export function solicitationMac({ body }: IcmpMessage): Uint8Array | undefined | 'malformed' {
  const options = parseOptions(body.subarray(4));
  return options ? options.get(Option.sourceLinkAddress)?.slice(0, MAC_SIZE) : 'malformed';
}

function parseOptions(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const size = (bytes[at + 1] ?? 0) * 8;
    if (size === 0 || at + size > bytes.length) return undefined;
    options.set(bytes[at] ?? 0, bytes.subarray(at + 2, at + size));
    at += size;
  }
  return options;
}

/** An option, padded to a multiple of 8 bytes. */
function option(type: number, content: Uint8Array | readonly number[]): number[] {
  const size = Math.ceil((content.length + 2) / 8);
  const bytes = new Array<number>(size * 8).fill(0);
  bytes[0] = type;
  bytes[1] = size;
  content.forEach((byte, i) => {
    bytes[i + 2] = byte;
  });
  return bytes;
}

const word = (value: number) => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];

export function neighborAdvertisement(target: IpAddress, mac: Uint8Array, router: boolean): IcmpMessage {
  const flags = (SOLICITED_AND_OVERRIDE | (router ? ROUTER : 0)) >>> 0;
  const body = [...word(flags), ...addressBytes(target), ...option(Option.targetLinkAddress, mac)];
  return { type: NdpType.neighborAdvertisement, code: 0, body: Uint8Array.from(body) };
}

export function neighborSolicitation(target: IpAddress, mac: Uint8Array): IcmpMessage {
  const body = [...word(0), ...addressBytes(target), ...option(Option.sourceLinkAddress, mac)];
  return { type: NdpType.neighborSolicitation, code: 0, body: Uint8Array.from(body) };
}

/** Where solicitations for an address go (RFC 4291, section 2.7.1). */
export function solicitedNode(address: IpAddress): IpAddress {
  const bytes = addressBytes('ff02::1:ff00:0' as IpAddress);
  bytes.set(addressBytes(address).subarray(13), 13);
  return ipAddress(bytes);
}

export interface Advertised extends OwnAddresses {
  readonly mac: Uint8Array;
  readonly mtu: number;
  /** The network leads nowhere: it is no router, and has no name server. */
  readonly restrict: boolean;
  readonly searchDomains: readonly string[];
}

export function routerAdvertisement(advertised: Advertised): IcmpMessage {
  const { network, dns, mac, mtu, restrict, searchDomains } = advertised;
  const lifetime = restrict ? 0 : Lifetime.router;
  const prefix = [
    ...[network.prefix, ON_LINK_AND_AUTONOMOUS, ...word(Lifetime.valid), ...word(Lifetime.preferred)],
    ...[...word(0), ...addressBytes(network.address)],
  ];
  const names = [0, 0, ...word(Lifetime.nameServers)];
  const body = [
    ...[HOP_LIMIT, OTHER_CONFIGURATION, lifetime >> 8, lifetime & 0xff, ...word(0), ...word(0)],
    ...option(Option.sourceLinkAddress, mac),
    ...option(Option.mtu, [0, 0, ...word(mtu)]),
    ...option(Option.prefix, prefix),
    ...(restrict ? [] : option(Option.nameServers, [...names, ...addressBytes(dns)])),
    ...(searchDomains.length === 0
      ? []
      : option(Option.searchDomains, [...names, ...domainList(searchDomains)])),
  ];
  return { type: NdpType.routerAdvertisement, code: 0, body: Uint8Array.from(body) };
}
