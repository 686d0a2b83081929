/**
 * User-mode networking: a guest's Ethernet with a router, a DHCP server and a name server on it, which turn what the guest
 * sends into what an unprivileged program can do with sockets. Addresses and behavior are those of libslirp, which QEMU's
 * `-netdev user` is made of.
 */
import type { Payload } from '@zarch/arch';
import { type Endpoint, familyOf, type IpAddress, isRoutable } from './address.ts';
import { type Configuration, configure, type HostForward, type UserNetworkOptions } from './configuration.ts';
import { DHCP_CLIENT_PORT, DHCP_SERVER_PORT, DhcpServer } from './dhcp/dhcp-server.ts';
import { answerDhcpv6, DHCPV6_CLIENT_PORT, DHCPV6_SERVER_PORT } from './dhcp/dhcpv6-server.ts';
import { DnsForward } from './dns/dns-forward.ts';
import { BROADCAST_MAC, EtherType, parseEthernet } from './ethernet/ethernet.ts';
import type { Listening, UserNetworkHost } from './host.ts';
import { echoReply, echoRequest, type IcmpError, icmpError, parseIcmp } from './ip/icmp.ts';
import type { InterfaceOptions } from './ip/interface.ts';
import { Ipv4Interface } from './ip/ipv4-interface.ts';
import { Ipv6Interface } from './ip/ipv6-interface.ts';
import { type IpMessage, IpProtocol, type ReceivedMessage } from './ip/packet.ts';
import { EchoNat } from './nat/echo-nat.ts';
import type { NatEnvironment } from './nat/environment.ts';
import { Routes } from './nat/routes.ts';
import { TcpNat } from './nat/tcp-nat.ts';
import { UdpNat } from './nat/udp-nat.ts';
import { restored } from './saved.ts';
import { type Statistic, Statistics } from './statistics.ts';
import { encodeUdp, parseUdp, type UdpDatagram } from './udp/udp.ts';

const NAME = 'usernet';
const VERSION = 1;
const ALL_DHCPV6_SERVERS = 'ff02::1:2' as IpAddress;

type Neighborhood = readonly (readonly [IpAddress, Uint8Array])[];

interface SavedNetwork {
  readonly dhcp: Payload | undefined;
  readonly ipv4: Neighborhood;
  readonly ipv6: Neighborhood;
}

export class UserNetwork {
  readonly #configuration: Configuration;
  readonly #host: UserNetworkHost;
  readonly #statistics = new Statistics();
  readonly #ipv4: Ipv4Interface | undefined;
  readonly #ipv6: Ipv6Interface | undefined;
  readonly #dhcp: DhcpServer | undefined;
  readonly #tcp: TcpNat;
  readonly #udp: UdpNat;
  readonly #dns: DnsForward;
  readonly #echo: EchoNat;
  readonly #routes: Routes;
  readonly #listening: Listening[] = [];
  #closed = false;
  /** Whether the guest takes TCP segments of up to 64 KiB, over IPv4 and over IPv6. */
  largeSegments: Readonly<Record<4 | 6, boolean>> = { 4: false, 6: false };

