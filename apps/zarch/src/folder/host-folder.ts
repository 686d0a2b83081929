/**
 * A folder of the host, as a guest mounts it by 9P. Symbolic links are the guest's to follow: here they never are.
 * Node makes no devices, pipes and sockets.
 */
import { type BigIntStats, constants, type Dirent } from 'node:fs';
import {
  chmod,
  type FileHandle,
  lchown,
  link,
  lstat,
  lutimes,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rmdir,
  statfs,
  symlink,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AttributeChanges,
  type CreateMode,
  type DirectoryEntry,
  Errno,
  type FileAttributes,
  type FileKind,
  type FileSystem,
  type FileSystemStatistics,
  isError,
  type OpenFile,
  type OpenMode,
  type Outcome,
  type Path,
} from '@zarch/virtio';
import { HostFile } from './host-file.ts';
import { attempt } from './outcome.ts';

const PERMISSIONS = 0o7777n;
const NANOSECONDS = 1_000_000_000n;
/** Node's `O_NOFOLLOW` is not there on Windows, which has no such links either. */
const NO_FOLLOW: number = constants.O_NOFOLLOW ?? 0;

export interface HostFolderOptions {
  readonly root: string;
  /** Owners are set as the guest wants; otherwise a guest's files are all the user's. */
  readonly owners: boolean;
}

export class HostFolder implements FileSystem {
  readonly #root: string;
  readonly #owners: boolean;

  constructor({ root, owners }: HostFolderOptions) {
    this.#root = root;
    this.#owners = owners;
  }

