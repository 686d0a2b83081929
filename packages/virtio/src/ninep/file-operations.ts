/** Requests of 9P2000.L about one file or directory: opening, reading, writing, attributes. */
import { Errno, isError, type Outcome } from './errno.ts';
import type { AttributeChanges, FileAttributes, FileKind, OpenMode } from './file-system.ts';
import {
  BASIC_ATTRIBUTES,
  LockStatus,
  type MessageReader,
  MessageWriter,
  OpenFlag,
  QID_SIZE,
  type Qid,
  QidType,
  SetAttribute,
} from './message.ts';
import { childPath } from './rooted-file-system.ts';
import type { Session } from './session.ts';

/** Does a request: its fields are in `reader`, and its reply's fields have `room` bytes. */
export type Operation = (
  session: Session,
  reader: MessageReader,
  room: number,
) => Promise<Outcome<Uint8Array>>;

export const EMPTY: Outcome<Uint8Array> = { value: new Uint8Array() };
export const error = (errno: number): { readonly errno: number } => ({ errno });
export const reply = (writer: MessageWriter): Outcome<Uint8Array> => ({ value: writer.finish() });

const SECOND = 1_000_000_000n;
const MAGIC = 0x0102_1997;
const NAME_MAXIMUM = 255;

export function qidOf({ kind, inode, modificationTime, size }: FileAttributes): Qid {
  const version = Number(BigInt.asUintN(32, modificationTime / 1000n) ^ BigInt.asUintN(32, size << 8n));
  return { type: qidType(kind), version, path: inode };
}

function qidType(kind: FileKind): number {
  if (kind === 'directory') return QidType.directory;
  return kind === 'symlink' ? QidType.symlink : QidType.file;
}

/** File types in a mode (`S_IFMT`); shifted, they are the types of directory entries. */
export const fileFormat: Readonly<Record<FileKind, number>> = {
  fifo: 0x1000,
  character: 0x2000,
  directory: 0x4000,
  block: 0x6000,
  file: 0x8000,
  symlink: 0xa000,
  socket: 0xc000,
};

export const PERMISSIONS = 0o7777;

function openMode(flags: number): OpenMode | undefined {
  const access = flags & OpenFlag.accessMode;
  if (access === OpenFlag.accessMode) return undefined;
  return {
    read: access !== OpenFlag.write,
    write: access !== 0,
    truncate: (flags & OpenFlag.truncate) !== 0,
  };
}

export const lopen: Operation = async (session, reader) => {
  const [id, flags] = [reader.u32(), reader.u32()];
  const fid = session.get(id);
  const mode = openMode(flags);
  if (!reader.ok || mode === undefined) return error(Errno.EINVAL);
  if (fid === undefined || fid.open !== undefined) return error(Errno.EBADF);
  const changes = mode.write || mode.truncate;
  if (changes && session.readOnly) return error(Errno.EROFS);
  const found = await session.files.attributes(fid.path);
  if (isError(found)) return found;
  const { kind } = found.value;
  if (kind === 'directory') {
    if (changes) return error(Errno.EISDIR);
    session.setOpen(id, fid.path, { kind: 'directory', entries: undefined });
    return reply(new MessageWriter().qid(qidOf(found.value)).u32(0));
  }
  if (kind !== 'file') return error(kind === 'symlink' ? Errno.ELOOP : Errno.ENXIO);
  if (!session.canOpen) return error(Errno.EMFILE);
  const file = await session.files.use([fid.path], (fileSystem) => fileSystem.open(fid.path, mode));
  if (isError(file)) return file;
  session.setOpen(id, fid.path, { kind: 'file', file: file.value, mode });
  return reply(new MessageWriter().qid(qidOf(found.value)).u32(0));
};

