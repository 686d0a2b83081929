// The files in which an installed system differs from what its packages bring: its names, its disk, its network and
// where its packages come from.
import { readFile } from 'node:fs/promises';
import { GuestImageError, reasonOf } from '../error.ts';
import { aptSuiteSources, findMirrors, type MirrorOptions, type SuiteSource } from '../mirror.ts';
import { machineProxy, type ProxySettings } from '../proxy.ts';

/** A file of the system; `path` is relative to its root. */
export interface SettingsFile {
  readonly path: string;
  readonly mode: number;
  readonly data: string | Uint8Array;
}

export interface SettingsOptions extends MirrorOptions {
  readonly suite: string;
  readonly hostname: string;
  /** Of the root file system. */
  readonly uuid: string;
  /** A keyring file that the archive is to be trusted by. */
  readonly keyring?: string | undefined;
}

const DEBIAN_KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** The host, for a guest on a user-mode network. */
const HOST = '10.0.2.2';

export async function systemSettings(options: SettingsOptions): Promise<readonly SettingsFile[]> {
  const { hostname, uuid } = options;
  const text = (path: string, ...lines: string[]): SettingsFile => ({
    path,
    mode: 0o644,
    data: lines.map((line) => `${line}\n`).join(''),
  });
  return [
    text('etc/hostname', hostname),
    text(
      'etc/hosts',
      '127.0.0.1 localhost',
      `127.0.1.1 ${hostname}`,
      '::1 localhost ip6-localhost ip6-loopback',
    ),
    text('etc/fstab', `UUID=${uuid} / ext4 errors=remount-ro 0 1`),
    text('etc/default/locale', 'LANG=C.UTF-8'),
    text(
      'etc/systemd/network/80-dhcp.network',
      ...['[Match]', 'Type=ether', '', '[Network]', 'DHCP=yes', '', '[DHCPv4]', 'ClientIdentifier=mac'],
    ),
    ...(await aptSettings(options)),
  ];
}

async function aptSettings(options: SettingsOptions): Promise<SettingsFile[]> {
  const files: SettingsFile[] = [];
  let keyring = DEBIAN_KEYRING;
  if (options.keyring !== undefined) {
    const data = await readFile(options.keyring).catch((error: unknown) => {
      throw new GuestImageError('usage', `${options.keyring}: ${reasonOf(error)}: give a readable keyring`);
    });
    const armored = data.subarray(0, 5).toString('latin1') === '-----';
    keyring = `/etc/apt/keyrings/archive.${armored ? 'asc' : 'gpg'}`;
    files.push({ path: keyring.slice(1), mode: 0o644, data });
  }
  const sources = await suiteSources(options);
  const reachable = sources.filter(({ uri }) => !uri.startsWith('file:'));
  const stanzas = reachable.map(({ uri, suite, components }) =>
    [
      'Types: deb',
      `URIs: ${fromGuest(withoutUser(uri))}`,
      `Suites: ${suite}`,
      `Components: ${components.join(' ')}`,
      `Signed-By: ${keyring}`,
    ].join('\n'),
  );
  const none =
    '# This system was made from a directory, which it cannot reach: add a mirror here, see sources.list(5).';
  const data = `${stanzas.length > 0 ? stanzas.join('\n\n') : none}\n`;
  files.push({ path: 'etc/apt/sources.list.d/debian.sources', mode: 0o644, data });
  const logins = new Set(reachable.flatMap(({ uri }) => loginOf(uri) ?? []));
  if (logins.size > 0)
    files.push({ path: 'etc/apt/auth.conf.d/mirror.conf', mode: 0o600, data: `${[...logins].join('\n')}\n` });
  const proxy = await machineProxy(options.env ?? process.env);
  // An address of a proxy may hold a password.
  if (proxy !== undefined)
    files.push({ path: 'etc/apt/apt.conf.d/80proxy', mode: 0o600, data: proxyLines(proxy) });
  return files;
}

/** A mirror that the user names is the only source; else the system has those of this machine's apt. */
async function suiteSources(options: SettingsOptions): Promise<readonly SuiteSource[]> {
  const mirrors = await findMirrors(options);
  if (mirrors.every(({ origin }) => origin === 'apt')) {
    const own = await aptSuiteSources(options.suite, options.aptDirectory);
    if (own.length > 0) return own;
  }
  return mirrors.slice(0, 1).map(({ uri }) => ({ uri, suite: options.suite, components: ['main'] }));
}

/** An address on the host itself, as the guest reaches it. */
function fromGuest(uri: string): string {
  return uri.replace(/^([a-z]+:\/\/(?:[^/@]*@)?)(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/i, `$1${HOST}`);
}

const withoutUser = (uri: string): string => uri.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1');

/** A line of apt_auth.conf(5). */
function loginOf(uri: string): string | undefined {
  const [, user, password = '', host] = /^[a-z]+:\/\/([^/@:]+)(?::([^/@]*))?@([^/]+)/i.exec(uri) ?? [];
  if (user === undefined) return undefined;
  return `machine ${fromGuest(`x://${host}`).slice(4)} login ${decodeURIComponent(user)} password ${decodeURIComponent(password)}`;
}

function proxyLines({ http_proxy, https_proxy, no_proxy }: ProxySettings): string {
  const quoted = (value: string): string => `"${fromGuest(value).replaceAll('"', '%22')}"`;
  const lines: string[] = [];
  if (http_proxy !== undefined) lines.push(`Acquire::http::Proxy ${quoted(http_proxy)};`);
  if (https_proxy !== undefined) lines.push(`Acquire::https::Proxy ${quoted(https_proxy)};`);
  for (const host of (no_proxy ?? '').split(/[\s,]+/).filter((name) => /^[\w.-]+$/.test(name))) {
    for (const scheme of ['http', 'https']) lines.push(`Acquire::${scheme}::Proxy::${host} "DIRECT";`);
  }
  return `${lines.join('\n')}\n`;
}
