import { expect, test } from 'vitest';
import { packAr, readAr } from './ar.ts';
import { readDeb } from './deb.ts';
import { packDeb } from './testing/deb-file.ts';

test('ar members are read past padding, and their names without it', () => {
  const members = readAr(packAr({ 'a/': Buffer.from('odd'), bb: Buffer.from('even') }), 'x');
  expect(members.map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
    ['a', 'odd'],
    ['bb', 'even'],
  ]);
});

const whole = packAr({ a: Buffer.from('some data') });
test.each([
  ['no archive', Buffer.from('PK\x03\x04')],
  ['an empty file', new Uint8Array(0)],
  ['an archive cut in its data', whole.subarray(0, whole.length - 4)],
  ['an archive cut in a header', whole.subarray(0, 40)],
])('%s is refused', (_, bytes) => {
  expect(() => readAr(bytes, 'some.deb')).toThrow(/^some\.deb: /);
});

const files = { 'usr/bin/hello': 'hello\n', 'usr/bin/hi': '->hello', 'usr/share/empty': '' };
test.each(['', 'gz', 'zst'] as const)(
  'a package with a data.tar compressed by %j is unpacked',
  async (kind) => {
    const { files: read } = await readDeb(await packDeb(files, kind), 'x');
    expect(read).toEqual([
      { type: 'file', path: 'usr/bin/hello', mode: 0o755, data: new Uint8Array(Buffer.from('hello\n')) },
      { type: 'symlink', path: 'usr/bin/hi', target: 'hello' },
      { type: 'file', path: 'usr/share/empty', mode: 0o755, data: new Uint8Array(0) },
    ]);
  },
);

/** A GNU tar of ./usr/bin/hello and a link to it, compressed by xz with CRC64. */
const XZ =
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AJxdABcLvBx9AZXAHUo+eRW/ePpNkgZPp2Vm73L/U4/VkuoUdwq952+lhSWmDIcW64IwjV8l0jZZhs84' +
  'mzusMyZ16H/WwT/RyryFK81h8S38Efs/Zm2+czRbf/uGvWus0pLE/QMMI9VgLuQdSsx9Tcpyu7ItMSQHkbd6SI+myMXqme3AlUQy0HpHSG9tLgxdEMli' +
  'a4kR8LxLP9xc6mCHAAAeFpQrX8823wABuAGAUAAA/vRJibHEZ/sCAAAAAARZWg==';
const xzDeb = (data: Uint8Array) => packAr({ 'debian-binary': Buffer.from('2.0\n'), 'data.tar.xz': data });

test('a package with a data.tar.xz is unpacked, and two at the same time', async () => {
  const deb = xzDeb(Buffer.from(XZ, 'base64'));
  for (const { files: read } of await Promise.all([readDeb(deb, 'x'), readDeb(deb, 'x')])) {
    expect(read.map(({ path }) => path)).toEqual(['usr/bin/hello', 'usr/bin/hi']);
    expect(read[0]).toMatchObject({ mode: 0o755, data: new Uint8Array(Buffer.from('hello from xz\n')) });
  }
});

test('a filter keeps the other files out', async () => {
  const { files: read } = await readDeb(await packDeb(files), 'x', {
    filter: (path) => path === 'usr/bin/hello',
  });
  expect(read.map(({ path }) => path)).toEqual(['usr/bin/hello']);
});

test('progress ends with all of the data read', async () => {
  const seen: number[] = [];
  await readDeb(await packDeb(files), 'x', { progress: ({ done, total }) => seen.push(done / (total ?? 0)) });
  expect(seen.at(-1)).toBe(1);
});

test.each([
  ['corrupt xz', xzDeb(Buffer.from(XZ, 'base64').fill(0x55, 60, 120))],
  ['xz cut short', xzDeb(Buffer.from(XZ, 'base64').subarray(0, 120))],
  ['corrupt gzip', packAr({ 'debian-binary': Buffer.from('2.0\n'), 'data.tar.gz': Buffer.alloc(50, 7) })],
  [
    'an unsupported compression',
    packAr({ 'debian-binary': Buffer.from('2.0\n'), 'data.tar.bz2': Buffer.alloc(9) }),
  ],
  ['no data', packAr({ 'debian-binary': Buffer.from('2.0\n') })],
  ['another format', packAr({ 'debian-binary': Buffer.from('3.0\n'), 'data.tar': Buffer.alloc(1024) })],
])('a package with %s is refused by name', async (_, deb) => {
  await expect(readDeb(deb, 'some-package')).rejects.toMatchObject({
    failure: 'format',
    message: expect.stringMatching(/^some-package: /),
  });
});

test('a path that leaves the root is refused', async () => {
  await expect(readDeb(await packDeb({ '../etc/passwd': 'x' }), 'x')).rejects.toThrow('unsafe path');
});

test('data that decompresses to more than the limit is refused', async () => {
  const deb = await packDeb({ zeros: new Uint8Array(100_000) });
  await expect(readDeb(deb, 'x', { limit: 50_000 })).rejects.toThrow('more than 50000 bytes');
});
