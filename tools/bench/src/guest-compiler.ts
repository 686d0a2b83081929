/** Programs for the guest: the compiler that makes them here, and what a program of cases consists of. */
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { guestDirectory } from './case.ts';
import { digest } from './kept-directory.ts';

const COMPILER = 's390x-linux-gnu-gcc';
const FLAGS = ['-O2', '-std=gnu11', '-fno-pie'];
const LINK_FLAGS = ['-static', '-no-pie'];

const MAIN = join(guestDirectory, 'main.c');
const HEADERS = ['bench.h', 'mix.h'].map((name) => join(guestDirectory, name));

/** Programs that make a guest's files here, and Debian's packages of them. */
export type Packages = Readonly<Record<string, string>>;
export const compilerPackage: Packages = { [COMPILER]: 'gcc-s390x-linux-gnu' };

/**
 * @param advice what to do about packages that are missing
 * @throws Error with that advice, where a program is missing
 */
export function requirePrograms(needed: Packages, advice: (missing: readonly string[]) => string): void {
  const missing = Object.entries(needed)
    .filter(([program]) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined)
    .map(([, name]) => name);
  if (missing.length > 0) throw new Error(`the guest's programs cannot be made: ${advice(missing)}`);
}

/** Compiles for the guest. Methods throw an Error with what the compiler says. */
export class GuestCompiler {
  readonly #flags: readonly string[];
  readonly #linkFlags: readonly string[];

  /** @param flags besides those that every program gets */
  constructor(flags: { readonly compile?: readonly string[]; readonly link?: readonly string[] } = {}) {
    this.#flags = [...FLAGS, ...(flags.compile ?? [])];
    this.#linkFlags = [...LINK_FLAGS, ...(flags.link ?? [])];
  }

  /** A key for what this compiler makes of `files`, and for `values`, which is what else a guest gets. */
  key(files: readonly string[], values: readonly unknown[]): string {
    const version = execFileSync(COMPILER, ['--version'], { encoding: 'utf8' });
    return digest([version, this.#flags, this.#linkFlags, ...values], [MAIN, ...HEADERS, ...files]);
  }

  /** Makes a program of sources and objects. */
  program(files: readonly string[], output: string): void {
    this.#run([...this.#linkFlags, ...files, '-lm', '-o', output]);
  }

  /** Makes one program of sources with a `CASE` each. */
  cases(sources: readonly string[], output: string): void {
    const objects = sources.map((source) => {
      const name = basename(source, '.c');
      const object = `${output}.${name}.o`;
      this.#run([`-DCASE_NAME="${name}"`, '-c', source, '-o', object]);
      return object;
    });
    this.program([MAIN, ...objects], output);
    for (const object of objects) rmSync(object);
  }

  #run(args: readonly string[]): void {
    const all = [...this.#flags, '-I', guestDirectory, ...args];
    const { status, stderr } = spawnSync(COMPILER, all, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${COMPILER} ${all.join(' ')}:\n${stderr}`);
  }
}
