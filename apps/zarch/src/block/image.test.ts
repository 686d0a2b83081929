import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandError } from '../command-error.ts';
import { cacheModes } from '../system/drive-options.ts';
import { type Image, type ImageOptions, openImage } from './image.ts';

const SIZE = 1 << 20;
const blocks = { logical: 512, physical: 512 };
const content = Uint8Array.from({ length: SIZE }, (_, i) => (i >> 9) * 7 + i);

let folder: string;
let file: string;
let reports: string[];
const images: Image[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarch-image-'));
  file = join(folder, 'disk.img');
  reports = [];
  writeFileSync(file, content);
});
afterEach(async () => {
  for (const image of images.splice(0)) await image.close();
  rmSync(folder, { recursive: true });
});

async function open(options: Partial<ImageOptions> = {}): Promise<Image> {
  const cache = { writeback: true, direct: false, noFlush: false };
  const base = {
    file,
    readOnly: false,
    cache,
    snapshot: false,
    locking: true,
    raw: true,
    option: '-drive d',
  };
  const image = await openImage({ ...base, ...options }, blocks, (line) => reports.push(line));
  images.push(image);
  return image;
}

async function read(image: Image, offset: number, length: number): Promise<Uint8Array> {
  const target = new Uint8Array(length);
  await image.backend.read(offset, target);
  return target;
}

const filled = (length: number, value: number) => new Uint8Array(length).fill(value);

describe.each(Object.keys(cacheModes))('an image with cache=%s', (mode) => {
  it('is read and written, several requests at a time', async () => {
    const cache = cacheModes[mode];
    if (!cache) throw new Error('no such mode');
    const image = await open({ cache });
    expect(image.backend.size).toBe(SIZE);
    await Promise.all([
      image.backend.write(512, filled(512, 1)),
      image.backend.write(4096, filled(8192, 2)),
      image.backend.write(SIZE - 512, filled(512, 3)),
    ]);
    await image.backend.flush();
    expect(await read(image, 0, 1024)).toEqual(Uint8Array.of(...content.subarray(0, 512), ...filled(512, 1)));
    const [whole, piece] = await Promise.all([read(image, 0, SIZE), read(image, 4096, 4096)]);
    expect(piece).toEqual(filled(4096, 2));
    await image.close();
    images.pop();
    expect(new Uint8Array(readFileSync(file))).toEqual(whole);
  });
});

describe('an image', () => {
  it('that ends inside a sector reads as zeros there, and grows when that is written', async () => {
    truncateSync(file, 700);
    const image = await open();
    expect(image.backend.size).toBe(1024);
    const tail = await read(image, 512, 512);
    expect(tail).toEqual(Uint8Array.of(...content.subarray(512, 700), ...filled(324, 0)));
    await image.backend.write(512, tail);
    expect(statSync(file).size).toBe(1024);
  });

  it('is filled with zeros', async () => {
    const image = await open();
    await image.backend.writeZeroes?.(512, SIZE - 1024, true);
    const expected = content.slice();
    expected.fill(0, 512, SIZE - 512);
    expect(await read(image, 0, SIZE)).toEqual(expected);
  });

  it('that is read only has no writer', async () => {
    const image = await open({ readOnly: true });
    expect(image.backend.readOnly).toBe(true);
    await expect(image.backend.write(0, filled(512, 1))).rejects.toThrow();
  });

  it('of a snapshot stays as it is', async () => {
    const image = await open({ snapshot: true });
    await image.backend.write(1024, filled(1024, 9));
    await image.backend.write(8192, filled(512, 8));
    await image.backend.flush();
    const seen = await read(image, 0, 16384);
    const expected = content.slice(0, 16384);
    expected.fill(9, 1024, 2048);
    expected.fill(8, 8192, 8704);
    expect(seen).toEqual(expected);
    expect(new Uint8Array(readFileSync(file))).toEqual(content);
    expect(readdirSync(folder)).toEqual(['disk.img']);
  });

  it.each([false, true])('is read and written at once, as a snapshot: %s', async (snapshot) => {
    const image = await open({ snapshot });
    image.backend.immediate?.write(1024, filled(1024, 9));
    image.backend.immediate?.write(2560, filled(512, 8));
    const seen = new Uint8Array(4096);
    image.backend.immediate?.read(512, seen);
    const expected = content.slice(512, 4608);
    expected.fill(9, 512, 1536);
    expected.fill(8, 2048, 2560);
    expect(seen).toEqual(expected);
    expect(await read(image, 512, 4096)).toEqual(expected);
    expect(new Uint8Array(readFileSync(file)).subarray(512, 4608)).toEqual(
      snapshot ? content.subarray(512, 4608) : expected,
    );
  });
});

describe('a second user of an image', () => {
  it.each([
    ['a writer beside a writer', {}, {}, 'Failed to get "write" lock: another process is using the image'],
    [
      'a reader beside a writer',
      {},
      { readOnly: true },
      'Failed to get "shared "write"" lock: another process is using the image',
    ],
    ['a snapshot beside a reader', { readOnly: true }, { snapshot: true }, undefined],
    ['a writer that does not lock', {}, { locking: false }, undefined],
  ])('%s', async (_, first, second, message) => {
    await open(first);
    const opened = open(second);
    if (message === undefined) expect((await opened).backend.size).toBe(SIZE);
    else await expect(opened).rejects.toThrow(`-drive d: Could not open '${file}': ${message}`);
  });

  it('follows a process that is gone', async () => {
    // No process has this number, or this one has another start time.
    for (const owner of ['999999999 1\n', `${process.pid} 1\n`, 'nonsense']) {
      writeFileSync(`${file}.zarch-lock`, owner);
      const image = await open();
      expect(readFileSync(`${file}.zarch-lock`, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+\n$`));
      await image.close();
      images.pop();
    }
    expect(readdirSync(folder)).toEqual(['disk.img']);
  });
});

describe('an image that cannot be opened', () => {
  it.each<[string, () => Partial<ImageOptions>, string]>([
    ['is missing', () => ({ file: join(folder, 'none') }), 'No such file or directory'],
    ['is a directory', () => ({ file: folder, readOnly: true }), 'Is a directory'],
    [
      'is a character device',
      () => ({ file: '/dev/null' }),
      'It is neither a regular file nor a block device',
    ],
    [
      'has another format',
      () => {
        writeFileSync(file, Uint8Array.of(0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3));
        return { raw: false };
      },
      'qcow2 is not supported yet: only raw images are; format=raw takes it as it is',
    ],
  ])('%s', async (_, options, reason) => {
    const opened = open(options());
    await expect(opened).rejects.toThrow(CommandError);
    await expect(opened).rejects.toThrow(reason);
    expect(readdirSync(folder)).toEqual(['disk.img']);
  });
});
