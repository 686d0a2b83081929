/**
 * A file whose content passes by the host's page cache (`O_DIRECT`). Memory, offset and length of each transfer are
 * aligned for that: WebAssembly memories begin on a page boundary, other buffers begin anywhere.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CommandError } from '../command-error.ts';

const WASM_PAGE = 65536;
const BUFFER = 1 << 20;
const ALIGNMENTS = [512, 4096] as const;

export class DirectFile {
  readonly #handle: FileHandle;
  readonly #alignment: number;
  readonly #free: Uint8Array[] = [];

  private constructor(handle: FileHandle, alignment: number) {
    this.#handle = handle;
    this.#alignment = alignment;
  }

  /**
   * Opens a file once more.
   *
   * @param buffered - The file as it is open already.
   * @throws {CommandError} Where the file system cannot do it.
   */
  static async open(path: string, writes: boolean, buffered: FileHandle): Promise<DirectFile> {
    const access = writes ? constants.O_RDWR : constants.O_RDONLY;
    const direct: number | undefined = constants.O_DIRECT;
    if (direct === undefined) throw new CommandError(`'${path}': cache=none and directsync need O_DIRECT`);
    const handle = await open(path, access | direct);
    const { size } = await buffered.stat();
    for (const alignment of ALIGNMENTS) {
      if (size === 0 || (await works(handle, alignment))) return new DirectFile(handle, alignment);
    }
    await handle.close();
    throw new CommandError(`'${path}': the file system does not support O_DIRECT`);
  }

  /** Whether a transfer is aligned. */
  takes(offset: number, length: number): boolean {
    return offset % this.#alignment === 0 && length % this.#alignment === 0;
  }

  /** @returns Bytes read: fewer than asked for at the end of the file. */
  async read(offset: number, target: Uint8Array): Promise<number> {
    return this.#each(target.length, async (buffer, done) => {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset + done);
      target.set(buffer.subarray(0, bytesRead), done);
      return bytesRead;
    });
  }

  /** @returns Bytes written. */
  async write(offset: number, source: Uint8Array): Promise<number> {
    return this.#each(source.length, async (buffer, done) => {
      buffer.set(source.subarray(done, done + buffer.length));
      const { bytesWritten } = await this.#handle.write(buffer, 0, buffer.length, offset + done);
      return bytesWritten;
    });
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Transfers in pieces until one is not whole. */
  async #each(
    length: number,
    transfer: (buffer: Uint8Array, done: number) => Promise<number>,
  ): Promise<number> {
    const whole = this.#free.pop() ?? pageAligned(BUFFER);
    try {
      for (let done = 0; done < length; ) {
        const buffer = whole.subarray(0, length - done);
        const count = await transfer(buffer, done);
        done += count;
        if (count < buffer.length) return done;
      }
      return length;
    } finally {
      this.#free.push(whole);
    }
  }
}

function pageAligned(size: number): Uint8Array {
  return new Uint8Array(new WebAssembly.Memory({ initial: size / WASM_PAGE }).buffer);
}

async function works(handle: FileHandle, alignment: number): Promise<boolean> {
  try {
    await handle.read(pageAligned(WASM_PAGE), 0, alignment, 0);
    return true;
  } catch {
    return false;
  }
}