  attributes(path: Path): Promise<Outcome<FileAttributes>> {
    return attempt(async () => attributesOf(await lstat(this.#at(path), { bigint: true })));
  }

  setAttributes(path: Path, changes: AttributeChanges): Promise<Outcome<void>> {
    const { permissions, uid, gid, size, accessTime, modificationTime } = changes;
    const at = this.#at(path);
    return attempt(async () => {
      const status = await lstat(at, { bigint: true });
      if (permissions !== undefined && !status.isSymbolicLink()) await chmod(at, permissions);
      if (this.#owners && (uid !== undefined || gid !== undefined)) {
        await lchown(at, uid ?? Number(status.uid), gid ?? Number(status.gid));
      }
      if (size !== undefined) await truncated(at, size);
      if (accessTime === undefined && modificationTime === undefined) return;
      await lutimes(at, seconds(accessTime, status.atimeNs), seconds(modificationTime, status.mtimeNs));
    });
  }

  open(path: Path, mode: OpenMode): Promise<Outcome<OpenFile>> {
    return attempt(async () => new HostFile(await open(this.#at(path), openFlags(mode))));
  }

  create(
    path: Path,
    mode: OpenMode & CreateMode & { readonly exclusive: boolean },
  ): Promise<Outcome<OpenFile>> {
    const at = this.#at(path);
    return attempt(async () => {
      const flags = openFlags(mode) | constants.O_CREAT;
      const made = await open(at, flags | constants.O_EXCL, mode.permissions).catch((error: unknown) => {
        if (mode.exclusive || !isExisting(error)) throw error;
        return undefined;
      });
      if (made === undefined) return new HostFile(await open(at, openFlags(mode)));
      await this.#finish(at, mode, made);
      return new HostFile(made);
    });
  }

  list(path: Path): Promise<Outcome<readonly DirectoryEntry[]>> {
    const at = this.#at(path);
    return attempt(async () => {
      const entries: DirectoryEntry[] = [];
      for (const entry of await readdir(at, { withFileTypes: true })) {
        const found = await attempt(() => lstat(join(at, entry.name), { bigint: true }));
        // One that has gone meanwhile is not in the folder any more.
        if (isError(found)) continue;
        entries.push({ name: entry.name, kind: kindOf(entry), inode: found.value.ino });
      }
      return entries;
    });
  }

  makeDirectory(path: Path, mode: CreateMode): Promise<Outcome<void>> {
    const at = this.#at(path);
    return attempt(async () => {
      await mkdir(at, mode.permissions);
      await this.#finish(at, mode);
    });
  }

  async makeNode(path: Path, kind: FileKind, mode: CreateMode): Promise<Outcome<void>> {
    if (kind !== 'file') return { errno: Errno.EPERM };
    const file = await this.create(path, {
      ...mode,
      ...{ read: true, write: false, truncate: false, exclusive: true },
    });
    if (isError(file)) return file;
    await file.value.close();
    return { value: undefined };
  }

  makeSymlink(path: Path, target: string, gid: number): Promise<Outcome<void>> {
    const at = this.#at(path);
    return attempt(async () => {
      await symlink(target, at);
      if (this.#owners) await lchown(at, process.getuid?.() ?? 0, gid);
    });
  }

  readSymlink(path: Path): Promise<Outcome<string>> {
    return attempt(() => readlink(this.#at(path)));
  }

  link(path: Path, existing: Path): Promise<Outcome<void>> {
    return attempt(() => link(this.#at(existing), this.#at(path)));
  }

  rename(from: Path, to: Path): Promise<Outcome<void>> {
    return attempt(() => rename(this.#at(from), this.#at(to)));
  }

  removeFile(path: Path): Promise<Outcome<void>> {
    return attempt(() => unlink(this.#at(path)));
  }

  removeDirectory(path: Path): Promise<Outcome<void>> {
    return attempt(() => rmdir(this.#at(path)));
  }

  statistics(): Promise<Outcome<FileSystemStatistics>> {
    return attempt(async () => {
      const found = await statfs(this.#root, { bigint: true });
      return {
        blockSize: Number(found.bsize),
        blocks: found.blocks,
        freeBlocks: found.bfree,
        availableBlocks: found.bavail,
        files: found.files,
        freeFiles: found.ffree,
      };
    });
  }

  #at(path: Path): string {
    return join(this.#root, ...path);
  }

  /** What the mask of the process took away, and the group. */
  async #finish(at: string, { permissions, gid }: CreateMode, file?: FileHandle): Promise<void> {
    if (file) await file.chmod(permissions);
    else await chmod(at, permissions);
    if (this.#owners) await lchown(at, process.getuid?.() ?? 0, gid);
  }
}

function openFlags({ read, write, truncate }: OpenMode): number {
  const access = write ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  // A pipe without a writer must not hold up everything.
  return access | NO_FOLLOW | constants.O_NONBLOCK | (truncate ? constants.O_TRUNC : 0);
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

async function truncated(at: string, size: bigint): Promise<void> {
  const file = await open(at, constants.O_WRONLY | NO_FOLLOW | constants.O_NONBLOCK);
  try {
    await file.truncate(Number(size));
  } finally {
    await file.close();
  }
}

/** A time for Node, which counts seconds. */
function seconds(time: bigint | 'now' | undefined, current: bigint): number {
  if (time === 'now') return Date.now() / 1000;
  return Number(time ?? current) / Number(NANOSECONDS);
}

function kindOf(entry: Dirent | BigIntStats): FileKind {
  if (entry.isDirectory()) return 'directory';
  if (entry.isSymbolicLink()) return 'symlink';
  if (entry.isCharacterDevice()) return 'character';
  if (entry.isBlockDevice()) return 'block';
  if (entry.isFIFO()) return 'fifo';
  return entry.isSocket() ? 'socket' : 'file';
}

function attributesOf(status: BigIntStats): FileAttributes {
  const kind = kindOf(status);
  const device = {
    major: Number(((status.rdev >> 8n) & 0xfffn) | ((status.rdev >> 32n) & 0xffff_f000n)),
    minor: Number((status.rdev & 0xffn) | ((status.rdev >> 12n) & 0xffff_ff00n)),
  };
  return {
    kind,
    inode: status.ino,
    permissions: Number(status.mode & PERMISSIONS),
    uid: Number(status.uid),
    gid: Number(status.gid),
    links: Number(status.nlink),
    size: status.size,
    blockSize: Number(status.blksize),
    blocks: status.blocks,
    accessTime: status.atimeNs,
    modificationTime: status.mtimeNs,
    changeTime: status.ctimeNs,
    ...(kind === 'character' || kind === 'block' ? { device } : {}),
  };
}