export const lcreate: Operation = async (session, reader) => {
  const [id, name, flags] = [reader.u32(), reader.string(), reader.u32()];
  const [permissions, gid] = [reader.u32() & PERMISSIONS, reader.u32()];
  const fid = session.get(id);
  const mode = openMode(flags);
  if (!reader.ok || mode === undefined) return error(Errno.EINVAL);
  if (fid === undefined || fid.open !== undefined) return error(Errno.EBADF);
  if (session.readOnly) return error(Errno.EROFS);
  const path = childPath(fid.path, name, Errno.EEXIST);
  if (isError(path)) return path;
  if (!session.canOpen) return error(Errno.EMFILE);
  const before = await session.files.attributes(path.value);
  if (!isError(before) && before.value.kind !== 'file') return error(Errno.EEXIST);
  const exclusive = (flags & OpenFlag.exclusive) !== 0;
  const file = await session.files.use([path.value], (fileSystem) =>
    fileSystem.create(path.value, { ...mode, permissions, gid, exclusive }),
  );
  if (isError(file)) return file;
  session.setOpen(id, path.value, { kind: 'file', file: file.value, mode });
  const found = await session.files.attributes(path.value);
  return isError(found) ? found : reply(new MessageWriter().qid(qidOf(found.value)).u32(0));
};

export const read: Operation = async (session, reader, room) => {
  const [id, offset, count] = [reader.u32(), reader.u64(), reader.u32()];
  const open = session.get(id)?.open;
  if (!reader.ok) return error(Errno.EINVAL);
  if (open?.kind === 'directory') return error(Errno.EISDIR);
  if (open === undefined || !open.mode.read) return error(Errno.EBADF);
  const target = new Uint8Array(Math.max(0, Math.min(count, room - 4)));
  const done = await session.files.guard(() => open.file.read(offset, target));
  if (isError(done)) return done;
  return reply(new MessageWriter().u32(done.value).bytes(target.subarray(0, done.value)));
};

export const write: Operation = async (session, reader) => {
  const [id, offset, count] = [reader.u32(), reader.u64(), reader.u32()];
  const bytes = reader.bytes(count);
  const open = session.get(id)?.open;
  if (!reader.ok) return error(Errno.EINVAL);
  if (open?.kind !== 'file' || !open.mode.write) return error(Errno.EBADF);
  const done = await session.files.guard(() => open.file.write(offset, bytes));
  return isError(done) ? done : reply(new MessageWriter().u32(done.value));
};

export const fsync: Operation = async (session, reader) => {
  const [id, dataOnly] = [reader.u32(), reader.u32()];
  const open = session.get(id)?.open;
  if (!reader.ok) return error(Errno.EINVAL);
  if (open === undefined) return error(Errno.EBADF);
  if (open.kind === 'directory') return EMPTY;
  const done = await session.files.guard(() => open.file.sync(dataOnly !== 0));
  return isError(done) ? done : EMPTY;
};

export const readdir: Operation = async (session, reader, room) => {
  const [id, offset, count] = [reader.u32(), reader.u64(), reader.u32()];
  const fid = session.get(id);
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid?.open?.kind !== 'directory') return error(Errno.EBADF);
  let { entries } = fid.open;
  if (entries === undefined || offset === 0n) {
    const found = await session.files.attributes(fid.path);
    if (isError(found)) return found;
    const list = await session.files.use([fid.path], (fileSystem) => fileSystem.list(fid.path));
    if (isError(list)) return list;
    const { kind, inode } = found.value;
    entries = [{ name: '.', kind, inode }, { name: '..', kind, inode }, ...list.value];
    session.setEntries(id, entries);
  }
  const limit = Math.min(count, room - 4);
  const data = new MessageWriter();
  let length = 0;
  for (let at = Number(offset); at < entries.length; at++) {
    const entry = entries[at];
    if (entry === undefined) break;
    const size = QID_SIZE + 8 + 1 + 2 + new TextEncoder().encode(entry.name).length;
    if (length + size > limit) break;
    length += size;
    data.qid({ type: qidType(entry.kind), version: 0, path: entry.inode });
    data
      .u64(BigInt(at + 1))
      .u8(fileFormat[entry.kind] >> 12)
      .string(entry.name);
  }
  const bytes = data.finish();
  return reply(new MessageWriter().u32(bytes.length).bytes(bytes));
};

