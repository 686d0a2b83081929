/**
 * What a 9P server serves. A path is the list of names from the root, which is the empty list: no name is empty, `.`
 * or `..`, or has a slash or a zero. Operations act on what is at the path itself: they never follow a symbolic link
 * there. Links further up do not occur, the server sees to that.
 */
import type { Outcome } from './errno.ts';

export type Path = readonly string[];

export type FileKind = 'file' | 'directory' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

export interface FileAttributes {
  readonly kind: FileKind;
  /** The same for as long as the file exists, and different from others'. */
  readonly inode: bigint;
  /** Permissions, with set-user-ID, set-group-ID and sticky bit. */
  readonly permissions: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  /** Bytes. */
  readonly size: bigint;
  readonly blockSize: number;
  /** Units of 512 bytes. */
  readonly blocks: bigint;
  /** Nanoseconds since 1970; so for the others. */
  readonly accessTime: bigint;
  readonly modificationTime: bigint;
  readonly changeTime: bigint;
  /** Of character and block devices. */
  readonly device?: { readonly major: number; readonly minor: number };
}

export interface AttributeChanges {
  readonly permissions?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: bigint;
  readonly accessTime?: bigint | 'now';
  readonly modificationTime?: bigint | 'now';
}

export interface OpenMode {
  readonly read: boolean;
  readonly write: boolean;
  readonly truncate: boolean;
}

/** Who makes a file, and its permissions. The owner is the server's. */
export interface CreateMode {
  readonly permissions: number;
  readonly gid: number;
}

export interface OpenFile {
  /** @returns How many bytes were read: fewer only at the end. */
  read(offset: bigint, target: Uint8Array): Promise<Outcome<number>>;
  /** @returns How many bytes were written. */
  write(offset: bigint, source: Uint8Array): Promise<Outcome<number>>;
  sync(dataOnly: boolean): Promise<Outcome<void>>;
  close(): Promise<void>;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
  readonly inode: bigint;
}

export interface FileSystemStatistics {
  readonly blockSize: number;
  readonly blocks: bigint;
  readonly freeBlocks: bigint;
  readonly availableBlocks: bigint;
  readonly files: bigint;
  readonly freeFiles: bigint;
}

export interface FileSystem {
  attributes(path: Path): Promise<Outcome<FileAttributes>>;
  setAttributes(path: Path, changes: AttributeChanges): Promise<Outcome<void>>;
  /** Opens a file that is no directory. */
  open(path: Path, mode: OpenMode): Promise<Outcome<OpenFile>>;
  /** Makes a file and opens it; one that exists is opened, unless `exclusive`. */
  create(
    path: Path,
    mode: OpenMode & CreateMode & { readonly exclusive: boolean },
  ): Promise<Outcome<OpenFile>>;
  /** What is in a directory, without `.` and `..`. */
  list(path: Path): Promise<Outcome<readonly DirectoryEntry[]>>;
  makeDirectory(path: Path, mode: CreateMode): Promise<Outcome<void>>;
  makeNode(
    path: Path,
    kind: FileKind,
    mode: CreateMode,
    device: { readonly major: number; readonly minor: number },
  ): Promise<Outcome<void>>;
  makeSymlink(path: Path, target: string, gid: number): Promise<Outcome<void>>;
  readSymlink(path: Path): Promise<Outcome<string>>;
  /** Gives a file another name. */
  link(path: Path, existing: Path): Promise<Outcome<void>>;
  /** Replaces what is at `to`. */
  rename(from: Path, to: Path): Promise<Outcome<void>>;
  removeFile(path: Path): Promise<Outcome<void>>;
  removeDirectory(path: Path): Promise<Outcome<void>>;
  statistics(): Promise<Outcome<FileSystemStatistics>>;
}
