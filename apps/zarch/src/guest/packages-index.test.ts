import { expect, test } from 'vitest';
import { dependencyNames, isSafePath, PackagesIndex } from './packages-index.ts';

const stanza = (fields: Readonly<Record<string, string>>): string =>
  Object.entries({
    Package: 'busybox',
    Version: '1.0-1',
    Architecture: 's390x',
    Filename: 'pool/b.deb',
    Size: '5',
    SHA256: 'a'.repeat(64),
    ...fields,
  })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
const index = (...stanzas: string[]) => new PackagesIndex(Buffer.from(stanzas.join('\n')), 'the mirror');

test('a package is found by its whole name, first, in between and last', () => {
  const names = ['busybox', 'busybox-static', 'xbusybox'];
  const found = index(...names.map((name) => stanza({ Package: name })));
  for (const name of names) expect(found.find(name)?.package).toBe(name);
  expect(found.find('busy')).toBeUndefined();
  expect(found.find('static')).toBeUndefined();
});

test('of several versions the latest is taken', () => {
  const found = index(...['1.9-1', '1.10-1', '1.2-1'].map((Version) => stanza({ Version })));
  expect(found.find('busybox')?.version).toBe('1.10-1');
});

test.each([
  ['Version', '1/../../x'],
  ['Architecture', '../x'],
  ['Filename', '../../etc/passwd'],
  ['Filename', '/etc/passwd'],
  ['SHA256', 'abc'],
  ['Size', 'many'],
])('an entry with %s %s is refused', (field, value) => {
  expect(() => index(stanza({ [field]: value })).find('busybox')).toThrow(
    /^the mirror: the entry of busybox is broken/,
  );
});

test('dependency names are read without versions, and the first of alternatives', () => {
  expect(dependencyNames('linux-image-6.1.0-9-s390x (= 6.1.1-1), a | b, c:any')).toEqual([
    'linux-image-6.1.0-9-s390x',
    'a',
    'c',
  ]);
  expect(dependencyNames('')).toEqual([]);
});

test.each([
  ['pool/main/b/b_1.0+deb12~1_s390x.deb', true],
  ['', false],
  ['a/../../b', false],
  ['a\\b', false],
  ['a b', false],
])('the path %j is safe: %s', (path, safe) => {
  expect(isSafePath(path)).toBe(safe);
});
