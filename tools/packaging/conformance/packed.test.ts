/**
 * What users install: each package, packed, goes into an empty project, where the example of its README runs and
 * type-checks. The packages must have been built. Nothing comes from a registry: dependencies between packages are
 * led to their tarballs, others to what is installed in the repository.
 */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { readmeExample } from '@zarch-tools/config/readme-example';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly repository?: { readonly directory?: string };
  readonly engines?: { readonly node?: string };
  readonly files?: readonly string[];
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<
    Record<string, string | { readonly types?: string; readonly default?: string }>
  >;
}

const root = join(import.meta.dirname, '../../..');
const libraries = readdirSync(join(root, 'packages'));
const CLI = 'apps/zarch';
const folders = [...libraries.map((name) => `packages/${name}`), CLI];

const work = mkdtempSync(join(tmpdir(), 'zarch-packed-'));
afterAll(() => rmSync(work, { recursive: true }));

/** Of the Node that runs the tests, whichever is first in the PATH. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };

function run(directory: string, file: string, args: readonly string[]): string {
  return execFileSync(file, args, {
    cwd: directory,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function manifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

const manifests = new Map(folders.map((folder) => [folder, manifest(join(root, folder))]));

function manifestOf(folder: string): Manifest {
  const found = manifests.get(folder);
  if (!found) throw new Error(`${folder} is no package`);
  return found;
}

const tarball = ({ name, version }: Manifest): string =>
  join(work, 'tarballs', `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);

/** A package's tarball, or the directory of a dependency that is not one of ours. */
function overrides(): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [folder, { name, dependencies = {} }] of manifests) {
    result[name] = `file:${tarball(manifestOf(folder))}`;
    for (const dependency of Object.keys(dependencies).filter((each) => !each.startsWith('@zarch/'))) {
      result[dependency] = `file:${realpathSync(join(root, folder, 'node_modules', dependency))}`;
    }
  }
  return result;
}

function install(folder: string, names: readonly string[]): string {
  const directory = join(work, 'projects', folder);
  mkdirSync(directory, { recursive: true });
  const led = overrides();
  const dependencies = Object.fromEntries(names.map((name) => [name, led[name]]));
  const project = { name: 'empty', private: true, type: 'module', dependencies };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(project));
  writeFileSync(join(directory, 'pnpm-workspace.yaml'), JSON.stringify({ overrides: led }));
  run(directory, 'pnpm', ['install', '--offline', '--ignore-scripts', '--no-lockfile']);
  return directory;
}

function example(folder: string): string {
  return /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, folder, 'README.md'), 'utf8'))?.[1] ?? '';
}

const filesOf = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(realpathSync(directory).length + 1));

beforeAll(() => {
  const packed = folders.flatMap((folder) => ['--filter', `./${folder}`]);
  run(root, 'pnpm', [...packed, 'pack', '--pack-destination', join(work, 'tarballs')]);
});

const TESTS = /\.test\.|(^|\/)(test-|conformance\/|testing\/)/;

