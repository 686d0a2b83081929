/**
 * A server of 9P2000.L (described in the Linux kernel's and diod's documentation) for one client. Requests are done
 * one after the other, in the order in which they come: a flush finds what it flushes already answered.
 */
import { Errno, isError, type Outcome } from './errno.ts';
import {
  EMPTY,
  error,
  fsync,
  getattr,
  getlock,
  lcreate,
  lock,
  lopen,
  type Operation,
  qidOf,
  read,
  readdir,
  reply,
  setattr,
  statfs,
  write,
} from './file-operations.ts';
import type { FileSystem, Path } from './file-system.ts';
import {
  ERROR_SIZE,
  MessageReader,
  MessageWriter,
  makeMessage,
  NinePType,
  ninePHeader,
  type Qid,
  WALK_LIMIT,
} from './message.ts';
import { childPath, RootedFileSystem } from './rooted-file-system.ts';
import { type SavedSession, Session } from './session.ts';
import {
  link,
  mkdir,
  mknod,
  readlink,
  remove,
  rename,
  renameat,
  symlink,
  unlinkat,
} from './tree-operations.ts';

const VERSION = '9P2000.L';
const MINIMUM_MESSAGE = 4096;
const MAXIMUM_MESSAGE = 1 << 20;

export interface NinePServerOptions {
  readonly fileSystem: FileSystem;
  /** Refuse what would change the file system. Default false. */
  readonly readOnly?: boolean;
  /** Called with what a promise of the file system was rejected with. The guest gets an I/O error. */
  readonly onBackendError?: (error: unknown) => void;
}

const version: Operation = async (session, reader) => {
  const [size, name] = [reader.u32(), reader.string()];
  if (!reader.ok) return error(Errno.EINVAL);
  await session.clear();
  session.messageSize = 0;
  if (name !== VERSION) return reply(new MessageWriter().u32(size).string('unknown'));
  if (size < MINIMUM_MESSAGE) return error(Errno.EMSGSIZE);
  session.messageSize = Math.min(size, MAXIMUM_MESSAGE);
  return reply(new MessageWriter().u32(session.messageSize).string(VERSION));
};

const attach: Operation = async (session, reader) => {
  const id = reader.u32();
  reader.u32();
  reader.string();
  reader.string();
  reader.u32();
  if (!reader.ok) return error(Errno.EINVAL);
  const found = await session.files.attributes([]);
  if (isError(found)) return found;
  const added = session.add(id, { path: [] });
  return isError(added) ? added : reply(new MessageWriter().qid(qidOf(found.value)));
};

const walk: Operation = async (session, reader) => {
  const [id, newId, count] = [reader.u32(), reader.u32(), reader.u16()];
  if (count > WALK_LIMIT) return error(Errno.EINVAL);
  const names = Array.from({ length: count }, () => reader.string());
  const fid = session.get(id);
  if (!reader.ok) return error(Errno.EINVAL);
  if (fid === undefined || (newId !== id && session.get(newId) !== undefined)) return error(Errno.EBADF);
  if (newId === id && fid.open !== undefined) return error(Errno.EINVAL);
  const qids: Qid[] = [];
  let path: Path = fid.path;
  for (const name of names) {
    const next = await step(session, path, name);
    if (isError(next)) {
      if (qids.length === 0) return next;
      break;
    }
    qids.push(next.value.qid);
    path = next.value.path;
  }
  if (qids.length === names.length) {
    if (newId === id) session.move(id, path);
    else {
      const added = session.add(newId, { path });
      if (isError(added)) return added;
    }
  }
  const writer = new MessageWriter().u16(qids.length);
  for (const qid of qids) writer.qid(qid);
  return reply(writer);
};

/** One name of a walk. The parent of the root is the root. */
async function step(session: Session, path: Path, name: string): Promise<Outcome<{ path: Path; qid: Qid }>> {
  const next = name === '..' ? { value: path.slice(0, -1) } : childPath(path, name, Errno.ENOENT);
  if (isError(next)) return next;
  const found = await session.files.attributes(next.value);
  return isError(found) ? found : { value: { path: next.value, qid: qidOf(found.value) } };
}

