/** The options of `-netdev user` (QEMU qemu-options.hx, "-netdev user"; net/slirp.c for what they are by default). */
import {
  configure,
  type Endpoint,
  familyOf,
  type HostForward,
  type IpAddress,
  type IpFamily,
  type IpNetwork,
  isInNetwork,
  parseIpAddress,
  type UserNetworkOptions,
} from '@zarch/usernet';
import { usageError } from '../command-error.ts';
import type { NetworkOptions } from '../net/network.ts';
import { checkKeys, type KeyList, parseKeyList, parseNumber, switchOf, valuesOf } from './parse.ts';

const KEYS = [
  ...[
    'type',
    'id',
    'ipv4',
    'net',
    'host',
    'dhcpstart',
    'dns',
    'restrict',
    'hostname',
    'domainname',
    'dnssearch',
  ],
  ...['ipv6', 'ipv6-net', 'ipv6-host', 'ipv6-dns', 'hostfwd'],
];

const network = (address: string, prefix: number): IpNetwork => ({ address: address as IpAddress, prefix });
/** The size of a network that is given without one: that of the first of these it lies in. */
const CLASSES: readonly (IpNetwork & { readonly size: number })[] = [
  { ...network('0.0.0.0', 1), size: 8 },
  { ...network('172.16.0.0', 12), size: 12 },
  { ...network('128.0.0.0', 2), size: 16 },
  { ...network('192.168.0.0', 16), size: 16 },
  { ...network('198.18.0.0', 15), size: 15 },
  { ...network('192.0.0.0', 3), size: 24 },
];
const DEFAULT_IPV6_PREFIX = 64;
const ANY = '0.0.0.0' as IpAddress;

/** @param text - The option's argument; some keys may come several times. */
export function parseUser(what: string, text: string): NetworkOptions {
  const list = parseKeyList(what, text, 'type');
  checkKeys(what, list, KEYS);
  const has = (key: string) => (list.has(key) ? switchOf(what, list, key, true) : undefined);
  const [wants4, wants6] = [has('ipv4'), has('ipv6')];
  // One that is asked for by itself is the only one.
  const ipv4 = wants4 ?? wants6 !== true;
  const ipv6 = wants6 ?? wants4 !== true;
  const user: Omit<UserNetworkOptions, 'resolvers'> = {
    ipv4: ipv4 && {
      network: networkOf(what, list, 'net', 4),
      gateway: addressOf(what, list, 'host', 4),
      dns: addressOf(what, list, 'dns', 4),
      dhcpStart: addressOf(what, list, 'dhcpstart', 4),
    },
    ipv6: ipv6 && {
      network: networkOf(what, list, 'ipv6-net', 6),
      gateway: addressOf(what, list, 'ipv6-host', 6),
      dns: addressOf(what, list, 'ipv6-dns', 6),
    },
    restrict: switchOf(what, list, 'restrict', false),
    hostname: list.get('hostname'),
    domainName: list.get('domainname'),
    searchDomains: valuesOf(text, 'dnssearch'),
    forwards: valuesOf(text, 'hostfwd').map((rule) => parseForward(what, rule)),
  };
  const configuration = configure(user);
  if (typeof configuration === 'string') throw usageError(`${what}: ${configuration}`);
  return { kind: 'user', user, option: what };
}

function addressOf(what: string, list: KeyList, key: string, family: IpFamily): IpAddress | undefined {
  const text = list.get(key);
  return text === undefined ? undefined : parseAddress(`${what}: ${key}`, text, family);
}

function parseAddress(what: string, text: string, family: IpFamily): IpAddress {
  const address = parseIpAddress(text);
  if (address === undefined || familyOf(address) !== family)
    throw usageError(`${what}: '${text}' is not an IPv${family} address`);
  return address;
}

/** Parses `ADDRESS[/PREFIX]`, for IPv4 also `ADDRESS/MASK`. */
function networkOf(what: string, list: KeyList, key: string, family: IpFamily): IpNetwork | undefined {
  const text = list.get(key);
  if (text === undefined) return undefined;
  const [addressText = '', size] = text.split('/', 2);
  const address = parseAddress(`${what}: ${key}`, addressText, family);
  if (size === undefined) {
    const known = CLASSES.find((each) => isInNetwork(address, each));
    return { address, prefix: family === 6 ? DEFAULT_IPV6_PREFIX : (known?.size ?? 28) };
  }
  const prefix = size.includes('.') ? prefixOfMask(size) : undefined;
  return {
    address,
    prefix: prefix ?? parseNumber(`${what}: ${key}`, size, 0, family === 4 ? 32 : 128),
  };
}

function prefixOfMask(text: string): number | undefined {
  const bits = text.split('.').map((part) => Number(part).toString(2).padStart(8, '0'));
  const match = /^(1*)0*$/.exec(bits.join(''));
  return parseIpAddress(text) && match ? match[1]?.length : undefined;
}

/** Parses `[tcp|udp]:[HOSTADDRESS]:HOSTPORT-[GUESTADDRESS]:GUESTPORT`. */
function parseForward(what: string, rule: string): HostForward {
  const fail = (reason: string) => usageError(`${what}: Invalid host forwarding rule '${rule}' (${reason})`);
  const match = /^([^:]*):([^:]*):([^:-]*)-([^:]*):(.*)$/.exec(rule);
  if (!match) throw fail('not of the form [tcp|udp]:[ADDRESS]:PORT-[ADDRESS]:PORT');
  const [, protocol = '', hostAddress = '', hostPort = '', guestAddress = '', guestPort = ''] = match;
  if (protocol !== '' && protocol !== 'tcp' && protocol !== 'udp') throw fail('Bad protocol name');
  const address = (text: string, reason: string) => {
    const parsed = parseIpAddress(text);
    if (parsed === undefined) throw fail(reason);
    return parsed;
  };
  const port = (text: string, least: number, reason: string) => {
    const value = /^\d{1,5}$/.test(text) ? Number(text) : -1;
    if (value < least || value > 65535) throw fail(reason);
    return value;
  };
  const host: Endpoint = {
    address: hostAddress === '' ? ANY : address(hostAddress, 'Bad host address'),
    port: port(hostPort, 0, 'Bad host port'),
  };
  return {
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    host,
    guest: {
      address: guestAddress === '' ? undefined : address(guestAddress, 'Bad guest address'),
      port: port(guestPort, 1, 'Bad guest port'),
    },
  };
}
