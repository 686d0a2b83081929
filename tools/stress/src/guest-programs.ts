/** The guest's programs and files: compiled and gathered into a directory of the cache, once for each content. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compilerPackage, GuestCompiler, requirePrograms } from '@zarch-tools/bench/guest-compiler';
import { keptDirectory } from '@zarch-tools/bench/kept-directory';
import { knownText } from './known-text.ts';
import { benchDirectory, guestDirectory } from './paths.ts';

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

const init = join(guestDirectory, 'init');
const checksums = join(guestDirectory, 'checksums');
const header = join(guestDirectory, 'stress.h');
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
  requirePrograms(compilerPackage, (missing) => `apt-get install ${missing.join(' ')}`);
  // Fused steps only where the source says so, as in every other build of it.
  const compiler = new GuestCompiler({ compile: ['-ffp-contract=off'], link: ['-pthread'] });
  const sources = [...programs, ...scripts, ...kernels, header, init, checksums];
  const { text, known } = knownText();
  const directory = keptDirectory('stress', compiler.key(sources, [text, known]), (work) => {
    const stress = join(work, 'stress');
    mkdirSync(stress);
    for (const file of programs) compiler.program([file], join(stress, basename(file, '.c')));
    compiler.cases(kernels, join(stress, 'cases'));
    for (const file of [...scripts, checksums]) copyFileSync(file, join(stress, basename(file)));
    writeFileSync(join(stress, 'text'), text);
    writeFileSync(join(stress, 'known'), known);
    copyFileSync(init, join(work, 'init'));
  });
  return { stress: join(directory, 'stress'), init: join(directory, 'init') };
}
