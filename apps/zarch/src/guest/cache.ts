// The cache of guest images. Files appear whole or not at all.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheDirectory } from '../cache-directory.ts';
import { GuestImageError, isSystemError, reasonOf } from './error.ts';
import { PartialFile } from './partial-file.ts';

const PARTIAL = '.partial';
const STALE_AFTER = 24 * 60 * 60 * 1000;
const SUMS = 'SHA256SUMS';

/** SHA-256 in lower-case hexadecimal. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes a file so that other processes see the old content or the new, and a crash leaves one of them.
 * @throws GuestImageError `storage`
 */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}${PARTIAL}`,
  );
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new GuestImageError(
      'storage',
      `${path}: ${reasonOf(error)}: free space or choose another directory`,
      {
        cause: error,
      },
    );
  }
}

/** A directory of files that are checked whenever they are used again. */
export class Cache {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Opens a cache and clears away what killed processes left half-written. It need not exist yet. */
  static async open(directory: string = cacheDirectory()): Promise<Cache> {
    await removeStale(directory);
    for (const kind of ['debs', 'indexes']) await removeStale(join(directory, kind));
    return new Cache(directory);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** A cached file if it has this checksum; one that has not is removed. */
  async read(name: string, checksum: string): Promise<Uint8Array | undefined> {
    const path = this.path(name);
    const bytes = await readIfThere(path);
    if (bytes === undefined || sha256(bytes) === checksum) return bytes;
    await rm(path, { force: true });
    return undefined;
  }

  async write(name: string, bytes: Uint8Array): Promise<string> {
    const path = this.path(name);
    await writeAtomically(path, bytes);
    return path;
  }

  /** What there is so far of a file that is being fetched; it is cleared away after a day. */
  partial(name: string): PartialFile {
    return new PartialFile(this.path(`${name}${PARTIAL}`));
  }

  /**
   * A directory of files that `make` computes. It is made anew unless all of it is there and unchanged.
   * @returns the paths of the files by their names
   */
  async derive(
    directory: string,
    make: () => Promise<ReadonlyMap<string, Uint8Array>>,
  ): Promise<ReadonlyMap<string, string>> {
    const there = await this.#derived(directory);
    if (there !== undefined) return there;
    const files = await make();
    const paths = new Map<string, string>();
    let sums = '';
    for (const [name, bytes] of files) {
      paths.set(name, await this.write(join(directory, name), bytes));
      sums += `${sha256(bytes)}  ${name}\n`;
    }
    // Written last: without it the directory counts as absent.
    await this.write(join(directory, SUMS), Buffer.from(sums));
    return paths;
  }

  async #derived(directory: string): Promise<ReadonlyMap<string, string> | undefined> {
    const sums = await readIfThere(this.path(join(directory, SUMS)));
    if (sums === undefined) return undefined;
    const paths = new Map<string, string>();
    for (const line of Buffer.from(sums).toString().trimEnd().split('\n')) {
      const [, checksum, name] = /^([0-9a-f]{64}) {2}([^/]+)$/.exec(line) ?? [];
      if (checksum === undefined || name === undefined) return undefined;
      const path = this.path(join(directory, name));
      const bytes = await readIfThere(path);
      if (bytes === undefined || sha256(bytes) !== checksum) return undefined;
      paths.set(name, path);
    }
    return paths;
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw new GuestImageError('storage', `${path}: ${reasonOf(error)}: make it readable or remove it`, {
      cause: error,
    });
  }
}

async function removeStale(directory: string): Promise<void> {
  try {
    for (const name of await readdir(directory)) {
      if (!name.endsWith(PARTIAL)) continue;
      const path = join(directory, name);
      if (Date.now() - (await stat(path)).mtimeMs > STALE_AFTER) await rm(path, { force: true });
    }
  } catch (error) {
    // Another process may clear the same files.
    if (!isSystemError(error, 'ENOENT'))
      throw new GuestImageError(
        'storage',
        `${directory}: ${reasonOf(error)}: make the cache directory usable`,
        {
          cause: error,
        },
      );
  }
}
