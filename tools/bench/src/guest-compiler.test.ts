import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guestDirectory } from './case.ts';
import { compilerPackage, GuestCompiler, requirePrograms } from './guest-compiler.ts';

/** Directories that are the whole search path and what is compiled. */
let path: string;
let work: string;
beforeEach(() => {
  const scratch = mkdtempSync(join(tmpdir(), 'zarch-compiler-'));
  [path, work] = [join(scratch, 'path'), join(scratch, 'work')];
  for (const directory of [path, work]) mkdirSync(directory);
  vi.stubEnv('PATH', path);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(join(path, '..'), { recursive: true });
});

function put(name: string, script: string): void {
  writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A compiler whose output is a line for each time it was called, kept in `path/log` too. */
function putCompiler(version = 'version 1'): void {
  const compile = `for last; do :; done; echo "$@" >>'${path}/log'; echo "$@" >"$last"`;
  put('s390x-linux-gnu-gcc', `if [ "$1" = --version ]; then echo '${version}'; else ${compile}; fi`);
}
const calls = (): string[] => readFileSync(join(path, 'log'), 'utf8').trimEnd().split('\n');

function source(name: string, content = 'CASE'): string {
  writeFileSync(join(work, name), content);
  return join(work, name);
}

describe('programs that are needed', () => {
  const needed = { ...compilerPackage, xz: 'xz-utils' };
  const check = (): void => requirePrograms(needed, (missing) => `get ${missing.join(' and ')}`);

  it('are named by their packages when they are missing', () => {
    expect(check).toThrow(/^the guest's programs cannot be made: get gcc-s390x-linux-gnu and xz-utils$/);
  });

  it('are not named when they are there', () => {
    putCompiler();
    expect(check).toThrow(/: get xz-utils$/);
    put('xz', 'true');
    expect(check).not.toThrow();
  });
});

describe('a key', () => {
  it('is the same for the same sources, flags, compiler and values', () => {
    putCompiler();
    const key = (): string => new GuestCompiler({ link: ['-pthread'] }).key([source('a.c')], ['text']);
    expect(key()).toBe(key());
  });

  it.each<[string, () => string]>([
    ['source', () => new GuestCompiler().key([source('a.c', 'CASE other')], ['text'])],
    ['value', () => new GuestCompiler().key([source('a.c')], ['other'])],
    ['flag', () => new GuestCompiler({ compile: ['-O1'] }).key([source('a.c')], ['text'])],
    ['flag of the linker', () => new GuestCompiler({ link: ['-O1'] }).key([source('a.c')], ['text'])],
    [
      'compiler',
      () => {
        putCompiler('version 2');
        return new GuestCompiler().key([source('a.c')], ['text']);
      },
    ],
  ])('is another for another %s', (_, other) => {
    putCompiler();
    const usual = new GuestCompiler().key([source('a.c')], ['text']);
    expect(other()).not.toBe(usual);
  });
});

describe('the compiler', () => {
  const common = `-O2 -std=gnu11 -fno-pie -march=z13 -I ${guestDirectory}`;
  const link = '-static -no-pie -pthread';
  const make = (): GuestCompiler => new GuestCompiler({ compile: ['-march=z13'], link: ['-pthread'] });

  it('makes a static program of one source', () => {
    putCompiler();
    make().program([source('a.c')], join(work, 'a'));
    expect(calls()).toEqual([`${common} ${link} ${work}/a.c -lm -o ${work}/a`]);
  });

  it('makes one program of cases, each under its name, and leaves no objects', () => {
    putCompiler();
    make().cases([source('a.c'), source('b.c')], join(work, 'cases'));
    const [a, b] = [join(work, 'cases.a.o'), join(work, 'cases.b.o')];
    expect(calls()).toEqual([
      `${common} -DCASE_NAME="a" -c ${work}/a.c -o ${a}`,
      `${common} -DCASE_NAME="b" -c ${work}/b.c -o ${b}`,
      `${common} ${link} ${guestDirectory}/main.c ${a} ${b} -lm -o ${work}/cases`,
    ]);
    expect(readdirSync(work).sort()).toEqual(['a.c', 'b.c', 'cases']);
  });

  it('says how it was called and what it says when it fails', () => {
    put('s390x-linux-gnu-gcc', 'echo "a.c:1: no" >&2; exit 1');
    expect(() => make().program([source('a.c')], join(work, 'a'))).toThrow(
      `s390x-linux-gnu-gcc ${common} ${link} ${work}/a.c -lm -o ${work}/a:\na.c:1: no\n`,
    );
  });
});
