/** Where our tools keep what takes long to make: beside what the command `zarch` keeps. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `$XDG_CACHE_HOME/zarch`, or `~/.cache/zarch` where that is unset or not absolute. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'zarch');
}
