/** Requests of 9P2000.L that change the tree: names made, moved and removed. */
import { Errno, isError, type Outcome } from './errno.ts';
import { EMPTY, error, fileFormat, type Operation, PERMISSIONS, qidOf, reply } from './file-operations.ts';
import type { FileKind, FileSystem, Path } from './file-system.ts';
import { type MessageReader, MessageWriter, REMOVE_DIRECTORY } from './message.ts';
import { childPath, isWithin } from './rooted-file-system.ts';
import type { Session } from './session.ts';

const FORMAT = 0xf000;
const TARGET_LIMIT = 4096;

export const mkdir: Operation = async (session, reader) => {
  const [directory, name] = [reader.u32(), reader.string()];
  const mode = { permissions: reader.u32() & PERMISSIONS, gid: reader.u32() };
  return make(session, reader, directory, name, (fileSystem, path) => fileSystem.makeDirectory(path, mode));
};

export const symlink: Operation = async (session, reader) => {
  const [directory, name, target, gid] = [reader.u32(), reader.string(), reader.string(), reader.u32()];
  if (target === '' || target.includes('\0')) return error(Errno.ENOENT);
  if (target.length > TARGET_LIMIT) return error(Errno.ENAMETOOLONG);
  return make(session, reader, directory, name, (fileSystem, path) =>
    fileSystem.makeSymlink(path, target, gid),
  );
};

export const mknod: Operation = async (session, reader) => {
  const [directory, name, mode] = [reader.u32(), reader.string(), reader.u32()];
  const [major, minor, gid] = [reader.u32(), reader.u32(), reader.u32()];
  const kinds: readonly FileKind[] = ['file', 'character', 'block', 'fifo', 'socket'];
  const kind = kinds.find((each) => fileFormat[each] === (mode & FORMAT));
  if (kind === undefined) return error(Errno.EINVAL);
  const permissions = mode & PERMISSIONS;
  return make(session, reader, directory, name, (fileSystem, path) =>
    fileSystem.makeNode(path, kind, { permissions, gid }, { major, minor }),
  );
};

export const link: Operation = async (session, reader) => {
  const [directory, existing, name] = [reader.u32(), session.get(reader.u32()), reader.string()];
  if (!reader.ok) return error(Errno.EINVAL);
  if (existing === undefined) return error(Errno.EBADF);
  const path = childOf(session, directory, name, Errno.EEXIST);
  if (isError(path)) return path;
  const done = await session.files.use([path.value, existing.path], (fileSystem) =>
    fileSystem.link(path.value, existing.path),
  );
  return isError(done) ? done : EMPTY;
};

export const readlink: Operation = async (session, reader, room) => {
  const fid = session.get(reader.u32());
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined) return error(Errno.EBADF);
  const target = await session.files.use([fid.path], (fileSystem) => fileSystem.readSymlink(fid.path));
  if (isError(target)) return target;
  const bytes = new MessageWriter().string(target.value).finish();
  return bytes.length > room ? error(Errno.ENAMETOOLONG) : { value: bytes };
};

export const rename: Operation = async (session, reader) => {
  const [fid, directory, name] = [session.get(reader.u32()), reader.u32(), reader.string()];
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined) return error(Errno.EBADF);
  return move(session, fid.path, childOf(session, directory, name, Errno.EISDIR));
};

export const renameat: Operation = async (session, reader) => {
  const [oldDirectory, oldName] = [reader.u32(), reader.string()];
  const [newDirectory, newName] = [reader.u32(), reader.string()];
  if (!reader.ok) return error(Errno.EINVAL);
  const from = childOf(session, oldDirectory, oldName, Errno.EISDIR);
  if (isError(from)) return from;
  return move(session, from.value, childOf(session, newDirectory, newName, Errno.EISDIR));
};

export const unlinkat: Operation = async (session, reader) => {
  const [directory, name, flags] = [reader.u32(), reader.string(), reader.u32()];
  if (!reader.ok || (flags & ~REMOVE_DIRECTORY) !== 0) return error(Errno.EINVAL);
  const path = childOf(session, directory, name, name === '.' ? Errno.EINVAL : Errno.ENOTEMPTY);
  if (isError(path)) return path;
  const isDirectory = (flags & REMOVE_DIRECTORY) !== 0;
  const done = await session.files.use([path.value], (fileSystem) =>
    isDirectory ? fileSystem.removeDirectory(path.value) : fileSystem.removeFile(path.value),
  );
  return isError(done) ? done : EMPTY;
};

/** Removes what a fid stands for, and the fid in any case. */
export const remove: Operation = async (session, reader) => {
  const id = reader.u32();
  const fid = session.get(id);
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined) return error(Errno.EBADF);
  await session.remove(id);
  if (session.readOnly) return error(Errno.EROFS);
  if (fid.path.length === 0) return error(Errno.EINVAL);
  const found = await session.files.attributes(fid.path);
  if (isError(found)) return found;
  const done = await session.files.use([fid.path], (fileSystem) =>
    found.value.kind === 'directory' ? fileSystem.removeDirectory(fid.path) : fileSystem.removeFile(fid.path),
  );
  return isError(done) ? done : EMPTY;
};

/** The path of a name in the directory that a fid stands for, where something is to change. */
function childOf(session: Session, directory: number, name: string, dots: number): Outcome<Path> {
  const fid = session.get(directory);
  if (fid === undefined) return error(Errno.EBADF);
  if (session.readOnly) return error(Errno.EROFS);
  return childPath(fid.path, name, dots);
}

async function make(
  session: Session,
  reader: MessageReader,
  directory: number,
  name: string,
  action: (fileSystem: FileSystem, path: Path) => Promise<Outcome<void>>,
): Promise<Outcome<Uint8Array>> {
  if (!reader.ok) return error(Errno.EINVAL);
  const path = childOf(session, directory, name, Errno.EEXIST);
  if (isError(path)) return path;
  const done = await session.files.use([path.value], (fileSystem) => action(fileSystem, path.value));
  if (isError(done)) return done;
  const found = await session.files.attributes(path.value);
  return isError(found) ? found : reply(new MessageWriter().qid(qidOf(found.value)));
}

async function move(session: Session, from: Path, to: Outcome<Path>): Promise<Outcome<Uint8Array>> {
  if (isError(to)) return to;
  // The root stays, and nothing goes into itself.
  if (from.length === 0 || (isWithin(to.value, from) && to.value.length > from.length)) {
    return error(Errno.EINVAL);
  }
  const done = await session.files.use([from, to.value], (fileSystem) => fileSystem.rename(from, to.value));
  if (isError(done)) return done;
  session.renamed(from, to.value);
  return EMPTY;
}
