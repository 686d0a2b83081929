/** Which build of zarch's translator this is: what it makes is of use to no other. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from './crypto.ts';

const OURS = '@zarch/';

/**
 * A digest of the translator's package and of all of ours it is built on, in hexadecimal; undefined in the source tree,
 * where a package is more than one file.
 */
export function buildIdentity(): string | undefined {
  const entry = fileURLToPath(import.meta.resolve('@zarch/cpu'));
  const files = new Map<string, string>();
  const waiting = [{ name: '@zarch/cpu', file: entry }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { name, file } = next;
    if (file.endsWith('.ts')) return undefined;
    if (files.has(name)) continue;
    files.set(name, file);
    const { resolve } = createRequire(file);
    for (const other of dependenciesOf(file)) waiting.push({ name: other, file: resolve(other) });
  }
  const hash = createHash('sha256');
  for (const [name, file] of [...files].sort()) hash.update(name).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Names of our packages that the package of a built file needs. */
function dependenciesOf(file: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(join(dirname(file), '..', 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  return Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith(OURS));
}
