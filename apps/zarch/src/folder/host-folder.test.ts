import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Errno, isError, NinePServer, type Outcome } from '@zarch/virtio';
import { NinePClient } from '@zarch/virtio/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFolder } from './host-folder.ts';

let root: string;
let folder: HostFolder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'zarch-folder-'));
  folder = new HostFolder({ root, owners: false });
  mkdirSync(join(root, 'd'));
  writeFileSync(join(root, 'd', 'f'), 'hello', { mode: 0o640 });
  symlinkSync('/etc/passwd', join(root, 'l'));
});
afterEach(() => rmSync(root, { recursive: true }));

async function value<Value>(outcome: Promise<Outcome<Value>>): Promise<Value> {
  const result = await outcome;
  if (isError(result)) throw new Error(`error ${result.errno}`);
  return result.value;
}

const all = { read: true, write: true, truncate: false };
const made = { permissions: 0o4751, gid: process.getgid?.() ?? 0 };

describe('a folder of the host', () => {
  it('tells attributes, and never those of what a link is to', async () => {
    const file = await value(folder.attributes(['d', 'f']));
    const status = lstatSync(join(root, 'd', 'f'), { bigint: true });
    expect(file).toMatchObject({ kind: 'file', permissions: 0o640, size: 5n, inode: status.ino, links: 1 });
    expect(file.modificationTime).toBe(status.mtimeNs);
    expect(await value(folder.attributes([]))).toMatchObject({ kind: 'directory' });
    expect(await value(folder.attributes(['l']))).toMatchObject({ kind: 'symlink' });
    expect(await value(folder.readSymlink(['l']))).toBe('/etc/passwd');
  });

  it('changes attributes', async () => {
    const time = 1_600_000_000_500_000_000n;
    await value(
      folder.setAttributes(['d', 'f'], { permissions: 0o2600, size: 3n, modificationTime: time, uid: 12345 }),
    );
    const changed = await value(folder.attributes(['d', 'f']));
    expect(changed).toMatchObject({ permissions: 0o2600, size: 3n, uid: process.getuid?.() });
    expect(changed.modificationTime).toBe(time);
    await value(folder.setAttributes(['d', 'f'], { accessTime: 'now' }));
    expect((await value(folder.attributes(['d', 'f']))).modificationTime).toBe(time);
  });

  it('reads, writes and makes files with the permissions that are asked for', async () => {
    const mode = { ...all, ...made, exclusive: true };
    const file = await value(folder.create(['d', 'g'], mode));
    expect(await value(file.write(3n, Buffer.from('abc')))).toBe(3);
    const target = new Uint8Array(10);
    expect(await value(file.read(1n, target))).toBe(5);
    await value(file.sync(true));
    await file.close();
    expect(readFileSync(join(root, 'd', 'g')).toString()).toBe('\0\0\0abc');
    expect(lstatSync(join(root, 'd', 'g')).mode & 0o7777).toBe(0o4751);
    expect(await folder.create(['d', 'g'], mode)).toEqual({ errno: Errno.EEXIST });
    const again = await value(folder.create(['d', 'g'], { ...mode, exclusive: false }));
    await again.close();
    const cut = await value(folder.open(['d', 'g'], { ...all, truncate: true }));
    await cut.close();
    expect(lstatSync(join(root, 'd', 'g')).size).toBe(0);
  });

  it('lists, links, moves and removes', async () => {
    await value(folder.makeDirectory(['e'], made));
    await value(folder.makeSymlink(['e', 's'], 'x', 0));
    await value(folder.link(['e', 'h'], ['d', 'f']));
    await value(folder.makeNode(['e', 'n'], 'file', made));
    const names = (await value(folder.list(['e']))).map(({ name, kind }) => `${name} ${kind}`);
    expect(names.sort()).toEqual(['h file', 'n file', 's symlink']);
    await value(folder.rename(['e', 'h'], ['e', 'n']));
    await value(folder.removeFile(['e', 'n']));
    await value(folder.removeFile(['e', 's']));
    await value(folder.removeDirectory(['e']));
    expect((await value(folder.statistics())).blocks).toBeGreaterThan(0n);
  });

  it.each<[string, (folder: HostFolder) => Promise<Outcome<unknown>>, number]>([
    ['opening what a link is to', (each) => each.open(['l'], all), Errno.ELOOP],
    ['what is missing', (each) => each.attributes(['none']), Errno.ENOENT],
    ['a file as a folder', (each) => each.list(['d', 'f']), Errno.ENOTDIR],
    ['a folder as a file', (each) => each.open(['d'], all), Errno.EISDIR],
    ['removing a folder that is not empty', (each) => each.removeDirectory(['d']), Errno.ENOTEMPTY],
    ['a device', (each) => each.makeNode(['x'], 'block', made), Errno.EPERM],
    ['a size of a link', (each) => each.setAttributes(['l'], { size: 0n }), Errno.ELOOP],
    ['a name that is too long', (each) => each.makeDirectory(['x'.repeat(256)], made), Errno.ENAMETOOLONG],
  ])('has an error number for %s', async (_, action, errno) => {
    expect(await action(folder)).toEqual({ errno });
  });
});

describe('a 9P client', () => {
  it('does not get out of the folder', async () => {
    const server = new NinePServer({ fileSystem: folder });
    const client = new NinePClient((message) => server.request(message, 65536));
    await client.mount();
    // A link is found, but nothing behind it; above the root is the root.
    expect((await client.walk(0, 1, 'l')).errno).toBe(undefined);
    expect((await client.walk(1, 2, 'x')).errno).toBe(Errno.ENOTDIR);
    expect((await client.lopen(1)).errno).toBe(Errno.ELOOP);
    expect((await client.walk(0, 3, '..', '..', 'd', 'f')).errno).toBe(undefined);
    expect((await client.lopen(3)).errno).toBe(undefined);
  });
});
