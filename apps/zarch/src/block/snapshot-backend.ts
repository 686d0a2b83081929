/** A medium whose writes go to a temporary file, and whose base stays as it is. */

import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockBackend, ImmediateAccess } from '@zarch/virtio';
import { FileBackend } from './file-backend.ts';

/** Writes are multiples of it. */
const SECTOR = 512;

export class SnapshotBackend implements BlockBackend {
  readonly readOnly = false;
  readonly size: number;
  readonly blockSize: number;
  readonly physicalBlockSize: number;
  readonly #base: BlockBackend;
  readonly #file: FileHandle;
  readonly #overlay: FileBackend;
  /** A bit for each sector that was written. */
  readonly #written: Uint8Array;

  private constructor(base: BlockBackend, file: FileHandle) {
    const { size, blockSize, physicalBlockSize = blockSize } = base;
    this.#base = base;
    this.size = size;
    this.blockSize = blockSize;
    this.physicalBlockSize = physicalBlockSize;
    this.#file = file;
    this.#overlay = new FileBackend({
      ...{ handle: file, size, blocks: { logical: blockSize, physical: physicalBlockSize } },
      ...{ readOnly: false, noFlush: true, exclusive: true },
    });
    this.#written = new Uint8Array(Math.ceil(size / SECTOR / 8));
  }

  static async over(base: BlockBackend): Promise<SnapshotBackend> {
    const folder = await mkdtemp(join(tmpdir(), 'zarch-snapshot-'));
    try {
      return new SnapshotBackend(base, await open(join(folder, 'overlay'), 'w+'));
    } finally {
      // The open file stays until it is closed.
      await rm(folder, { recursive: true });
    }
  }

  get exclusive(): boolean {
    return this.#base.exclusive ?? false;
  }

  get immediate(): ImmediateAccess | undefined {
    const base = this.#base.immediate;
    const overlay = this.#overlay.immediate;
    if (base === undefined || overlay === undefined) return undefined;
    return {
      read: (offset, target) => {
        for (const { at, length, written } of this.#runs(offset, target.length)) {
          const part = target.subarray(at - offset, at - offset + length);
          (written ? overlay : base).read(at, part);
        }
      },
      write: (offset, source) => {
        overlay.write(offset, source);
        this.#mark(offset, source.length);
      },
    };
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    for (const { at, length, written } of this.#runs(offset, target.length)) {
      const part = target.subarray(at - offset, at - offset + length);
      await (written ? this.#overlay : this.#base).read(at, part);
    }
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    await this.#overlay.write(offset, source);
    this.#mark(offset, source.length);
  }

  /** Nothing of it is to last. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #mark(offset: number, length: number): void {
    for (let at = offset; at < offset + length; at += SECTOR) {
      const sector = at / SECTOR;
      this.#written[sector >>> 3] = (this.#written[sector >>> 3] ?? 0) | (0x80 >> (sector & 7));
    }
  }

  /** The bytes from an offset on, in pieces that are all in the same file. */
  *#runs(offset: number, length: number) {
    const end = offset + length;
    for (let at = offset; at < end; ) {
      const written = this.#has(at);
      let next = at + SECTOR;
      while (next < end && this.#has(next) === written) next += SECTOR;
      yield { at, length: next - at, written };
      at = next;
    }
  }

  #has(offset: number): boolean {
    const sector = offset / SECTOR;
    return ((this.#written[sector >>> 3] ?? 0) & (0x80 >> (sector & 7))) !== 0;
  }
}