  private constructor(configuration: Configuration, host: UserNetworkHost) {
    this.#configuration = configuration;
    this.#host = host;
    const { ipv4, ipv6, mtu, resolvers } = configuration;
    const shared: InterfaceOptions = {
      ...{ host, mtu, statistics: this.#statistics },
      transmit: (frame, segment) => this.#transmit(frame, segment),
      deliver: (message) => this.#deliver(message),
    };
    this.#ipv4 = ipv4 && new Ipv4Interface(ipv4, shared);
    this.#ipv6 = ipv6 && new Ipv6Interface(ipv6, configuration, shared);
    this.#dhcp = ipv4 && new DhcpServer(ipv4, configuration, () => host.timers.now());
    this.#routes = new Routes(configuration);
    const environment: NatEnvironment = {
      ...{ host, mtu, resolvers, routes: this.#routes, statistics: this.#statistics },
      takesLarge: (family) => this.largeSegments[family],
      send: (message) => this.#send(message),
      report: (error, message) => this.#report(error, message),
    };
    this.#tcp = new TcpNat(environment);
    this.#udp = new UdpNat(environment);
    this.#dns = new DnsForward(environment);
    this.#echo = new EchoNat(environment);
  }

  /**
   * Makes a network, and opens the forwarded ports of the host.
   *
   * @returns The reason, where options make no sense or a port cannot be had.
   */
  static async open(options: UserNetworkOptions, host: UserNetworkHost): Promise<UserNetwork | string> {
    const configuration = configure(options);
    if (typeof configuration === 'string') return configuration;
    const network = new UserNetwork(configuration, host);
    for (const forward of configuration.forwards) {
      const problem = await network.#forward(forward);
      if (problem === undefined) continue;
      network.close();
      return `${forward.protocol} port ${forward.host.port}: ${problem}`;
    }
    return network;
  }

  /** Where the forwarded ports are, in the order of the options. */
  get forwards(): readonly Endpoint[] {
    return this.#listening.map(({ local }) => local);
  }

  get statistics(): Readonly<Record<Statistic, number>> {
    return this.#statistics.counts();
  }

  /** Connections and flows that there are now. */
  get flows(): { readonly tcp: number; readonly udp: number; readonly dns: number } {
    return { tcp: this.#tcp.size, udp: this.#udp.size, dns: this.#dns.size };
  }

  /** A frame of the guest. The bytes are the network's. */
  receive(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#statistics.count('received');
    const frame = parseEthernet(bytes);
    if (!frame) this.#statistics.count('malformed');
    else if (frame.type === EtherType.ipv4 && this.#ipv4) this.#ipv4.receive(frame);
    else if (frame.type === EtherType.arp && this.#ipv4) this.#ipv4.receiveArp(frame);
    else if (frame.type === EtherType.ipv6 && this.#ipv6) this.#ipv6.receive(frame);
    else this.#statistics.count('unsupported');
  }

  close(): void {
    if (this.#closed) return;
    for (const each of this.#listening) each.close();
    this.#drop();
    this.#ipv4?.neighbors.close();
    this.#ipv6?.close();
    this.#closed = true;
  }

  /** Addresses that the guest was given and has. Connections cannot be saved: sockets stay where they are. */
  save(): Payload<SavedNetwork> {
    return {
      name: NAME,
      version: VERSION,
      data: {
        dhcp: this.#dhcp?.save(),
        ipv4: this.#ipv4?.neighbors.save() ?? [],
        ipv6: this.#ipv6?.neighbors.save() ?? [],
      },
    };
  }

  /** Connections end; the guest learns that when it uses them. */
  restore(state: Payload): void {
    const { dhcp, ipv4, ipv6 } = restored<SavedNetwork>(state, NAME, VERSION);
    this.#drop();
    if (dhcp) this.#dhcp?.restore(dhcp);
    this.#ipv4?.neighbors.restore(ipv4);
    this.#ipv6?.neighbors.restore(ipv6);
  }

  #drop(): void {
    for (const each of [this.#tcp, this.#udp, this.#dns, this.#echo]) each.close();
  }

  async #forward({ protocol, host, guest }: HostForward): Promise<string | undefined> {
    const address = guest.address ?? this.#configuration.ipv4?.dhcpStart;
    if (address === undefined) return 'a forwarded port needs an address of the guest';
    const to: Endpoint = { address, port: guest.port };
    const { sockets } = this.#host;
    if (protocol === 'tcp') {
      const opened = await sockets.listenTcp(host, (stream, peer) => this.#tcp.accept(stream, peer, to));
      if (typeof opened === 'string') return opened;
      this.#listening.push(opened);
      return undefined;
    }
    const socket = await sockets.bindUdp(host, {
      onDatagram: (data, from) => this.#udp.deliver(to, from, data),
      onFailure: () => {},
    });
    if (typeof socket === 'string') return socket;
    this.#listening.push(socket);
    this.#udp.forward(to, socket);
    return undefined;
  }

  #transmit(frame: Uint8Array, segment?: number): void {
    if (this.#closed) return;
    this.#statistics.count('transmitted');
    this.#host.transmit(frame, segment);
  }

  #send(message: IpMessage): void {
    if (familyOf(message.destination) === 4) this.#ipv4?.send(message);
    else this.#ipv6?.send(message);
  }

  #report(error: IcmpError, message: Pick<ReceivedMessage, 'source' | 'packet'>): void {
    const reporter =
      this.#ipv6 && familyOf(message.source) === 6
        ? this.#ipv6.sourceFor(message.source)
        : this.#routes.own(message.source)?.gateway;
    if (reporter) this.#send(icmpError(error, reporter, message));
  }

  /** A whole message of the guest. */
  #deliver(message: ReceivedMessage): void {
    if (this.#serve(message)) return;
    const { source, destination, protocol, hops } = message;
    const own = this.#routes.own(destination);
    const isOwn = destination === own?.gateway || destination === own?.dns || this.#ipv6?.isOwn(destination);
    const unicast = isRoutable(destination) && !this.#ipv4?.isBroadcast(destination);
    if (!isRoutable(source) && !(isOwn && protocol === IpProtocol.icmpv6)) {
      this.#statistics.count('unsupported');
    } else if (!isOwn && !unicast) {
      this.#statistics.count('unsupported');
    } else if (!isOwn && hops <= 1) {
      this.#report('time exceeded', message);
    } else if (protocol === IpProtocol.tcp) {
      this.#tcp.receive(message);
    } else if (protocol === IpProtocol.udp) {
      this.#receiveUdp(message);
    } else if (protocol === IpProtocol.icmp || protocol === IpProtocol.icmpv6) {
      this.#receiveIcmp(message, isOwn === true);
    } else {
      this.#statistics.count('unsupported');
    }
  }

  #receiveUdp(message: ReceivedMessage): void {
    const datagram = parseUdp(message);
    if (!datagram) this.#statistics.count('malformed');
    else if (this.#routes.outward(datagram.destination).kind === 'dns') this.#dns.ask(datagram);
    else this.#udp.receive(datagram, message);
  }

  #receiveIcmp(message: ReceivedMessage, isOwn: boolean): void {
    const { source, destination, protocol } = message;
    const icmp = parseIcmp(message);
    const request = icmp && echoRequest(icmp, protocol);
    if (!icmp) this.#statistics.count('malformed');
    else if (!request) this.#statistics.count('unsupported');
    else if (isOwn) this.#send(echoReply(destination, source, request));
    else this.#echo.receive(request, message);
  }

  /** Takes what is for the network's own servers. @returns False for everything else. */
  #serve(message: ReceivedMessage): boolean {
    if (message.protocol !== IpProtocol.udp) return false;
    const [high = 0, low = 0] = message.payload.subarray(2, 4);
    const port = (high << 8) | low;
    const own = this.#routes.own(message.destination);
    const { destination } = message;
    const isIpv4 = familyOf(destination) === 4;
    const forServer = isIpv4
      ? this.#ipv4?.isBroadcast(destination) || destination === own?.gateway
      : destination === ALL_DHCPV6_SERVERS;
    if (!forServer || port !== (isIpv4 ? DHCP_SERVER_PORT : DHCPV6_SERVER_PORT)) return false;
    const datagram = parseUdp(message);
    const done = datagram && (isIpv4 ? this.#serveDhcp(datagram) : this.#serveDhcpv6(datagram));
    if (!done) this.#statistics.count('malformed');
    return true;
  }

  #serveDhcp({ data }: UdpDatagram): boolean {
    const answer = this.#dhcp?.answer(data);
    const gateway = this.#configuration.ipv4?.gateway;
    if (answer === 'malformed' || !gateway) return false;
    if (!answer) return true;
    const source = { address: gateway, port: DHCP_SERVER_PORT };
    const destination = { address: answer.destination, port: DHCP_CLIENT_PORT };
    this.#ipv4?.send(encodeUdp({ source, destination, data: answer.message }), answer.mac ?? BROADCAST_MAC);
    return true;
  }

  #serveDhcpv6({ source, data }: UdpDatagram): boolean {
    const [own, ipv6] = [this.#configuration.ipv6, this.#ipv6];
    if (!own || !ipv6) return false;
    const answer = answerDhcpv6(data, ipv6.mac, own, this.#configuration);
    if (answer === 'malformed') return false;
    if (!answer || source.port !== DHCPV6_CLIENT_PORT) return true;
    const from = { address: ipv6.sourceFor(source.address), port: DHCPV6_SERVER_PORT };
    ipv6.send(encodeUdp({ source: from, destination: source, data: answer }));
    return true;
  }
}
