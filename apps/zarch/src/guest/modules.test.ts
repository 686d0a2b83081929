import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readModinfo } from './modinfo.ts';
import { KernelModules, modulesAlias, modulesDep } from './modules.ts';
import { packModule } from './testing/deb-file.ts';

const files = new Map([
  [
    'kernel/fs/ext4/ext4.ko',
    packModule('softdep=pre: crypto-crc32c', 'alias=fs-ext4', 'depends=jbd2,mbcache'),
  ],
  ['kernel/fs/jbd2/jbd2.ko', packModule('depends=mbcache')],
  ['kernel/fs/mbcache.ko', packModule('depends=')],
  ['kernel/crypto/crc32c-generic.ko', packModule('alias=crc32c', 'alias=crypto-crc32c', 'depends=')],
  ['kernel/lib/packed.ko.gz', gzipSync(packModule('depends=mbcache'))],
  ['kernel/broken/orphan.ko', packModule('depends=absent')],
  ['kernel/a.ko', packModule('softdep=pre: b nonesuch post: c', 'depends=')],
  ['kernel/b.ko', packModule('softdep=pre: a', 'depends=')],
]);
const modules = () =>
  new KernelModules('6.1.0', new Map(files), 'kernel/drivers/virtio/virtio-ring.ko\nkernel/lib/crc16.ko\n');

test('modinfo values are read in order, and anything else has none', () => {
  const info = readModinfo(packModule('alias=a', 'depends=x', 'alias=b=c'));
  expect(info?.get('alias')).toEqual(['a', 'b=c']);
  expect(info?.get('depends')).toEqual(['x']);
  expect(readModinfo(Buffer.from('\x7fELF'))).toBeUndefined();
});

test('a module comes after what it depends on, soft dependencies by alias included', async () => {
  const set = await modules().select(['ext4']);
  expect(set.modules.map(({ name }) => name)).toEqual(['mbcache', 'jbd2', 'crc32c_generic', 'ext4']);
  expect(set.load).toEqual(['crc32c_generic', 'ext4']);
});

test('modules.dep lists all that a module needs, what loads first last', async () => {
  const { modules: chosen } = await modules().select(['ext4']);
  expect(modulesDep(chosen)).toBe(
    [
      'kernel/fs/mbcache.ko:',
      'kernel/fs/jbd2/jbd2.ko: kernel/fs/mbcache.ko',
      'kernel/crypto/crc32c-generic.ko:',
      'kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko kernel/fs/mbcache.ko',
      '',
    ].join('\n'),
  );
  expect(modulesAlias(chosen)).toContain('alias fs-ext4 ext4\n');
});

test('a compressed module is stored uncompressed', async () => {
  const set = await modules().select(['packed']);
  expect(set.modules.map(({ path }) => path)).toEqual(['kernel/fs/mbcache.ko', 'kernel/lib/packed.ko']);
  expect(readModinfo(set.modules[1]?.data ?? new Uint8Array(0))?.get('depends')).toEqual(['mbcache']);
});

test('built-in modules need nothing, and hyphens are underscores', async () => {
  expect(await modules().select(['virtio_ring', 'crc16'])).toMatchObject({ modules: [], load: [] });
  expect((await modules().select(['crc32c-generic'])).load).toEqual(['crc32c_generic']);
});

test('a circle of soft dependencies ends, and absent ones are no error', async () => {
  expect((await modules().select(['a'])).modules.map(({ name }) => name)).toEqual(['b', 'a']);
});

test.each([
  ['nonesuch', 'usage', 'no module nonesuch'],
  ['orphan', 'usage', 'no module absent, which orphan needs'],
])('asking for %s fails', async (name, failure, message) => {
  await expect(modules().select([name])).rejects.toMatchObject({
    failure,
    message: expect.stringContaining(message),
  });
});

test('a file that is no module is refused by name', async () => {
  const broken = new KernelModules('6.1.0', new Map([['kernel/text.ko', Buffer.from('no module')]]), '');
  await expect(broken.select(['text'])).rejects.toThrow(/^module kernel\/text\.ko is not a kernel module/);
});
