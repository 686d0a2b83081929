/** Messages of DHCP (RFC 2131, section 2) and their options (RFC 2132, RFC 3397). */
import { addressBytes, type IpAddress, ipAddress } from '../address.ts';

export const DhcpType = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  acknowledge: 5,
  refuse: 6,
  release: 7,
  inform: 8,
} as const;

export const DhcpOption = {
  netmask: 1,
  router: 3,
  nameServer: 6,
  hostname: 12,
  domainName: 15,
  mtu: 26,
  requestedAddress: 50,
  leaseTime: 51,
  type: 53,
  server: 54,
  message: 56,
  searchDomains: 119,
} as const;

const PAD = 0;
const END = 255;
const BOOT_REQUEST = 1;
const BOOT_REPLY = 2;
const MAGIC = 0x63825363;
const OPTIONS = 240;
/** Older clients expect a message of BOOTP's size at least. */
const LEAST_SIZE = 300;
const field = {
  transaction: 4,
  flags: 10,
  client: 12,
  yours: 16,
  server: 20,
  relay: 24,
  hardware: 28,
  magic: 236,
};
const MAC_SIZE = 6;
const LONGEST_OPTION = 255;

export interface DhcpRequest {
  readonly type: number;
  readonly transaction: number;
  readonly flags: number;
  readonly mac: Uint8Array;
  /** The address that the client has; 0.0.0.0 for none. */
  readonly client: IpAddress;
  readonly requested: IpAddress | undefined;
  /** The server that the client has chosen. */
  readonly server: IpAddress | undefined;
}

/** @returns Undefined for a malformed message, and for one of a relay or a client that is not on Ethernet. */
export function parseDhcp(bytes: Uint8Array): DhcpRequest | undefined {
  if (bytes.length < OPTIONS) return undefined;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (data.getUint32(0) >>> 8 !== ((BOOT_REQUEST << 16) | (1 << 8) | MAC_SIZE)) return undefined;
  if (data.getUint32(field.magic) !== MAGIC || data.getUint32(field.relay) !== 0) return undefined;
  const options = parseOptions(bytes.subarray(OPTIONS));
  const type = options?.get(DhcpOption.type);
  if (!options || type?.length !== 1) return undefined;
  const addressOf = (code: number) => {
    const value = options.get(code);
    return value?.length === 4 ? ipAddress(value) : undefined;
  };
  return {
    type: type[0] ?? 0,
    transaction: data.getUint32(field.transaction),
    flags: data.getUint16(field.flags),
    mac: bytes.slice(field.hardware, field.hardware + MAC_SIZE),
    client: ipAddress(bytes.subarray(field.client, field.client + 4)),
    requested: addressOf(DhcpOption.requestedAddress),
    server: addressOf(DhcpOption.server),
  };
}

function parseOptions(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const code = bytes[at] ?? END;
    if (code === END) return options;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) return undefined;
    options.set(code, bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}

export type DhcpOptions = readonly (readonly [code: number, value: Uint8Array])[];

export interface DhcpReply {
  readonly type: number;
  readonly yours: IpAddress;
  readonly server: IpAddress;
  readonly options: DhcpOptions;
}

export function encodeDhcp(
  { transaction, flags, mac, client }: DhcpRequest,
  { type, yours, server, options }: DhcpReply,
): Uint8Array {
  const all: DhcpOptions = [
    [DhcpOption.type, Uint8Array.of(type)],
    [DhcpOption.server, addressBytes(server)],
    ...options,
  ];
  const encoded = all.flatMap(([code, value]) => encodeOption(code, value));
  const bytes = new Uint8Array(Math.max(LEAST_SIZE, OPTIONS + encoded.length + 1));
  const data = new DataView(bytes.buffer);
  bytes.set([BOOT_REPLY, 1, MAC_SIZE, 0]);
  data.setUint32(field.transaction, transaction);
  data.setUint16(field.flags, flags);
  const refuses = type === DhcpType.refuse;
  if (!refuses) bytes.set(addressBytes(client), field.client);
  bytes.set(addressBytes(yours), field.yours);
  if (!refuses) bytes.set(addressBytes(server), field.server);
  bytes.set(mac, field.hardware);
  data.setUint32(field.magic, MAGIC);
  bytes.set([...encoded, END], OPTIONS);
  return bytes;
}

/** A value that is too long for one option goes on in the next of the same code (RFC 3396). */
function encodeOption(code: number, value: Uint8Array): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < value.length; at += LONGEST_OPTION) {
    const part = value.subarray(at, at + LONGEST_OPTION);
    bytes.push(code, part.length, ...part);
  }
  return bytes;
}

/** ASCII text, as names in options are. */
export function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A list of domains as in DNS messages (RFC 1035, section 3.1), without compression. */
export function domainList(domains: readonly string[]): Uint8Array {
  const labels = domains.flatMap((domain) => [...domain.split('.').filter((label) => label !== ''), '']);
  return Uint8Array.from(
    labels.flatMap((label) => {
      const part = textBytes(label).subarray(0, 63);
      return [part.length, ...part];
    }),
  );
}
