import { describe, expect, it } from 'vitest';
import type { IpAddress } from './address.ts';
import { configure, type UserNetworkOptions } from './configuration.ts';

const ip = (text: string) => text as IpAddress;
const network = (address: string, prefix: number) => ({ address: ip(address), prefix });

describe('a configuration', () => {
  it('has the addresses of libslirp by default', () => {
    expect(configure({})).toMatchObject({
      ipv4: {
        gateway: '10.0.2.2',
        dns: '10.0.2.3',
        dhcpStart: '10.0.2.15',
        network: network('10.0.2.0', 24),
      },
      ipv6: { gateway: 'fec0::2', dns: 'fec0::3', network: network('fec0::', 64) },
      mtu: 1500,
      restrict: false,
    });
  });

  it('counts its addresses from the network', () => {
    const options = { ipv4: { network: network('192.168.7.9', 24) }, ipv6: false } as const;
    expect(configure(options)).toMatchObject({
      ipv4: { gateway: '192.168.7.2', dns: '192.168.7.3', dhcpStart: '192.168.7.15' },
      ipv6: undefined,
    });
  });

  it.each<[string, UserNetworkOptions]>([
    ['neither IPv4 nor IPv6 is enabled', { ipv4: false, ipv6: false }],
    ["the host's address is not in the network", { ipv4: { gateway: ip('10.0.3.2') } }],
    ["the name server's address is not in the network", { ipv4: { dns: ip('10.0.3.2') } }],
    ['the name server must have another address than the host', { ipv4: { dns: ip('10.0.2.2') } }],
    ["DHCP's first address is not in the network", { ipv4: { dhcpStart: ip('10.0.1.15') } }],
    ["DHCP's first address must be another one", { ipv4: { dhcpStart: ip('10.0.2.3') } }],
    ['the network is too small', { ipv4: { network: network('10.0.2.0', 30) } }],
    ['the IPv6 prefix must have 64 bits', { ipv6: { network: network('fec0::', 48) } }],
    ["'a b' is not a name", { hostname: 'a b' }],
    ['the MTU must be between 1280 and 65535', { mtu: 1000 }],
  ])('is refused: %s', (reason, options) => {
    expect(configure(options)).toContain(reason);
  });
});
