import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryFileSystem } from '../testing/memory-file-system.ts';
import { NinePClient, type NinePReply } from '../testing/ninep-client.ts';
import { Errno } from './errno.ts';
import { MessageWriter, makeMessage, NinePType } from './message.ts';
import { NinePServer } from './server.ts';

const text = (value: string) => new TextEncoder().encode(value);

let files: MemoryFileSystem;
let server: NinePServer;
let client: NinePClient;

function connect(options: { readOnly?: boolean } = {}): void {
  server = new NinePServer({ fileSystem: files, ...options });
  client = new NinePClient((message) => server.request(message, 8192));
}

beforeEach(async () => {
  files = new MemoryFileSystem();
  connect();
  await client.mount();
});

/** Makes a file at the root, in a fid of its own. */
async function makeFile(name: string, content = '', fid = 100): Promise<void> {
  await client.walk(0, fid);
  await client.lcreate(fid, name);
  await client.write(fid, 0, text(content));
  await client.simple(NinePType.clunk, fid);
}

async function content(fid: number): Promise<string> {
  const reply = await client.read(fid, 0, 4096);
  if (reply.errno !== undefined) return `error ${reply.errno}`;
  return new TextDecoder().decode(reply.body.bytes(reply.body.u32()));
}

const errno = (reply: NinePReply) => reply.errno;

describe('the version', () => {
  it.each([
    ['what the client wants', 16384, '9P2000.L', [16384, '9P2000.L']],
    ['no more than the server can', 0xffff_ffff, '9P2000.L', [1 << 20, '9P2000.L']],
    ['no other dialect', 8192, '9P2000.u', [8192, 'unknown']],
  ])('is %s', async (_, size, name, expected) => {
    const reply = await client.version(size, name);
    expect(reply.errno === undefined && [reply.body.u32(), reply.body.string()]).toEqual(expected);
  });

  it('has messages of 4096 bytes at least', async () => {
    expect(errno(await client.version(4095))).toBe(Errno.EMSGSIZE);
  });

  it('comes first', async () => {
    connect();
    expect(errno(await client.attach(0))).toBe(Errno.EPROTO);
  });

  it('ends a session: all files are closed', async () => {
    await makeFile('a');
    await client.walk(0, 1, 'a');
    await client.lopen(1);
    expect(files.openFiles).toBe(1);
    await client.version();
    expect(files.openFiles).toBe(0);
    expect(errno(await client.walk(0, 2))).toBe(Errno.EBADF);
  });
});

describe('files', () => {
  it('are made, written, read and closed', async () => {
    await client.walk(0, 1);
    expect(errno(await client.lcreate(1, 'hello'))).toBeUndefined();
    expect(errno(await client.write(1, 0, text('hello, world')))).toBeUndefined();
    expect(errno(await client.write(1, 7, text('there')))).toBeUndefined();
    expect(await content(1)).toBe('hello, there');
    expect(errno(await client.request(NinePType.fsync, (writer) => writer.u32(1).u32(1)))).toBeUndefined();
    expect(errno(await client.simple(NinePType.clunk, 1))).toBeUndefined();
    expect(files.openFiles).toBe(0);
    expect(errno(await client.simple(NinePType.clunk, 1))).toBe(Errno.EBADF);
  });

  it('are read in pieces that fit a message', async () => {
    await makeFile('long', 'x'.repeat(8000));
    await client.walk(0, 1, 'long');
    await client.lopen(1);
    const small = new NinePClient((message) => server.request(message, 100));
    const reply = await small.read(1, 0, 0xffff_ffff);
    expect(reply.errno === undefined && reply.body.u32()).toBe(100 - 11);
  });

  it('are truncated when they are opened so', async () => {
    await makeFile('a', 'content');
    await client.walk(0, 1, 'a');
    await client.lopen(1, 0x202);
    expect(await content(1)).toBe('');
  });

  it('exist only once', async () => {
    await makeFile('a', 'content');
    await client.walk(0, 1);
    expect(errno(await client.lcreate(1, 'a', 0x82))).toBe(Errno.EEXIST);
    expect(errno(await client.lcreate(1, 'a', 2))).toBeUndefined();
    expect(await content(1)).toBe('content');
  });

  it('have attributes', async () => {
    await makeFile('a', 'content');
    await client.walk(0, 1, 'a');
    const set = await client.request(NinePType.setattr, (writer) =>
      writer.u32(1).u32(0x1bf).u32(0o640).u32(7).u32(8).u64(3n).u64(5n).u64(6n).u64(9n).u64(10n),
    );
    expect(errno(set)).toBeUndefined();
    const reply = await client.getattr(1);
    if (reply.errno !== undefined) throw new Error('getattr');
    const { body } = reply;
    expect([body.u64(), body.u8(), body.u32() > 0, body.u64() > 0n]).toEqual([0x7ffn, 0, true, true]);
    expect([body.u32(), body.u32(), body.u32(), body.u64(), body.u64(), body.u64()]).toEqual([
      0o100640,
      7,
      8,
      1n,
      0n,
      3n,
    ]);
    expect([body.u64(), body.u64()]).toEqual([4096n, 1n]);
    expect([body.u64(), body.u64(), body.u64(), body.u64()]).toEqual([5n, 6n, 9n, 10n]);
    expect(reply.bytes.length).toBe(153);
  });

  it('are locked by a client that keeps its own locks', async () => {
    await makeFile('a');
    await client.walk(0, 1, 'a');
    const lock = () =>
      client.request(NinePType.lock, (w) => w.u32(1).u8(1).u32(0).u64(0n).u64(0n).u32(9).string('guest'));
    expect(errno(await lock())).toBe(Errno.EBADF);
    await client.lopen(1);
    const reply = await lock();
    expect(reply.errno === undefined && reply.body.u8()).toBe(0);
    const test = await client.request(NinePType.getlock, (w) =>
      w.u32(1).u8(1).u64(5n).u64(6n).u32(9).string('guest'),
    );
    expect(test.errno === undefined && [test.body.u8(), test.body.u64(), test.body.u64()]).toEqual([
      2,
      5n,
      6n,
    ]);
  });
});

