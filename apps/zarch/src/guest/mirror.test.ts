import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findMirrors, shownUri } from './mirror.ts';

let aptDirectory = '';
beforeAll(async () => {
  aptDirectory = await mkdtemp(join(tmpdir(), 'zarch-mirror-'));
});
afterAll(() => rm(aptDirectory, { recursive: true }));

async function fromApt(...lines: string[]) {
  await writeFile(join(aptDirectory, 'sources.list'), lines.join('\n'));
  return findMirrors({ aptDirectory, env: {} });
}

test.each([
  ['the archive', 'deb http://m/debian bookworm main', ['http://m/debian']],
  ['a final slash', 'deb http://m/debian/ bookworm main', ['http://m/debian']],
  [
    'a snapshot',
    'deb http://m/archive/debian/20250520T000000Z trixie main',
    ['http://m/archive/debian/20250520T000000Z'],
  ],
  ['an updates suite', 'deb https://m/debian bookworm-updates main', ['https://m/debian']],
  [
    'Debian by its keyring',
    'deb [signed-by=/k/debian-archive-keyring.gpg] http://m/x stable main',
    ['http://m/x'],
  ],
])('apt entries: %s is taken', async (_, line, uris) => {
  expect((await fromApt(line)).map(({ uri }) => uri)).toEqual(uris);
});

test.each([
  ['the security archive', 'deb http://m/debian-security bookworm-security main'],
  ['the security archive under a plain suite', 'deb http://m/debian-security bookworm main'],
  ['a third party by component', 'deb https://m/linux/debian bookworm stable'],
  ['a third party by directory', 'deb https://m/chrome/deb stable main'],
  ['a third party by suite', 'deb https://m/debian bookworm-pgdg main'],
  ['another distribution', 'deb http://m/ubuntu noble main'],
  ['sources only', 'deb-src http://m/debian bookworm main'],
])('apt entries: %s is not taken', async (_, line) => {
  await expect(fromApt(line)).rejects.toMatchObject({ failure: 'no-mirror' });
  const both = await fromApt(line, 'deb http://good/debian bookworm main');
  expect(both.map(({ uri }) => uri)).toEqual(['http://good/debian']);
});

test.each(['cdrom:[Debian 12]/', 'mirror+file:/etc/apt/mirrors/debian.list'])(
  'an apt entry of %s alone is refused by its kind',
  async (uri) => {
    const kind = uri.slice(0, uri.indexOf(':') + 1);
    await expect(fromApt(`deb ${uri} bookworm main`)).rejects.toThrow(kind);
    await expect(fromApt(`deb ${uri} bookworm main`)).rejects.toThrow('--mirror URL');
  },
);

test('without any mirror the message says how to give one, or a kernel and an initrd', async () => {
  const failure = findMirrors({ aptDirectory: join(aptDirectory, 'absent'), env: {} });
  await expect(failure).rejects.toThrow(/^[^\n]*--mirror URL[^\n]*--kernel FILE and --initrd FILE$/);
});

test('the option goes before the environment, and that before apt', async () => {
  await writeFile(join(aptDirectory, 'sources.list'), 'deb http://apt/debian bookworm main');
  const env = { ZARCH_MIRROR: 'http://environment/debian' };
  const uris = async (mirror: string | undefined) =>
    (await findMirrors({ mirror, env, aptDirectory })).map(({ uri }) => uri);
  expect(await uris('http://option/debian/')).toEqual(['http://option/debian']);
  expect(await uris(undefined)).toEqual(['http://environment/debian']);
});

test.each(['ftp://m/debian', 'm/debian', 'cdrom:[x]/'])('--mirror %s is refused', async (mirror) => {
  await expect(findMirrors({ mirror, env: {} })).rejects.toMatchObject({ failure: 'usage' });
});

test('a password is not shown', () => {
  expect(shownUri('https://user:secret@m/debian')).toBe('https://m/debian');
});
