// What the console of the guest that installs a system says of how far it is: lines of the script of install-script.ts,
// and of dpkg (--status-fd, dpkg(1)).
import type { ProgressCallback } from '../progress.ts';

/** Begins the script's own lines. */
export const MARK = 'zarch-create:';

const LOG = 64 * 1024;

export type InstallEnd = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly what: string };

/** Reads the console of one installation. */
export class StageReader {
  /** What the script said in the end. */
  end: InstallEnd | undefined;
  readonly #total: number;
  readonly #progress: ProgressCallback | undefined;
  readonly #unpacked = new Set<string>();
  readonly #configured = new Set<string>();
  #line = '';
  #log = '';

  /** @param total - How many packages there are. */
  constructor(total: number, progress: ProgressCallback | undefined) {
    this.#total = total;
    this.#progress = progress;
  }

  /** The end of all that was printed. */
  get log(): string {
    return this.#log;
  }

  /** Takes output as it came, in pieces of any size. */
  push(bytes: Uint8Array): void {
    const text = Buffer.from(bytes).toString('latin1');
    this.#log = (this.#log + text).slice(-LOG);
    const lines = (this.#line + text).split(/\r*\n/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  #read(line: string): void {
    const [, action, name = ''] = /^processing: (install|configure): ([^:\s]+)/.exec(line) ?? [];
    if (action === 'install') this.#count('install', this.#unpacked, name);
    if (action === 'configure') this.#count('configure', this.#configured, name);
    const at = line.indexOf(MARK);
    if (at < 0) return;
    const [word = '', ...rest] = line
      .slice(at + MARK.length)
      .trim()
      .split(' ');
    if (word === 'done') this.end ??= { kind: 'done' };
    if (word === 'failed') this.end ??= { kind: 'failed', what: rest.join(' ') };
    if (word === 'format') this.#progress?.({ step: 'format', item: 'the disk', done: 0, total: undefined });
    if (word === 'extract')
      this.#progress?.({ step: 'unpack', item: 'the base system', done: 0, total: undefined });
  }

  #count(step: 'install' | 'configure', names: Set<string>, name: string): void {
    names.add(name);
    this.#progress?.({ step, item: name, done: names.size, total: this.#total, unit: 'packages' });
  }
}
