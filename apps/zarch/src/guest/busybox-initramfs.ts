// An initial root of static busybox, kernel modules and files, with an /init that ends in a shell:
// Linux, Documentation/filesystems/ramfs-rootfs-initramfs.rst.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type CpioEntry, packCpio } from './cpio.ts';
import { type ModuleSet, modulesAlias, modulesDep } from './modules.ts';

/** What goes into an initramfs. */
export interface InitramfsOptions {
  /** A statically linked s390x busybox. */
  readonly busybox: Uint8Array;
  readonly modules?: ModuleSet | undefined;
  /** They replace what zarch itself would put at the same path. */
  readonly files?: readonly CpioEntry[] | undefined;
  /** Lines of shell that /init runs after loading the modules, before it says that the guest is ready. */
  readonly initLines?: readonly string[] | undefined;
  /**
   * Default `none`: a compressed one is smaller on disk, but the guest then decompresses it, at the guest's speed.
   */
  readonly compress?: 'none' | 'gzip' | undefined;
}

/** The line that /init prints when it is about to start the shell. */
export const READY_LINE = 'zarch: the guest is ready';

const GZIP_OS_BYTE = 9;
const GZIP_OS_UNKNOWN = 255;

/** Makes a cpio initramfs. The same input gives the same bytes. */
export async function makeInitramfs(options: InitramfsOptions): Promise<Uint8Array> {
  const cpio = packCpio(entriesOf(options));
  if (options.compress !== 'gzip') return cpio;
  const packed = await promisify(gzip)(cpio, { level: 9 });
  // Zlib writes the host system's number here.
  packed[GZIP_OS_BYTE] = GZIP_OS_UNKNOWN;
  return packed;
}

function entriesOf(options: InitramfsOptions): CpioEntry[] {
  const { modules } = options;
  const entries: CpioEntry[] = [
    ...['dev', 'proc', 'sys', 'run', 'mnt', 'sbin', 'usr/bin', 'usr/sbin', 'etc'].map(directory),
    { type: 'directory', path: 'root', mode: 0o700 },
    { type: 'directory', path: 'tmp', mode: 0o1777 },
    // The kernel opens it for /init's standard streams before anything is mounted.
    { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { type: 'file', path: 'bin/busybox', mode: 0o755, data: options.busybox },
    { type: 'symlink', path: 'bin/sh', target: 'busybox' },
    { type: 'file', path: 'init', mode: 0o755, data: Buffer.from(initScript(options)) },
  ];
  if (modules !== undefined && modules.modules.length > 0) {
    const base = `lib/modules/${modules.release}`;
    for (const { path, data } of modules.modules)
      entries.push({ type: 'file', path: `${base}/${path}`, mode: 0o644, data });
    const tables = {
      'modules.dep': modulesDep(modules.modules),
      'modules.alias': modulesAlias(modules.modules),
    };
    for (const [name, text] of Object.entries(tables))
      entries.push({ type: 'file', path: `${base}/${name}`, mode: 0o644, data: Buffer.from(text) });
  }
  return withParents([...entries, ...(options.files ?? [])]);
}

const directory = (path: string): CpioEntry => ({ type: 'directory', path, mode: 0o755 });

/** Adds the directories that entries lie in, before them, and keeps the last entry of each path. */
function withParents(entries: readonly CpioEntry[]): CpioEntry[] {
  const all = new Map<string, CpioEntry>();
  for (const entry of entries) {
    const parts = entry.path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/');
      if (!all.has(parent)) all.set(parent, directory(parent));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()];
}

function initScript({ modules, initLines }: InitramfsOptions): string {
  const load = modules?.load ?? [];
  return `${[
    '#!/bin/sh',
    'export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root',
    '/bin/busybox mount -t proc proc /proc',
    '/bin/busybox mount -t sysfs sysfs /sys',
    '/bin/busybox mount -t devtmpfs devtmpfs /dev',
    '/bin/busybox --install -s',
    'mkdir -p /dev/pts',
    'mount -t devpts devpts /dev/pts',
    // The SCLP line-mode console is named ttyS0, and its terminal sclp_line0.
    '[ ! -e /dev/sclp_line0 ] || [ -e /dev/ttyS0 ] || ln -s sclp_line0 /dev/ttyS0',
    ...load.map((name) => `modprobe ${name} || echo "zarch: module ${name} does not load"`),
    ...(initLines ?? []),
    `echo '${READY_LINE}'`,
    'cd /root',
    // A shell controls jobs only on a terminal of its own, which /dev/console cannot be: cttyhack finds the real one.
    'setsid cttyhack /bin/sh',
    'sync',
    'poweroff -f',
  ].join('\n')}\n`;
}
