/** Networks of `-netdev` (QEMU qemu-options.hx, "-netdev socket", "stream", "dgram" and "user"). */
import { usageError } from '../command-error.ts';
import type { NetworkOptions } from '../net/network.ts';
import { checkKeys, type KeyList, parseKeyList, parseNumber, splitElements, switchOf } from './parse.ts';
import { parseUser } from './user-network-options.ts';

const MAC_SIZE = 6;
const ANY = '0.0.0.0';
const LOOPBACK = '127.0.0.1';

export interface NamedNetwork {
  readonly id: string;
  readonly network: NetworkOptions;
}

/** Parses `-netdev TYPE,id=ID,...`. */
export function parseNetdev(text: string): NamedNetwork {
  const what = `-netdev ${text}`;
  const id = parseKeyList('-netdev', text, 'type').get('id');
  if (!id) throw usageError(`${what}: Parameter 'id' is missing`);
  return { id, network: parseNetwork(what, text) };
}

export interface NetworkCard {
  readonly mac: Uint8Array | undefined;
  readonly network: NetworkOptions;
}

const CARD_KEYS = ['model', 'mac'];
const CARD_MODELS = ['virtio', 'virtio-net', 'virtio-net-ccw'];

/** Parses `-nic TYPE[,model=MODEL][,mac=ADDRESS],...`: a network and the device that is connected to it. */
export function parseNic(text: string): NetworkCard {
  const what = `-nic ${text}`;
  const list = parseKeyList('-nic', text, 'type');
  const model = list.get('model');
  if (model !== undefined && !CARD_MODELS.includes(model))
    throw usageError(`${what}: Unsupported NIC model: ${model}`);
  const mac = list.get('mac');
  const rest = splitElements(text).filter((element) => !CARD_KEYS.includes(element.split('=')[0] ?? ''));
  const network = parseNetwork(what, rest.map((element) => element.replaceAll(',', ',,')).join(','));
  return { mac: mac === undefined ? undefined : parseMac(what, mac), network };
}

function parseNetwork(what: string, text: string): NetworkOptions {
  const list = parseKeyList(what, text, 'type');
  switch (list.get('type')) {
    case 'socket':
      return socket(what, list);
    case 'stream':
      return stream(what, list);
    case 'dgram':
      return datagram(what, list);
    case 'user':
      return parseUser(what, text);
    default:
      throw usageError(
        `${what}: '${list.get('type')}' is not supported: only user, socket, stream and dgram are`,
      );
  }
}

function socket(what: string, list: KeyList): NetworkOptions {
  checkKeys(what, list, ['type', 'id', 'listen', 'connect', 'udp', 'localaddr']);
  const [listen, connect, udp] = [list.get('listen'), list.get('connect'), list.get('udp')];
  if ([listen, connect, udp].filter((each) => each !== undefined).length !== 1)
    throw usageError(`${what}: exactly one of listen=, connect= or udp= is required`);
  if (udp !== undefined) {
    const local = list.get('localaddr');
    if (local === undefined) throw usageError(`${what}: localaddr= is mandatory with udp=`);
    return {
      kind: 'datagram',
      local: hostAndPort(what, local, ANY),
      remote: hostAndPort(what, udp, LOOPBACK),
      option: what,
    };
  }
  const server = listen !== undefined;
  const address = hostAndPort(what, listen ?? connect ?? '', server ? ANY : LOOPBACK);
  return { kind: 'stream', address, server, reconnect: 0, option: what };
}

function stream(what: string, list: KeyList): NetworkOptions {
  const keys = ['type', 'id', 'server', 'reconnect', 'reconnect-ms', 'addr.type', 'addr.host', 'addr.port'];
  checkKeys(what, list, [...keys, 'addr.path', 'addr.ipv4', 'addr.ipv6']);
  const server = switchOf(what, list, 'server', false);
  const number = (key: string) => {
    const text = list.get(key);
    return text === undefined ? undefined : parseNumber(`${what}: ${key}`, text, 0, 2 ** 31 - 1);
  };
  const milliseconds = number('reconnect-ms');
  const reconnect = milliseconds === undefined ? (number('reconnect') ?? 0) : milliseconds / 1000;
  if (server && reconnect !== 0) throw usageError(`${what}: 'reconnect' is only for a client`);
  const path = list.get('addr.path');
  switch (list.get('addr.type')) {
    case 'inet': {
      const address = inet(what, list, 'addr', server ? ANY : LOOPBACK);
      return { kind: 'stream', address, server, reconnect, option: what };
    }
    case 'unix':
      if (!path) throw usageError(`${what}: Parameter 'addr.path' is missing`);
      return { kind: 'stream', address: { path }, server, reconnect, option: what };
    default:
      throw usageError(`${what}: addr.type must be inet or unix`);
  }
}

function datagram(what: string, list: KeyList): NetworkOptions {
  const keys = ['local', 'remote'].flatMap((side) => [`${side}.type`, `${side}.host`, `${side}.port`]);
  checkKeys(what, list, ['type', 'id', ...keys]);
  for (const side of ['local', 'remote']) {
    const type = list.get(`${side}.type`);
    if (type !== undefined && type !== 'inet')
      throw usageError(`${what}: ${side}.type: only inet is supported`);
  }
  const remote = list.has('remote.type') ? inet(what, list, 'remote', LOOPBACK) : undefined;
  const local = list.has('local.type') ? inet(what, list, 'local', ANY) : undefined;
  if (!local && !remote) throw usageError(`${what}: dgram requires local= or remote= parameter`);
  return { kind: 'datagram', local: local ?? { host: ANY, port: 0 }, remote, option: what };
}

function inet(what: string, list: KeyList, side: string, otherwise: string): { host: string; port: number } {
  const port = list.get(`${side}.port`);
  if (port === undefined) throw usageError(`${what}: Parameter '${side}.port' is missing`);
  return {
    host: list.get(`${side}.host`) || otherwise,
    port: parseNumber(`${what}: ${side}.port`, port, 0, 65535),
  };
}

function hostAndPort(what: string, text: string, otherwise: string): { host: string; port: number } {
  const match = /^(.*):(\d+)$/.exec(text);
  if (!match) throw usageError(`${what}: '${text}' is not HOST:PORT`);
  const host = (match[1] ?? '').replaceAll(/[[\]]/g, '');
  return { host: host || otherwise, port: parseNumber(`${what}: port`, match[2] ?? '', 0, 65535) };
}

/** Parses six hexadecimal numbers with colons or dashes. */
export function parseMac(what: string, text: string): Uint8Array {
  if (!/^([\da-f]{1,2}[:-]){5}[\da-f]{1,2}$/i.test(text))
    throw usageError(`${what}: invalid MAC address '${text}'`);
  const bytes = Uint8Array.from(text.split(/[:-]/), (part) => Number.parseInt(part, 16));
  if ((bytes[0] ?? 0) & 1) throw usageError(`${what}: '${text}' is a multicast address`);
  return bytes;
}

/** The address of the n-th device that is given none, as QEMU has it. */
export function defaultMac(index: number): Uint8Array {
  const bytes = new Uint8Array(MAC_SIZE);
  bytes.set([0x52, 0x54, 0x00, 0x12, 0x34, (0x56 + index) & 0xff]);
  return bytes;
}
