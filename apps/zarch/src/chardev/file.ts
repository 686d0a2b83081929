/** Output to a file, and to nowhere. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { CommandError, systemReason } from '../command-error.ts';
import type { Chardev } from './chardev.ts';

export class NullChardev implements Chardev {
  write(): void {}
  connect(): void {}
  room(): void {}
  congestion(): undefined {
    return undefined;
  }
  async close(): Promise<void> {}
}

/** A file gets the console's output; there is no input. */
export class FileChardev extends NullChardev {
  readonly #descriptor: number;
  readonly #onError: (message: string) => void;
  readonly #path: string;
  #failed = false;

  /**
   * @param onError - Gets the first failure of a write; the console goes on without the file.
   * @throws {CommandError} When the file cannot be opened.
   */
  constructor(path: string, append: boolean, onError: (message: string) => void) {
    super();
    this.#path = path;
    this.#onError = onError;
    try {
      this.#descriptor = openSync(path, append ? 'a' : 'w', 0o666);
    } catch (error) {
      throw new CommandError(`could not open '${path}': ${systemReason(error)}`);
    }
  }

  override write(bytes: Uint8Array = new Uint8Array()): void {
    try {
      for (let at = 0; at < bytes.length && !this.#failed; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      this.#failed = true;
      this.#onError(`could not write '${this.#path}': ${systemReason(error)}`);
    }
  }

  override async close(): Promise<void> {
    closeSync(this.#descriptor);
  }
}
