import { expect, test } from 'vitest';
import { type PackageSet, selectPackages, withDependencies } from './package-set.ts';
import { PackagesIndex } from './packages-index.ts';

/** An index of packages, each with some fields. */
function index(packages: Readonly<Record<string, Readonly<Record<string, string>>>>): PackagesIndex {
  const stanzas = Object.entries(packages).map(([name, fields]) => {
    const all = {
      Package: name,
      Version: '1',
      Architecture: 's390x',
      Priority: 'optional',
      Filename: `pool/${name}.deb`,
      Size: '1',
      SHA256: 'a'.repeat(64),
      ...fields,
    };
    return Object.entries(all)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join('');
  });
  return new PackagesIndex(Buffer.from(stanzas.join('\n')), 'the mirror');
}

const names = ({ required, others }: PackageSet): [string[], string[]] => [
  required.map((each) => each.package),
  others.map((each) => each.package),
];
const priority = 'standard' as const;

test('packages of the priorities come with what they depend on, after it', () => {
  const found = index({
    apt: { Priority: 'required', Depends: 'libc (>= 2)', 'Pre-Depends': 'dpkg:any' },
    nano: { Priority: 'standard', Depends: 'libc' },
    cron: { Priority: 'important' },
    libc: {},
    dpkg: { Priority: 'required' },
    unused: {},
  });
  expect(names(selectPackages(found, { priority, include: [] }))).toEqual([
    ['dpkg', 'libc', 'apt'],
    ['cron', 'nano'],
  ]);
  expect(names(selectPackages(found, { priority: 'important', include: ['unused'] }))[1]).toEqual([
    'cron',
    'unused',
  ]);
});

test.each([
  ['the first that there is', 'absent | b | a', {}, ['b', 'x']],
  ['one that is there already', 'b | a', { a: { Priority: 'required' } }, ['a', 'x']],
  ['one that will be asked for', 'b | a', { a: { Priority: 'important' } }, ['a', 'x']],
  [
    'a package before what provides its name',
    'mail',
    { mail: {}, exim: { Provides: 'mail' } },
    ['mail', 'x'],
  ],
  ['a provider of a virtual package', 'mail', { exim: { Provides: 'web (= 1), mail' } }, ['exim', 'x']],
])('of alternatives %s is taken', (_, depends, more, expected) => {
  const found = index({ x: { Priority: 'important', Depends: depends }, a: {}, b: {}, ...more });
  const [required, others] = names(selectPackages(found, { priority, include: [] }));
  expect([...required, ...others]).toEqual(expected);
});

test('what is excluded is not taken, nor what only it needs', () => {
  const found = index({
    a: { Priority: 'required', Depends: 'x | y' },
    b: { Priority: 'standard', Depends: 'c' },
    ...{ c: {}, x: {}, y: {} },
  });
  const wishes = { priority, include: [], exclude: ['b', 'x'] };
  expect(names(selectPackages(found, wishes))).toEqual([['y', 'a'], []]);
  expect(() => selectPackages(found, { ...wishes, exclude: ['c'] })).toThrow(
    /^there is no package c, which b needs/,
  );
});

test('packages that depend on each other are taken once', () => {
  const found = index({ libc: { Depends: 'gcc' }, gcc: { Depends: 'libc' } });
  expect(withDependencies(found, 'libc').map((each) => each.package)).toEqual(['gcc', 'libc']);
});

test.each([
  ['a name', {}, ['nothing'], /^there is no package nothing for s390x/],
  ['a dependency', { x: { Depends: 'a | b' } }, ['x'], /^there is no package a or b, which x needs/],
])('%s that nothing has is refused', (_, packages, include, message) => {
  expect(() => selectPackages(index(packages), { priority, include })).toThrow(message);
});
