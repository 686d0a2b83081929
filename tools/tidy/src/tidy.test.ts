/** Rules of the repository that no other tool checks. Each failure says what to change. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf } from './imports.ts';
import { layers } from './layers.ts';

const root = join(import.meta.dirname, '../../..');
const packages = readdirSync(join(root, 'packages'));

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, unknown>>;
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

describe.each(packages)('packages/%s', (name) => {
  const level = layers.indexOf(name as (typeof layers)[number]);
  const directory = join(root, 'packages', name);

  it('has a place in the layers', () => expect(level, 'add it to layers.ts').toBeGreaterThanOrEqual(0));

  it('imports only packages of lower layers, by name, and declares them', async () => {
    const declared = Object.keys(manifest(`packages/${name}`).dependencies ?? {});
    for (const { file, specifier, isTest } of await importsOf(directory)) {
      if (!specifier.startsWith('@zarch/')) continue;
      const [, target = '', ...inside] = specifier.split('/');
      const exported = Object.keys(manifest(`packages/${target}`).exports ?? {});
      expect(exported, `${file} reaches into ${specifier}: import what the package exports`).toContain(
        ['.', ...inside].join('/'),
      );
      if (isTest && target === name) continue;
      const below = layers.indexOf(target as (typeof layers)[number]);
      expect(below, `${file} imports ${specifier}, which is not below ${name}`).toBeLessThan(level);
      if (!isTest)
        expect(declared, `${file} imports ${specifier}: add it to dependencies`).toContain(
          `@zarch/${target}`,
        );
    }
  });

  it('stays inside its own source and away from Node', async () => {
    for (const { file, specifier, isTest } of await importsOf(directory)) {
      const depth = file.split('/').length - 2;
      const up = specifier.split('/').filter((part) => part === '..').length;
      const sharesConformance = isTest && specifier.includes('conformance/');
      if (specifier.startsWith('.') && !sharesConformance) {
        expect(up, `${file} imports ${specifier} from outside its src`).toBeLessThanOrEqual(depth);
      }
      if (!isTest) {
        expect(
          specifier.startsWith('node:'),
          `${file} imports ${specifier}: packages run in browsers too`,
        ).toBe(false);
      }
    }
  });

  it('has a README whose example a test runs', () => {
    expect(readFileSync(join(directory, 'README.md'), 'utf8')).toMatch(/```ts\n/);
    expect(existsSync(join(directory, 'src/readme.test.ts')), 'add src/readme.test.ts').toBe(true);
  });

  it('says which Node it needs and exports types', () => {
    const { engines, exports } = manifest(`packages/${name}`);
    expect(engines?.node).toBe('>=24');
    expect(exports?.['.']).toMatchObject({ types: './dist/index.d.ts', default: './dist/index.js' });
  });
});

describe('the repository', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const text = (file: string) => readFileSync(join(root, file), 'utf8');
  const present = files.filter((file) => existsSync(join(root, file)));

  it('names no host that packages are downloaded from in its lock file', () => {
    expect(text('pnpm-lock.yaml')).not.toMatch(/https?:\/\//);
  });

  it('links only to files that exist', () => {
    for (const file of present.filter((name) => name.endsWith('.md') && !name.startsWith('.changeset/'))) {
      for (const [, target = ''] of text(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
        expect(existsSync(join(root, file, '..', target)), `${file} links to ${target}`).toBe(true);
      }
    }
  });

  it('has a first comment in every source file', () => {
    const sources = present.filter((name) => /^(packages|apps)\/[^/]+\/src\/.*\.ts$/.test(name));
    const bare = sources.filter((name) => {
      const source = text(name);
      const isIndex = name.endsWith('/index.ts') || name.endsWith('.test.ts');
      return !isIndex && !/^(#!.*\n)?\s*\/[*/]/.test(source) && !source.includes('/**');
    });
    expect(bare, 'say what part of the architecture the file is').toEqual([]);
  });

  it('keeps source files to one idea: 500 lines are a signal', () => {
    const tables = /\/(rows|testing)\/|\.test\.ts$|\.generated\.ts$/;
    const long = present
      .filter((name) => /^(packages|apps)\/[^/]+\/src\/.*\.ts$/.test(name) && !tables.test(name))
      .filter((name) => text(name).split('\n').length > 620);
    expect(long).toEqual([]);
  });
});
