import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openArchive } from './archive.ts';
import { Cache } from './cache.ts';
import { fetchGuest, type GuestOptions } from './fetch-guest.ts';
import {
  archiveFiles,
  fakePackages,
  KERNEL,
  makeSigningKey,
  type Server,
  type SigningKey,
  serve,
} from './testing/fake-archive.ts';
import { readCpio } from './testing/read-cpio.ts';

const KERNEL_PATH = `/debian/pool/main/${KERNEL}_1.0-1_s390x.deb`;
const RELEASE_PATH = '/debian/dists/bookworm/InRelease';
const timing = { idle: 300, attempts: 2, delay: 1 };

let key: SigningKey;
let packages: Map<string, Uint8Array>;
let directory = '';
let server: Server;
let options: GuestOptions;

beforeAll(async () => {
  key = await makeSigningKey();
  packages = await fakePackages(key);
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zarch-guest-'));
  const keyring = join(directory, 'keyring.gpg');
  await writeFile(keyring, key.publicKey);
  server = await serve(await archiveFiles(packages, key));
  const aptDirectory = join(directory, 'no-apt');
  const cacheDirectory = join(directory, 'cache');
  options = { mirror: server.mirror, keyring, cacheDirectory, aptDirectory, timing, env: {} };
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

/** Every file in the cache. */
async function cached(): Promise<string[]> {
  const entries = await readdir(join(directory, 'cache'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('a kernel, its symbols and an initramfs with modules come from the archive', async () => {
  const guest = await fetchGuest({ ...options, modules: ['virtio_net'] });
  expect(await readFile(guest.kernel, 'utf8')).toBe('the kernel');
  expect(await readFile(guest.systemMap ?? '', 'utf8')).toContain('_stext');
  expect(guest.kernelRelease).toBe('6.1.0-9-s390x');
  const entries = readCpio(await readFile(guest.initrd));
  const content = (path: string) => entries.find((entry) => entry.path === path)?.data.toString();
  expect(content('bin/busybox')).toBe('the busybox');
  const base = 'lib/modules/6.1.0-9-s390x';
  expect(content(`${base}/modules.dep`)).toContain('virtio_net.ko: kernel/net/core/failover.ko\n');
});

test('the lock records versions and checksums, and no address', async () => {
  const guest = await fetchGuest(options);
  const text = await readFile(guest.lock, 'utf8');
  expect(JSON.parse(text).guests.bookworm).toEqual(guest.versions);
  expect(guest.versions.kernel).toMatchObject({ package: KERNEL, version: '1.0-1', suite: 'bookworm' });
  expect(text).not.toMatch(/127\.0\.0\.1|http/);
  expect((await cached()).join()).not.toContain('127.0.0.1');
});

test('a second run asks the mirror for nothing and gives the same files', async () => {
  const first = await fetchGuest(options);
  const before = server.requests.length;
  expect(await fetchGuest(options)).toEqual(first);
  expect(server.requests).toHaveLength(before);
});

test('two runs at the same time both succeed', async () => {
  const [first, second] = await Promise.all([fetchGuest(options), fetchGuest(options)]);
  expect(first).toEqual(second);
  expect((await cached()).filter((path) => path.endsWith('.partial'))).toEqual([]);
});

test('a change of a host file or an init line makes another initramfs', async () => {
  const file = join(directory, 'file');
  const initrdOf = async (content: string, line: string) => {
    await writeFile(file, content);
    const guest = await fetchGuest({ ...options, files: [`${file}:/etc/file`], initLines: [line] });
    return (await readFile(guest.initrd)).toString('latin1');
  };
  expect(await initrdOf('one', 'echo 1')).toContain('one');
  expect(await initrdOf('two', 'echo 1')).toContain('two');
  expect(await initrdOf('two', 'echo 2')).toContain('echo 2');
});

test('a changed Release is refused and nothing is cached', async () => {
  const signed = Buffer.from(server.served.get(RELEASE_PATH) as Uint8Array).toString();
  server.served.set(RELEASE_PATH, Buffer.from(signed.replace('Origin: Debian', 'Origin: Nobody')));
  await expect(fetchGuest(options)).rejects.toMatchObject({ failure: 'signature' });
  expect(await cached().catch(() => [])).toEqual([]);
});

test('a Release of another key is refused', async () => {
  const stranger = await makeSigningKey();
  server.served.set(RELEASE_PATH, (await archiveFiles(packages, stranger)).get(RELEASE_PATH) ?? Buffer.of());
  await expect(fetchGuest(options)).rejects.toThrow(/none of the signing keys .* is in the keyring/);
});

test('an expired Release is refused unless that is allowed', async () => {
  const fields = { 'Valid-Until': 'Mon, 06 Jan 2020 00:00:00 UTC' };
  for (const [path, file] of await archiveFiles(packages, key, fields)) server.served.set(path, file);
  await expect(fetchGuest(options)).rejects.toThrow('--allow-expired');
  await expect(fetchGuest({ ...options, allowExpired: true })).resolves.toMatchObject({ suite: 'bookworm' });
});

test.each([
  ['the index', '/debian/dists/bookworm/main/binary-s390x/Packages.gz'],
  ['a package', KERNEL_PATH],
])('%s with a wrong checksum is refused and leaves no file', async (_, path) => {
  const bytes = Buffer.from(server.served.get(path) as Uint8Array);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  server.served.set(path, bytes);
  await expect(fetchGuest(options)).rejects.toMatchObject({ failure: 'checksum' });
  const name = path.includes('Packages') ? 'indexes' : 'debs';
  expect((await cached().catch(() => [])).filter((file) => file.includes(`/${name}/`))).toEqual([]);
});

test.each([
  ['what came', (file: Uint8Array) => file.subarray(0, 20)],
  ['bytes of another file', () => new Uint8Array(30)],
])('an interrupted download that left %s is completed by a later run', async (_, left) => {
  const whole = server.served.get(KERNEL_PATH) as Uint8Array;
  server.served.set(KERNEL_PATH, (response) => {
    response.writeHead(200, { 'content-length': whole.length });
    response.write(left(whole), () => setTimeout(() => response.destroy(), 50));
  });
  await expect(fetchGuest(options)).rejects.toMatchObject({ failure: 'network' });
  expect((await cached()).filter((file) => /\/debs\//.test(file))).toEqual([
    expect.stringMatching(/\.deb\.partial$/),
  ]);
  const ranges: string[] = [];
  server.served.set(KERNEL_PATH, (response) => {
    const { range = '' } = response.req.headers;
    ranges.push(range);
    const from = Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200).end(whole.subarray(from));
  });
  const guest = await fetchGuest(options);
  expect(await readFile(guest.kernel, 'utf8')).toBe('the kernel');
  expect(ranges[0]).toMatch(/^bytes=\d\d-$/);
  expect((await cached()).filter((file) => file.endsWith('.partial'))).toEqual([]);
});

test('a damaged cached package is fetched again', async () => {
  await fetchGuest(options);
  for (const path of await cached()) if (!path.endsWith('.json')) await writeFile(path, 'damaged');
  const guest = await fetchGuest(options);
  expect(await readFile(guest.kernel, 'utf8')).toBe('the kernel');
});

test('a mirror without by-hash names serves the plain ones', async () => {
  for (const [path, file] of await archiveFiles(packages, key, { 'Acquire-By-Hash': 'yes' }))
    server.served.set(path, file);
  await fetchGuest(options);
  expect(server.requests.some((path) => path.includes('/by-hash/SHA256/'))).toBe(true);
});

test('offline, lock and cache are enough, and no mirror is needed', async () => {
  const first = await fetchGuest(options);
  const before = server.requests.length;
  const offline = { ...options, mirror: undefined, offline: true };
  expect(await fetchGuest(offline)).toEqual(first);
  const other = await fetchGuest({ ...offline, modules: ['failover'] });
  expect(other.initrd).not.toBe(first.initrd);
  expect(server.requests).toHaveLength(before);
});

test('offline without a lock or without its packages says what is missing', async () => {
  await expect(fetchGuest({ ...options, offline: true })).rejects.toThrow(
    /zarch-guest\.lock\.json records no/,
  );
  const lock = join(directory, 'my.lock.json');
  await fetchGuest({ ...options, lock });
  await rm(join(directory, 'cache'), { recursive: true });
  await expect(fetchGuest({ ...options, lock, offline: true })).rejects.toMatchObject({
    failure: 'offline',
    message: expect.stringContaining(`${KERNEL} 1.0-1`),
  });
});

test('a lock is followed on another machine, whatever the archive has by then', async () => {
  const lock = join(directory, 'my.lock.json');
  await fetchGuest({ ...options, lock });
  await rm(join(directory, 'cache'), { recursive: true });
  server.served.delete(RELEASE_PATH);
  const guest = await fetchGuest({ ...options, lock });
  expect(guest.versions.kernel.version).toBe('1.0-1');
  await rm(join(directory, 'cache'), { recursive: true });
  server.served.delete(KERNEL_PATH);
  await expect(fetchGuest({ ...options, lock })).rejects.toThrow('no longer has linux-image');
});

test.each(['{', '[]', '{"version":2,"guests":{}}', '{"version":1,"guests":{"bookworm":{"kernel":{}}}}'])(
  'the lock %s is refused by name',
  async (text) => {
    const lock = join(directory, 'bad.lock.json');
    await writeFile(lock, text);
    await expect(fetchGuest({ ...options, lock })).rejects.toMatchObject({
      failure: 'format',
      message: expect.stringContaining(lock),
    });
  },
);

test('without a mirror the message says how to give images', async () => {
  await expect(fetchGuest({ ...options, mirror: undefined })).rejects.toThrow(
    /--kernel FILE and --initrd FILE/,
  );
});

test('without a keyring the pinned keys of the archive itself are used, and others are not', async () => {
  const archive = {
    mirrors: [{ uri: server.mirror, origin: 'option', keyrings: [] }],
    cache: await Cache.open(join(directory, 'cache')),
    suite: 'bookworm',
    installedKeyrings: [join(directory, 'absent.gpg')],
    timing,
  } as const;
  const opened = await openArchive({ ...archive, fingerprints: [key.fingerprint] });
  expect(opened.signedBy).toBe(key.fingerprint);
  expect(opened.find('busybox-static').version).toBe('1.0-1');
  await expect(openArchive(archive)).rejects.toThrow('none of the archive keys that zarch knows');
});

test('a mirror that is down is passed over for the next of the apt configuration', async () => {
  const aptDirectory = directory;
  const lines = ['deb http://127.0.0.1:1/debian bookworm main', `deb ${server.mirror} bookworm main`];
  await writeFile(join(aptDirectory, 'sources.list'), lines.join('\n'));
  const guest = await fetchGuest({ ...options, mirror: undefined, aptDirectory });
  expect(guest.suite).toBe('bookworm');
});
