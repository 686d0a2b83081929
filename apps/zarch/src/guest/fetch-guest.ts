// A guest that boots: Debian's s390x kernel and an initramfs around Debian's static busybox, from lock, cache and mirror.
import { join } from 'node:path';
import { cacheDirectory } from '../cache-directory.ts';
import { cachedPackage, fetchPackage, openArchive } from './archive.ts';
import { type InitramfsOptions, makeInitramfs } from './busybox-initramfs.ts';
import { Cache, sha256 } from './cache.ts';
import type { CpioEntry } from './cpio.ts';
import type { DownloadTiming } from './download.ts';
import { GuestImageError } from './error.ts';
import { readHostFiles } from './host-files.ts';
import { busyboxOf, deriveKernel, type KernelFiles, modulesOf, readKernel } from './kernel-package.ts';
import { LOCK_NAME, type LockedGuest, type LockedPackage, readLock, writeLock } from './lock.ts';
import { findMirrors, type Mirror } from './mirror.ts';
import type { ModuleSet } from './modules.ts';
import { dependencyNames, type IndexedPackage } from './packages-index.ts';
import type { ProgressCallback } from './progress.ts';
import { withProxy } from './proxy.ts';

/** What guest to make, and from where. */
export interface GuestOptions {
  /** Debian's codename. Default {@link DEFAULT_SUITE}. */
  readonly suite?: string | undefined;
  /** The `--mirror` option; else `ZARCH_MIRROR`, else apt's configuration. */
  readonly mirror?: string | undefined;
  /** A keyring file to trust instead of the installed one. */
  readonly keyring?: string | undefined;
  /** The lock file. Default: {@link LOCK_NAME} in the cache. */
  readonly lock?: string | undefined;
  /** Resolves the newest versions even where the lock has some. */
  readonly update?: boolean | undefined;
  /** Uses the lock and the cache only. */
  readonly offline?: boolean | undefined;
  /** Takes a Release file past its Valid-Until date. */
  readonly allowExpired?: boolean | undefined;
  readonly cacheDirectory?: string | undefined;
  /** Kernel modules to include, with what they depend on, and to load at start. */
  readonly modules?: readonly string[] | undefined;
  /** Host files to include, each `SOURCE:DESTINATION`. */
  readonly files?: readonly string[] | undefined;
  /** Lines of shell for /init, run before it says that the guest is ready. */
  readonly initLines?: readonly string[] | undefined;
  readonly compress?: 'none' | 'gzip' | undefined;
  readonly progress?: ProgressCallback | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default: `/etc/apt`. */
  readonly aptDirectory?: string | undefined;
  readonly timing?: DownloadTiming | undefined;
}

/** A guest in the cache; the paths stay valid until the cache is cleared. */
export interface Guest extends KernelFiles {
  readonly suite: string;
  readonly initrd: string;
  /** The lock file that records the versions. */
  readonly lock: string;
  readonly versions: LockedGuest;
}

/** The suite where none is asked for. */
export const DEFAULT_SUITE = 'bookworm';

export const BUSYBOX = 'busybox-static';
/** A package that depends on the suite's current kernel. */
export const KERNEL_META = 'linux-image-s390x';
/** Part of the cached initramfs's name: to be changed with what `KernelModules` makes of the same package. */
const MODULES_FORMAT = 1;

/**
 * Makes a kernel and an initramfs available in the cache. What the lock records is used as recorded; without a record,
 * or with `update`, the newest versions are resolved from a mirror and recorded.
 * @throws GuestImageError
 */
export async function fetchGuest(options: GuestOptions = {}): Promise<Guest> {
  const env = options.env ?? process.env;
  const suite = options.suite ?? DEFAULT_SUITE;
  if (!/^[a-z0-9-]+$/.test(suite))
    throw new GuestImageError(
      'usage',
      `suite ${suite}: not a suite's name: give a codename, as ${DEFAULT_SUITE}`,
    );
  const cache = await Cache.open(options.cacheDirectory ?? cacheDirectory(env));
  const lock = options.lock ?? cache.path(LOCK_NAME);
  const files = (await Promise.all((options.files ?? []).map(readHostFiles))).flat();

  const versions = await resolve(suite, lock, cache, options);
  const [kernelDeb, busyboxDeb] = await packages(versions, lock, cache, options);

  const wanted = options.modules ?? [];
  const kernelFiles = once(() => readKernel(kernelDeb, versions.kernel, wanted.length > 0, options));
  const kernel = await deriveKernel(cache, versions.kernel, async () => await kernelFiles());
  const modules = async (): Promise<ModuleSet | undefined> =>
    wanted.length > 0 ? (await modulesOf(await kernelFiles(), versions.kernel)).select(wanted) : undefined;
  const initrd = await deriveInitrd(cache, versions, files, options, async () => ({
    busybox: await busyboxOf(busyboxDeb, versions.busybox, options),
    modules: await modules(),
    files,
    initLines: options.initLines,
    compress: options.compress,
  }));
  return { suite, initrd, lock, versions, ...kernel };
}

