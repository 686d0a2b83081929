/**
 * Internet addresses as text in canonical form (dotted decimal; RFC 5952 for IPv6): equal addresses are equal strings,
 * which serve as keys of maps.
 */
declare const brand: unique symbol;
export type IpAddress = string & { readonly [brand]: 'IpAddress' };
export type IpFamily = 4 | 6;

/** An address and a port of TCP or UDP. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** An endpoint as a key of maps. */
export function endpointText({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}

/** The addresses that have their first `prefix` bits in common with `address`. */
export interface IpNetwork {
  readonly address: IpAddress;
  readonly prefix: number;
}

const IPV4_SIZE = 4;
const IPV6_SIZE = 16;

export function familyOf(address: IpAddress): IpFamily {
  return address.includes(':') ? 6 : 4;
}

/** @param bytes - 4 or 16 of them, in network order. */
export function ipAddress(bytes: Uint8Array): IpAddress {
  if (bytes.length === IPV4_SIZE) return bytes.join('.') as IpAddress;
  if (bytes.length !== IPV6_SIZE) throw new RangeError('an address has 4 or 16 bytes');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  const short = length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
  return short as IpAddress;
}

function longestZeros(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** @returns Undefined for what is not an address. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const bytes = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return bytes && ipAddress(bytes);
}

/** The bytes of an address, in network order. */
export function addressBytes(address: IpAddress): Uint8Array {
  const bytes = address.includes(':') ? parseIpv6(address) : parseIpv4(address);
  if (!bytes) throw new RangeError(`${address} is not an address`);
  return bytes;
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  const bytes = new Uint8Array(IPV4_SIZE);
  for (let i = 0; i < IPV4_SIZE; i++) {
    const part = parts[i] ?? '';
    const value = Number(part);
    if (!/^\d{1,3}$/.test(part) || value > 255) return undefined;
    bytes[i] = value;
  }
  return parts.length === IPV4_SIZE ? bytes : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const whole = halves.length === 1;
  const [front, back] = [parseGroups(halves[0] ?? '', whole), parseGroups(halves[1] ?? '', true)];
  if (!front || !back) return undefined;
  const missing = IPV6_SIZE - front.length - back.length;
  if (whole ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...front, ...new Array<number>(missing).fill(0), ...back]);
}

/** Groups of an IPv6 address; the last two of all may be written as an IPv4 address. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  const bytes: number[] = [];
  const parts = text === '' ? [] : text.split(':');
  for (const [index, part] of parts.entries()) {
    if (atEnd && part.includes('.') && index === parts.length - 1) {
      const last = parseIpv4(part);
      if (!last) return undefined;
      bytes.push(...last);
    } else {
      if (!/^[\da-f]{1,4}$/i.test(part)) return undefined;
      const value = Number.parseInt(part, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

export function isInNetwork(address: IpAddress, { address: base, prefix }: IpNetwork): boolean {
  if (familyOf(address) !== familyOf(base)) return false;
  const [one, other] = [addressBytes(address), addressBytes(base)];
  return one.every((byte, i) => {
    const mask = 0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i));
    return ((byte ^ (other[i] ?? 0)) & mask & 0xff) === 0;
  });
}

/** The address of a network whose last 32 bits are `host` where the network's prefix leaves them free. */
export function addressInNetwork({ address, prefix }: IpNetwork, host: number): IpAddress {
  const bytes = addressBytes(address);
  for (const i of bytes.keys()) {
    const mask = (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))) & 0xff;
    const fromEnd = bytes.length - 1 - i;
    const own = fromEnd < 4 ? (host >>> (8 * fromEnd)) & 0xff : 0;
    bytes[i] = ((bytes[i] ?? 0) & mask) | (own & ~mask);
  }
  return ipAddress(bytes);
}

/** The mask of an IPv4 network. */
export function netmask(prefix: number): IpAddress {
  return addressInNetwork({ address: '255.255.255.255' as IpAddress, prefix }, 0);
}

export const BROADCAST = '255.255.255.255' as IpAddress;
export const UNSPECIFIED_IPV4 = '0.0.0.0' as IpAddress;
export const UNSPECIFIED_IPV6 = '::' as IpAddress;

const LOOPBACK_NETWORKS: readonly IpNetwork[] = [
  { address: '127.0.0.0' as IpAddress, prefix: 8 },
  { address: '::1' as IpAddress, prefix: 128 },
];
/** What no host on the way has: this network, multicast and reserved addresses; for IPv6 also mapped IPv4 addresses. */
const SPECIAL_NETWORKS: readonly IpNetwork[] = [
  { address: '0.0.0.0' as IpAddress, prefix: 8 },
  { address: '224.0.0.0' as IpAddress, prefix: 3 },
  { address: '::' as IpAddress, prefix: 128 },
  { address: '::ffff:0:0' as IpAddress, prefix: 96 },
  { address: 'fe80::' as IpAddress, prefix: 10 },
  { address: 'ff00::' as IpAddress, prefix: 8 },
];

export function isLoopback(address: IpAddress): boolean {
  return LOOPBACK_NETWORKS.some((network) => isInNetwork(address, network));
}

/** Whether packets for an address can leave the guest's network. */
export function isRoutable(address: IpAddress): boolean {
  return !isLoopback(address) && !SPECIAL_NETWORKS.some((network) => isInNetwork(address, network));
}
