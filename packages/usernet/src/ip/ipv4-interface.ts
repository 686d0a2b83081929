/** The network's side of the guest's Ethernet for IPv4 (RFC 894, RFC 1122, section 3): ARP, packets, fragments. */
import {
  addressInNetwork,
  BROADCAST,
  type IpAddress,
  isInNetwork,
  isRoutable,
  UNSPECIFIED_IPV4,
} from '../address.ts';
import type { OwnAddresses } from '../configuration.ts';
import { ArpOperation, encodeArp, parseArp } from '../ethernet/arp.ts';
import {
  BROADCAST_MAC,
  type EthernetFrame,
  EtherType,
  encodeEthernet,
  ownMac,
} from '../ethernet/ethernet.ts';
import { Neighbors } from '../ethernet/neighbors.ts';
import type { InterfaceOptions } from './interface.ts';
import { encodeIpv4, parseIpv4 } from './ipv4.ts';
import type { IpMessage } from './packet.ts';
import { Reassembly } from './reassembly.ts';

export class Ipv4Interface {
  readonly neighbors: Neighbors;
  readonly #own: OwnAddresses;
  readonly #options: InterfaceOptions;
  readonly #mac: Uint8Array;
  readonly #broadcast: IpAddress;
  readonly #reassembly: Reassembly;
  #identification = 0;

  constructor(own: OwnAddresses, options: InterfaceOptions) {
    this.#own = own;
    this.#options = options;
    this.#mac = ownMac(own.gateway);
    this.#broadcast = addressInNetwork(own.network, 0xffffffff);
    this.#reassembly = new Reassembly(() => options.host.timers.now());
    this.neighbors = new Neighbors(options.host.timers, (address) => this.#request(address));
  }

  receiveArp({ payload }: EthernetFrame): void {
    const packet = parseArp(payload);
    if (!packet) {
      this.#options.statistics.count('malformed');
      return;
    }
    const { operation, sender, senderMac, target } = packet;
    if (this.#isGuest(sender)) this.neighbors.learn(sender, senderMac);
    if (operation !== ArpOperation.request || !this.#isOwn(target)) return;
    const mac = ownMac(target);
    const reply = {
      operation: ArpOperation.reply,
      senderMac: mac,
      sender: target,
      targetMac: senderMac,
      target: sender,
    };
    this.#transmit(senderMac, EtherType.arp, encodeArp(reply), mac);
  }

  receive({ source: mac, payload }: EthernetFrame): void {
    const { statistics, deliver } = this.#options;
    const packet = parseIpv4(payload);
    if (!packet || !this.#isSource(packet.source)) {
      statistics.count('malformed');
      return;
    }
    if (this.#isGuest(packet.source)) this.neighbors.learn(packet.source, mac);
    if (!packet.fragment) {
      deliver(packet);
      return;
    }
    const whole = this.#reassembly.add(packet.fragment);
    if (whole === 'malformed') statistics.count('malformed');
    else if (whole !== 'incomplete') deliver({ ...packet, payload: whole });
  }

  /** @param mac - Where to, if that is known. */
  send(message: IpMessage, mac?: Uint8Array): void {
    const { mtu } = this.#options;
    this.#identification = (this.#identification + 1) & 0xffff;
    const packets = encodeIpv4(message, this.#identification, mtu);
    const send = (to: Uint8Array) => {
      for (const payload of packets) {
        const frame = encodeEthernet({ destination: to, source: this.#mac, type: EtherType.ipv4, payload });
        this.#options.transmit(frame, message.segment);
      }
    };
    if (mac) send(mac);
    else if (this.isBroadcast(message.destination)) send(BROADCAST_MAC);
    else this.neighbors.resolve(message.destination, send);
  }

  isBroadcast(address: IpAddress): boolean {
    return address === BROADCAST || address === this.#broadcast;
  }

  #isOwn(address: IpAddress): boolean {
    return address === this.#own.gateway || address === this.#own.dns;
  }

  /** Whether a host of the guest can have an address. */
  #isGuest(address: IpAddress): boolean {
    return isRoutable(address) && !this.#isOwn(address) && !this.isBroadcast(address);
  }

  /** A guest without address has the unspecified one. */
  #isSource(address: IpAddress): boolean {
    return address === UNSPECIFIED_IPV4 || this.#isGuest(address);
  }

  #request(target: IpAddress): void {
    if (!isInNetwork(target, this.#own.network)) return;
    const { gateway } = this.#own;
    const request = {
      operation: ArpOperation.request,
      senderMac: this.#mac,
      sender: gateway,
      targetMac: new Uint8Array(6),
      target,
    };
    this.#transmit(BROADCAST_MAC, EtherType.arp, encodeArp(request));
  }

  #transmit(destination: Uint8Array, type: number, payload: Uint8Array, source = this.#mac): void {
    this.#options.transmit(encodeEthernet({ destination, source, type, payload }));
  }
}
