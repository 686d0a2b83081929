/** Where the repository, the guest's sources and what is made of them are. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
/** The sources of the guest's programs. */
export const guestDirectory = join(import.meta.dirname, '../guest');
/** The benchmark's sources, whose kernels and mixes are run too. */
export const benchDirectory = join(root, 'tools/bench/guest');

/** `$XDG_CACHE_HOME/zarch/stress`. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'zarch/stress');
}
