/** A guest that is a test: its interface, and as much of TCP/IP as it takes to use the network. */
import {
  addressBytes,
  BROADCAST,
  type Endpoint,
  endpointText,
  familyOf,
  type IpAddress,
  UNSPECIFIED_IPV4,
} from '../address.ts';
import { DhcpType, textBytes } from '../dhcp/dhcp-message.ts';
import { ArpOperation, type ArpPacket, encodeArp, parseArp } from '../ethernet/arp.ts';
import {
  BROADCAST_MAC,
  EtherType,
  encodeEthernet,
  multicastMac,
  parseEthernet,
} from '../ethernet/ethernet.ts';
import { encodeIcmp, type IcmpMessage, parseIcmp } from '../ip/icmp.ts';
import { encodeIpv4, parseIpv4 } from '../ip/ipv4.ts';
import { encodeIpv6, parseIpv6 } from '../ip/ipv6.ts';
import { type IpMessage, IpProtocol } from '../ip/packet.ts';
import { Reassembly } from '../ip/reassembly.ts';
import { encodeTcp, parseTcp } from '../tcp/segment.ts';
import { encodeUdp, parseUdp, type UdpDatagram } from '../udp/udp.ts';
import { GuestTcp, type GuestTcpOptions } from './guest-tcp.ts';

export const GUEST_MAC = Uint8Array.of(0x52, 0x54, 0x00, 0x12, 0x34, 0x56);
const HARDWARE_FIELD = 28;
const DHCP_SIZE = 300;

export class GuestStack {
  readonly mac: Uint8Array;
  address = '10.0.2.15' as IpAddress;
  address6 = 'fec0::15' as IpAddress;
  /** What came, besides TCP. */
  readonly datagrams: UdpDatagram[] = [];
  readonly icmp: (IcmpMessage & { readonly source: IpAddress })[] = [];
  readonly arp: ArpPacket[] = [];
  /** Connections to these ports are accepted. */
  readonly listening = new Set<number>();
  readonly connections = new Map<string, GuestTcp>();
  /** Segments that no connection has. */
  readonly strays: ReturnType<typeof parseTcp>[] = [];
  readonly frames: Uint8Array[] = [];
  readonly #send: (frame: Uint8Array) => void;
  readonly #reassembly = new Reassembly(() => 0);
  readonly #neighbors = new Map<IpAddress, Uint8Array>();
  readonly #waiting: IpMessage[] = [];
  #identification = 0;
  #port = 50000;

  constructor(send: (frame: Uint8Array) => void, mac: Uint8Array = GUEST_MAC) {
    this.#send = send;
    this.mac = mac;
  }

  frame(type: number, payload: Uint8Array, destination: Uint8Array = BROADCAST_MAC): void {
    this.#send(encodeEthernet({ destination, source: this.mac, type, payload }));
  }

