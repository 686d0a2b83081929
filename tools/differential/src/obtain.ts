/**
 * Getting the peer: QEMU's user-mode emulator, from the machine or else from Debian's package of it. As root apt
 * installs the package; anyone else gets it unpacked into a cache.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { cacheDirectory } from '@zarch-tools/command/cache-directory';

const PACKAGE = 'qemu-user-static';
const PROGRAMS = ['qemu-s390x-static', 'qemu-s390x'];
/** The version whose behaviour `explained.ts` describes. */
const VERSION = /version 7\.2\./;

/** The path of `qemu-s390x-static`, QEMU 7.2. Throws when it cannot be had. */
export function obtainPeer(): string {
  const cache = join(cacheDirectory(), 'peers');
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), join(cache, 'usr', 'bin')];
  const present = find(directories);
  if (present) return present;
  const isRoot = process.getuid?.() === 0;
  if (isRoot) install();
  else unpack(cache);
  const obtained = find(directories);
  if (!obtained) throw new Error(`${PACKAGE} of Debian 12 (QEMU 7.2) is needed, and could not be installed`);
  return obtained;
}

/** The first program in `directories` that is of the right version. */
function find(directories: readonly string[]): string | undefined {
  return directories
    .flatMap((directory) => PROGRAMS.map((program) => join(directory, program)))
    .filter(isExecutable)
    .find((path) => VERSION.test(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(): void {
  command('apt-get', ['update', '-q']);
  command('apt-get', ['install', '-q', '-y', '--no-install-recommends', PACKAGE]);
}

/** Downloads the package with lists of our own, which needs no rights, and unpacks it. */
function unpack(cache: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'zarch-peer-'));
  try {
    const options = ['-o', `Dir::State=${directory}/state`, '-o', `Dir::Cache=${directory}/cache`];
    for (const part of ['state/lists/partial', 'cache/archives/partial', 'root']) {
      mkdirSync(join(directory, part), { recursive: true });
    }
    command('apt-get', [...options, 'update', '-q'], directory);
    command('apt-get', [...options, 'download', '-q', PACKAGE], directory);
    const file = readdirSync(directory).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error(`apt-get did not download ${PACKAGE}`);
    command('dpkg-deb', ['--extract', file, 'root'], directory);
    mkdirSync(cache, { recursive: true });
    rmSync(join(cache, 'usr'), { recursive: true, force: true });
    renameSync(join(directory, 'root', 'usr'), join(cache, 'usr'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function command(program: string, args: readonly string[], cwd?: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8', env, cwd });
  if (error) throw new Error(`${PACKAGE} is needed, and there is no ${program}: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`);
}
