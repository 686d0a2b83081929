import { describe, expect, it } from 'vitest';
import { addressBytes, type IpAddress } from '../address.ts';
import { configure, type UserNetworkOptions } from '../configuration.ts';
import { DhcpOption, DhcpType } from './dhcp-message.ts';
import { DhcpServer } from './dhcp-server.ts';
import { answerDhcpv6 } from './dhcpv6-server.ts';

const ip = (text: string) => text as IpAddress;
const { discover, offer, request, decline, acknowledge, refuse, release, inform } = DhcpType;

interface Asked {
  readonly mac?: number;
  readonly type: number;
  readonly client?: string;
  readonly requested?: string;
  readonly server?: string;
  readonly flags?: number;
}

function message({ mac = 1, type, client = '0.0.0.0', requested, server, flags = 0 }: Asked): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set([1, 1, 6, 0, 1, 2, 3, 4, 0, 0, flags >> 8, 0, ...addressBytes(ip(client))]);
  bytes.set([0x52, 0x54, 0, 0, 0, mac], 28);
  bytes.set([0x63, 0x82, 0x53, 0x63, 53, 1, type], 236);
  const address = (code: number, text: string | undefined) =>
    text === undefined ? [] : [code, 4, ...addressBytes(ip(text))];
  bytes.set([...address(50, requested), 0, ...address(54, server), 255], 243);
  return bytes;
}

function optionsOf(bytes: Uint8Array): Record<number, number[]> {
  const options: Record<number, number[]> = {};
  for (let i = 240; bytes[i] !== 255; i += 2 + (bytes[i + 1] ?? 0))
    options[bytes[i] ?? 0] = [...bytes.subarray(i + 2, i + 2 + (bytes[i + 1] ?? 0))];
  return options;
}

function server(options: UserNetworkOptions = {}, now: () => number = () => 0) {
  const configuration = configure(options);
  if (typeof configuration === 'string' || !configuration.ipv4) throw new Error('no IPv4');
  const dhcp = new DhcpServer(configuration.ipv4, configuration, now);
  const ask = (asked: Asked) => {
    const answer = dhcp.answer(message(asked));
    if (answer === 'malformed' || !answer) return undefined;
    const { message: bytes, destination, mac } = answer;
    return {
      ...{ type: optionsOf(bytes)[DhcpOption.type]?.[0], address: bytes.subarray(16, 20).join('.') },
      ...{
        destination,
        broadcast: mac === undefined,
        options: optionsOf(bytes),
        transaction: bytes.subarray(4, 8),
      },
    };
  };
  return { dhcp, ask };
}

