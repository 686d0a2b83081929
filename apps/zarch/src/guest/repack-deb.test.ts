import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packAr, readAr } from './ar.ts';
import { uncompressedDeb } from './repack-deb.ts';

const version = Buffer.from('2.0\n');

test('a package keeps its members, in their order, decompressed', async () => {
  const deb = packAr({
    'debian-binary': version,
    'control.tar.gz': gzipSync('the control'),
    'data.tar': Buffer.from('the data'),
    _extra: Buffer.from('more'),
  });
  const members = readAr(await uncompressedDeb(deb, 'x'), 'x');
  expect(members.map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
    ['debian-binary', '2.0\n'],
    ['control.tar', 'the control'],
    ['data.tar', 'the data'],
    ['_extra', 'more'],
  ]);
});

test.each([
  ['corrupt', { 'data.tar.gz': Buffer.alloc(50, 7) }, /^x: data\.tar\.gz: /],
  [
    'of an unknown compression',
    { 'data.tar.bz2': Buffer.alloc(50) },
    /^x: data\.tar\.bz2 is of an unsupported/,
  ],
])('one that is %s is refused', async (_, members, message) => {
  await expect(uncompressedDeb(packAr({ 'debian-binary': version, ...members }), 'x')).rejects.toThrow(
    message,
  );
});
