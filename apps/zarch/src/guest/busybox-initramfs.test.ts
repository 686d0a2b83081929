import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeInitramfs, READY_LINE } from './busybox-initramfs.ts';
import { readHostFiles } from './host-files.ts';
import { KernelModules } from './modules.ts';
import { packModule } from './testing/deb-file.ts';
import { type ReadEntry, readCpio } from './testing/read-cpio.ts';

const busybox = Buffer.from('busybox');
const byPath = (archive: Uint8Array): Map<string, ReadEntry> =>
  new Map(readCpio(archive).map((entry) => [entry.path, entry]));
const text = (entries: Map<string, ReadEntry>, path: string): string =>
  entries.get(path)?.data.toString() ?? '';

test('busybox, a shell, the console and /init are in it, directories before their content', async () => {
  const archive = await makeInitramfs({ busybox });
  const entries = byPath(archive);
  expect(text(entries, 'bin/busybox')).toBe('busybox');
  expect(text(entries, 'bin/sh')).toBe('busybox');
  expect(entries.get('dev/console')).toMatchObject({ mode: 0o020600, device: [5, 1] });
  expect(entries.get('init')?.mode).toBe(0o100755);
  const paths = [...entries.keys()];
  for (const path of paths.filter((candidate) => candidate.includes('/')))
    expect(paths.indexOf(path.slice(0, path.lastIndexOf('/')))).toSatisfy(
      (at: number) => at >= 0 && at < paths.indexOf(path),
    );
});

test('/init is a shell script that loads the modules, then runs the lines, then says it is ready', async () => {
  const modules = await new KernelModules('6.1.0', new Map([['kernel/m.ko', packModule()]]), '').select([
    'm',
  ]);
  const entries = byPath(await makeInitramfs({ busybox, modules, initLines: ['ifconfig lo up'] }));
  const init = text(entries, 'init');
  const order = ['modprobe m', 'ifconfig lo up', READY_LINE, 'cttyhack', 'poweroff'].map((word) =>
    init.indexOf(word),
  );
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order[0]).toBeGreaterThan(0);
  expect(text(entries, 'lib/modules/6.1.0/modules.dep')).toBe('kernel/m.ko:\n');
  expect(entries.has('lib/modules/6.1.0/kernel/m.ko')).toBe(true);
  execFileSync('sh', ['-n'], { input: init });
});

test('the same input gives the same bytes, compressed or not', async () => {
  const plain = await makeInitramfs({ busybox });
  const packed = await makeInitramfs({ busybox, compress: 'gzip' });
  expect(Buffer.compare(plain, await makeInitramfs({ busybox }))).toBe(0);
  expect(Buffer.compare(gunzipSync(packed), plain)).toBe(0);
  expect([...packed.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
});

test('host files and directories are taken with their modes and links, and replace what was there', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'zarch-files-'));
  try {
    await mkdir(join(directory, 'd'));
    await writeFile(join(directory, 'd', 'tool'), 'tool');
    await chmod(join(directory, 'd', 'tool'), 0o711);
    await symlink('tool', join(directory, 'd', 'alias'));
    await writeFile(join(directory, 'my:init'), 'my init');
    const files = [
      ...(await readHostFiles(`${directory}/d:/opt/tools/`)),
      ...(await readHostFiles(`${directory}/my:init:/init`)),
    ];
    const entries = byPath(await makeInitramfs({ busybox, files }));
    expect(entries.get('opt')?.mode).toBe(0o040755);
    expect(entries.get('opt/tools/tool')).toMatchObject({ mode: 0o100711 });
    expect(text(entries, 'opt/tools/alias')).toBe('tool');
    expect(text(entries, 'init')).toBe('my init');
  } finally {
    await rm(directory, { recursive: true });
  }
});

test.each(['/etc/passwd', '/etc/passwd:relative', ':/x', '/x:/', '/nonexistent/file:/x'])(
  'the file argument %s is refused by name',
  async (spec) => {
    await expect(readHostFiles(spec)).rejects.toMatchObject({
      failure: 'usage',
      message: expect.stringContaining(spec),
    });
  },
);
