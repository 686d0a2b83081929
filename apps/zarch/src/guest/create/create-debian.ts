// A Debian system on a disk image, made without privileges of the host: packages from a mirror, installed by a machine
// of zarch's own (docs/adr/0005-debian-images.md).
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { cacheDirectory } from '../../cache-directory.ts';
import { type Archive, cachedPackage, fetchPackage, openArchive } from '../archive.ts';
import { makeInitramfs } from '../busybox-initramfs.ts';
import { Cache } from '../cache.ts';
import type { CpioEntry } from '../cpio.ts';
import { readDeb } from '../deb.ts';
import type { DownloadTiming } from '../download.ts';
import { GuestImageError, isSystemError, reasonOf } from '../error.ts';
import { BUSYBOX, DEFAULT_SUITE, KERNEL_META, lockedFrom, online } from '../fetch-guest.ts';
import { fetchPackages } from '../fetch-packages.ts';
import { busyboxOf, deriveKernel, modulesOf, readKernel } from '../kernel-package.ts';
import type { LockedPackage } from '../lock.ts';
import { type PackageSet, type Priority, selectPackages, withDependencies } from '../package-set.ts';
import { dependencyNames } from '../packages-index.ts';
import type { ProgressCallback } from '../progress.ts';
import { uncompressedDeb } from '../repack-deb.ts';
import { installScript, SHARE_TAG, ShareFiles } from './install-script.ts';
import { matches, readRecord, type SystemRecord, systemFiles, type WantedSystem } from './record.ts';
import { ROOT_MODULES, rootInitLines } from './root-init.ts';
import { systemSettings } from './settings.ts';
import { StageReader } from './stages.ts';

/** A machine that installs a system. */
export interface Installation {
  readonly kernel: string;
  readonly initrd: string;
  readonly commandLine: string;
  /** The image of its only disk; nothing that it holds counts until the machine has ended. */
  readonly disk: string;
  /** A directory that it can read, by 9p. */
  readonly share: { readonly tag: string; readonly path: string };
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** Runs the machine to its end. */
export type RunInstallation = (
  installation: Installation,
) => Promise<'powered off' | 'crashed' | 'interrupted'>;

export interface CreateOptions {
  /** A directory that is made for the system's files. */
  readonly output: string;
  /** Debian's codename. Default {@link DEFAULT_SUITE}. */
  readonly suite?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Packages to add, with what they depend on. */
  readonly include?: readonly string[] | undefined;
  /** Packages to leave out that nothing else needs. Without the kernel's there are only the RAM disk's modules. */
  readonly exclude?: readonly string[] | undefined;
  /** Bytes of the disk. */
  readonly size: number;
  readonly hostname?: string | undefined;
  /** Without one, root logs in without a password where there is a console. */
  readonly rootPassword?: string | undefined;
  /** Replaces a system that is there already. */
  readonly force?: boolean | undefined;
  readonly run: RunInstallation;