describe('directories', () => {
  it.each([[30], [100], [4000]])('are read in pieces of %d bytes', async (count) => {
    await client.mkdir(0, 'folder');
    await client.symlink(0, 'link', '/etc/passwd');
    await makeFile('file');
    await client.walk(0, 1);
    await client.lopen(1);
    expect(await client.readdir(1, count)).toEqual([
      { name: '.', type: 4 },
      { name: '..', type: 4 },
      { name: 'folder', type: 4 },
      { name: 'link', type: 10 },
      { name: 'file', type: 8 },
    ]);
  });

  it('are walked, as far as they go', async () => {
    await client.mkdir(0, 'a');
    await client.walk(0, 1, 'a');
    await client.mkdir(1, 'b');
    const walked = async (...names: string[]) => {
      const reply = await client.walk(0, 2, ...names);
      const exists = errno(await client.getattr(2)) === undefined;
      if (exists) await client.simple(NinePType.clunk, 2);
      return [reply.errno === undefined ? reply.body.u16() : -reply.errno, exists];
    };
    expect(await walked('a', 'b')).toEqual([2, true]);
    expect(await walked('a', 'c', 'd')).toEqual([1, false]);
    expect(await walked('c')).toEqual([-Errno.ENOENT, false]);
    expect(await walked('a', '..', 'a', 'b', '..')).toEqual([5, true]);
    expect(await walked()).toEqual([0, true]);
  });

  it('are renamed, with the fids in them', async () => {
    await client.mkdir(0, 'a');
    await client.walk(0, 1, 'a');
    await client.lcreate(1, 'file');
    await client.write(1, 0, text('here'));
    expect(errno(await client.renameat(0, 'a', 0, 'b'))).toBeUndefined();
    expect(await content(1)).toBe('here');
    expect(errno(await client.getattr(1))).toBeUndefined();
    expect(errno(await client.walk(0, 2, 'b', 'file'))).toBeUndefined();
    expect(
      errno(await client.request(NinePType.rename, (w) => w.u32(2).u32(0).string('top'))),
    ).toBeUndefined();
    expect(errno(await client.walk(0, 3, 'top'))).toBeUndefined();
  });

  it('and other names are removed', async () => {
    await client.mkdir(0, 'a');
    await makeFile('f');
    expect(errno(await client.unlinkat(0, 'a'))).toBe(Errno.EISDIR);
    expect(errno(await client.unlinkat(0, 'f', 0x200))).toBe(Errno.ENOTDIR);
    expect(errno(await client.unlinkat(0, 'a', 0x200))).toBeUndefined();
    await client.walk(0, 1, 'f');
    expect(errno(await client.simple(NinePType.remove, 1))).toBeUndefined();
    expect(errno(await client.getattr(1))).toBe(Errno.EBADF);
    expect(errno(await client.walk(0, 1, 'f'))).toBe(Errno.ENOENT);
  });

  it('hold links and special files', async () => {
    await makeFile('f', 'one');
    await client.walk(0, 1, 'f');
    expect(errno(await client.request(NinePType.link, (w) => w.u32(0).u32(1).string('g')))).toBeUndefined();
    await client.walk(0, 2, 'g');
    await client.lopen(2);
    expect(await content(2)).toBe('one');
    await client.symlink(0, 's', 'g');
    await client.walk(0, 3, 's');
    const link = await client.simple(NinePType.readlink, 3);
    expect(link.errno === undefined && link.body.string()).toBe('g');
    const mknod = (name: string, mode: number) =>
      client.request(NinePType.mknod, (w) => w.u32(0).string(name).u32(mode).u32(1).u32(0x123).u32(0));
    expect(errno(await mknod('dir', 0o040755))).toBe(Errno.EINVAL);
    expect(errno(await mknod('null', 0o020666))).toBeUndefined();
    await client.walk(0, 4, 'null');
    const reply = await client.getattr(4);
    const device =
      reply.errno === undefined && new DataView(reply.bytes.slice(41).buffer).getBigUint64(0, true);
    expect(device).toBe(0x10_0123n);
    expect(errno(await client.lopen(4))).toBe(Errno.ENXIO);
  });

  it('tell how much room there is', async () => {
    const reply = await client.simple(NinePType.statfs, 0);
    expect(reply.errno === undefined && [reply.body.u32(), reply.body.u32(), reply.body.u64()]).toEqual([
      0x0102_1997,
      4096,
      1n << 20n,
    ]);
  });
});

