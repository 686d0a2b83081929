// What a directory with a system holds, and what the system was made of.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GuestImageError, isSystemError, reasonOf } from '../error.ts';
import { PRIORITIES, type Priority } from '../package-set.ts';

/** What a user says of a system. */
export interface WantedSystem {
  readonly suite: string;
  readonly priority: Priority;
  /** In the order of names. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly size: number;
  readonly hostname: string;
}

export interface SystemRecord extends WantedSystem {
  readonly version: 1;
  readonly packages: readonly {
    readonly package: string;
    readonly version: string;
    readonly sha256: string;
  }[];
}

export interface SystemFiles {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly record: string;
}

export function systemFiles(directory: string): SystemFiles {
  return {
    disk: join(directory, 'disk.img'),
    kernel: join(directory, 'vmlinuz'),
    initrd: join(directory, 'initrd.img'),
    record: join(directory, 'system.json'),
  };
}

/**
 * The record of a directory, or `undefined` if it has none.
 * @throws GuestImageError `format` if it is not one that this version wrote
 */
export async function readRecord(directory: string): Promise<SystemRecord | undefined> {
  const path = systemFiles(directory).record;
  try {
    const record: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRecord(record)) return record;
    throw new Error('not a record of this version');
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return undefined;
    throw new GuestImageError('format', `${path}: ${reasonOf(error)}: give --force to replace the system`);
  }
}

export function matches(record: SystemRecord, wanted: WantedSystem): boolean {
  return (
    record.suite === wanted.suite &&
    record.priority === wanted.priority &&
    record.include.join() === wanted.include.join() &&
    record.exclude.join() === wanted.exclude.join() &&
    record.size === wanted.size &&
    record.hostname === wanted.hostname
  );
}

function isRecord(value: unknown): value is SystemRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Readonly<Record<string, unknown>>;
  return (
    record['version'] === 1 &&
    typeof record['suite'] === 'string' &&
    PRIORITIES.some((priority) => priority === record['priority']) &&
    Array.isArray(record['include']) &&
    Array.isArray(record['exclude']) &&
    typeof record['size'] === 'number' &&
    typeof record['hostname'] === 'string' &&
    Array.isArray(record['packages'])
  );
}