describe('the DHCP server', () => {
  it.each<[string, Asked[], readonly (readonly [number, string] | undefined)[]]>([
    [
      'offers and gives the first address',
      [{ type: discover }, { type: request, requested: '10.0.2.15', server: '10.0.2.2' }],
      [
        [offer, '10.0.2.15'],
        [acknowledge, '10.0.2.15'],
      ],
    ],
    [
      'gives each interface one of its own, and the same again',
      [
        { type: request, requested: '10.0.2.15' },
        { type: discover, mac: 2 },
        { type: request, mac: 2, requested: '10.0.2.16' },
        { type: discover },
      ],
      [
        [acknowledge, '10.0.2.15'],
        [offer, '10.0.2.16'],
        [acknowledge, '10.0.2.16'],
        [offer, '10.0.2.15'],
      ],
    ],
    [
      'offers the address that is asked for',
      [{ type: discover, requested: '10.0.2.20' }],
      [[offer, '10.0.2.20']],
    ],
    [
      'offers another where that one is not to be had',
      [{ type: discover, requested: '10.0.2.9' }],
      [[offer, '10.0.2.15']],
    ],
    ['refuses one that is not its own', [{ type: request, requested: '192.0.2.7' }], [[refuse, '0.0.0.0']]],
    [
      'refuses one that another has',
      [
        { type: request, requested: '10.0.2.15' },
        { type: request, requested: '10.0.2.15', mac: 2 },
      ],
      [
        [acknowledge, '10.0.2.15'],
        [refuse, '0.0.0.0'],
      ],
    ],
    ['renews', [{ type: request, client: '10.0.2.15' }], [[acknowledge, '10.0.2.15']]],
    [
      'leaves what is for another server',
      [{ type: request, requested: '10.0.2.15', server: '10.0.2.9' }],
      [undefined],
    ],
    [
      'takes an address back',
      [
        { type: request, requested: '10.0.2.15' },
        { type: release, client: '10.0.2.15' },
        { type: discover, mac: 2 },
      ],
      [[acknowledge, '10.0.2.15'], undefined, [offer, '10.0.2.15']],
    ],
    [
      'takes none back from who does not have it',
      [
        { type: request, requested: '10.0.2.15' },
        { type: release, client: '10.0.2.15', mac: 2 },
        { type: discover, mac: 2 },
      ],
      [[acknowledge, '10.0.2.15'], undefined, [offer, '10.0.2.16']],
    ],
    [
      'does not offer what is in use by others',
      [{ type: decline, requested: '10.0.2.15' }, { type: discover }],
      [undefined, [offer, '10.0.2.16']],
    ],
    ['informs', [{ type: inform, client: '10.0.2.99' }], [[acknowledge, '0.0.0.0']]],
    ['leaves what no client sends', [{ type: offer }, { type: 99 }], [undefined, undefined]],
  ])('%s', (_, asked, expected) => {
    const { ask } = server();
    const answers = asked.map(ask).map((answer) => answer && [answer.type, answer.address]);
    expect(answers).toEqual(expected);
  });

  it('tells the guest of its network', () => {
    const { ask } = server({ hostname: 'h', domainName: 'd.e', searchDomains: ['a.b', 'c'], mtu: 9000 });
    expect(ask({ type: discover })).toMatchObject({
      transaction: Uint8Array.of(1, 2, 3, 4),
      options: {
        [DhcpOption.server]: [10, 0, 2, 2],
        [DhcpOption.netmask]: [255, 255, 255, 0],
        [DhcpOption.router]: [10, 0, 2, 2],
        [DhcpOption.nameServer]: [10, 0, 2, 3],
        [DhcpOption.leaseTime]: [0, 1, 0x51, 0x80],
        [DhcpOption.hostname]: [0x68],
        [DhcpOption.domainName]: [0x64, 0x2e, 0x65],
        [DhcpOption.searchDomains]: [1, 0x61, 1, 0x62, 0, 1, 0x63, 0],
        [DhcpOption.mtu]: [0x23, 0x28],
      },
    });
  });

  it('has neither router nor name server in a restricted network', () => {
    const options = Object.keys(server({ restrict: true }).ask({ type: inform })?.options ?? {}).map(Number);
    expect(options).toEqual([DhcpOption.netmask, DhcpOption.type, DhcpOption.server]);
  });

  it.each<[string, Asked, object]>([
    ['one without address', { type: discover }, { destination: '255.255.255.255', broadcast: false }],
    ['one that wants a broadcast', { type: discover, flags: 0x8000 }, { broadcast: true }],
    [
      'one with an address',
      { type: request, client: '10.0.2.15' },
      { destination: '10.0.2.15', broadcast: false },
    ],
    [
      'one that is refused',
      { type: request, client: '10.0.9.9' },
      { destination: '255.255.255.255', broadcast: true },
    ],
  ])('answers %s where it is', (_, asked, expected) => {
    expect(server().ask(asked)).toMatchObject(expected);
  });

  it('has 16 addresses, whose leases end', () => {
    let now = 0;
    const { ask } = server({}, () => now);
    for (let mac = 0; mac < 16; mac++) ask({ type: request, mac, requested: `10.0.2.${15 + mac}` });
    expect(ask({ type: discover, mac: 99 })).toBeUndefined();
    now = 24 * 3600 * 1000;
    expect(ask({ type: discover, mac: 99 })?.address).toBe('10.0.2.15');
  });

  it('stays inside a small network', () => {
    const network = { address: ip('10.0.2.0'), prefix: 29 };
    const { ask } = server({ ipv4: { network, dhcpStart: ip('10.0.2.5') } });
    const found = [1, 2, 3].map((mac) => {
      const address = ask({ type: discover, mac })?.address;
      return address && ask({ type: request, mac, requested: address })?.address;
    });
    expect(found).toEqual(['10.0.2.5', '10.0.2.6', undefined]);
  });

  it('saves leases with the time that they have left', () => {
    const one = server({}, () => 5000);
    one.ask({ type: request, requested: '10.0.2.15' });
    const other = server({}, () => 90_000_000);
    other.dhcp.restore(structuredClone(one.dhcp.save()));
    expect(other.ask({ type: discover, mac: 2 })?.address).toBe('10.0.2.16');
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut short', (bytes) => bytes.subarray(0, 239)],
    ['a reply', (bytes) => bytes.with(0, 2)],
    ['not on Ethernet', (bytes) => bytes.with(1, 6)],
    ['with another address length', (bytes) => bytes.with(2, 16)],
    ['through a relay', (bytes) => bytes.with(24, 1)],
    ['without the magic cookie', (bytes) => bytes.with(236, 0)],
    ['without a type', (bytes) => bytes.with(240, 99)],
    ['with an option that does not fit', (bytes) => bytes.with(243, 12).with(244, 200)],
  ])('does not understand a message %s', (_, damage) => {
    expect(server().dhcp.answer(damage(message({ type: discover })))).toBe('malformed');
  });
});