/** What is the same for every package that is published. */
function checkPacked(folder: string, directory: string): void {
  const { name } = manifestOf(folder);
  const installed = realpathSync(join(directory, 'node_modules', name));
  const packed = manifest(installed);
  expect(packed).toMatchObject({
    license: 'MIT',
    type: 'module',
    repository: { type: 'git', directory: folder },
    engines: { node: '>=24' },
    description: expect.stringMatching(/\w/),
    files: expect.arrayContaining(['dist']),
  });
  expect(packed.private).toBeUndefined();
  for (const [dependency, range] of Object.entries(packed.dependencies ?? {})) {
    expect(range, `${dependency} of ${name}`).toMatch(/^\^\d+\.\d+\.\d+/);
  }
  const files = filesOf(installed);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
  // Fake guests and devices are a product where they are exported.
  const tests = packed.exports?.['./testing'] ? /\.test\.|(^|\/)(test-|conformance\/)/ : TESTS;
  expect(files.filter((file) => tests.test(file))).toEqual([]);
  const named = Object.values(packed.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  for (const target of [...named, ...Object.values(packed.bin ?? {})]) {
    expect(files, `${name} names ${target}`).toContain(target.replace('./', ''));
  }
  const scripts = files.filter((file) => /^dist\/.*\.js$/.test(file));
  expect(scripts.length).toBeGreaterThan(0);
  for (const script of scripts) {
    const map = JSON.parse(readFileSync(join(installed, `${script}.map`), 'utf8')) as {
      readonly sources: readonly string[];
      readonly sourcesContent?: readonly (string | null)[];
    };
    expect(map.sourcesContent?.filter((text) => text !== null).length).toBe(map.sources.length);
  }
}

describe.each(libraries)('@zarch/%s', (library) => {
  const folder = `packages/${library}`;

  it('installs from its tarball into an empty project, where its example runs', async () => {
    const { name, dependencies = {}, exports } = manifestOf(folder);
    const text = example(folder);
    // A module is a package, or part of one: @zarch/css/testing.
    const packageOf = (module: string) => module.split('/').slice(0, 2).join('/');
    const modules = [...text.matchAll(/from '([^']+)'/g)].map(([, module = '']) => packageOf(module));
    const imported = [...new Set(modules)];
    expect(imported).toContain(name);
    expect([name, ...Object.keys(dependencies)]).toEqual(expect.arrayContaining(imported));
    expect(exports?.['.']).toMatchObject({ types: './dist/index.d.ts', default: './dist/index.js' });

    const directory = install(folder, imported);
    checkPacked(folder, directory);
    writeFileSync(join(directory, 'example.ts'), text);
    const printed = run(directory, process.execPath, ['example.ts']);
    const fromSource = await readmeExample(join(root, folder, 'src'));
    expect(fromSource.length).toBeGreaterThan(0);
    expect(printed.trimEnd()).toBe(fromSource.join('\n'));
  });
});

it('have types with which their examples compile', () => {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2024',
    lib: ['es2024', 'esnext.typedarrays', 'dom'],
    types: [],
  };
  const files = libraries.map((library) => `projects/packages/${library}/example.ts`);
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  run(work, join(root, 'node_modules/.bin/tsc'), ['-p', '.']);
});

describe('@zarch/cli', () => {
  const { name, version } = manifestOf(CLI);
  let directory = '';

  beforeAll(() => {
    directory = install(CLI, [name]);
  });

  it('is packed with all that it needs', () => checkPacked(CLI, directory));

  it('says its version', () => {
    expect(run(directory, 'pnpm', ['exec', 'zarch', '--version'])).toBe(`${version}\n`);
    expect(run(directory, 'pnpm', ['exec', 'zarch-system-s390x', '-version'])).toContain(version);
  });

  it('runs a program to its end', () => {
    writeFileSync(join(directory, 'program'), program());
    const args = ['exec', 'zarch-system-s390x', '-nographic', '-m', '64', '-kernel', 'program'];
    expect(run(directory, 'pnpm', args)).toBe('');
  });
});

/** An ELF program that loads a disabled-wait PSW, by whose address it says that it has shut down. */
function program(): Uint8Array {
  const start = 0x1_0000;
  const code = Buffer.from('c01000000008b2b2100000000000000000020001800000000000000000000fff', 'hex');
  const view = new DataView(new ArrayBuffer(120 + code.length));
  view.setUint32(0, 0x7f45_4c46);
  view.setUint32(4, 0x0202_0100);
  view.setUint16(18, 22);
  view.setBigUint64(24, BigInt(start));
  view.setBigUint64(32, 64n);
  view.setUint16(54, 56);
  view.setUint16(56, 1);
  view.setUint32(64, 1);
  view.setBigUint64(72, 120n);
  view.setBigUint64(88, BigInt(start));
  view.setBigUint64(96, BigInt(code.length));
  view.setBigUint64(104, BigInt(code.length));
  const bytes = new Uint8Array(view.buffer);
  bytes.set(code, 120);
  return bytes;
}