const clunk: Operation = async (session, reader) => {
  const id = reader.u32();
  if (!reader.ok) return error(Errno.EINVAL);
  if (session.get(id) === undefined) return error(Errno.EBADF);
  await session.remove(id);
  return EMPTY;
};

const flush: Operation = async () => EMPTY;

/** Authentication and extended attributes are not there, and unknown requests get the same answer. */
const unsupported: Operation = async () => error(Errno.EOPNOTSUPP);

const operations: ReadonlyMap<number, Operation> = new Map([
  [NinePType.statfs, statfs],
  [NinePType.lopen, lopen],
  [NinePType.lcreate, lcreate],
  [NinePType.symlink, symlink],
  [NinePType.mknod, mknod],
  [NinePType.rename, rename],
  [NinePType.readlink, readlink],
  [NinePType.getattr, getattr],
  [NinePType.setattr, setattr],
  [NinePType.readdir, readdir],
  [NinePType.fsync, fsync],
  [NinePType.lock, lock],
  [NinePType.getlock, getlock],
  [NinePType.link, link],
  [NinePType.mkdir, mkdir],
  [NinePType.renameat, renameat],
  [NinePType.unlinkat, unlinkat],
  [NinePType.version, version],
  [NinePType.attach, attach],
  [NinePType.flush, flush],
  [NinePType.walk, walk],
  [NinePType.read, read],
  [NinePType.write, write],
  [NinePType.clunk, clunk],
  [NinePType.remove, remove],
]);

export class NinePServer {
  readonly #session: Session;
  /** Ends with what was asked last. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: NinePServerOptions) {
    const files = new RootedFileSystem(options.fileSystem, options.onBackendError ?? (() => {}));
    this.#session = new Session(files, options.readOnly ?? false);
  }

  /** Bytes of a request that are looked at: no more than the client may send. */
  get messageSize(): number {
    return this.#session.messageSize === 0 ? MINIMUM_MESSAGE : this.#session.messageSize;
  }

  /**
   * Does a request.
   *
   * @param message - The request, with its header; what follows it is ignored.
   * @param room - Bytes that the reply can have: 11 at least.
   */
  request(message: Uint8Array, room: number): Promise<Uint8Array> {
    return this.#next(async () => {
      const header = new MessageReader(message);
      const [length, type, tag] = [header.u32(), header.u8(), header.u16()];
      const outcome = await this.#perform(message, length, type, Math.min(room, this.messageSize));
      if (!isError(outcome)) return makeMessage(type + 1, tag, outcome.value);
      return makeMessage(NinePType.lerror + 1, tag, new MessageWriter().u32(outcome.errno).finish());
    });
  }

  /** Forgets the client. */
  reset(): Promise<void> {
    return this.#next(() => {
      this.#session.messageSize = 0;
      return this.#session.clear();
    });
  }

  /** The client's state. No request may be under way. */
  save(): SavedSession {
    return this.#session.save();
  }

  restore(saved: SavedSession): Promise<void> {
    return this.#next(() => this.#session.restore(saved));
  }

  /** Does something when all that was asked before is done. */
  #next<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(action);
    this.#last = result;
    return result;
  }

  async #perform(
    message: Uint8Array,
    length: number,
    type: number,
    room: number,
  ): Promise<Outcome<Uint8Array>> {
    if (length < ninePHeader.size || length > message.length) return error(Errno.EMSGSIZE);
    const negotiated = this.#session.messageSize > 0 || type === NinePType.version;
    if (!negotiated) return error(Errno.EPROTO);
    const reader = new MessageReader(message.subarray(0, length), ninePHeader.size);
    const operation = operations.get(type) ?? unsupported;
    const outcome = await operation(this.#session, reader, room - ninePHeader.size);
    if (isError(outcome) || ninePHeader.size + outcome.value.length <= Math.max(room, ERROR_SIZE))
      return outcome;
    return error(Errno.EMSGSIZE);
  }
}
