import { describe, expect, test } from 'vitest';
import { CommandError } from '../command-error.ts';
import type { NetworkOptions } from '../net/network.ts';
import { parseNetdev } from './netdev-options.ts';
import { parseSystemOptions } from './options.ts';

function cards(
  text: string,
): readonly { readonly mac: string; readonly network: NetworkOptions | undefined }[] {
  const result = parseSystemOptions(['-kernel', 'k', ...text.split(' ')]);
  if (result.kind !== 'machine') throw new Error(`asks for ${result.what}`);
  return result.options.devices.flatMap((device) =>
    device.kind === 'net' ? [{ mac: Buffer.from(device.mac).toString('hex'), network: device.network }] : [],
  );
}

describe('-netdev user', () => {
  test.each<[string, object]>([
    ['', { ipv4: {}, ipv6: {}, restrict: false, forwards: [], searchDomains: [] }],
    ['ipv4=on', { ipv4: {}, ipv6: false }],
    ['ipv6=on', { ipv4: false, ipv6: {} }],
    ['ipv4=off', { ipv4: false, ipv6: {} }],
    ['ipv6=off', { ipv4: {}, ipv6: false }],
    ['ipv4=on,ipv6=on', { ipv4: {}, ipv6: {} }],
    ['net=192.168.5.0/24', { ipv4: { network: { address: '192.168.5.0', prefix: 24 } } }],
    ['net=192.168.5.0/255.255.255.0', { ipv4: { network: { address: '192.168.5.0', prefix: 24 } } }],
    ['net=10.0.0.0', { ipv4: { network: { address: '10.0.0.0', prefix: 8 } } }],
    ['net=172.20.0.0', { ipv4: { network: { prefix: 12 } } }],
    ['net=192.168.5.0', { ipv4: { network: { prefix: 16 } } }],
    ['net=200.1.2.0', { ipv4: { network: { prefix: 24 } } }],
    [
      'host=10.0.2.9,dns=10.0.2.10,dhcpstart=10.0.2.20',
      { ipv4: { gateway: '10.0.2.9', dns: '10.0.2.10', dhcpStart: '10.0.2.20' } },
    ],
    [
      'ipv6-net=fec1::/64,ipv6-host=fec1::9,ipv6-dns=fec1::a',
      { ipv6: { network: { address: 'fec1::', prefix: 64 }, gateway: 'fec1::9', dns: 'fec1::a' } },
    ],
    ['restrict=on,hostname=h,domainname=d', { restrict: true, hostname: 'h', domainName: 'd' }],
    ['dnssearch=a,dnssearch=b.c', { searchDomains: ['a', 'b.c'] }],
    [
      'hostfwd=tcp::5555-:22,hostfwd=udp:127.0.0.1:53-10.0.2.16:5353,hostfwd=::0-:80',
      {
        forwards: [
          {
            protocol: 'tcp',
            host: { address: '0.0.0.0', port: 5555 },
            guest: { address: undefined, port: 22 },
          },
          {
            protocol: 'udp',
            host: { address: '127.0.0.1', port: 53 },
            guest: { address: '10.0.2.16', port: 5353 },
          },
          { protocol: 'tcp', host: { port: 0 }, guest: { port: 80 } },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    const { id, network } = parseNetdev(`user,id=n${text === '' ? '' : `,${text}`}`);
    expect(id).toBe('n');
    expect(network).toMatchObject({ kind: 'user', user: expected });
  });

  test.each([
    ['net=x', "net: 'x' is not an IPv4 address"],
    ['net=10.0.2.0/255.0.255.0', "net: '255.0.255.0' is not a number"],
    ['net=10.0.2.0/33', 'net: 33 is not between 0 and 32'],
    ['host=10.0.3.2', "the host's address is not in the network"],
    ['dns=fec0::3', "dns: 'fec0::3' is not an IPv4 address"],
    ['hostfwd=tcp:22', "Invalid host forwarding rule 'tcp:22' (not of the form"],
    ['hostfwd=sctp::1-:2', "Invalid host forwarding rule 'sctp::1-:2' (Bad protocol name)"],
    ['hostfwd=tcp:h:1-:2', "Invalid host forwarding rule 'tcp:h:1-:2' (Bad host address)"],
    ['hostfwd=tcp::99999-:2', "Invalid host forwarding rule 'tcp::99999-:2' (Bad host port)"],
    ['hostfwd=tcp::1-x:2', "Invalid host forwarding rule 'tcp::1-x:2' (Bad guest address)"],
    ['hostfwd=tcp::1-:0', "Invalid host forwarding rule 'tcp::1-:0' (Bad guest port)"],
    ['smb=/tmp', "property 'smb' is not supported"],
    ['tftp=/tmp', "property 'tftp' is not supported"],
    ['ipv4=off,ipv6=off', 'neither IPv4 nor IPv6 is enabled'],
  ])('refuses %s', (text, message) => {
    expect(() => parseNetdev(`user,id=n,${text}`)).toThrow(message);
    expect(() => parseNetdev(`user,id=n,${text}`)).toThrow(CommandError);
  });
});

describe('-nic', () => {
  test('user has a network and a device', () => {
    const [card] = cards(
      '-nic user,model=virtio-net-ccw,mac=52:54:00:01:02:03,hostfwd=tcp::1-:2,hostfwd=tcp::3-:4',
    );
    expect(card).toMatchObject({ mac: '525400010203', network: { kind: 'user' } });
    const user = card?.network?.kind === 'user' ? card.network.user : undefined;
    expect(user?.forwards?.map(({ host }) => host.port)).toEqual([1, 3]);
  });

  test('counts addresses with the other devices', () => {
    const found = cards(
      '-netdev user,id=a -device virtio-net-ccw,netdev=a -nic user -nic stream,addr.type=unix,addr.path=x',
    );
    expect(found.map(({ mac }) => mac)).toEqual(['525400123456', '525400123457', '525400123458']);
    expect(found.map(({ network }) => network?.kind)).toEqual(['user', 'user', 'stream']);
  });

  test('none is none', () => expect(cards('-nic none')).toEqual([]));

  test.each([
    ['user,model=e1000', '-nic user,model=e1000: Unsupported NIC model: e1000'],
    ['tap', "-nic tap: 'tap' is not supported: only user, socket, stream and dgram are"],
  ])('refuses %s', (text, message) => {
    expect(() => cards(`-nic ${text}`)).toThrow(message);
  });
});
