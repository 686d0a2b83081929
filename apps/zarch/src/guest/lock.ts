// The lock file: the exact packages that a guest was made from, so that another run or machine makes the same one.
// It says what and never where from: no address is ever in it.
import { readFile } from 'node:fs/promises';
import { writeAtomically } from './cache.ts';
import { GuestImageError, isSystemError, reasonOf } from './error.ts';
import { isSafePath } from './packages-index.ts';

/** One locked package. */
export interface LockedPackage {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  readonly suite: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Relative to the archive's root. */
  readonly path: string;
}

/** The packages of one suite's guest. */
export interface LockedGuest {
  readonly kernel: LockedPackage;
  readonly busybox: LockedPackage;
}

/** A lock file's content: guests by suite. */
export interface Lock {
  readonly version: 1;
  readonly guests: Readonly<Record<string, LockedGuest>>;
}

/** The lock file's usual name. */
export const LOCK_NAME = 'zarch-guest.lock.json';

/**
 * Reads a lock file; an absent one is an empty lock.
 * @throws GuestImageError `format` if it is not one that this version wrote
 */
export async function readLock(path: string): Promise<Lock> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return { version: 1, guests: {} };
    throw new GuestImageError(
      'storage',
      `${path}: ${reasonOf(error)}: make it readable or give another with --lock FILE`,
      {
        cause: error,
      },
    );
  }
  try {
    return parseLock(JSON.parse(text));
  } catch (error) {
    throw new GuestImageError(
      'format',
      `${path}: ${reasonOf(error)}: remove it to resolve the versions anew`,
      {
        cause: error,
      },
    );
  }
}

/** Writes a lock file, suites and keys in a fixed order. */
export async function writeLock(path: string, lock: Lock): Promise<void> {
  const guests = Object.fromEntries(
    Object.entries(lock.guests)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([suite, guest]) => [
        suite,
        { kernel: lockedPackage(guest.kernel), busybox: lockedPackage(guest.busybox) },
      ]),
  );
  await writeAtomically(path, `${JSON.stringify({ version: 1, guests }, undefined, 2)}\n`);
}

function parseLock(value: unknown): Lock {
  const { version, guests } = record(value, 'the file');
  if (version !== 1) throw new Error(`lock version ${String(version)} is not known`);
  const entries = Object.entries(record(guests, 'guests')).map(([suite, guest]) => {
    const { kernel, busybox } = record(guest, suite);
    return [suite, { kernel: lockedPackage(kernel), busybox: lockedPackage(busybox) }] as const;
  });
  return { version: 1, guests: Object.fromEntries(entries) };
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what} is not an object`);
  return value as Readonly<Record<string, unknown>>;
}

/** Just the fields of a locked package, checked. */
function lockedPackage(value: unknown): LockedPackage {
  const fields = record(value, 'a package');
  const text = (key: string, pattern: RegExp): string => {
    const found = fields[key];
    if (typeof found !== 'string' || !pattern.test(found)) throw new Error(`a package's ${key} is not valid`);
    return found;
  };
  const size = fields['size'];
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size <= 0)
    throw new Error("a package's size is not valid");
  const path = text('path', /^[\x21-\x7e]+$/);
  if (!isSafePath(path)) throw new Error("a package's path is not valid");
  return {
    package: text('package', /^[a-z0-9][a-z0-9+.-]*$/),
    version: text('version', /^[A-Za-z0-9.+:~-]+$/),
    architecture: text('architecture', /^[a-z0-9-]+$/),
    suite: text('suite', /^[A-Za-z0-9-]+$/),
    size,
    sha256: text('sha256', /^[0-9a-f]{64}$/),
    path,
  };
}
