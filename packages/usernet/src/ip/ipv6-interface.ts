/** The network's side of the guest's Ethernet for IPv6 (RFC 2464, RFC 4861): neighbors, router, packets, fragments. */
import { type IpAddress, isInNetwork, isRoutable, UNSPECIFIED_IPV6 } from '../address.ts';
import type { Configuration, OwnAddresses } from '../configuration.ts';
import { type EthernetFrame, EtherType, encodeEthernet, multicastMac, ownMac } from '../ethernet/ethernet.ts';
import { Neighbors } from '../ethernet/neighbors.ts';
import type { Timer } from '../host.ts';
import { encodeIcmp, type IcmpMessage, parseIcmp } from './icmp.ts';
import type { InterfaceOptions } from './interface.ts';
import { encodeIpv6, NDP_HOP_LIMIT, parseIpv6 } from './ipv6.ts';
import {
  ALL_NODES,
  NdpType,
  neighborAdvertisement,
  neighborSolicitation,
  parseNeighbor,
  routerAdvertisement,
  solicitationMac,
  solicitedNode,
} from './ndp.ts';
import { type IpMessage, IpProtocol, type ReceivedMessage } from './packet.ts';
import { Reassembly } from './reassembly.ts';

/** The router's address on the link, as libslirp has it. */
export const LINK_LOCAL = 'fe80::2' as IpAddress;
const LINK_LOCAL_NETWORK = { address: 'fe80::' as IpAddress, prefix: 10 };
const MULTICAST = { address: 'ff00::' as IpAddress, prefix: 8 };
/** Well below the lifetime of what is advertised. */
const ADVERTISEMENT_INTERVAL = 300_000;

export class Ipv6Interface {
  readonly neighbors: Neighbors;
  readonly #own: OwnAddresses;
  readonly #configuration: Configuration;
  readonly #options: InterfaceOptions;
  readonly #mac: Uint8Array;
  readonly #reassembly: Reassembly;
  #advertising: Timer | undefined;

  constructor(own: OwnAddresses, configuration: Configuration, options: InterfaceOptions) {
    this.#own = own;
    this.#configuration = configuration;
    this.#options = options;
    this.#mac = ownMac(own.gateway);
    this.#reassembly = new Reassembly(() => options.host.timers.now());
    this.neighbors = new Neighbors(options.host.timers, (address) => {
      this.#sendIcmp(
        this.sourceFor(address),
        solicitedNode(address),
        neighborSolicitation(address, this.#mac),
      );
    });
  }

  /** The hardware address of the router and server. */
  get mac(): Uint8Array {
    return this.#mac;
  }

  receive({ source: mac, payload }: EthernetFrame): void {
    const { statistics } = this.#options;
    const packet = parseIpv6(payload);
    if (!packet || !this.#isSource(packet.source)) {
      statistics.count('malformed');
      return;
    }
    if (this.#isGuest(packet.source)) this.neighbors.learn(packet.source, mac);
    const whole = packet.fragment ? this.#reassembly.add(packet.fragment) : packet.payload;
    if (whole === 'malformed') statistics.count('malformed');
    else if (whole !== 'incomplete') this.#take({ ...packet, payload: whole });
  }

  send(message: IpMessage): void {
    const { mtu, host } = this.#options;
    const { destination } = message;
    const packets = encodeIpv6(message, host.random() >>> 0, mtu);
    const send = (to: Uint8Array) => {
      for (const payload of packets)
        this.#options.transmit(
          encodeEthernet({ destination: to, source: this.#mac, type: EtherType.ipv6, payload }),
          message.segment,
        );
    };
    if (isInNetwork(destination, MULTICAST)) send(multicastMac(destination));
    else this.neighbors.resolve(destination, send);
  }

  /** The network's own address to send from, to one of the guest's. */
  sourceFor(address: IpAddress): IpAddress {
    return isInNetwork(address, LINK_LOCAL_NETWORK) ? LINK_LOCAL : this.#own.gateway;
  }

  isOwn(address: IpAddress): boolean {
    return address === this.#own.gateway || address === this.#own.dns || address === LINK_LOCAL;
  }

  close(): void {
    this.neighbors.close();
    this.#advertising?.cancel();
  }

  #isGuest(address: IpAddress): boolean {
    const isHost = isRoutable(address) || isInNetwork(address, LINK_LOCAL_NETWORK);
    return isHost && !this.isOwn(address);
  }

  #isSource(address: IpAddress): boolean {
    return address === UNSPECIFIED_IPV6 || this.#isGuest(address);
  }

  #take(message: ReceivedMessage): void {
    const type = message.payload[0] ?? 0;
    const isDiscovery =
      message.protocol === IpProtocol.icmpv6 &&
      type >= NdpType.routerSolicitation &&
      type <= NdpType.neighborAdvertisement;
    if (!isDiscovery) {
      this.#options.deliver(message);
      return;
    }
    const icmp = parseIcmp(message);
    const done = icmp?.code === 0 && message.hops === NDP_HOP_LIMIT && this.#discover(message.source, icmp);
    if (!done) this.#options.statistics.count('malformed');
  }

  /** @returns False for a malformed message. */
  #discover(source: IpAddress, icmp: IcmpMessage): boolean {
    switch (icmp.type) {
      case NdpType.routerSolicitation: {
        const mac = solicitationMac(icmp);
        if (mac === 'malformed') return false;
        if (mac && this.#isGuest(source)) this.neighbors.learn(source, mac);
        this.#advertise();
        return true;
      }
      case NdpType.neighborSolicitation: {
        const neighbor = parseNeighbor(icmp);
        if (!neighbor) return false;
        if (neighbor.mac && this.#isGuest(source)) this.neighbors.learn(source, neighbor.mac);
        const { target } = neighbor;
        if (!this.isOwn(target)) return true;
        const to = source === UNSPECIFIED_IPV6 ? ALL_NODES : source;
        this.#sendIcmp(target, to, neighborAdvertisement(target, this.#mac, target !== this.#own.dns));
        return true;
      }
      case NdpType.neighborAdvertisement: {
        const neighbor = parseNeighbor(icmp);
        if (!neighbor) return false;
        if (neighbor.mac && this.#isGuest(neighbor.target))
          this.neighbors.learn(neighbor.target, neighbor.mac);
        return true;
      }
      default:
        // The guest is no router of this network.
        return true;
    }
  }

  /** Tells the guest of the network, now and from time to time. */
  #advertise(): void {
    const { mtu, restrict, searchDomains } = this.#configuration;
    const advertised = { ...this.#own, mac: this.#mac, mtu, restrict, searchDomains };
    this.#sendIcmp(LINK_LOCAL, ALL_NODES, routerAdvertisement(advertised));
    this.#advertising?.cancel();
    this.#advertising = this.#options.host.timers.after(ADVERTISEMENT_INTERVAL, () => this.#advertise());
  }

  #sendIcmp(source: IpAddress, destination: IpAddress, message: IcmpMessage): void {
    this.send(encodeIcmp(source, destination, message));
  }
}
