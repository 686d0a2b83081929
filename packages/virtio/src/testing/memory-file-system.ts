/** A folder in memory, with the semantics of POSIX as far as a 9P client sees them. Time counts operations. */
import { Errno, isError, type Outcome } from '../ninep/errno.ts';
import type {
  AttributeChanges,
  CreateMode,
  DirectoryEntry,
  FileAttributes,
  FileKind,
  FileSystem,
  FileSystemStatistics,
  OpenFile,
  OpenMode,
  Path,
} from '../ninep/file-system.ts';

interface Node {
  readonly kind: FileKind;
  readonly inode: bigint;
  readonly children: Map<string, Node>;
  readonly target: string;
  readonly device: { readonly major: number; readonly minor: number };
  permissions: number;
  uid: number;
  gid: number;
  links: number;
  content: Uint8Array;
  accessTime: bigint;
  modificationTime: bigint;
  changeTime: bigint;
}

const done: Outcome<void> = { value: undefined };
const BLOCK = 4096;

export class MemoryFileSystem implements FileSystem {
  /** Bytes of a file at most. */
  readonly limit: number;
  /** Files that are open. */
  openFiles = 0;
  /** Every path that was used. */
  readonly paths: string[] = [];
  readonly #root: Node;
  #inodes = 0n;
  #clock = 0n;

  constructor(limit = 1 << 20) {
    this.limit = limit;
    this.#root = this.#node('directory', { permissions: 0o755, gid: 0 });
    this.#root.links = 2;
  }

