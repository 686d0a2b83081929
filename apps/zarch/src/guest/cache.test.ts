import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cache, sha256, writeAtomically } from './cache.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zarch-cache-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('writers at the same time leave one whole file and nothing else', async () => {
  const path = join(directory, 'file');
  const contents = Array.from({ length: 8 }, (_, index) => Buffer.alloc(100_000, index));
  await Promise.all(contents.map((content) => writeAtomically(path, content)));
  expect(await readdir(directory)).toEqual(['file']);
  const read = await readFile(path);
  expect(contents.some((content) => content.equals(read))).toBe(true);
});

test('a file that cannot be written fails by its path', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(writeAtomically(join(directory, 'file', 'x'), 'y')).rejects.toMatchObject({
    failure: 'storage',
    message: expect.stringContaining(join(directory, 'file', 'x')),
  });
});

test('a cached file is used only with the right checksum, and a damaged one is removed', async () => {
  const cache = await Cache.open(directory);
  await cache.write('debs/x', Buffer.from('good'));
  expect(await cache.read('debs/x', sha256('good'))).toEqual(Buffer.from('good'));
  await writeFile(cache.path('debs/x'), 'bad');
  expect(await cache.read('debs/x', sha256('good'))).toBeUndefined();
  expect(await readdir(join(directory, 'debs'))).toEqual([]);
});

test('derived files are made once, and again when one was changed or lost', async () => {
  const cache = await Cache.open(directory);
  let made = 0;
  const derive = () =>
    cache.derive('images/k', async () => {
      made++;
      return new Map([
        ['a', Buffer.from('a')],
        ['b', Buffer.from('b')],
      ]);
    });
  const paths = await derive();
  expect(await derive()).toEqual(paths);
  expect(made).toBe(1);
  await writeFile(paths.get('b') ?? '', 'changed');
  await derive();
  expect(made).toBe(2);
  expect(await readFile(paths.get('b') ?? '', 'utf8')).toBe('b');
  await rm(paths.get('a') ?? '');
  await derive();
  expect(made).toBe(3);
});

test('old half-written files are cleared away, those of running processes are not', async () => {
  await writeFile(join(directory, '.old.1.partial'), '');
  await writeFile(join(directory, '.new.2.partial'), '');
  const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
  await utimes(join(directory, '.old.1.partial'), yesterday, yesterday);
  await Cache.open(directory);
  expect(await readdir(directory)).toEqual(['.new.2.partial']);
});
