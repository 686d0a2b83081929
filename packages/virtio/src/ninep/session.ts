/** What a 9P client has: fids, each of which stands for a path and may be open. */
import { Errno, isError, type Outcome } from './errno.ts';
import type { DirectoryEntry, OpenFile, OpenMode, Path } from './file-system.ts';
import { isWithin, type RootedFileSystem } from './rooted-file-system.ts';

/** Fids at most, and how many of them can have an open file, of which hosts have few. */
const FIDS_LIMIT = 65536;
const OPEN_LIMIT = 1024;

export type OpenState =
  | { readonly kind: 'file'; readonly file: OpenFile; readonly mode: OpenMode }
  /** `entries` are those at the time when the directory was read from its start. */
  | { readonly kind: 'directory'; readonly entries: readonly DirectoryEntry[] | undefined };

export interface Fid {
  readonly path: Path;
  readonly open?: OpenState;
}

export interface SavedFid {
  readonly id: number;
  readonly path: Path;
  readonly open?:
    | { readonly kind: 'file'; readonly mode: OpenMode }
    | { readonly kind: 'directory'; readonly entries: readonly DirectoryEntry[] | undefined };
}

export interface SavedSession {
  readonly messageSize: number;
  readonly fids: readonly SavedFid[];
}

export class Session {
  readonly files: RootedFileSystem;
  readonly readOnly: boolean;
  /** Bytes of a message at most; 0 before the version was negotiated. */
  messageSize = 0;
  readonly #fids = new Map<number, Fid>();
  #openFiles = 0;

  constructor(files: RootedFileSystem, readOnly: boolean) {
    this.files = files;
    this.readOnly = readOnly;
  }

  get(id: number): Fid | undefined {
    return this.#fids.get(id);
  }

  /** Gives a new fid its path. */
  add(id: number, fid: Fid): Outcome<void> {
    if (this.#fids.has(id)) return { errno: Errno.EBADF };
    if (this.#fids.size === FIDS_LIMIT) return { errno: Errno.ENFILE };
    this.#fids.set(id, fid);
    return { value: undefined };
  }

  /** Lets a fid that is not open stand for another path. */
  move(id: number, path: Path): void {
    this.#fids.set(id, { path });
  }

  /** Whether another file can be open. */
  get canOpen(): boolean {
    return this.#openFiles < OPEN_LIMIT;
  }

  /** Opens a fid; its path is another one when the file was created in it. */
  setOpen(id: number, path: Path, open: OpenState): void {
    if (open.kind === 'file') this.#openFiles++;
    this.#fids.set(id, { path, open });
  }

  /** Keeps what a directory held. */
  setEntries(id: number, entries: readonly DirectoryEntry[]): void {
    const fid = this.#fids.get(id);
    if (fid) this.#fids.set(id, { path: fid.path, open: { kind: 'directory', entries } });
  }

  /** Forgets a fid. */
  async remove(id: number): Promise<void> {
    const open = this.#fids.get(id)?.open;
    this.#fids.delete(id);
    if (open?.kind === 'file') await this.#close(open.file);
  }

  /** Forgets all fids. */
  async clear(): Promise<void> {
    const ids = [...this.#fids.keys()];
    for (const id of ids) await this.remove(id);
  }

  /** A file or directory has moved: so have the fids for it and what is in it. */
  renamed(from: Path, to: Path): void {
    for (const [id, fid] of this.#fids) {
      if (isWithin(fid.path, from))
        this.#fids.set(id, { ...fid, path: [...to, ...fid.path.slice(from.length)] });
    }
  }

  save(): SavedSession {
    const fids = Array.from(this.#fids, ([id, { path, open }]): SavedFid => {
      if (open === undefined) return { id, path };
      return { id, path, open: open.kind === 'file' ? { kind: 'file', mode: open.mode } : open };
    });
    return { messageSize: this.messageSize, fids };
  }

  /** Opens files again; a fid whose file cannot be opened any more is closed, and its use an error. */
  async restore(saved: SavedSession): Promise<void> {
    await this.clear();
    this.messageSize = saved.messageSize;
    for (const { id, path, open } of saved.fids) {
      this.#fids.set(id, { path });
      if (open?.kind === 'directory') this.setOpen(id, path, open);
      if (open?.kind !== 'file') continue;
      const mode = { ...open.mode, truncate: false };
      const file = await this.files.use([path], (fileSystem) => fileSystem.open(path, mode));
      if (!isError(file)) this.setOpen(id, path, { kind: 'file', file: file.value, mode });
    }
  }

  async #close(file: OpenFile): Promise<void> {
    this.#openFiles--;
    await this.files.guard(async () => ({ value: await file.close() }));
  }
}