describe('the root', () => {
  it('is its own parent', async () => {
    expect(errno(await client.walk(0, 1, '..', '..', '..'))).toBeUndefined();
    await client.mkdir(1, 'inside');
    expect(errno(await client.walk(0, 2, 'inside'))).toBeUndefined();
  });

  it.each(['a/b', '/etc', '', '.', 'a\0b'])('has no name like %j', async (name) => {
    expect(errno(await client.walk(0, 1, name))).toBe(Errno.ENOENT);
    for (const reply of [
      await client.mkdir(0, name),
      await client.symlink(0, name, 'x'),
      await client.unlinkat(0, name),
    ]) {
      expect(errno(reply)).toBeGreaterThan(0);
    }
    await client.walk(0, 1);
    expect(errno(await client.lcreate(1, name))).toBeGreaterThan(0);
    expect(files.paths.filter((path) => path !== '')).toEqual([]);
  });

  it.each(['.', '..'])('is not changed by the name %s', async (name) => {
    await client.mkdir(0, 'a');
    await client.walk(0, 1, 'a');
    await makeFile('f');
    const replies = [
      await client.mkdir(1, name),
      await client.lcreate(1, name),
      await client.symlink(1, name, 'x'),
      await client.unlinkat(1, name, 0x200),
      await client.renameat(1, name, 0, 'x'),
      await client.renameat(0, 'f', 1, name),
    ];
    expect(replies.map(errno).every((number) => number !== undefined && number > 0)).toBe(true);
  });

  it('is not left through a symbolic link', async () => {
    await client.symlink(0, 'out', '/etc');
    expect(errno(await client.walk(0, 1, 'out'))).toBeUndefined();
    expect(errno(await client.lopen(1))).toBe(Errno.ELOOP);
    const walk = await client.walk(0, 2, 'out', 'passwd');
    expect(walk.errno === undefined && walk.body.u16()).toBe(1);
    expect(errno(await client.mkdir(1, 'x'))).toBe(Errno.ENOTDIR);
    expect(
      errno(await client.request(NinePType.setattr, (w) => w.u32(1).u32(1).bytes(new Uint8Array(52)))),
    ).toBe(Errno.EOPNOTSUPP);
  });

  it('is not left through a link that took the place of a directory', async () => {
    await client.mkdir(0, 'a');
    await client.walk(0, 1, 'a');
    await client.mkdir(1, 'b');
    await client.walk(1, 2, 'b');
    await client.unlinkat(1, 'b', 0x200);
    await client.unlinkat(0, 'a', 0x200);
    await client.symlink(0, 'a', '/etc');
    for (const reply of [await client.getattr(2), await client.lopen(2), await client.mkdir(2, 'x')]) {
      expect(errno(reply)).toBe(Errno.ENOTDIR);
    }
  });

  it('stays where it is', async () => {
    await client.walk(0, 1);
    await client.mkdir(0, 'a');
    await client.walk(0, 2, 'a');
    expect(errno(await client.request(NinePType.rename, (w) => w.u32(1).u32(2).string('x')))).toBe(
      Errno.EINVAL,
    );
    expect(errno(await client.renameat(0, 'a', 2, 'inside'))).toBe(Errno.EINVAL);
    expect(errno(await client.simple(NinePType.remove, 1))).toBe(Errno.EINVAL);
  });
});