  /** Sends a message as packets of this size at most. */
  message(message: IpMessage, mtu = 1500): void {
    const { destination } = message;
    this.#identification++;
    if (familyOf(destination) === 6) {
      for (const packet of encodeIpv6(message, this.#identification, mtu))
        this.frame(EtherType.ipv6, packet, multicastMac(destination));
      return;
    }
    const isBroadcast = destination === BROADCAST;
    const mac = isBroadcast ? BROADCAST_MAC : this.#neighbors.get('10.0.2.2' as IpAddress);
    if (!mac) {
      this.#waiting.push(message);
      this.requestArp('10.0.2.2' as IpAddress);
      return;
    }
    for (const packet of encodeIpv4(message, this.#identification, mtu))
      this.frame(EtherType.ipv4, packet, mac);
  }

  requestArp(target: IpAddress): void {
    const own = { senderMac: this.mac, sender: this.address };
    this.frame(
      EtherType.arp,
      encodeArp({ operation: ArpOperation.request, ...own, targetMac: new Uint8Array(6), target }),
    );
  }

  udp(port: number, destination: Endpoint, data: Uint8Array, mtu?: number): void {
    const address = familyOf(destination.address) === 4 ? this.address : this.address6;
    this.message(encodeUdp({ source: { address, port }, destination, data }), mtu);
  }

  ping(destination: IpAddress, data: Uint8Array): void {
    const isIpv4 = familyOf(destination) === 4;
    const body = Uint8Array.of(0x12, 0x34, 0, 1, ...data);
    const source = isIpv4 ? this.address : this.address6;
    this.message(encodeIcmp(source, destination, { type: isIpv4 ? 8 : 128, code: 0, body }));
  }

  /** A message of a DHCP client without address. */
  dhcp(type: number, options: readonly (readonly [code: number, value: Uint8Array])[] = []): void {
    const data = new Uint8Array(DHCP_SIZE);
    data.set([1, 1, 6, 0, 0xca, 0xfe, 0xba, 0xbe]);
    data.set(this.mac, HARDWARE_FIELD);
    data.set([0x63, 0x82, 0x53, 0x63, 53, 1, type], 236);
    const rest = options.flatMap(([code, value]) => [code, value.length, ...value]);
    data.set([...rest, 255], 243);
    const source = { address: UNSPECIFIED_IPV4, port: 68 };
    this.message(encodeUdp({ source, destination: { address: BROADCAST, port: 67 }, data }));
  }

  /** Asks for an address as clients do. */
  discover(): void {
    this.dhcp(DhcpType.discover, [[12, textBytes('guest')]]);
  }

  request(address: IpAddress): void {
    this.dhcp(DhcpType.request, [[50, addressBytes(address)]]);
  }

  connect(remote: Endpoint, options: GuestTcpOptions = {}): GuestTcp {
    const address = familyOf(remote.address) === 4 ? this.address : this.address6;
    return this.dial({ address, port: this.#port++ }, remote, options);
  }

  /** The same from a given port; a connection that had it is forgotten. */
  dial(local: Endpoint, remote: Endpoint, options: GuestTcpOptions = {}): GuestTcp {
    const connection = this.#connection(local, remote, options);
    connection.connect();
    return connection;
  }

  receive(frame: Uint8Array): void {
    this.frames.push(frame);
    const parsed = parseEthernet(frame);
    if (parsed?.type === EtherType.arp) this.#receiveArp(parsed.payload);
    if (parsed?.type === EtherType.ipv4) this.#receivePacket(parseIpv4(parsed.payload));
    if (parsed?.type === EtherType.ipv6) this.#receivePacket(parseIpv6(parsed.payload));
  }

  #receiveArp(payload: Uint8Array): void {
    const packet = parseArp(payload);
    if (!packet) throw new Error('a malformed ARP packet');
    this.arp.push(packet);
    this.#neighbors.set(packet.sender, packet.senderMac.slice());
    for (const message of this.#waiting.splice(0)) this.message(message);
    if (packet.operation !== ArpOperation.request || packet.target !== this.address) return;
    const own = { senderMac: this.mac, sender: this.address };
    const reply = {
      operation: ArpOperation.reply,
      ...own,
      targetMac: packet.senderMac,
      target: packet.sender,
    };
    this.frame(EtherType.arp, encodeArp(reply), packet.senderMac);
  }

  #receivePacket(packet: ReturnType<typeof parseIpv4> | ReturnType<typeof parseIpv6>): void {
    if (!packet) throw new Error('a malformed packet');
    const payload = packet.fragment ? this.#reassembly.add(packet.fragment) : packet.payload;
    if (payload === 'malformed') throw new Error('malformed fragments');
    if (payload === 'incomplete') return;
    const message = { ...packet, payload };
    if (packet.protocol === IpProtocol.tcp) this.#receiveTcp(message);
    else if (packet.protocol === IpProtocol.udp) this.datagrams.push(checked(parseUdp(message)));
    else this.icmp.push({ ...checked(parseIcmp(message)), source: message.source });
  }

  #receiveTcp(message: IpMessage): void {
    const segment = checked(parseTcp(message));
    const local = { address: message.destination, port: segment.destinationPort };
    const remote = { address: message.source, port: segment.sourcePort };
    const known = this.connections.get(`${endpointText(local)} ${endpointText(remote)}`);
    const accepts = this.listening.has(local.port) && segment.flags === 2;
    const connection = known ?? (accepts ? this.#connection(local, remote, {}) : undefined);
    if (connection) connection.receive(segment);
    else this.strays.push(segment);
  }

  #connection(local: Endpoint, remote: Endpoint, options: GuestTcpOptions): GuestTcp {
    const ports = { sourcePort: local.port, destinationPort: remote.port };
    const connection = new GuestTcp(
      local,
      remote,
      (segment) => this.message(encodeTcp(local.address, remote.address, { ...segment, ...ports })),
      options,
    );
    this.connections.set(`${endpointText(local)} ${endpointText(remote)}`, connection);
    return connection;
  }
}

function checked<Kind>(parsed: Kind | undefined): Kind {
  if (parsed === undefined) throw new Error('a malformed message');
  return parsed;
}