export const getattr: Operation = async (session, reader) => {
  const fid = session.get(reader.u32());
  reader.u64();
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined) return error(Errno.EBADF);
  const found = await session.files.attributes(fid.path);
  if (isError(found)) return found;
  const file = found.value;
  const { major, minor } = file.device ?? { major: 0, minor: 0 };
  const device = (BigInt(minor & 0xff) | BigInt(major << 8) | (BigInt(minor & ~0xff) << 12n)) & 0xffff_ffffn;
  const writer = new MessageWriter()
    .u64(BASIC_ATTRIBUTES)
    .qid(qidOf(file))
    .u32(fileFormat[file.kind] | (file.permissions & PERMISSIONS))
    .u32(file.uid)
    .u32(file.gid)
    .u64(BigInt(file.links))
    .u64(device)
    .u64(file.size)
    .u64(BigInt(file.blockSize))
    .u64(file.blocks);
  for (const time of [file.accessTime, file.modificationTime, file.changeTime]) {
    writer.u64(time / SECOND).u64(time % SECOND);
  }
  return reply(writer.u64(0n).u64(0n).u64(0n).u64(0n));
};

export const setattr: Operation = async (session, reader) => {
  const fid = session.get(reader.u32());
  const valid = reader.u32();
  const [mode, uid, gid, size] = [reader.u32(), reader.u32(), reader.u32(), reader.u64()];
  const accessTime = reader.u64() * SECOND + reader.u64();
  const modificationTime = reader.u64() * SECOND + reader.u64();
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined) return error(Errno.EBADF);
  if (session.readOnly) return error(Errno.EROFS);
  const sets = (bit: number) => (valid & bit) !== 0;
  const { accessTimeSet, modificationTimeSet } = SetAttribute;
  const changes: AttributeChanges = {
    ...(sets(SetAttribute.mode) ? { permissions: mode & PERMISSIONS } : {}),
    ...(sets(SetAttribute.uid) ? { uid } : {}),
    ...(sets(SetAttribute.gid) ? { gid } : {}),
    ...(sets(SetAttribute.size) ? { size } : {}),
    ...(sets(SetAttribute.accessTime) ? { accessTime: sets(accessTimeSet) ? accessTime : 'now' } : {}),
    ...(sets(SetAttribute.modificationTime)
      ? { modificationTime: sets(modificationTimeSet) ? modificationTime : 'now' }
      : {}),
  };
  const found = await session.files.attributes(fid.path);
  if (isError(found)) return found;
  const { kind } = found.value;
  // Neither can be done to a symbolic link, and what it leads to is not the server's.
  if (kind === 'symlink' && (changes.permissions !== undefined || changes.size !== undefined)) {
    return error(Errno.EOPNOTSUPP);
  }
  if (changes.size !== undefined && kind !== 'file') {
    return error(kind === 'directory' ? Errno.EISDIR : Errno.EINVAL);
  }
  const done = await session.files.use([fid.path], (fileSystem) =>
    fileSystem.setAttributes(fid.path, changes),
  );
  return isError(done) ? done : EMPTY;
};

export const statfs: Operation = async (session, reader) => {
  const fid = session.get(reader.u32());
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined) return error(Errno.EBADF);
  const found = await session.files.use([], (fileSystem) => fileSystem.statistics());
  if (isError(found)) return found;
  const { blockSize, blocks, freeBlocks, availableBlocks, files, freeFiles } = found.value;
  const writer = new MessageWriter().u32(MAGIC).u32(blockSize);
  for (const value of [blocks, freeBlocks, availableBlocks, files, freeFiles, 0n]) writer.u64(value);
  return reply(writer.u32(NAME_MAXIMUM));
};

/** There is one client, which keeps its own locks: each is granted. */
export const lock: Operation = async (session, reader) => {
  const fid = session.get(reader.u32());
  reader.u8();
  reader.u32();
  reader.u64();
  reader.u64();
  reader.u32();
  reader.string();
  if (!reader.ok) return error(Errno.EINVAL);
  return fid?.open === undefined ? error(Errno.EBADF) : reply(new MessageWriter().u8(LockStatus.success));
};

export const getlock: Operation = async (session, reader, room) => {
  const fid = session.get(reader.u32());
  reader.u8();
  const [start, length, process, client] = [reader.u64(), reader.u64(), reader.u32(), reader.string()];
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid?.open === undefined) return error(Errno.EBADF);
  const answer = new MessageWriter()
    .u8(LockStatus.unlocked)
    .u64(start)
    .u64(length)
    .u32(process)
    .string(client);
  const bytes = answer.finish();
  return bytes.length > room ? error(Errno.EMSGSIZE) : { value: bytes };
};
