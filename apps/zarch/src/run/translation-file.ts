/**
 * The file in which translations are kept from run to run: one for each build of zarch, kernel and shape of machine, in
 * the user's cache. It is a help and never needed: without it, or with one that is damaged, a guest only starts slower.
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TranslationStore } from '@zarch/cpu';
import { buildIdentity } from './build-identity.ts';
import { PartsFile, writeParts } from './parts-file.ts';

/** What decides whether translations of one run are of use in another. */
export interface TranslatedGuest {
  readonly kernel: string;
  /** Everything about the machine that places code in the host's storage. */
  readonly machine: string;
}

export interface TranslationFileOptions {
  readonly directory: string;
  readonly guest: TranslatedGuest;
}

/** Files that are kept in a directory: those used last. */
const FILES = 16;
const SUFFIX = '.translations';
const PARTIAL = '.partial';
const STALE_AFTER = 60 * 60 * 1000;
/** Of the kernel, so much is looked at. */
const HEAD = 1 << 16;

export class TranslationFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Undefined where nothing can be kept: in the source tree, and for a kernel that cannot be read.
   *
   * @param build - What tells this build of zarch from others.
   */
  static of(
    { directory, guest }: TranslationFileOptions,
    build: string | undefined = buildIdentity(),
  ): TranslationFile | undefined {
    const kernel = headOf(guest.kernel);
    if (build === undefined || kernel === undefined) return undefined;
    const hash = createHash('sha256');
    for (const part of [build, guest.machine, kernel]) hash.update(part).update('\0');
    return new TranslationFile(join(directory, `${hash.digest('hex').slice(0, 32)}${SUFFIX}`));
  }

  /** What the earlier runs have left; an empty store if there is none, or one that is damaged. */
  read(): TranslationStore {
    let file: PartsFile | undefined;
    try {
      file = PartsFile.open(this.#path);
      const now = new Date();
      utimesSync(this.#path, now, now);
      // It stays open: parts are read when they are wanted.
      return TranslationStore.decode((part) => file?.read(part));
    } catch {
      file?.close();
      return new TranslationStore();
    }
  }

  /** Writes all of it or nothing; a cache that cannot be written stays as it is. */
  write(parts: Iterable<Uint8Array>): void {
    const directory = dirname(this.#path);
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeParts(this.#path, `${this.#path}.${process.pid}${PARTIAL}`, parts);
      clear(directory);
    } catch {
      // What is left of it is cleared away by a later run.
    }
  }
}

/** The size of a kernel and its first bytes. */
function headOf(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(HEAD + 8);
    bytes.writeDoubleBE(statSync(path).size, HEAD);
    readSync(file, bytes, 0, HEAD, 0);
    return bytes;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Removes what was used longest ago, and what killed processes have left half-written. */
function clear(directory: string): void {
  const files = readdirSync(directory).map((name) => {
    const path = join(directory, name);
    return { path, used: statSync(path).mtimeMs };
  });
  const old = Date.now() - STALE_AFTER;
  const partial = files.filter(({ path, used }) => path.endsWith(PARTIAL) && used < old);
  const kept = files.filter(({ path }) => path.endsWith(SUFFIX)).sort((a, b) => b.used - a.used);
  for (const { path } of [...partial, ...kept.slice(FILES)]) rmSync(path, { force: true });
}
