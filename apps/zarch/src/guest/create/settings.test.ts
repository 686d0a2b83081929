import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SettingsOptions, systemSettings } from './settings.ts';

let directory: string;
let options: SettingsOptions;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zarch-settings-'));
  options = {
    ...{ suite: 'bookworm', hostname: 'box', uuid: 'u', aptDirectory: directory },
    env: { http_proxy: 'http://proxy.invalid:3128' },
  };
});
afterEach(() => rm(directory, { recursive: true }));

async function fileOf(path: string, more: Partial<SettingsOptions> = {}) {
  const file = (await systemSettings({ ...options, ...more })).find((each) => each.path === path);
  return file && { mode: file.mode, text: file.data.toString() };
}

const SOURCES = 'etc/apt/sources.list.d/debian.sources';

test('a system has the names and the disk that it was made with', async () => {
  const mirror = 'http://mirror.invalid/debian';
  expect(await fileOf('etc/hostname', { mirror })).toEqual({ mode: 0o644, text: 'box\n' });
  expect((await fileOf('etc/fstab', { mirror }))?.text).toBe('UUID=u / ext4 errors=remount-ro 0 1\n');
});

test("its packages come from where this machine's do, with updates", async () => {
  await writeFile(
    join(directory, 'sources.list'),
    [
      'deb http://mirror.invalid/debian bookworm main contrib',
      'deb http://mirror.invalid/debian bookworm-updates main',
      'deb http://mirror.invalid/debian trixie main',
      'deb http://mirror.invalid/debian-security bookworm-security main',
      'deb-src http://mirror.invalid/debian bookworm main',
      'deb http://other.invalid/tool bookworm main',
    ].join('\n'),
  );
  const { text = '' } = (await fileOf(SOURCES)) ?? {};
  expect(text.match(/^(URIs|Suites|Components): .*/gm)).toEqual([
    'URIs: http://mirror.invalid/debian',
    'Suites: bookworm',
    'Components: main contrib',
    'URIs: http://mirror.invalid/debian',
    'Suites: bookworm-updates',
    'Components: main',
    'URIs: http://mirror.invalid/debian-security',
    'Suites: bookworm-security',
    'Components: main',
  ]);
  const other = await fileOf(SOURCES, { suite: 'forky' });
  expect(other?.text).toContain('Suites: forky\nComponents: main\n');
  expect(other?.text).not.toContain('bookworm');
});

test.each([
  ['http://localhost:8080/debian', 'http://10.0.2.2:8080/debian'],
  ['http://127.0.0.1/debian', 'http://10.0.2.2/debian'],
  ['http://localhost.invalid/debian', 'http://localhost.invalid/debian'],
])('the mirror %s is %s in the guest', async (mirror, inGuest) => {
  expect((await fileOf(SOURCES, { mirror }))?.text).toContain(`URIs: ${inGuest}\n`);
});

test("a mirror's password is where only root reads it", async () => {
  const mirror = 'http://me:p%40ss@mirror.invalid/debian';
  expect((await fileOf(SOURCES, { mirror }))?.text).toContain('URIs: http://mirror.invalid/debian\n');
  expect(await fileOf('etc/apt/auth.conf.d/mirror.conf', { mirror })).toEqual({
    mode: 0o600,
    text: 'machine mirror.invalid login me password p@ss\n',
  });
});

test('a directory as a mirror is none for the guest', async () => {
  expect((await fileOf(SOURCES, { mirror: 'file:///srv/debian' }))?.text).toMatch(
    /^# This system was made from/,
  );
});

test('the proxy is the one that this machine uses, as the guest reaches it', async () => {
  const mirror = 'http://mirror.invalid/debian';
  const env = { http_proxy: 'http://user@localhost:3128', no_proxy: 'a.invalid,*' };
  expect(await fileOf('etc/apt/apt.conf.d/80proxy', { mirror, env })).toEqual({
    mode: 0o600,
    text: [
      'Acquire::http::Proxy "http://user@10.0.2.2:3128";',
      'Acquire::http::Proxy::a.invalid "DIRECT";',
      'Acquire::https::Proxy::a.invalid "DIRECT";',
      '',
    ].join('\n'),
  });
});