  attributes(path: Path): Promise<Outcome<FileAttributes>> {
    return this.#with(path, (node): Outcome<FileAttributes> => {
      const { kind, inode, permissions, uid, gid, links, device } = node;
      const { accessTime, modificationTime, changeTime } = node;
      const length = kind === 'symlink' ? node.target.length : node.content.length;
      const common = { kind, inode, permissions, uid, gid, links, blockSize: BLOCK };
      const times = { accessTime, modificationTime, changeTime };
      return {
        value: {
          ...common,
          ...times,
          size: BigInt(length),
          blocks: BigInt(Math.ceil(length / 512)),
          ...(kind === 'character' || kind === 'block' ? { device } : {}),
        },
      };
    });
  }

  setAttributes(path: Path, changes: AttributeChanges): Promise<Outcome<void>> {
    return this.#with(path, (node) => {
      const { permissions, uid, gid, size, accessTime, modificationTime } = changes;
      if (size !== undefined && size > BigInt(this.limit)) return { errno: Errno.EFBIG };
      if (permissions !== undefined) node.permissions = permissions;
      if (uid !== undefined) node.uid = uid;
      if (gid !== undefined) node.gid = gid;
      if (size !== undefined) this.#resize(node, Number(size));
      if (accessTime !== undefined) node.accessTime = accessTime === 'now' ? this.#now() : accessTime;
      if (modificationTime !== undefined) {
        node.modificationTime = modificationTime === 'now' ? this.#now() : modificationTime;
      }
      node.changeTime = this.#now();
      return done;
    });
  }

  open(path: Path, mode: OpenMode): Promise<Outcome<OpenFile>> {
    return this.#with(path, (node) => {
      if (node.kind === 'directory') return { errno: Errno.EISDIR };
      if (node.kind === 'symlink') return { errno: Errno.ELOOP };
      if (mode.truncate) this.#resize(node, 0);
      return { value: this.#file(node) };
    });
  }

  create(
    path: Path,
    mode: OpenMode & CreateMode & { readonly exclusive: boolean },
  ): Promise<Outcome<OpenFile>> {
    return this.#in(path, (directory, name) => {
      const existing = directory.children.get(name);
      if (existing && mode.exclusive) return Promise.resolve({ errno: Errno.EEXIST });
      if (existing) return this.open(path, mode);
      return Promise.resolve({ value: this.#file(this.#put(directory, name, this.#node('file', mode))) });
    });
  }

  list(path: Path): Promise<Outcome<readonly DirectoryEntry[]>> {
    return this.#with(path, ({ kind, children }) => {
      if (kind !== 'directory') return { errno: Errno.ENOTDIR };
      return {
        value: Array.from(children, ([name, node]) => ({ name, kind: node.kind, inode: node.inode })),
      };
    });
  }

  makeDirectory(path: Path, mode: CreateMode): Promise<Outcome<void>> {
    return this.#make(path, () => {
      const node = this.#node('directory', mode);
      node.links = 2;
      return node;
    });
  }

  makeNode(
    path: Path,
    kind: FileKind,
    mode: CreateMode,
    device: { readonly major: number; readonly minor: number },
  ): Promise<Outcome<void>> {
    return this.#make(path, () => this.#node(kind, mode, { device }));
  }

  makeSymlink(path: Path, target: string, gid: number): Promise<Outcome<void>> {
    return this.#make(path, () => this.#node('symlink', { permissions: 0o777, gid }, { target }));
  }

  readSymlink(path: Path): Promise<Outcome<string>> {
    return this.#with(path, ({ kind, target }) =>
      kind === 'symlink' ? { value: target } : { errno: Errno.EINVAL },
    );
  }

  async link(path: Path, existing: Path): Promise<Outcome<void>> {
    const node = this.#find(existing);
    if (isError(node)) return node;
    if (node.value.kind === 'directory') return { errno: Errno.EPERM };
    node.value.links++;
    const made = await this.#make(path, () => node.value);
    if (isError(made)) node.value.links--;
    return made;
  }

  rename(from: Path, to: Path): Promise<Outcome<void>> {
    return this.#in(from, (oldDirectory, oldName) =>
      this.#in(to, async (newDirectory, newName): Promise<Outcome<void>> => {
        const node = oldDirectory.children.get(oldName);
        const target = newDirectory.children.get(newName);
        if (node === undefined) return { errno: Errno.ENOENT };
        if (node === target) return done;
        if (target?.kind === 'directory') {
          if (node.kind !== 'directory') return { errno: Errno.EISDIR };
          if (target.children.size > 0) return { errno: Errno.ENOTEMPTY };
        } else if (target && node.kind === 'directory') {
          return { errno: Errno.ENOTDIR };
        }
        oldDirectory.children.delete(oldName);
        newDirectory.children.set(newName, node);
        return done;
      }),
    );
  }

  removeFile(path: Path): Promise<Outcome<void>> {
    return this.#remove(path, (node) => (node.kind === 'directory' ? Errno.EISDIR : undefined));
  }

  removeDirectory(path: Path): Promise<Outcome<void>> {
    return this.#remove(path, (node) => {
      if (node.kind !== 'directory') return Errno.ENOTDIR;
      return node.children.size > 0 ? Errno.ENOTEMPTY : undefined;
    });
  }

  async statistics(): Promise<Outcome<FileSystemStatistics>> {
    const [blocks, files] = [1n << 20n, 1n << 16n];
    return {
      value: {
        blockSize: BLOCK,
        blocks,
        freeBlocks: blocks,
        availableBlocks: blocks,
        files,
        freeFiles: files - this.#inodes,
      },
    };
  }

  #find(path: Path): Outcome<Node> {
    this.paths.push(path.join('/'));
    let node = this.#root;
    for (const name of path) {
      if (node.kind === 'symlink') throw new Error(`${path.join('/')} goes through a symbolic link`);
      if (node.kind !== 'directory') return { errno: Errno.ENOTDIR };
      const next = node.children.get(name);
      if (next === undefined) return { errno: Errno.ENOENT };
      node = next;
    }
    return { value: node };
  }

  async #with<Value>(path: Path, action: (node: Node) => Outcome<Value>): Promise<Outcome<Value>> {
    const node = this.#find(path);
    return isError(node) ? node : action(node.value);
  }

  /** Does something with a name in the directory that it is in. */
  async #in<Value>(
    path: Path,
    action: (directory: Node, name: string) => Promise<Outcome<Value>>,
  ): Promise<Outcome<Value>> {
    const name = path.at(-1);
    const directory = this.#find(path.slice(0, -1));
    if (isError(directory)) return directory;
    if (directory.value.kind !== 'directory') return { errno: Errno.ENOTDIR };
    return name === undefined ? { errno: Errno.EINVAL } : action(directory.value, name);
  }

  #make(path: Path, node: () => Node): Promise<Outcome<void>> {
    return this.#in(path, async (directory, name): Promise<Outcome<void>> => {
      if (directory.children.has(name)) return { errno: Errno.EEXIST };
      this.#put(directory, name, node());
      return done;
    });
  }

  #remove(path: Path, problem: (node: Node) => number | undefined): Promise<Outcome<void>> {
    return this.#in(path, async (directory, name): Promise<Outcome<void>> => {
      const node = directory.children.get(name);
      if (node === undefined) return { errno: Errno.ENOENT };
      const errno = problem(node);
      if (errno !== undefined) return { errno };
      directory.children.delete(name);
      node.links--;
      return done;
    });
  }

  #put(directory: Node, name: string, node: Node): Node {
    directory.children.set(name, node);
    directory.modificationTime = this.#now();
    return node;
  }

  #node(
    kind: FileKind,
    { permissions, gid }: CreateMode,
    { target = '', device = { major: 0, minor: 0 } } = {},
  ): Node {
    const time = this.#now();
    const times = { accessTime: time, modificationTime: time, changeTime: time };
    this.#inodes++;
    const identity = { kind, inode: this.#inodes, children: new Map(), target, device };
    return { ...identity, ...times, permissions, uid: 0, gid, links: 1, content: new Uint8Array() };
  }

  #resize(node: Node, size: number): void {
    const content = new Uint8Array(size);
    content.set(node.content.subarray(0, size));
    node.content = content;
    node.modificationTime = this.#now();
  }

  #file(node: Node): OpenFile {
    this.openFiles++;
    return {
      read: async (offset, target) => {
        const at = Number(offset);
        const bytes = node.content.subarray(at, at + target.length);
        target.set(bytes);
        return { value: bytes.length };
      },
      write: async (offset, source) => {
        const end = Number(offset) + source.length;
        if (end > this.limit) return { errno: Errno.EFBIG };
        if (end > node.content.length) this.#resize(node, end);
        node.content.set(source, Number(offset));
        return { value: source.length };
      },
      sync: async () => done,
      close: async () => {
        this.openFiles--;
      },
    };
  }

  #now(): bigint {
    this.#clock += 1_000_000_000n;
    return this.#clock;
  }
}
