/** The stateless part of DHCPv6 (RFC 8415, section 18.3.6; RFC 3646): addresses come from router advertisements. */
import { addressBytes } from '../address.ts';
import type { Configuration, OwnAddresses } from '../configuration.ts';
import { domainList } from './dhcp-message.ts';

export const DHCPV6_SERVER_PORT = 547;
export const DHCPV6_CLIENT_PORT = 546;

const Type = { reply: 7, informationRequest: 11 } as const;
const Option = { client: 1, server: 2, requested: 6, nameServers: 23, searchDomains: 24 } as const;
/** A DUID of the link-layer kind, for Ethernet. */
const DUID = [0, 3, 0, 1];

/**
 * Answers an information request.
 *
 * @param mac - The server's.
 * @returns Undefined where no answer is due; `malformed` for what is no message.
 */
export function answerDhcpv6(
  bytes: Uint8Array,
  mac: Uint8Array,
  { dns }: OwnAddresses,
  { restrict, searchDomains }: Configuration,
): Uint8Array | 'malformed' | undefined {
  if (bytes.length < 4) return 'malformed';
  if (bytes[0] !== Type.informationRequest) return undefined;
  const options = parseOptions(bytes.subarray(4));
  if (!options) return 'malformed';
  const server = Uint8Array.from([...DUID, ...mac]);
  const addressed = options.get(Option.server);
  if (addressed && addressed.join() !== server.join()) return undefined;
  const client = options.get(Option.client);
  const asked = options.get(Option.requested) ?? new Uint8Array(0);
  const asksFor = (code: number) =>
    asked.some((_, i) => i % 2 === 0 && ((asked[i] ?? 0) << 8) + (asked[i + 1] ?? 0) === code);
  return Uint8Array.from([
    ...[Type.reply, ...bytes.subarray(1, 4), ...option(Option.server, server)],
    ...(client ? option(Option.client, client) : []),
    ...(!restrict && asksFor(Option.nameServers) ? option(Option.nameServers, addressBytes(dns)) : []),
    ...(searchDomains.length > 0 && asksFor(Option.searchDomains)
      ? option(Option.searchDomains, domainList(searchDomains))
      : []),
  ]);
}

function parseOptions(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> | undefined {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const code = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (at + 4 + length > bytes.length) return undefined;
    options.set(code, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return options;
}

function option(code: number, value: Uint8Array): number[] {
  return [code >> 8, code & 0xff, value.length >> 8, value.length & 0xff, ...value];
}
