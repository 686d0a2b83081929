/** The guest's programs and files: compiled and gathered into a directory of the cache, once for each content. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Case, guestDirectory } from './case.ts';
import { compilerPackage, GuestCompiler, requirePrograms } from './guest-compiler.ts';
import { keptDirectory } from './kept-directory.ts';
import { sampleText } from './sample-text.ts';

const needed = { ...compilerPackage, bzip2: 'bzip2', xz: 'xz-utils' };
const init = join(guestDirectory, 'init');

/** The directory to put into the guest as `/bench`; beside it, in `init`, the guest's first program. */
export interface GuestFiles {
  readonly bench: string;
  readonly init: string;
}

/** @throws Error that says what to install, or what the compiler says */
export function makeGuestFiles(cases: readonly Case[]): GuestFiles {
  requirePrograms(
    needed,
    (missing) => `install ${missing.join(', ')} (apt-get install ${missing.join(' ')})`,
  );
  const compiler = new GuestCompiler();
  const sources = cases.map(sourceOf);
  const text = sampleText();
  const directory = keptDirectory('bench', compiler.key([init, ...sources], [text]), (work) => {
    const bench = join(work, 'bench');
    mkdirSync(bench);
    compiler.cases(sources.filter(isCompiled), join(bench, 'cases'));
    for (const script of sources.filter((source) => !isCompiled(source)))
      copyFileSync(script, join(bench, basename(script)));
    writeText(bench, Buffer.from(text));
    copyFileSync(init, join(work, 'init'));
    chmodSync(join(work, 'init'), 0o755);
  });
  return { bench: join(directory, 'bench'), init: join(directory, 'init') };
}

function sourceOf({ group, name }: Case): string {
  const path = join(guestDirectory, group, name);
  return existsSync(`${path}.c`) ? `${path}.c` : `${path}.sh`;
}

const isCompiled = (source: string): boolean => source.endsWith('.c');

function writeText(directory: string, text: Buffer): void {
  writeFileSync(join(directory, 'text'), text);
  writeFileSync(join(directory, 'text.gz'), gzipSync(text));
  writeFileSync(join(directory, 'text.bz2'), execFileSync('bzip2', ['-c'], { input: text }));
  writeFileSync(join(directory, 'text.xz'), execFileSync('xz', ['-c', '--check=crc32'], { input: text }));
}