  readonly mirror?: string | undefined;
  readonly keyring?: string | undefined;
  readonly allowExpired?: boolean | undefined;
  readonly cacheDirectory?: string | undefined;
  readonly progress?: ProgressCallback | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly aptDirectory?: string | undefined;
  readonly timing?: DownloadTiming | undefined;
}

/** A system that boots with `-kernel`, `-initrd` and a disk. */
export interface CreatedSystem {
  readonly disk: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly record: SystemRecord;
  /** False where it was there already. */
  readonly created: boolean;
}

/** What a system has besides its priority's packages. */
const OWN_PACKAGES = [
  KERNEL_META,
  'systemd-sysv',
  'udev',
  'dbus',
  'systemd-resolved',
  'e2fsprogs',
  'ca-certificates',
];
const FORMATTER = 'e2fsprogs';
const INSTALL_MODULES = ['virtio_blk', 'ext4', '9p', '9pnet_virtio'];
const LIBRARY = /^(?:usr\/)?lib\/(?:s390x-linux-gnu\/)?(?:ld64\.so\.1|[^/]+\.so[^/]*)$/;

/**
 * Makes a Debian system, or finds the same one made before. The files appear together and whole, or not at all; what
 * was downloaded stays in the cache for another run.
 * @throws GuestImageError
 */
export async function createDebian(options: CreateOptions): Promise<CreatedSystem> {
  const wanted = wantedOf(options);
  const output = resolve(options.output);
  const there = await readRecord(output);
  if (there !== undefined && !options.force) {
    if (matches(there, wanted)) return { ...systemFiles(output), record: there, created: false };
    throw new GuestImageError(
      'usage',
      `${output} has a system made with other options: give another directory with --output, or --force to replace it`,
    );
  }
  const parent = dirname(output);
  const work = await mkdir(parent, { recursive: true })
    .then(() => mkdtemp(join(parent, `.${basename(output)}.`)))
    .catch((error: unknown) => {
      throw new GuestImageError(
        'storage',
        `${parent}: ${reasonOf(error)}: choose another directory with --output`,
      );
    });
  try {
    const record = await new Creation(options, wanted, work).run();
    await moveIntoPlace(join(work, 'system'), output, options.force === true);
    return { ...systemFiles(output), record, created: true };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function wantedOf(options: CreateOptions): WantedSystem {
  const {
    suite = DEFAULT_SUITE,
    priority = 'standard',
    include = [],
    exclude = [],
    size,
    hostname = 'debian',
  } = options;
  if (!/^[a-z0-9-]+$/.test(suite))
    throw new GuestImageError(
      'usage',
      `suite ${suite}: not a suite's name: give a codename, as ${DEFAULT_SUITE}`,
    );
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(hostname))
    throw new GuestImageError('usage', `${hostname} is not a host name: use letters, digits and hyphens`);
  if (options.rootPassword !== undefined && /[\n\r]|^$/.test(options.rootPassword))
    throw new GuestImageError('usage', 'the password is empty or has a line end in it: give another');
  const sorted = (names: readonly string[]) => [...new Set(names)].sort();
  return { suite, priority, include: sorted(include), exclude: sorted(exclude), size, hostname };
}

async function moveIntoPlace(made: string, output: string, replace: boolean): Promise<void> {
  try {
    if (replace) await rm(output, { recursive: true, force: true });
    await rename(made, output);
  } catch (error) {
    const hint = isSystemError(error, 'ENOTEMPTY') ? 'it is a directory with other files' : reasonOf(error);
    throw new GuestImageError('storage', `${output}: ${hint}: choose another directory with --output`);
  }
}

/** What a run knows of its packages. */
interface Packages {
  readonly set: PackageSet;
  readonly kernel: LockedPackage;
  readonly busybox: LockedPackage;
  readonly formatter: readonly LockedPackage[];
}

/** One run; its files are in a directory of its own until they are complete. */
class Creation {
  readonly #options: CreateOptions;
  readonly #wanted: WantedSystem;
  readonly #share: string;
  readonly #system: string;
  readonly #uuid = randomUUID();

  constructor(options: CreateOptions, wanted: WantedSystem, work: string) {
    this.#options = options;
    this.#wanted = wanted;
    this.#share = join(work, 'share');
    this.#system = join(work, 'system');
  }

  async run(): Promise<SystemRecord> {
    const cache = await Cache.open(
      this.#options.cacheDirectory ?? cacheDirectory(this.#options.env ?? process.env),
    );
    await mkdir(join(this.#share, ShareFiles.packages), { recursive: true });
    await mkdir(this.#system);
    const packages = await online(this.#options, async (mirrors) => {
      const from = { ...this.#options, mirrors, cache };
      const found = this.#resolve(await openArchive({ ...from, suite: this.#wanted.suite }));
      const all = [...found.set.required, ...found.set.others].map((each) =>
        lockedFrom(each, this.#wanted.suite),
      );
      await fetchPackages(all, from, (locked, bytes) => this.#putPackage(locked, bytes));
      for (const locked of [found.kernel, found.busybox, ...found.formatter])
        await fetchPackage(locked, from);
      return found;
    });
    await this.#putLists(packages);
    const initrd = await this.#putBoot(packages, cache);
    await this.#install(packages, initrd);
    return this.#putRecord(packages);
  }

  #resolve(archive: Archive): Packages {
    const { suite, priority, include, exclude } = this.#wanted;
    const { index } = archive;
    const own = OWN_PACKAGES.filter((name) => !exclude.includes(name));
    const set = selectPackages(index, { priority, include: [...own, ...include], exclude });
    const kernel = dependencyNames(archive.find(KERNEL_META).depends).find((name) =>
      /^linux-image-\d/.test(name),
    );
    if (kernel === undefined)
      throw new GuestImageError(
        'not-found',
        `${KERNEL_META} of ${suite} names no kernel: choose another suite`,
      );
    return {
      set,
      kernel: lockedFrom(archive.find(kernel), suite),
      busybox: lockedFrom(archive.find(BUSYBOX), suite),
      formatter: withDependencies(index, FORMATTER).map((each) => lockedFrom(each, suite)),
    };
  }

  async #putPackage(locked: LockedPackage, bytes: Uint8Array): Promise<void> {
    const path = join(this.#share, ShareFiles.packages, `${locked.package}.deb`);
    await writeFile(path, await uncompressedDeb(bytes, locked.package));
  }

  async #putLists({ set }: Packages): Promise<void> {
    const put = (name: string, text: string) => writeFile(join(this.#share, name), text, { mode: 0o600 });
    const names = (packages: PackageSet['others']) => packages.map((each) => `${each.package}\n`).join('');
    await put(ShareFiles.required, names(set.required));
    await put(ShareFiles.others, names(set.others));
    const { rootPassword } = this.#options;
    await put(ShareFiles.password, rootPassword === undefined ? '' : `root:${rootPassword}\n`);
    let modes = '';
    for (const { path, mode, data } of await systemSettings({
      ...this.#options,
      ...this.#wanted,
      uuid: this.#uuid,
    })) {
      const file = join(this.#share, ShareFiles.settings, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, data);
      if (mode !== 0o644) modes += `${mode.toString(8)} ${path}\n`;
    }
    await put(ShareFiles.modes, modes);
  }

  /** The kernel and the RAM disk that the system boots with, and the RAM disk that installs it. */
  async #putBoot(packages: Packages, cache: Cache): Promise<string> {
    const bytesOf = async (locked: LockedPackage): Promise<Uint8Array> => {
      const bytes = await cachedPackage(cache, locked);
      if (bytes !== undefined) return bytes;
      throw new GuestImageError('storage', `${locked.package} is no longer in the cache: try again`);
    };
    const deb = await readKernel(await bytesOf(packages.kernel), packages.kernel, true, {});
    const { kernel } = await deriveKernel(cache, packages.kernel, async () => deb);
    const modules = await modulesOf(deb, packages.kernel);
    const busybox = await busyboxOf(await bytesOf(packages.busybox), packages.busybox, {});
    const files = systemFiles(this.#system);
    await copyFile(kernel, files.kernel);
    await writeFile(
      files.initrd,
      await makeInitramfs({ busybox, modules: await modules.select(ROOT_MODULES), initLines: rootInitLines }),
    );
    const formatter = await Promise.all(
      packages.formatter.map(async (locked) => formatterFiles(await bytesOf(locked), locked.package)),
    );
    const script = Buffer.from(installScript(this.#uuid));
    const initrd = join(this.#share, '..', 'initrd');
    await writeFile(
      initrd,
      await makeInitramfs({
        busybox,
        modules: await modules.select(INSTALL_MODULES),
        files: [...formatter.flat(), { type: 'file', path: 'install', mode: 0o755, data: script }],
        initLines: ['exec /install'],
      }),
    );
    return initrd;
  }

  async #install({ set }: Packages, initrd: string): Promise<void> {
    const { disk, kernel } = systemFiles(this.#system);
    const file = await open(disk, 'wx');
    try {
      await file.truncate(this.#wanted.size);
      this.#options.progress?.({ step: 'format', item: 'the disk', done: 0, total: undefined });
      const stages = new StageReader(set.required.length + set.others.length, this.#options.progress);
      const end = await this.#options.run({
        kernel,
        initrd,
        commandLine: 'console=ttysclp0 loglevel=4',
        disk,
        share: { tag: SHARE_TAG, path: this.#share },
        onOutput: (bytes) => stages.push(bytes),
      });
      if (end === 'interrupted') throw new GuestImageError('network', 'the installation was interrupted');
      if (end !== 'powered off' || stages.end?.kind !== 'done') throw await this.#failed(stages);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #failed(stages: StageReader): Promise<GuestImageError> {
    const log = `${resolve(this.#options.output)}.log`;
    await writeFile(log, stages.log).catch(() => undefined);
    const what =
      stages.end?.kind === 'failed' && stages.end.what !== '' ? stages.end.what : 'the machine ended';
    return new GuestImageError('format', `the installation failed: ${what}: what it printed is in ${log}`);
  }

  async #putRecord({ set }: Packages): Promise<SystemRecord> {
    const packages = [...set.required, ...set.others].map((each) => ({
      package: each.package,
      version: each.version,
      sha256: each.sha256,
    }));
    const record: SystemRecord = { version: 1, ...this.#wanted, packages };
    await writeFile(systemFiles(this.#system).record, `${JSON.stringify(record, undefined, 2)}\n`);
    return record;
  }
}

/** What of a package makes a file system: its program, its settings and libraries. */
async function formatterFiles(deb: Uint8Array, where: string): Promise<CpioEntry[]> {
  const program = /^(usr\/)?sbin\/mke2fs$/;
  const filter = (path: string): boolean =>
    program.test(path) || path === 'etc/mke2fs.conf' || LIBRARY.test(path);
  const { files } = await readDeb(deb, where, { filter });
  return files.map((file) => {
    if (file.type !== 'file') return file;
    // Apart from busybox's program of the same name.
    return { ...file, path: program.test(file.path) ? 'mke2fs' : file.path, mode: file.mode & 0o777 };
  });
}
