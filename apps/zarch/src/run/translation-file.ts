/**
 * The file in which translations are kept from run to run: one for each build of zarch, kernel, shape of machine and
 * workload, in the user's cache. It is a help and never needed: without it, or with one that is damaged, a guest only
 * starts slower.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type StoreLimits, TranslationStore } from '@zarch/cpu';
import { buildIdentity } from './build-identity.ts';
import { createHash } from './crypto.ts';
import { PartsFile, writeParts } from './parts-file.ts';

/** What decides whether translations of one run are of use in another. */
export interface TranslatedGuest {
  readonly kernel: string;
  /** What the kernel is to do: a workload that is new begins with what another one of the same kernel has left. */
  readonly initrd: string | undefined;
  readonly commandLine: string;
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

/** A workload of which nothing is kept keeps of another one's what it has used, however little is new. */
const INHERITED = { age: 0, news: 0 } as const;

export class TranslationFile {
  readonly #directory: string;
  /** What the names of files with the same kernel begin with. */
  readonly #guest: string;
  readonly #path: string;

  private constructor(directory: string, guest: string, workload: string) {
    this.#directory = directory;
    this.#guest = guest;
    this.#path = join(directory, `${guest}-${workload}${SUFFIX}`);
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
    const initrd = guest.initrd === undefined ? '' : (headOf(guest.initrd) ?? '');
    return new TranslationFile(
      directory,
      digest([build, guest.machine, kernel]),
      digest([guest.commandLine, initrd]),
    );
  }

  /** What the earlier runs have left; an empty store if there is none, or one that is damaged. */
  read(): TranslationStore {
    return readStore(this.#path) ?? this.#inherited() ?? new TranslationStore();
  }

  /** What another workload of the same kernel has left: the one that ran last. */
  #inherited(): TranslationStore | undefined {
    try {
      const [last] = filesOf(this.#directory).filter(({ path }) =>
        basename(path).startsWith(`${this.#guest}-`),
      );
      return last && readStore(last.path, INHERITED);
    } catch {
      // Another process has removed a file meanwhile.
      return undefined;
    }
  }

  /** Writes all of it or nothing; a cache that cannot be written stays as it is. */
  write(parts: Iterable<Uint8Array>): void {
    const directory = this.#directory;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeParts(this.#path, `${this.#path}.${process.pid}${PARTIAL}`, parts);
      clear(directory);
    } catch {
      // What is left of it is cleared away by a later run.
    }
  }
}

/** Undefined when there is no such file, or a damaged one. */
function readStore(path: string, limits?: Partial<StoreLimits>): TranslationStore | undefined {
  let file: PartsFile | undefined;
  try {
    file = PartsFile.open(path);
    const now = new Date();
    utimesSync(path, now, now);
    // It stays open: parts are read when they are wanted.
    return TranslationStore.decode((part) => file?.read(part), limits);
  } catch {
    file?.close();
    return undefined;
  }
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
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

/** Files of a directory with translations, those used last before the others; none if there is no directory. */
function filesOf(directory: string): readonly { readonly path: string; readonly used: number }[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => ({ path, used: statSync(path).mtimeMs }))
    .sort((a, b) => b.used - a.used);
}

/** Removes what was used longest ago, and what killed processes have left half-written. */
function clear(directory: string): void {
  const old = Date.now() - STALE_AFTER;
  const partial = readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => path.endsWith(PARTIAL) && statSync(path).mtimeMs < old);
  const surplus = filesOf(directory).slice(FILES);
  for (const path of [...partial, ...surplus.map((file) => file.path)]) rmSync(path, { force: true });
}
