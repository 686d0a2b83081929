/** The terminal that the program was started on: raw while a console uses it, and always as before afterwards. */
import process from 'node:process';

let raw = false;

/** Passes every key through, until {@link restoreTerminal}; nothing when standard input is no terminal. */
export function rawTerminal(): void {
  if (!process.stdin.isTTY || raw) return;
  raw = true;
  process.stdin.setRawMode(true);
  // Whatever way the program ends by, this runs, but for SIGKILL.
  process.once('exit', restoreTerminal);
}

export function restoreTerminal(): void {
  if (!raw) return;
  raw = false;
  process.stdin.setRawMode(false);
}

/** Resolves when everything that was written to a standard stream has left the process. */
export function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write('', () => resolve());
  });
}
