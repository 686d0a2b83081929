// The HTTP proxy that downloads go through: the environment's, else apt's (Acquire::http::Proxy, apt.conf(5)).
import { execFile } from 'node:child_process';
import * as http from 'node:http';
import { GuestImageError } from './error.ts';

/** Proxy settings by the names that the environment uses. */
export interface ProxySettings {
  readonly http_proxy?: string;
  readonly https_proxy?: string;
  readonly no_proxy?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment asks for; `undefined` if it says nothing. */
export function proxyFromEnvironment(env: Environment): ProxySettings | undefined {
  const plain = env['http_proxy'] ?? env['HTTP_PROXY'];
  const secure = env['https_proxy'] ?? env['HTTPS_PROXY'];
  const none = env['no_proxy'] ?? env['NO_PROXY'];
  if (!plain && !secure) return undefined;
  return {
    ...(plain ? { http_proxy: plain } : {}),
    ...(secure ? { https_proxy: secure } : {}),
    ...(none ? { no_proxy: none } : {}),
  };
}

/** What the output of `apt-config dump` asks for. A per-host `DIRECT` becomes an exception. */
export function proxyFromAptConfig(dump: string): ProxySettings | undefined {
  let plain: string | undefined;
  let secure: string | undefined;
  const direct: string[] = [];
  for (const line of dump.split('\n')) {
    const match = /^Acquire::(https?)::Proxy(?:::([^\s:]+))? "(.*)";$/i.exec(line);
    if (match === null) continue;
    const [, scheme = '', host, value = ''] = match;
    if (host !== undefined) {
      if (value.toUpperCase() === 'DIRECT') direct.push(host);
    } else if (value !== '' && value.toUpperCase() !== 'DIRECT' && value !== 'false') {
      if (scheme.toLowerCase() === 'http') plain = value;
      else secure = value;
    }
  }
  if (plain === undefined && secure === undefined) return undefined;
  return {
    ...(plain !== undefined ? { http_proxy: plain } : {}),
    // apt falls back to the plain proxy for https too.
    ...((secure ?? plain) !== undefined ? { https_proxy: secure ?? plain ?? '' } : {}),
    ...(direct.length > 0 ? { no_proxy: direct.join(',') } : {}),
  };
}

/** The machine's proxy: the environment's, else apt's. */
export async function machineProxy(env: Environment): Promise<ProxySettings | undefined> {
  return proxyFromEnvironment(env) ?? proxyFromAptConfig(await aptConfigDump());
}

/** Runs `work` with the machine's proxy in force for every request of this process, and restores what was before. */
export async function withProxy<T>(env: Environment, work: () => Promise<T>): Promise<T> {
  const settings = await machineProxy(env);
  if (settings === undefined) return work();
  if (typeof http.setGlobalProxyFromEnv !== 'function')
    throw new GuestImageError(
      'network',
      `this Node (${process.version}) cannot use the configured HTTP proxy: use Node 24.14 or later`,
    );
  const restore = http.setGlobalProxyFromEnv({ ...settings });
  try {
    return await work();
  } finally {
    restore();
  }
}

function aptConfigDump(): Promise<string> {
  return new Promise((resolve) => {
    // No apt, or one that does not answer, means no proxy of apt's.
    execFile('apt-config', ['dump'], { timeout: 5_000 }, (error, stdout) => resolve(error ? '' : stdout));
  });
}
