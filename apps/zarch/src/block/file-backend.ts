/** A medium in a file of the host, with raw content. Requests that come together run at the same time, on Node's threads. */
import { readSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { BlockBackend, ImmediateAccess } from '@zarch/virtio';
import type { DirectFile } from './direct-file.ts';
import type { ImageBlocks } from './image.ts';
import { LoneRequests } from './lone-requests.ts';

export interface FileBackendOptions {
  readonly handle: FileHandle;
  /** Passes by the host's page cache, where requests are aligned for it. */
  readonly direct?: DirectFile | undefined;
  readonly size: number;
  readonly blocks: ImageBlocks;
  readonly readOnly: boolean;
  readonly noFlush: boolean;
  /** Nobody else writes to the file. */
  readonly exclusive: boolean;
}

const ZEROS = new Uint8Array(1 << 20);

export class FileBackend implements BlockBackend {
  readonly size: number;
  readonly blockSize: number;
  readonly physicalBlockSize: number;
  readonly readOnly: boolean;
  readonly exclusive: boolean;
  readonly #handle: FileHandle;
  readonly #direct: DirectFile | undefined;
  readonly #noFlush: boolean;
  readonly #lone = new LoneRequests();
  readonly #immediate: ImmediateAccess = {
    read: (offset, target) =>
      this.#lone.do(target.length, () => readFullySync(this.#handle.fd, offset, target)),
    write: (offset, source) =>
      this.#lone.do(source.length, () => writeFullySync(this.#handle.fd, offset, source)),
  };

  constructor(options: FileBackendOptions) {
    const { handle, direct, size, blocks, readOnly, noFlush, exclusive } = options;
    this.#handle = handle;
    this.#direct = direct;
    this.size = size;
    this.blockSize = blocks.logical;
    this.physicalBlockSize = Math.max(blocks.logical, blocks.physical);
    this.readOnly = readOnly;
    this.exclusive = exclusive;
    this.#noFlush = noFlush;
  }

  get immediate(): ImmediateAccess | undefined {
    return this.#direct === undefined && this.#lone.atOnce ? this.#immediate : undefined;
  }

  async read(offset: number, target: Uint8Array): Promise<void> {
    if (this.#direct?.takes(offset, target.length)) {
      const done = await this.#direct.read(offset, target);
      await readFully(this.#handle, offset + done, target.subarray(done));
    } else if (this.immediate) this.immediate.read(offset, target);
    else await this.#lone.handOver(() => readFully(this.#handle, offset, target));
  }

  async write(offset: number, source: Uint8Array): Promise<void> {
    if (this.#direct?.takes(offset, source.length)) {
      const done = await this.#direct.write(offset, source);
      await writeFully(this.#handle, offset + done, source.subarray(done));
    } else if (this.immediate) this.immediate.write(offset, source);
    else await this.#lone.handOver(() => writeFully(this.#handle, offset, source));
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
async function readFully(handle: FileHandle, offset: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, target.length - done, offset + done);
    if (bytesRead === 0) {
      target.fill(0, done);
      return;
    }
    done += bytesRead;
  }
}

function readFullySync(descriptor: number, offset: number, target: Uint8Array): void {
  for (let done = 0; done < target.length; ) {
    const count = readSync(descriptor, target, done, target.length - done, offset + done);
    if (count === 0) {
      target.fill(0, done);
      return;
    }
    done += count;
  }
}

function writeFullySync(descriptor: number, offset: number, source: Uint8Array): void {
  for (let done = 0; done < source.length; ) {
    done += writeSync(descriptor, source, done, source.length - done, offset + done);
  }
}

async function writeFully(handle: FileHandle, offset: number, source: Uint8Array): Promise<void> {
  for (let done = 0; done < source.length; ) {
    const { bytesWritten } = await handle.write(source, done, source.length - done, offset + done);
    done += bytesWritten;
  }
}
