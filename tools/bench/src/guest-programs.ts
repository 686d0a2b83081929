/** The guest's programs and files: compiled and gathered into a directory of the cache, once for each content. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Case, guestDirectory } from './case.ts';
import { sampleText } from './sample-text.ts';

const COMPILER = 's390x-linux-gnu-gcc';
const FLAGS = ['-O2', '-std=gnu11', '-fno-pie', '-I', guestDirectory];
const LINK_FLAGS = ['-static', '-no-pie'];

/** Programs of this machine that make the guest's files, and Debian's packages of them. */
const tools = { [COMPILER]: 'gcc-s390x-linux-gnu', bzip2: 'bzip2', xz: 'xz-utils' } as const;

/** The directory to put into the guest as `/bench`; beside it, in `init`, the guest's first program. */
export interface GuestFiles {
  readonly bench: string;
  readonly init: string;
}

/** @throws Error that says what to install, or what the compiler says */
export function makeGuestFiles(cases: readonly Case[]): GuestFiles {
  requireTools();
  const directory = join(cacheDirectory(), 'bench', keyOf(cases));
  if (!existsSync(directory)) build(directory, cases);
  return { bench: join(directory, 'bench'), init: join(directory, 'init') };
}

function requireTools(): void {
  const missing = Object.entries(tools)
    .filter(([program]) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined)
    .map(([, name]) => name);
  if (missing.length > 0)
    throw new Error(
      `the guest's programs cannot be made: install ${missing.join(', ')} (apt-get install ${missing.join(' ')})`,
    );
}

/** `$XDG_CACHE_HOME/zarch`, as for the images. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'zarch');
}

const sourceOf = ({ group, name }: Case, ending: 'c' | 'sh'): string =>
  join(guestDirectory, group, `${name}.${ending}`);
const isCompiled = (each: Case): boolean => existsSync(sourceOf(each, 'c'));

function keyOf(cases: readonly Case[]): string {
  const hash = createHash('sha256');
  const version = execFileSync(COMPILER, ['--version'], { encoding: 'utf8' });
  hash.update(JSON.stringify([version, FLAGS.slice(0, -1), LINK_FLAGS]));
  const frames = ['init', 'main.c', 'bench.h', 'mix.h'].map((name) => join(guestDirectory, name));
  const sources = cases.map((each) => sourceOf(each, isCompiled(each) ? 'c' : 'sh'));
  for (const path of [...frames, ...sources]) {
    const content = readFileSync(path);
    hash.update(`${path.slice(guestDirectory.length)} ${content.length}\n`).update(content);
  }
  hash.update(sampleText());
  return hash.digest('hex').slice(0, 16);
}

function build(directory: string, cases: readonly Case[]): void {
  mkdirSync(join(directory, '..'), { recursive: true });
  const work = mkdtempSync(`${directory}.`);
  try {
    const bench = join(work, 'bench');
    mkdirSync(bench);
    compile(work, join(bench, 'cases'), cases.filter(isCompiled));
    for (const each of cases.filter((candidate) => !isCompiled(candidate)))
      copyFileSync(sourceOf(each, 'sh'), join(bench, `${each.name}.sh`));
    const text = Buffer.from(sampleText());
    writeFileSync(join(bench, 'text'), text);
    writeFileSync(join(bench, 'text.gz'), gzipSync(text));
    writeFileSync(join(bench, 'text.bz2'), execFileSync('bzip2', ['-c'], { input: text }));
    writeFileSync(join(bench, 'text.xz'), execFileSync('xz', ['-c', '--check=crc32'], { input: text }));
    copyFileSync(join(guestDirectory, 'init'), join(work, 'init'));
    chmodSync(join(work, 'init'), 0o755);
    renameSync(work, directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function compile(work: string, output: string, cases: readonly Case[]): void {
  const objects = cases.map((each) => {
    const object = join(work, `${each.name}.o`);
    compiler([...FLAGS, `-DCASE_NAME="${each.name}"`, '-c', sourceOf(each, 'c'), '-o', object]);
    return object;
  });
  compiler([...FLAGS, ...LINK_FLAGS, join(guestDirectory, 'main.c'), ...objects, '-lm', '-o', output]);
  for (const object of objects) rmSync(object);
}

function compiler(args: readonly string[]): void {
  const { status, stderr } = spawnSync(COMPILER, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${COMPILER} ${args.join(' ')}:\n${stderr}`);
}