describe('requests that are wrong', () => {
  it.each([
    ['an unknown fid', () => client.getattr(9), Errno.EBADF],
    ['a fid that is there already', () => client.attach(0), Errno.EBADF],
    [
      'a walk to a fid that is there already',
      async () => {
        await client.walk(0, 1);
        return client.walk(0, 1);
      },
      Errno.EBADF,
    ],
    ['more names than a walk has', () => client.walk(0, 1, ...new Array(17).fill('..')), Errno.EINVAL],
    ['a read of a fid that is not open', () => client.read(0, 0, 1), Errno.EBADF],
    ['a write to a fid that is not open', () => client.write(0, 0, text('x')), Errno.EBADF],
    ['a directory opened for writing', () => client.lopen(0, 1), Errno.EISDIR],
    ['an access mode that is none', () => client.lopen(0, 3), Errno.EINVAL],
    ['a name of 256 bytes', () => client.mkdir(0, 'é'.repeat(128)), Errno.ENAMETOOLONG],
    ['authentication', () => client.simple(NinePType.auth, 1), Errno.EOPNOTSUPP],
    ['extended attributes', () => client.simple(NinePType.xattrwalk, 0), Errno.EOPNOTSUPP],
    ['an unknown type', () => client.simple(200, 0), Errno.EOPNOTSUPP],
  ])('%s', async (_, act, expected) => {
    expect(errno(await act())).toBe(expected);
  });

  it('a write to a file that is open for reading, and a read of one for writing', async () => {
    await makeFile('a');
    await client.walk(0, 1, 'a');
    await client.lopen(1, 0);
    expect(errno(await client.write(1, 0, text('x')))).toBe(Errno.EBADF);
    await client.walk(0, 2, 'a');
    await client.lopen(2, 1);
    expect(errno(await client.read(2, 0, 1))).toBe(Errno.EBADF);
    expect(errno(await client.lopen(2, 0))).toBe(Errno.EBADF);
  });

  it('offsets that no file has', async () => {
    await client.walk(0, 1);
    await client.lcreate(1, 'a');
    expect(errno(await client.write(1, -1n, text('x')))).toBe(Errno.EFBIG);
    const reply = await client.read(1, -1n, 10);
    expect(reply.errno === undefined && reply.body.u32()).toBe(0);
  });

  it.each(Object.entries(NinePType).filter(([name]) => name !== 'lerror' && name !== 'flush'))(
    'a %s that is cut off anywhere',
    async (_, type) => {
      for (let length = 0; length < 4; length++) {
        const message = makeMessage(type, 1, new Uint8Array(length));
        const reply = await server.request(message, 8192);
        expect(reply[4]).toBe(NinePType.lerror + 1);
      }
    },
  );

  it('a length that is not the message’s', async () => {
    const message = makeMessage(NinePType.clunk, 1, new MessageWriter().u32(0).finish());
    for (const length of [0, 6, 12, 0xffff_ffff]) {
      new DataView(message.buffer).setUint32(0, length, true);
      const reply = await server.request(message, 8192);
      expect([reply[4], reply[7]]).toEqual([NinePType.lerror + 1, Errno.EMSGSIZE]);
    }
  });

  it('a name that is not UTF-8', async () => {
    const reply = await client.request(NinePType.mkdir, (w) => w.u32(0).u16(1).u8(0xff).u32(0).u32(0));
    expect(errno(reply)).toBe(Errno.EINVAL);
  });

  it('changes to what is read-only', async () => {
    await makeFile('a', 'content');
    connect({ readOnly: true });
    await client.mount();
    await client.walk(0, 1, 'a');
    expect(errno(await client.lopen(1, 1))).toBe(Errno.EROFS);
    expect(errno(await client.mkdir(0, 'x'))).toBe(Errno.EROFS);
    expect(errno(await client.unlinkat(0, 'a'))).toBe(Errno.EROFS);
    expect(errno(await client.renameat(0, 'a', 0, 'b'))).toBe(Errno.EROFS);
    expect(errno(await client.lopen(1, 0))).toBeUndefined();
    expect(await content(1)).toBe('content');
  });

  it('an error of the file system itself', async () => {
    const errors: unknown[] = [];
    const broken = Object.assign(new MemoryFileSystem(), { list: () => Promise.reject(new Error('broken')) });
    server = new NinePServer({ fileSystem: broken, onBackendError: (error) => errors.push(error) });
    await client.mount();
    await client.lopen(0);
    await expect(client.readdir(0)).rejects.toThrow(`${Errno.EIO}`);
    expect(errors).toEqual([new Error('broken')]);
  });
});
