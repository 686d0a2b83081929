import { describe, expect, it } from 'vitest';
import {
  addressBytes,
  addressInNetwork,
  type IpAddress,
  ipAddress,
  isInNetwork,
  isRoutable,
  netmask,
  parseIpAddress,
} from './address.ts';

const ip = (text: string) => text as IpAddress;

describe('text of an address', () => {
  it.each([
    ['10.0.2.15', '10.0.2.15'],
    ['255.255.255.255', '255.255.255.255'],
    ['fec0:0:0:0:0:0:0:2', 'fec0::2'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['1:0:2:0:0:3:0:0', '1:0:2::3:0:0'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['fe80::', 'fe80::'],
    ['::ffff:10.0.2.2', '::ffff:a00:202'],
  ])('%s is %s', (text, canonical) => {
    expect(parseIpAddress(text)).toBe(canonical);
    expect(ipAddress(addressBytes(ip(canonical)))).toBe(canonical);
  });

  it.each([
    ...['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.x', '1..2.3', ' 1.2.3.4', ':', ':::', '1:2', '::1::'],
    ...['1:2:3:4:5:6:7:8:9', '12345::', 'g::', '1:2:3:4:5:6:7::8', '::1.2.3', '1.2.3.4::'],
  ])('is not %j', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });
});

describe('a network', () => {
  it.each<[string, number, string, boolean]>([
    ['10.0.2.0', 24, '10.0.2.255', true],
    ['10.0.2.0', 24, '10.0.3.0', false],
    ['10.0.2.0', 23, '10.0.3.0', true],
    ['10.0.2.0', 0, '192.0.2.1', true],
    ['10.0.2.0', 32, '10.0.2.1', false],
    ['fec0::', 64, 'fec0::1:2:3:4', true],
    ['fec0::', 64, 'fec0:0:0:1::', false],
    ['fec0::', 64, '10.0.2.2', false],
  ])('%s/%i has %s: %s', (address, prefix, other, expected) => {
    expect(isInNetwork(ip(other), { address: ip(address), prefix })).toBe(expected);
  });

  it.each<[string, number, number, string]>([
    ['10.0.2.0', 24, 2, '10.0.2.2'],
    ['10.0.2.77', 24, 0, '10.0.2.0'],
    ['10.0.2.0', 24, 0xffffffff, '10.0.2.255'],
    ['172.16.0.0', 12, 0xffffffff, '172.31.255.255'],
    ['fec0::', 64, 3, 'fec0::3'],
  ])('%s/%i has an address %i, %s', (address, prefix, host, expected) => {
    expect(addressInNetwork({ address: ip(address), prefix }, host)).toBe(expected);
  });

  it.each([
    [8, '255.0.0.0'],
    [23, '255.255.254.0'],
    [32, '255.255.255.255'],
  ])('of %i bits has the mask %s', (prefix, mask) => expect(netmask(prefix)).toBe(mask));
});

it.each([
  ...['127.0.0.1', '127.1.2.3', '0.0.0.0', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
  ...['::', '::1', '::ffff:7f00:1', 'fe80::1', 'ff02::1'],
])('packets for %s do not leave the network', (address) => {
  expect(isRoutable(ip(address))).toBe(false);
});
