// The package sources of apt, in the one-line and the deb822 format: sources.list(5).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from './error.ts';

/** One enabled entry of apt's sources. */
export interface AptSource {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Keyring files named by Signed-By (embedded keys and fingerprints are left out). */
  readonly keyrings: readonly string[];
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const keyringFiles = (signedBy: string): string[] =>
  signedBy.split(/[\s,]+/).filter((word) => word.startsWith('/'));

// A cdrom: address has its label, spaces and all, in brackets.
const ONE_LINE = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(cdrom:\[[^\]]*\]\S*|\S+)\s+(\S+)\s*(.*)$/;

/** Entries of a `.list` file. Lines that apt would reject are skipped. */
export function parseOneLineSources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const raw of text.split('\n')) {
    const match = ONE_LINE.exec(raw.replace(/#.*$/, '').trim());
    if (match === null) continue;
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = words(options).find((option) => option.startsWith('signed-by='));
    sources.push({
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      keyrings: keyringFiles(signedBy?.slice('signed-by='.length) ?? ''),
    });
  }
  return sources;
}

/** Entries of a `.sources` file that are not disabled. */
export function parseDeb822Sources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const stanza of parseDeb822(text)) {
    const enabled = (stanza.get('enabled') ?? 'yes').trim().toLowerCase();
    if (['no', 'false', '0', 'off', 'without', 'disable'].includes(enabled)) continue;
    const uris = words(stanza.get('uris') ?? '');
    if (uris.length === 0) continue;
    sources.push({
      types: words(stanza.get('types') ?? ''),
      uris,
      suites: words(stanza.get('suites') ?? ''),
      components: words(stanza.get('components') ?? ''),
      keyrings: keyringFiles(stanza.get('signed-by') ?? ''),
    });
  }
  return sources;
}

/** The stanzas of a deb822 text, keys in lower case, continuation lines joined by newlines: deb822(5). */
export function parseDeb822(text: string): ReadonlyMap<string, string>[] {
  const stanzas: Map<string, string>[] = [];
  let stanza: Map<string, string> | undefined;
  let key: string | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    if (line.startsWith('#')) continue;
    if (line === '') {
      stanza = undefined;
      key = undefined;
    } else if (/^\s/.test(line)) {
      if (stanza !== undefined && key !== undefined)
        stanza.set(key, `${stanza.get(key) ?? ''}\n${line.trim()}`);
    } else {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      if (stanza === undefined) {
        stanza = new Map();
        stanzas.push(stanza);
      }
      key = line.slice(0, colon).toLowerCase();
      stanza.set(key, line.slice(colon + 1).trim());
    }
  }
  return stanzas;
}

/**
 * Every entry under an apt configuration directory: `sources.list`, then the files of `sources.list.d` by name.
 * A machine without apt has none; an unreadable file counts as absent, as apt may restrict some to root.
 */
export async function readAptSources(directory: string): Promise<AptSource[]> {
  const parts = join(directory, 'sources.list.d');
  const names = (await listIfThere(parts)).sort();
  const sources = parseOneLineSources(await readIfThere(join(directory, 'sources.list')));
  for (const name of names) {
    if (name.endsWith('.list')) sources.push(...parseOneLineSources(await readIfThere(join(parts, name))));
    else if (name.endsWith('.sources'))
      sources.push(...parseDeb822Sources(await readIfThere(join(parts, name))));
  }
  return sources;
}

const absent = (error: unknown): boolean =>
  isSystemError(error, 'ENOENT') || isSystemError(error, 'EACCES') || isSystemError(error, 'ENOTDIR');

async function listIfThere(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (absent(error)) return [];
    throw error;
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (absent(error)) return '';
    throw error;
  }
}
