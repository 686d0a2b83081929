/** Disk images: what a user says of one, and how it is opened. */
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { BlockBackend } from '@zarch/virtio';
import { CommandError, systemReason } from '../command-error.ts';
import { DirectFile } from './direct-file.ts';
import { FileBackend } from './file-backend.ts';
import { ImageLock } from './image-lock.ts';
import { imageSize } from './image-size.ts';
import { SnapshotBackend } from './snapshot-backend.ts';

/** What `cache=` of QEMU's `-drive` means (QEMU docs, "-drive", table of cache modes). */
export interface CacheOptions {
  /** The guest sees a write cache, which it has to flush. */
  readonly writeback: boolean;
  /** The host's page cache is passed by. */
  readonly direct: boolean;
  /** Flushes of the guest have no effect. */
  readonly noFlush: boolean;
}

export interface ImageOptions {
  readonly file: string;
  readonly readOnly: boolean;
  readonly cache: CacheOptions;
  /** Writes go to a temporary file, which is lost at the end. */
  readonly snapshot: boolean;
  /** Whether a second writer is kept out. */
  readonly locking: boolean;
  /** The file is an image in this format for certain; otherwise other formats are looked for. */
  readonly raw: boolean;
  /** The option that names the image, for messages. */
  readonly option: string;
}

export interface Image {
  readonly backend: BlockBackend;
  /** Ends when everything is on its way to the medium, and others may use the image. */
  close(): Promise<void>;
}

export interface ImageBlocks {
  /** Bytes of a logical block. */
  readonly logical: number;
  /** Bytes of a physical block. */
  readonly physical: number;
}

const QCOW_MAGIC = 0x5146_49fb;

/** @throws {CommandError} When it cannot be opened. */
export async function openImage(
  options: ImageOptions,
  blocks: ImageBlocks,
  report: (line: string) => void,
): Promise<Image> {
  const { file, readOnly, snapshot, cache, option } = options;
  const refuse = (reason: string) => new CommandError(`${option}: Could not open '${file}': ${reason}`);
  const failed = (error: unknown) => (error instanceof CommandError ? error : refuse(systemReason(error)));
  const writes = !readOnly && !snapshot;
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    const handle = await open(file, writes ? 'r+' : 'r');
    closers.push(() => handle.close());
    if (options.locking) {
      const lock = await ImageLock.acquire(await realpath(file), writes, report);
      if (lock === undefined) {
        const kind = writes ? 'write' : 'shared "write"';
        throw refuse(`Failed to get "${kind}" lock: another process is using the image`);
      }
      closers.push(() => lock.release());
    }
    const size = await imageSize(handle);
    if (typeof size === 'string') throw refuse(size);
    if (size % blocks.logical !== 0 && blocks.logical > 512) {
      throw refuse(`its size is not a multiple of the logical block size of ${blocks.logical} bytes`);
    }
    if (!options.raw) await refuseFormats(handle, refuse);
    const direct = cache.direct ? await DirectFile.open(file, writes, handle) : undefined;
    if (direct) closers.push(() => direct.close());
    const { noFlush } = cache;
    const exclusive = options.locking;
    const base = new FileBackend({ handle, direct, size, blocks, readOnly, noFlush, exclusive });
    if (!snapshot || readOnly) {
      if (writes && !cache.noFlush) closers.push(() => base.flush());
      return { backend: base, close };
    }
    const overlay = await SnapshotBackend.over(base);
    closers.push(() => overlay.close());
    return { backend: overlay, close };
  } catch (error) {
    await close();
    throw failed(error);
  }
}

/** An image in another format must not be taken for a raw one. */
async function refuseFormats(handle: FileHandle, refuse: (reason: string) => CommandError): Promise<void> {
  const bytes = new Uint8Array(4);
  const { bytesRead } = await handle.read(bytes, 0, 4, 0);
  if (bytesRead === 4 && new DataView(bytes.buffer).getUint32(0) === QCOW_MAGIC) {
    throw refuse('qcow2 is not supported yet: only raw images are; format=raw takes it as it is');
  }
}
