/** Where this user's caches are: XDG Base Directory Specification, `$XDG_CACHE_HOME`. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';

/** `$XDG_CACHE_HOME/zarch`, or `~/.cache/zarch` where that is unset or not absolute. */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  return join(
    base !== undefined && isAbsolute(base) ? base : join(env['HOME'] || homedir(), '.cache'),
    'zarch',
  );
}
