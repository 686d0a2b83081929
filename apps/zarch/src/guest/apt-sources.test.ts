import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDeb822Sources, parseOneLineSources, readAptSources } from './apt-sources.ts';

const source = { types: ['deb'], uris: ['http://m/debian'], suites: ['bookworm'], components: ['main'] };

test.each([
  ['a plain line', 'deb http://m/debian bookworm main', { ...source, keyrings: [] }],
  [
    'options, several components and a comment',
    'deb [arch=amd64 signed-by=/k/a.gpg,/k/b.gpg] http://m/debian bookworm main contrib # note',
    { ...source, components: ['main', 'contrib'], keyrings: ['/k/a.gpg', '/k/b.gpg'] },
  ],
  [
    'a CD label with spaces',
    'deb cdrom:[Debian GNU/Linux 12]/ bookworm main',
    { ...source, uris: ['cdrom:[Debian GNU/Linux 12]/'], keyrings: [] },
  ],
  [
    'a source entry',
    '  deb-src http://m/debian bookworm main',
    { ...source, types: ['deb-src'], keyrings: [] },
  ],
])('a one-line entry with %s is read', (_, line, expected) => {
  expect(parseOneLineSources(line)).toEqual([expected]);
});

test.each(['# deb http://m/debian bookworm main', '', 'deb http://m/debian', 'rpm http://m/ x y'])(
  'the line %j is no entry',
  (line) => {
    expect(parseOneLineSources(line)).toEqual([]);
  },
);

test('deb822 stanzas are read with continuation lines, comments and several values', () => {
  const text = [
    'Types: deb deb-src',
    '# URIs: http://old/debian',
    'URIs: http://m/debian',
    '  http://n/debian',
    'Suites: bookworm bookworm-updates',
    'Components: main',
    'Signed-By: /k/a.gpg',
    '',
    'Types: deb',
    'URIs: http://o/debian',
    'Suites: trixie',
    'Components: main',
    'Signed-By:',
    ' -----BEGIN PGP PUBLIC KEY BLOCK-----',
    ' .',
    ' mDMEabc',
  ].join('\n');
  expect(parseDeb822Sources(text)).toEqual([
    {
      types: ['deb', 'deb-src'],
      uris: ['http://m/debian', 'http://n/debian'],
      suites: ['bookworm', 'bookworm-updates'],
      components: ['main'],
      keyrings: ['/k/a.gpg'],
    },
    { ...source, uris: ['http://o/debian'], suites: ['trixie'], keyrings: [] },
  ]);
});

test.each([
  ['no', 0],
  ['False', 0],
  ['yes', 1],
])('a stanza with Enabled: %s gives %i entries', (enabled, count) => {
  const text = `Enabled: ${enabled}\nTypes: deb\nURIs: http://m/debian\nSuites: bookworm\nComponents: main\n`;
  expect(parseDeb822Sources(text)).toHaveLength(count);
});

test('a directory is read file by file, disabled files left out, and none is no error', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'zarch-apt-'));
  try {
    await mkdir(join(directory, 'sources.list.d'));
    await writeFile(join(directory, 'sources.list'), 'deb http://one/debian bookworm main\n');
    const parts = {
      'b.sources': 'Types: deb\nURIs: http://three/debian\nSuites: bookworm\nComponents: main\n',
      'a.list': 'deb http://two/debian bookworm main\n',
      'c.list.disabled': 'deb http://four/debian bookworm main\n',
    };
    for (const [name, text] of Object.entries(parts))
      await writeFile(join(directory, 'sources.list.d', name), text);
    const uris = (await readAptSources(directory)).flatMap((entry) => entry.uris);
    expect(uris).toEqual(['http://one/debian', 'http://two/debian', 'http://three/debian']);
    expect(await readAptSources(join(directory, 'absent'))).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
