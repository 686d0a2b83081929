/** A medium whose writes go to a temporary file, and whose base stays as it is. */

import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlockBackend } from '@zarch/virtio';
import { readFully, writeFully } from './file-backend.ts';

/** Writes are multiples of it. */
const SECTOR = 512;

export class SnapshotBackend implements BlockBackend {
  readonly readOnly = false;
  readonly size: number;
  readonly blockSize: number;
  readonly physicalBlockSize: number;
  readonly #base: BlockBackend;
  readonly #overlay: FileHandle;
  /** A bit for each sector that was written. */
  readonly #written: Uint8Array;

  private constructor(base: BlockBackend, overlay: FileHandle) {
    this.#base = base;
    this.#overlay = overlay;
    this.size = base.size;
    this.blockSize = base.blockSize;
    this.physicalBlockSize = base.physicalBlockSize ?? base.blockSize;
    this.#written = new Uint8Array(Math.ceil(base.size / SECTOR / 8));
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

  async read(offset: number, target: Uint8Array): Promise<void> {
    for (let done = 0; done < target.length; ) {
      const { length, written } = this.#run(offset + done, target.length - done);
      const part = target.subarray(done, done + length);
      if (written) await readFully(this.#overlay, offset + done, part);
      else await this.#base.read(offset + done, part);
      done += length;
    }
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    await writeFully(this.#overlay, offset, source);
    for (let at = offset; at < offset + source.length; at += SECTOR) {
      const sector = at / SECTOR;
      this.#written[sector >>> 3] = (this.#written[sector >>> 3] ?? 0) | (0x80 >> (sector & 7));
    }
  }

  /** Nothing of it is to last. */
  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return this.#overlay.close();
  }

  /** Bytes from an offset on that are all in the same file. */
  #run(offset: number, limit: number): { readonly length: number; readonly written: boolean } {
    const written = this.#has(offset);
    let length = SECTOR;
    while (length < limit && this.#has(offset + length) === written) length += SECTOR;
    return { length, written };
  }

  #has(offset: number): boolean {
    const sector = offset / SECTOR;
    return ((this.#written[sector >>> 3] ?? 0) & (0x80 >> (sector & 7))) !== 0;
  }
}
