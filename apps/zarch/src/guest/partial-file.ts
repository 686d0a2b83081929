// The part of a file that has come so far. It is only a help: nothing fails because it cannot be read or written, and
// what it holds is checked with the whole file.
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export class PartialFile {
  readonly path: string;
  #handle: Promise<FileHandle | undefined> | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** What is there; nothing if the file is not. */
  async read(): Promise<Uint8Array> {
    return readFile(this.path).catch(() => new Uint8Array(0));
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#handle ??= this.#open();
    const handle = await this.#handle;
    await handle?.appendFile(bytes).catch(() => undefined);
  }

  /** Lets go of the file; it stays. */
  async close(): Promise<void> {
    const handle = await this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  async #open(): Promise<FileHandle | undefined> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      return await open(this.path, 'a');
    } catch {
      return undefined;
    }
  }
}
