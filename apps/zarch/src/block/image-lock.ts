/**
 * Keeps a second writer away from a disk image. Node has no file locks, so a file `IMAGE.zarch-lock` beside the image
 * says which process writes to it: its number and, on Linux, when it began. One of a process that is gone is taken
 * over. A reader only looks whether there is a writer.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { systemReason } from '../command-error.ts';
import { isSystemError } from '../guest/error.ts';

const ATTEMPTS = 3;

export class ImageLock {
  readonly #file: string | undefined;

  private constructor(file: string | undefined) {
    this.#file = file;
  }

  /**
   * @param image - The image's real path.
   * @param writes - Whether it is to be written to.
   * @param report - Told where no lock is possible.
   * @returns Undefined when another process writes to the image.
   */
  static async acquire(
    image: string,
    writes: boolean,
    report: (line: string) => void,
  ): Promise<ImageLock | undefined> {
    const file = `${image}.zarch-lock`;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const owner = await readFile(file, 'utf8').catch(() => undefined);
      if (owner !== undefined && (await lives(owner))) return undefined;
      if (!writes) return new ImageLock(undefined);
      if (owner !== undefined) await rm(file, { force: true });
      try {
        await writeFile(file, await identity(process.pid), { flag: 'wx' });
        return new ImageLock(file);
      } catch (error) {
        if (isSystemError(error, 'EEXIST')) continue;
        report(`warning: cannot lock '${image}': ${systemReason(error)}`);
        return new ImageLock(undefined);
      }
    }
    return undefined;
  }

  async release(): Promise<void> {
    if (this.#file !== undefined) await rm(this.#file, { force: true });
  }
}

/** What is said of a process: its number, and its start time, by which it is told from a later one of that number. */
async function identity(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Field 22; the second one, in parentheses, can hold anything.
  const started = status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  return `${pid} ${started ?? ''}\n`;
}

async function lives(owner: string): Promise<boolean> {
  const pid = Number.parseInt(owner, 10);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isSystemError(error, 'ESRCH')) return false;
  }
  const [, started] = owner.trim().split(' ');
  return started === undefined || (await identity(pid)).trim() === owner.trim();
}
