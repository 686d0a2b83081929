// What a guest boots with, from Debian's packages of the kernel and of busybox.
import { join } from 'node:path';
import type { Cache } from './cache.ts';
import { type Deb, type ReadDebOptions, readDeb } from './deb.ts';
import { GuestImageError } from './error.ts';
import type { LockedPackage } from './lock.ts';
import { KernelModules } from './modules.ts';

/** Files in the cache. */
export interface KernelFiles {
  readonly kernel: string;
  /** The kernel's symbols, for a debugger, if its package has them (Debian 12's does not). */
  readonly systemMap: string | undefined;
  /** The kernel's configuration. */
  readonly config: string | undefined;
  /** As `uname -r` gives it. */
  readonly kernelRelease: string;
}

const BOOT = /^boot\/(vmlinuz|System\.map|config)-(.+)$/;
const MODULES = /^(?:usr\/)?lib\/modules\/([^/]+)\/(kernel\/.*\.ko(?:\.\w+)?|modules\.builtin)$/;

/** Debian's packages have a line of text in place of System.map where their debug packages have the real one. */
function isPlaceholder(data: Uint8Array): boolean {
  return data.length < 200 && Buffer.from(data).includes('The real System.map is in');
}

/** What is needed of a kernel's package: `/boot`, and its modules where they are asked for. */
export function readKernel(
  deb: Uint8Array,
  locked: LockedPackage,
  modules: boolean,
  { progress }: ReadDebOptions,
): Promise<Deb> {
  const filter = (path: string): boolean => BOOT.test(path) || (modules && MODULES.test(path));
  return readDeb(deb, locked.package, { filter, progress });
}

/** The kernel and what is beside it, in the cache. */
export async function deriveKernel(
  cache: Cache,
  locked: LockedPackage,
  read: () => Promise<Deb>,
): Promise<KernelFiles> {
  const paths = await cache.derive(imageDirectory(locked), async () => {
    const files = new Map<string, Uint8Array>();
    for (const file of (await read()).files) {
      if (file.type !== 'file' || !BOOT.test(file.path) || isPlaceholder(file.data)) continue;
      files.set(file.path.slice('boot/'.length), file.data);
    }
    return files;
  });
  const find = (kind: string): string | undefined =>
    [...paths.keys()].find((name) => name.startsWith(`${kind}-`));
  const path = (kind: string): string | undefined => paths.get(find(kind) ?? '');
  const kernel = path('vmlinuz');
  if (kernel === undefined)
    throw new GuestImageError('format', `${locked.package} has no /boot/vmlinuz: choose another suite`);
  return {
    kernel,
    systemMap: path('System.map'),
    config: path('config'),
    kernelRelease: find('vmlinuz')?.slice('vmlinuz-'.length) ?? '',
  };
}

/** @throws GuestImageError `format` if the package was read without modules, or has none */
export async function modulesOf(deb: Deb, locked: LockedPackage): Promise<KernelModules> {
  const files = new Map<string, Uint8Array>();
  let release: string | undefined;
  let builtin = '';
  for (const file of deb.files) {
    const match = MODULES.exec(file.path);
    if (match === null || file.type !== 'file') continue;
    release ??= match[1];
    if (match[2] === 'modules.builtin') builtin = Buffer.from(file.data).toString();
    else files.set(match[2] ?? '', file.data);
  }
  if (release === undefined)
    throw new GuestImageError('format', `${locked.package} has no modules: ask for none`);
  return new KernelModules(release, files, builtin);
}

/** The program of busybox's package. */
export async function busyboxOf(
  deb: Uint8Array,
  locked: LockedPackage,
  { progress }: ReadDebOptions,
): Promise<Uint8Array> {
  const filter = (path: string): boolean => /^(usr\/)?bin\/busybox$/.test(path);
  const { files } = await readDeb(deb, locked.package, { filter, progress });
  const file = files.find((candidate) => candidate.type === 'file');
  if (file?.type !== 'file')
    throw new GuestImageError('format', `${locked.package} has no /bin/busybox: choose another suite`);
  return file.data;
}

function imageDirectory(locked: LockedPackage): string {
  const version = locked.version.replaceAll(':', '%3a');
  return join('images', `${locked.package}_${version}_${locked.sha256.slice(0, 12)}`);
}
