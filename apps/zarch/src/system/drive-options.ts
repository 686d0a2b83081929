/** Disk images of `-drive` and `-blockdev` (QEMU qemu-options.hx, block/qapi). Only raw ones are known. */
import type { CacheOptions, ImageOptions } from '../block/image.ts';
import { usageError } from '../command-error.ts';
import { checkKeys, type KeyList, parseKeyList, parseNumber, parseWord, switchOf } from './parse.ts';

export const cacheModes: Readonly<Record<string, CacheOptions>> = {
  none: { writeback: true, direct: true, noFlush: false },
  writeback: { writeback: true, direct: false, noFlush: false },
  unsafe: { writeback: true, direct: false, noFlush: true },
  writethrough: { writeback: false, direct: false, noFlush: false },
  directsync: { writeback: false, direct: true, noFlush: false },
};
const WRITEBACK = { writeback: true, direct: false, noFlush: false };

export interface Drive {
  readonly id: string | undefined;
  /** Whether it makes a device of its own. */
  readonly interface: 'virtio' | 'none';
  readonly image: ImageOptions;
}

const driveKeys = [
  'file',
  'if',
  'id',
  'format',
  'cache',
  'cache.direct',
  'cache.no-flush',
  'cache.writeback',
  'readonly',
  'read-only',
  'snapshot',
  'media',
  'index',
  'aio',
  'discard',
  'detect-zeroes',
  'driver',
  'file.filename',
  'file.locking',
  'locking',
  'node-name',
  'werror',
  'rerror',
];

/** Parses `-drive file=FILE,...`. */
export function parseDrive(option: string, text: string): Drive {
  const what = `${option} ${text}`;
  const list = parseKeyList(option, text);
  checkKeys(what, list, driveKeys);
  const file = list.get('file') ?? list.get('file.filename');
  if (!file) throw usageError(`${what}: a drive without 'file' is not supported`);
  const kind = list.get('if') ?? 'virtio';
  if (kind !== 'virtio' && kind !== 'none')
    throw usageError(`${what}: if=${kind}: only virtio and none are supported`);
  const media = list.get('media');
  if (media !== undefined) parseWord(`${what}: media`, media, ['disk']);
  const index = list.get('index');
  if (index !== undefined) parseNumber(`${what}: index`, index, 0, 65535);
  checkIndifferent(what, list);
  const format = list.get('format') ?? list.get('driver');
  return {
    id: list.get('id') ?? list.get('node-name'),
    interface: kind,
    image: {
      file,
      readOnly: switchOf(what, list, list.has('readonly') ? 'readonly' : 'read-only', false),
      cache: cacheOf(what, list),
      snapshot: switchOf(what, list, 'snapshot', false),
      locking: lockingOf(what, list),
      raw: isRaw(what, format),
      option: what,
    },
  };
}

/** An image whose file is all that is said of it. */
export function plainDrive(file: string): Drive {
  const option = file;
  const image = {
    file,
    readOnly: false,
    cache: WRITEBACK,
    snapshot: false,
    locking: true,
    raw: false,
    option,
  };
  return { id: undefined, interface: 'virtio', image };
}

function isRaw(what: string, format: string | undefined): boolean {
  if (format === undefined) return false;
  if (!['raw', 'file', 'host_device'].includes(format))
    throw usageError(`${what}: Unknown driver '${format}': only raw images are supported`);
  return true;
}

/** What has no effect here, but must be right. */
function checkIndifferent(what: string, list: KeyList): void {
  const word = (key: string, words: readonly string[]) => {
    const text = list.get(key);
    if (text !== undefined) parseWord(`${what}: ${key}`, text, words);
  };
  word('aio', ['threads', 'native', 'io_uring']);
  word('discard', ['ignore', 'off', 'unmap', 'on']);
  word('detect-zeroes', ['off']);
  word('werror', ['report', 'enospc']);
  word('rerror', ['report']);
}

function cacheOf(what: string, list: KeyList): CacheOptions {
  const name = list.get('cache');
  const mode = name === undefined ? WRITEBACK : cacheModes[name];
  if (!mode) throw usageError(`${what}: invalid cache option '${name}'`);
  return {
    writeback: switchOf(what, list, 'cache.writeback', mode.writeback),
    direct: switchOf(what, list, 'cache.direct', mode.direct),
    noFlush: switchOf(what, list, 'cache.no-flush', mode.noFlush),
  };
}

function lockingOf(what: string, list: KeyList): boolean {
  const text = list.get('locking') ?? list.get('file.locking') ?? 'auto';
  return parseWord(`${what}: locking`, text, ['auto', 'on', 'off']) !== 'off';
}

/** A node of `-blockdev`. */
export interface BlockNode {
  readonly name: string;
  /** Undefined for the node of another one's file. */
  readonly file: string | undefined;
  readonly image: ImageOptions;
}

const nodeKeys = [
  'driver',
  'node-name',
  'file',
  'filename',
  'file.driver',
  'file.filename',
  'file.locking',
  'file.aio',
  'file.node-name',
  'file.read-only',
  'locking',
  'aio',
  'read-only',
  'auto-read-only',
  'cache.direct',
  'cache.no-flush',
  'file.cache.direct',
  'file.cache.no-flush',
  'discard',
  'detect-zeroes',
];

/**
 * Parses `-blockdev driver=...,node-name=...` or the same as JSON.
 *
 * @param known - The nodes before it, by name: one of them can be its file.
 */
export function parseBlockdev(text: string, known: ReadonlyMap<string, BlockNode>): BlockNode {
  const what = `-blockdev ${text}`;
  const list = text.startsWith('{') ? flattened(what, text) : parseKeyList('-blockdev', text, 'driver');
  checkKeys(what, list, nodeKeys);
  const name = list.get('node-name');
  if (!name) throw usageError(`${what}: Parameter 'node-name' is missing`);
  const driver = list.get('driver');
  if (driver === undefined) throw usageError(`${what}: Parameter 'driver' is missing`);
  isRaw(what, driver);
  checkIndifferent(what, list);
  const below = list.get('file');
  const node = below === undefined ? undefined : known.get(below);
  if (below !== undefined && !node)
    throw usageError(`${what}: Cannot find device='' nor node-name='${below}'`);
  const file = node?.image.file ?? list.get('filename') ?? list.get('file.filename');
  if (!file) throw usageError(`${what}: Parameter 'filename' is missing`);
  const own = node?.image;
  const flag = (key: string, otherwise: boolean) =>
    switchOf(what, list, key, switchOf(what, list, `file.${key}`, otherwise));
  return {
    name,
    file: below,
    image: {
      file,
      readOnly: flag('read-only', own?.readOnly ?? false),
      cache: {
        writeback: true,
        direct: flag('cache.direct', own?.cache.direct ?? false),
        noFlush: flag('cache.no-flush', own?.cache.noFlush ?? false),
      },
      snapshot: false,
      locking: lockingOf(what, list) && (own?.locking ?? true),
      raw: true,
      option: what,
    },
  };
}

/** A JSON object as a list of keys with dots. */
function flattened(what: string, text: string): KeyList {
  const list = new Map<string, string>();
  const add = (prefix: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) add(prefix === '' ? key : `${prefix}.${key}`, inner);
    } else if (typeof value === 'boolean') list.set(prefix, value ? 'on' : 'off');
    else if (typeof value === 'string' || typeof value === 'number') list.set(prefix, String(value));
    else throw usageError(`${what}: '${prefix}' has a value that is not supported`);
  };
  try {
    add('', JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw usageError(`${what}: it is not valid JSON`);
    throw error;
  }
  return list;
}