describe('the DHCPv6 server', () => {
  const configuration = configure({ searchDomains: ['a'] });
  if (typeof configuration === 'string' || !configuration.ipv6) throw new Error('no IPv6');
  const { ipv6 } = configuration;
  const mac = Uint8Array.of(0x52, 0x56, 0, 0, 0, 2);
  const duid = [0, 3, 0, 1, ...mac];
  const answer = (bytes: number[], restrict = false) =>
    answerDhcpv6(Uint8Array.from(bytes), mac, ipv6, { ...configuration, restrict });
  const client = [0, 1, 0, 2, 7, 7];
  const serverOption = [0, 2, 0, 10, ...duid];
  const dns = [0, 23, 0, 16, 0xfe, 0xc0, ...new Array<number>(13).fill(0), 3];

  it.each<[string, number[], number[] | string | undefined]>([
    [
      'all that is asked for',
      [11, 1, 2, 3, ...client, 0, 6, 0, 4, 0, 23, 0, 24],
      [7, 1, 2, 3, ...serverOption, ...client, ...dns, 0, 24, 0, 3, 1, 0x61, 0],
    ],
    ['nothing that is not', [11, 1, 2, 3], [7, 1, 2, 3, ...serverOption]],
    ['nobody who wants an address', [1, 1, 2, 3], undefined],
    ['nobody who wants another server', [11, 1, 2, 3, 0, 2, 0, 1, 9], undefined],
    ['nothing that is cut short', [11, 1], 'malformed'],
    ['no option that does not fit', [11, 1, 2, 3, 0, 1, 0, 9, 1], 'malformed'],
  ])('answers %s', (_, bytes, expected) => {
    expect(answer(bytes)).toEqual(Array.isArray(expected) ? Uint8Array.from(expected) : expected);
  });

  it('names no name server in a restricted network', () => {
    expect(answer([11, 1, 2, 3, 0, 6, 0, 2, 0, 23], true)).toEqual(
      Uint8Array.from([7, 1, 2, 3, ...serverOption]),
    );
  });
});
