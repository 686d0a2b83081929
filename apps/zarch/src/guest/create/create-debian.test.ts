import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Progress } from '../progress.ts';
import { packDeb } from '../testing/deb-file.ts';
import {
  archiveFiles,
  KERNEL,
  makeSigningKey,
  type Server,
  type SigningKey,
  serve,
} from '../testing/fake-archive.ts';
import { readCpio } from '../testing/read-cpio.ts';
import { type CreateOptions, createDebian, type Installation } from './create-debian.ts';

const MODULES = 'lib/modules/6.1.0-9-s390x';
const builtin = ['virtio_blk', 'ext4', 'virtio_console', 'virtio_net', 'af_packet', '9p', '9pnet_virtio'];

let key: SigningKey;
let packages: Map<string, Uint8Array>;
let directory = '';
let server: Server;
let options: CreateOptions;
let installations: Installation[];
let seen: Progress[];

beforeAll(async () => {
  key = await makeSigningKey();
  packages = new Map();
  for (const name of [
    'linux-image-s390x',
    'systemd-sysv',
    'udev',
    'dbus',
    'systemd-resolved',
    'ca-certificates',
  ])
    packages.set(name, await packDeb({}));
  packages.set('base-files', await packDeb({ 'etc/debian_version': '12' }));
  packages.set('nano', await packDeb({}));
  packages.set('busybox-static', await packDeb({ 'bin/busybox': 'the busybox' }));
  packages.set('e2fsprogs', await packDeb({ 'sbin/mke2fs': 'the formatter', 'sbin/e2fsck': 'a checker' }));
  const modules = builtin.map((name) => `kernel/${name}.ko\n`).join('');
  const kernel = { 'boot/vmlinuz-6.1.0-9-s390x': 'the kernel', [`${MODULES}/modules.builtin`]: modules };
  packages.set(KERNEL, await packDeb({ ...kernel, [`${MODULES}/kernel/x.ko`]: '' }));
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zarch-create-'));
  const keyring = join(directory, 'keyring.gpg');
  await writeFile(keyring, key.publicKey);
  const more = { 'base-files': 'Priority: required\n', nano: 'Priority: standard\n' };
  server = await serve(await archiveFiles(packages, key, {}, more));
  installations = [];
  seen = [];
  options = {
    ...{ output: join(directory, 'out/system'), size: 2 ** 20, mirror: server.mirror, keyring, env: {} },
    ...{ cacheDirectory: join(directory, 'cache'), aptDirectory: join(directory, 'no-apt') },
    timing: { idle: 300, attempts: 1, delay: 1 },
    progress: (progress) => seen.push(progress),
    run: machine('zarch-create: done\r\n'),
  };
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

/** A machine that prints something and ends. */
function machine(
  output: string,
  end: Awaited<ReturnType<CreateOptions['run']>> = 'powered off',
  look: (installation: Installation) => Promise<void> = async () => {},
): CreateOptions['run'] {
  return async (installation) => {
    installations.push(installation);
    await look(installation);
    installation.onOutput(Buffer.from(output));
    return end;
  };
}

const outputs = () => readdir(join(directory, 'out')).catch(() => []);

test('a machine gets the packages, the settings and what it formats the disk with', async () => {
  let texts: string[] = [];
  let debs: string[] = [];
  let initrd: Buffer = Buffer.of();
  const look = async ({ share, initrd: path, disk }: Installation) => {
    const read = (name: string) => readFile(join(share.path, name), 'utf8');
    texts = await Promise.all(['required', 'others', 'password', 'settings/etc/hostname'].map(read));
    debs = await readdir(join(share.path, 'debs'));
    initrd = await readFile(path);
    expect((await stat(disk)).size).toBe(2 ** 20);
  };
  const run = machine('zarch-create: done\r\n', 'powered off', look);
  const made = await createDebian({ ...options, hostname: 'box', rootPassword: 'secret', run });
  const [required, others, password, hostname] = texts;
  expect(required).toBe('base-files\n');
  expect(others?.split('\n')).toContain('nano');
  expect([password, hostname]).toEqual(['root:secret\n', 'box\n']);
  expect(debs.sort()).toEqual(
    [...packages.keys()]
      .filter((name) => name !== 'busybox-static')
      .map((n) => `${n}.deb`)
      .sort(),
  );
  const entries = new Map(readCpio(initrd).map(({ path, data }) => [path, data.toString()]));
  expect(entries.get('mke2fs')).toBe('the formatter');
  expect(entries.has('sbin/e2fsck')).toBe(false);
  expect(entries.get('install')).toContain('zarch-create:');
  expect(await readFile(made.kernel, 'utf8')).toBe('the kernel');
  expect(
    readCpio(await readFile(made.initrd))
      .find(({ path }) => path === 'init')
      ?.data.toString(),
  ).toContain('exec switch_root');
  expect(JSON.stringify(made.record)).not.toContain('secret');
  expect(seen.map(({ step }) => step)).toContain('download');
});

test('a second run finds the system, and another one is not put in its place', async () => {
  const first = await createDebian(options);
  expect(first.created).toBe(true);
  expect(await createDebian(options)).toEqual({ ...first, created: false });
  await expect(createDebian({ ...options, include: ['nano'] })).rejects.toThrow('made with other options');
  expect(installations).toHaveLength(1);
  await writeFile(first.disk, 'precious');
  await createDebian({ ...options, include: ['nano'], force: true });
  expect(await readFile(first.disk, 'latin1')).not.toContain('precious');
  expect(await outputs()).toEqual(['system']);
});

test('a directory with other files stays as it is', async () => {
  await mkdir(options.output, { recursive: true });
  await writeFile(join(options.output, 'file'), 'x');
  await expect(createDebian(options)).rejects.toMatchObject({ failure: 'storage' });
  expect(await readdir(options.output)).toEqual(['file']);
});

test.each([
  ['a script that fails', machine('zarch-create: failed unpacking x\r\n'), /unpacking x/],
  ['a machine that ends early', machine('half a line'), /the machine ended/],
  ['a machine that crashes', machine('zarch-create: done\r\n', 'crashed'), /the installation failed/],
])('%s leaves a log and nothing else', async (_, run, message) => {
  await expect(createDebian({ ...options, run })).rejects.toThrow(message);
  expect(await outputs()).toEqual(['system.log']);
  await expect(createDebian(options)).resolves.toMatchObject({ created: true });
});

test('an interrupted installation leaves nothing', async () => {
  await expect(createDebian({ ...options, run: machine('', 'interrupted') })).rejects.toThrow('interrupted');
  expect(await outputs()).toEqual([]);
});

test('what was downloaded before a failure is not downloaded again', async () => {
  const pathOf = (name: string) => `/debian/pool/main/${name}_1.0-1_s390x.deb`;
  const last = pathOf('ca-certificates');
  const whole = server.served.get(last) as Uint8Array;
  server.served.delete(last);
  await expect(createDebian(options)).rejects.toMatchObject({ failure: 'not-found' });
  server.served.set(last, whole);
  await createDebian(options);
  for (const name of ['base-files', 'nano'])
    expect(server.requests.filter((url) => url === pathOf(name))).toHaveLength(1);
  expect(server.requests.filter((url) => url === last)).toHaveLength(2);
});

test.each([
  [{ hostname: 'a.b' }, /not a host name/],
  [{ hostname: '-a' }, /not a host name/],
  [{ suite: '../x' }, /not a suite's name/],
  [{ rootPassword: '' }, /the password/],
  [{ rootPassword: 'a\nb:c' }, /the password/],
  [{ include: ['nothing'] }, /no package nothing/],
])('%o is refused', async (more, message) => {
  await expect(createDebian({ ...options, ...more })).rejects.toThrow(message);
  expect(installations).toEqual([]);
});
