/** Directories of this user's cache that are made once for each content. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheDirectory } from '@zarch-tools/command/cache-directory';

/** Sixteen hexadecimal digits that tell `values` and the names and contents of `files` from all others. */
export function digest(values: readonly unknown[], files: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(values));
  for (const path of files) {
    const content = readFileSync(path);
    hash.update(`${basename(path)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The directory `key` of the cache's part `part`. Where there is none, `make` fills another one first, which becomes
 * it when `make` has returned, and is removed when it throws.
 */
export function keptDirectory(part: string, key: string, make: (directory: string) => void): string {
  const directory = join(cacheDirectory(), part, key);
  if (existsSync(directory)) return directory;
  mkdirSync(dirname(directory), { recursive: true });
  const work = mkdtempSync(`${directory}.`);
  try {
    make(work);
    moveUnlessThere(work, directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return directory;
}

/** Another process may have made the same at the same time. */
function moveUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
