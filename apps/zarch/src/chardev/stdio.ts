/** A console on the program's standard input and output. */
import process from 'node:process';
import { InputQueue } from '@zarch/session';
import { flushed, rawTerminal, restoreTerminal } from '../terminal.ts';
import type { Chardev } from './chardev.ts';

const OUTPUT_LIMIT = 1 << 20;
const INPUT_LIMIT = 1 << 16;
const CTRL_C = 0x03;
const CTRL_BACKSLASH = 0x1c;

export interface StdioOptions {
  /** Takes the escapes out of what is typed, if there are any. */
  readonly filter?: (bytes: Uint8Array) => Uint8Array;
  /** Ctrl-c and Ctrl-\ are signals to the program, as on a terminal that is not raw. */
  readonly signal: boolean;
}

export class StdioChardev implements Chardev {
  readonly #options: StdioOptions;
  #closed = false;
  readonly #input = new InputQueue((on) => {
    if (this.#closed) return;
    if (on) process.stdin.resume();
    // A terminal is always listened to: the way out goes through it.
    else if (!process.stdin.isTTY) process.stdin.pause();
  });
  readonly #data = (bytes: Uint8Array): void => {
    const kept = this.#pass(bytes);
    // What is typed to a guest that does not read is lost.
    if (!process.stdin.isTTY || this.#input.length < INPUT_LIMIT) this.#input.push(kept);
  };

  constructor(options: StdioOptions) {
    this.#options = options;
    // A reader that has gone: the guest goes on without one, as with QEMU.
    process.stdout.on('error', () => {});
    process.stdin.on('error', () => {});
  }

  write(bytes: Uint8Array): void {
    if (!process.stdout.destroyed) process.stdout.write(bytes);
  }
  connect(take: (bytes: Uint8Array) => number): void {
    rawTerminal();
    process.stdin.on('data', this.#data);
    this.#input.connect(take);
  }
  room(): void {
    this.#input.room();
  }
  congestion(): Promise<void> | undefined {
    const { stdout } = process;
    if (stdout.destroyed || stdout.writableLength < OUTPUT_LIMIT) return undefined;
    return new Promise((resolve) => {
      stdout.once('drain', resolve);
      stdout.once('close', resolve);
    });
  }
  async close(): Promise<void> {
    this.#closed = true;
    process.stdin.off('data', this.#data);
    process.stdin.pause();
    restoreTerminal();
    await flushed(process.stdout);
  }

  #pass(bytes: Uint8Array): Uint8Array {
    const { filter, signal } = this.#options;
    if (signal && process.stdin.isTTY) {
      for (const byte of bytes) {
        if (byte === CTRL_C) process.kill(process.pid, 'SIGINT');
        else if (byte === CTRL_BACKSLASH) process.kill(process.pid, 'SIGQUIT');
      }
      return bytes.filter((byte) => byte !== CTRL_C && byte !== CTRL_BACKSLASH);
    }
    return filter ? filter(bytes) : bytes;
  }
}
