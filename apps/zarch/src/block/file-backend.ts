/** A medium in a file of the host, with raw content. Requests run at the same time, on Node's threads. */
import type { FileHandle } from 'node:fs/promises';
import type { BlockBackend } from '@zarch/virtio';
import type { DirectFile } from './direct-file.ts';
import type { ImageBlocks } from './image.ts';

export interface FileBackendOptions {
  readonly handle: FileHandle;
  /** Passes by the host's page cache, where requests are aligned for it. */
  readonly direct?: DirectFile | undefined;
  readonly size: number;
  readonly blocks: ImageBlocks;
  readonly readOnly: boolean;
  readonly noFlush: boolean;
}

const ZEROS = new Uint8Array(1 << 20);

export class FileBackend implements BlockBackend {
  readonly size: number;
  readonly blockSize: number;
  readonly physicalBlockSize: number;
  readonly readOnly: boolean;
  readonly #handle: FileHandle;
  readonly #direct: DirectFile | undefined;
  readonly #noFlush: boolean;

  constructor({ handle, direct, size, blocks, readOnly, noFlush }: FileBackendOptions) {
    this.#handle = handle;
    this.#direct = direct;
    this.size = size;
    this.blockSize = blocks.logical;
    this.physicalBlockSize = Math.max(blocks.logical, blocks.physical);
    this.readOnly = readOnly;
    this.#noFlush = noFlush;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    const done = this.#direct?.takes(offset, target.length) ? await this.#direct.read(offset, target) : 0;
    await readFully(this.#handle, offset + done, target.subarray(done));
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    const done = this.#direct?.takes(offset, source.length) ? await this.#direct.write(offset, source) : 0;
    await writeFully(this.#handle, offset + done, source.subarray(done));
  }

  async flush(): Promise<void> {
    if (!this.#noFlush) await this.#handle.datasync();
  }

  async writeZeroes(offset: number, length: number): Promise<void> {
    for (let done = 0; done < length; done += ZEROS.length) {
      await this.write(offset + done, ZEROS.subarray(0, length - done));
    }
  }
}

/** Reads; beyond the end of the file there are zeros. */
export async function readFully(handle: FileHandle, offset: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
    if (bytesRead === 0) {
      target.fill(0, done);
      return;
    }
    done += bytesRead;
  }
}

export async function writeFully(handle: FileHandle, offset: number, source: Uint8Array): Promise<void> {
  for (let done = 0; done < source.length; ) {
    const { bytesWritten } = await handle.write(source, done, source.length - done, offset + done);
    done += bytesWritten;
  }
}