async function resolve(
  suite: string,
  path: string,
  cache: Cache,
  options: GuestOptions,
): Promise<LockedGuest> {
  const lock = await readLock(path);
  const locked = lock.guests[suite];
  if (locked !== undefined && !(options.update && !options.offline)) return locked;
  if (options.offline)
    throw new GuestImageError(
      'offline',
      `${path} records no versions for ${suite}: run once without --offline, or give a lock with --lock FILE`,
    );
  const guest = await online(options, async (mirrors) => {
    const archive = await openArchive({ ...options, mirrors, cache, suite });
    const image = dependencyNames(archive.find(KERNEL_META).depends).find((name) =>
      /^linux-image-\d/.test(name),
    );
    if (image === undefined)
      throw new GuestImageError(
        'not-found',
        `${KERNEL_META} of ${suite} names no kernel: choose another suite with --suite NAME`,
      );
    return {
      kernel: lockedFrom(archive.find(image), suite),
      busybox: lockedFrom(archive.find(BUSYBOX), suite),
    };
  });
  await writeLock(path, { version: 1, guests: { ...lock.guests, [suite]: guest } });
  return guest;
}

export function lockedFrom(found: IndexedPackage, suite: string): LockedPackage {
  const { depends: _, preDepends: __, ...rest } = found;
  return { ...rest, suite };
}

async function packages(
  versions: LockedGuest,
  lock: string,
  cache: Cache,
  options: GuestOptions,
): Promise<[kernel: Uint8Array, busybox: Uint8Array]> {
  const kernel = await cachedPackage(cache, versions.kernel);
  const busybox = await cachedPackage(cache, versions.busybox);
  if (kernel !== undefined && busybox !== undefined) return [kernel, busybox];
  if (options.offline) {
    const absent = kernel === undefined ? versions.kernel : versions.busybox;
    throw new GuestImageError(
      'offline',
      `${absent.package} ${absent.version} of ${lock} is not in the cache ${cache.directory}: run once without --offline`,
    );
  }
  return online(options, async (mirrors) => {
    const from = {
      mirrors,
      cache,
      progress: options.progress,
      signal: options.signal,
      timing: options.timing,
    };
    return [
      kernel ?? (await fetchPackage(versions.kernel, from)),
      busybox ?? (await fetchPackage(versions.busybox, from)),
    ];
  });
}

/** Does something with the mirrors, through the machine's proxy. */
export async function online<T>(
  options: GuestOptions,
  work: (mirrors: readonly Mirror[]) => Promise<T>,
): Promise<T> {
  const mirrors = await findMirrors(options);
  return withProxy(options.env ?? process.env, () => work(mirrors));
}

async function deriveInitrd(
  cache: Cache,
  versions: LockedGuest,
  files: readonly CpioEntry[],
  options: GuestOptions,
  contents: () => Promise<InitramfsOptions>,
): Promise<string> {
  const modules = options.modules ?? [];
  // Stands for everything in it that is not of the packages or the user, /init above all.
  const frame = await makeInitramfs({ busybox: new Uint8Array(0), initLines: options.initLines });
  const inputs = {
    frame: sha256(frame),
    busybox: versions.busybox.sha256,
    modules: modules.length > 0 ? [MODULES_FORMAT, versions.kernel.sha256, ...modules] : [],
    files: files.map((file) => ('data' in file ? { ...file, data: sha256(file.data) } : file)),
    compress: options.compress ?? 'none',
  };
  const name = `initrd.cpio${options.compress === 'gzip' ? '.gz' : ''}`;
  const directory = join('images', `initrd_${sha256(JSON.stringify(inputs)).slice(0, 16)}`);
  const paths = await cache.derive(directory, async () => {
    const bytes = await makeInitramfs(await contents());
    options.progress?.({ step: 'build', item: name, done: bytes.length, total: bytes.length });
    return new Map([[name, bytes]]);
  });
  return paths.get(name) ?? cache.path(join(directory, name));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
