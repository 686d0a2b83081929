/** Character devices as QEMU's `-chardev` and `-serial` name them. */

import type { ChardevOptions } from '../chardev/chardev.ts';
import { usageError } from '../command-error.ts';
import { checkKeys, type KeyList, parseKeyList, parseNumber, switchOf } from './parse.ts';

/** A character device of `-chardev`, with the name that others know it by. */
export interface NamedChardev {
  readonly id: string;
  readonly options: ChardevOptions;
}

/** Parses `-chardev BACKEND,id=ID,...`. */
export function parseChardev(text: string): NamedChardev {
  const option = `-chardev ${text}`;
  const list = parseKeyList('-chardev', text, 'backend');
  const id = list.get('id');
  if (id === undefined || id === '') throw usageError(`${option}: Parameter 'id' is missing`);
  return { id, options: backend(option, list) };
}

function backend(option: string, list: KeyList): ChardevOptions {
  const common = ['backend', 'id'];
  switch (list.get('backend')) {
    case 'null':
      checkKeys(option, list, common);
      return { kind: 'null' };
    case 'stdio':
      checkKeys(option, list, [...common, 'mux', 'signal']);
      return {
        kind: 'stdio',
        mux: switchOf(option, list, 'mux', false),
        signal: switchOf(option, list, 'signal', true),
      };
    case 'file': {
      checkKeys(option, list, [...common, 'path', 'append']);
      const path = list.get('path');
      if (!path) throw usageError(`${option}: file: no filename given`);
      return { kind: 'file', path, append: switchOf(option, list, 'append', false) };
    }
    case 'socket':
      checkKeys(option, list, [
        ...common,
        'path',
        'host',
        'port',
        'server',
        'wait',
        'nodelay',
        'ipv4',
        'ipv6',
      ]);
      return socket(option, list);
    default:
      throw usageError(`${option}: '${list.get('backend')}' is not a supported char driver name`);
  }
}

function socket(option: string, list: KeyList): ChardevOptions {
  const server = switchOf(option, list, 'server', false);
  const wait = switchOf(option, list, 'wait', server);
  if (wait && !server) throw usageError(`${option}: 'wait' is only for a socket that is a server`);
  const path = list.get('path');
  const port = list.get('port');
  if ((path === undefined) === (port === undefined)) {
    throw usageError(`${option}: one of 'path' and 'port' must be given`);
  }
  const address =
    path === undefined
      ? { host: list.get('host') || 'localhost', port: parseNumber(`${option}: port`, port ?? '', 0, 65535) }
      : { path };
  return { kind: 'socket', address, server, wait };
}

/** Parses the argument of `-serial`; a string is the name of a `-chardev`, undefined is `none`. */
export function parseSerial(text: string): ChardevOptions | string | undefined {
  const option = `-serial ${text}`;
  const rest = (prefix: string) => text.slice(prefix.length);
  if (text === 'none') return undefined;
  if (text === 'null') return { kind: 'null' };
  if (text === 'stdio') return { kind: 'stdio', mux: false, signal: true };
  if (text === 'mon:stdio') return { kind: 'stdio', mux: true, signal: false };
  if (text.startsWith('chardev:')) return rest('chardev:');
  if (text.startsWith('file:')) {
    if (text === 'file:') throw usageError(`${option}: file: no filename given`);
    return { kind: 'file', path: rest('file:'), append: false };
  }
  const keys = ['server', 'wait', 'nodelay'];
  if (text.startsWith('unix:')) {
    const list = parseKeyList(option, rest('unix:'), 'path');
    checkKeys(option, list, [...keys, 'path']);
    return socket(option, list);
  }
  if (text.startsWith('tcp:')) {
    const list = new Map(parseKeyList(option, rest('tcp:'), 'address'));
    checkKeys(option, list, [...keys, 'address']);
    const match = /^(.*):([^:]+)$/.exec(list.get('address') ?? '');
    if (!match) throw usageError(`${option}: an address is HOST:PORT`);
    list.set('host', (match[1] ?? '').replaceAll(/[[\]]/g, ''));
    list.set('port', match[2] ?? '');
    return socket(option, list);
  }
  throw usageError(
    `${option}: not a supported device: none, null, stdio, mon:stdio, file, unix, tcp and chardev are`,
  );
}
