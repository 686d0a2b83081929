/** An open file of a folder that a guest mounts. */
import type { FileHandle } from 'node:fs/promises';
import type { OpenFile, Outcome } from '@zarch/virtio';
import { attempt } from './outcome.ts';

export class HostFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  read(offset: bigint, target: Uint8Array): Promise<Outcome<number>> {
    return attempt(async () => {
      let done = 0;
      while (done < target.length) {
        const at = Number(offset) + done;
        const { bytesRead } = await this.#handle.read(target, done, target.length - done, at);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    });
  }

  write(offset: bigint, source: Uint8Array): Promise<Outcome<number>> {
    return attempt(async () => {
      let done = 0;
      while (done < source.length) {
        const at = Number(offset) + done;
        const { bytesWritten } = await this.#handle.write(source, done, source.length - done, at);
        done += bytesWritten;
      }
      return done;
    });
  }

  sync(dataOnly: boolean): Promise<Outcome<void>> {
    return attempt(() => (dataOnly ? this.#handle.datasync() : this.#handle.sync()));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
