/** The guest's programs and files: compiled and gathered into a directory of the cache, once for each content. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { knownText } from './known-text.ts';
import { benchDirectory, cacheDirectory, guestDirectory } from './paths.ts';

const COMPILER = 's390x-linux-gnu-gcc';
// Fused steps only where the source says so, as in every other build of it.
const FLAGS = ['-O2', '-std=gnu11', '-fno-pie', '-ffp-contract=off', '-I', benchDirectory];
const LINK_FLAGS = ['-static', '-no-pie', '-pthread'];

/** The directory to put into the guest as `/stress`; beside it, in `init`, the guest's first program. */
export interface GuestFiles {
  readonly stress: string;
  readonly init: string;
}

const filesOf = (directory: string, ending: string): string[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(directory, file));

const programs = filesOf(join(guestDirectory, 'programs'), '.c');
const scripts = filesOf(join(guestDirectory, 'scripts'), '.sh');
/** Everything that computes a checksum: each a case in the benchmark's sense. */
const kernels = [
  ...filesOf(join(guestDirectory, 'kernels'), '.c'),
  ...filesOf(join(benchDirectory, 'kernels'), '.c'),
  ...filesOf(join(benchDirectory, 'mixes'), '.c'),
];
/** The names of the kernels: `cases NAME ROUNDS` runs one. */
export const kernelNames = kernels.map((file) => basename(file, '.c'));

/** @throws Error that says what to install, or what the compiler says */
export function makeGuestFiles(): GuestFiles {
  if (spawnSync(COMPILER, ['--version'], { stdio: 'ignore' }).error !== undefined)
    throw new Error(`the guest's programs cannot be made: apt-get install gcc-s390x-linux-gnu`);
  const directory = join(cacheDirectory(), key());
  if (!existsSync(directory)) build(directory);
  return { stress: join(directory, 'stress'), init: join(directory, 'init') };
}

function key(): string {
  const hash = createHash('sha256');
  const headers = [
    join(benchDirectory, 'bench.h'),
    join(benchDirectory, 'mix.h'),
    join(guestDirectory, 'stress.h'),
  ];
  const frames = [
    join(benchDirectory, 'main.c'),
    join(guestDirectory, 'init'),
    join(guestDirectory, 'checksums'),
  ];
  hash.update(JSON.stringify([FLAGS.slice(0, -1), LINK_FLAGS, knownText()]));
  for (const path of [...programs, ...scripts, ...kernels, ...headers, ...frames]) {
    const content = readFileSync(path);
    hash.update(`${basename(path)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

function build(directory: string): void {
  mkdirSync(cacheDirectory(), { recursive: true });
  const work = mkdtempSync(`${directory}.`);
  try {
    const stress = join(work, 'stress');
    mkdirSync(stress);
    for (const file of programs)
      compiler([...FLAGS, ...LINK_FLAGS, file, '-lm', '-o', join(stress, basename(file, '.c'))]);
    compileKernels(work, join(stress, 'cases'));
    for (const file of scripts) copyFileSync(file, join(stress, basename(file)));
    copyFileSync(join(guestDirectory, 'checksums'), join(stress, 'checksums'));
    const { text, known } = knownText();
    writeFileSync(join(stress, 'text'), text);
    writeFileSync(join(stress, 'known'), known);
    copyFileSync(join(guestDirectory, 'init'), join(work, 'init'));
    renameSync(work, directory);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function compileKernels(work: string, output: string): void {
  const objects = kernels.map((file) => {
    const object = join(work, `${basename(file, '.c')}.o`);
    compiler([...FLAGS, `-DCASE_NAME="${basename(file, '.c')}"`, '-c', file, '-o', object]);
    return object;
  });
  compiler([...FLAGS, ...LINK_FLAGS, join(benchDirectory, 'main.c'), ...objects, '-lm', '-o', output]);
  for (const object of objects) rmSync(object);
}

function compiler(args: readonly string[]): void {
  const { status, stderr } = spawnSync(COMPILER, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${COMPILER} ${args.join(' ')}:\n${stderr}`);
}
