// Which Debian archive to fetch from: the user's choice, else what apt of this machine uses.
import { type AptSource, readAptSources } from './apt-sources.ts';
import { GuestImageError, OWN_IMAGES } from './error.ts';

/** A Debian archive: what `dists/` and `pool/` lie under. */
export interface Mirror {
  /** Without a trailing slash. May hold a user name and password, so it is shown only by {@link shownUri}. */
  readonly uri: string;
  readonly origin: 'option' | 'environment' | 'apt';
  /** Keyring files that apt's Signed-By names for it. */
  readonly keyrings: readonly string[];
}

/** A suite on a mirror, as a line of sources.list says it. */
export interface SuiteSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** Where to look for mirrors. */
export interface MirrorOptions {
  /** The `--mirror` option. */
  readonly mirror?: string | undefined;
  /** Default: the process's environment; `ZARCH_MIRROR` is read. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default: `/etc/apt`. */
  readonly aptDirectory?: string | undefined;
}

const SCHEMES = ['http:', 'https:', 'file:'];
const CODENAMES = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'duke', 'sid'];
const CLASSES = ['oldoldstable', 'oldstable', 'stable', 'testing', 'unstable'];

/**
 * The mirrors to try, best first. One that the user names is the only one.
 * @throws GuestImageError `no-mirror` when there is none, `usage` for an address of an unsupported kind.
 */
export async function findMirrors(options: MirrorOptions = {}): Promise<readonly Mirror[]> {
  const env = options.env ?? process.env;
  if (options.mirror !== undefined && options.mirror !== '')
    return [{ uri: checkedUri(options.mirror, '--mirror'), origin: 'option', keyrings: [] }];
  const named = env['ZARCH_MIRROR'];
  if (named !== undefined && named !== '')
    return [{ uri: checkedUri(named, 'ZARCH_MIRROR'), origin: 'environment', keyrings: [] }];

  const mirrors = new Map<string, Mirror>();
  const refused = new Set<string>();
  for (const source of await readAptSources(options.aptDirectory ?? '/etc/apt')) {
    for (const uri of source.uris.filter((candidate) => isDebianArchive(source, candidate))) {
      const scheme = schemeOf(uri);
      const trimmed = uri.replace(/\/+$/, '');
      if (!SCHEMES.includes(scheme)) refused.add(scheme);
      else if (!mirrors.has(trimmed))
        mirrors.set(trimmed, { uri: trimmed, origin: 'apt', keyrings: source.keyrings });
    }
  }
  if (mirrors.size > 0) return [...mirrors.values()];
  const found =
    refused.size > 0
      ? `apt's Debian sources on this machine are ${[...refused].join(' and ')} only, which zarch does not read`
      : 'no Debian mirror is known (none in the apt configuration, no ZARCH_MIRROR)';
  throw new GuestImageError('no-mirror', `${found}: give one with --mirror URL, ${OWN_IMAGES}`);
}

/**
 * Whether an apt entry's address is Debian's own archive, not its security archive, another distribution or a third
 * party: it has a Debian suite's main, and Debian's keyring or a directory named for Debian vouches for it.
 */
function isDebianArchive(source: AptSource, uri: string): boolean {
  if (!source.types.includes('deb') || !source.components.includes('main')) return false;
  if (!source.suites.some(isDebianSuite)) return false;
  const path = pathOf(uri);
  if (SECURITY.test(path)) return false;
  if (source.keyrings.some((keyring) => /\/debian-archive-[^/]*$/.test(keyring))) return true;
  return /(^|\/)debian(\/|$)/.test(path) || !SCHEMES.includes(schemeOf(uri));
}

/**
 * What apt of this machine has of a suite: the suite itself, its updates and its security updates. Nothing if it uses
 * other suites.
 */
export async function aptSuiteSources(suite: string, aptDirectory = '/etc/apt'): Promise<SuiteSource[]> {
  const found: SuiteSource[] = [];
  for (const source of await readAptSources(aptDirectory)) {
    const { types, uris, suites, components } = source;
    if (!types.includes('deb')) continue;
    for (const uri of uris) {
      const security = SECURITY.test(pathOf(uri));
      if (!SCHEMES.includes(schemeOf(uri)) || !(security || isDebianArchive(source, uri))) continue;
      const wanted = security ? [`${suite}-security`] : [suite, `${suite}-updates`];
      for (const each of suites.filter((name) => wanted.includes(name)))
        found.push({ uri: uri.replace(/\/+$/, ''), suite: each, components });
    }
  }
  return found.some((source) => source.suite === suite) ? found : [];
}

const SECURITY = /(^|\/)debian-security(\/|$)/;
const pathOf = (uri: string): string => uri.replace(/^[a-z0-9+]+:\/\/[^/]*/i, '');

function isDebianSuite(suite: string): boolean {
  const name = suite.replace(/-(updates|backports|proposed-updates)$/, '');
  return CODENAMES.includes(name) || CLASSES.includes(name);
}

/** A mirror's address for messages: without a password. */
export function shownUri(uri: string): string {
  return uri.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1');
}

const schemeOf = (uri: string): string => /^[a-z][a-z0-9+.-]*:/i.exec(uri)?.[0].toLowerCase() ?? '';

function checkedUri(uri: string, where: string): string {
  if (SCHEMES.includes(schemeOf(uri)) && URL.canParse(uri)) return uri.replace(/\/+$/, '');
  throw new GuestImageError(
    'usage',
    `${where} ${shownUri(uri)}: not an address of a Debian archive: give http://, https:// or file://, ${OWN_IMAGES}`,
  );
}
