/** Runs a command to its exit status: errors become one line, output is complete, the terminal is as it was. */
import process from 'node:process';
import { CommandError, ExitStatus } from './command-error.ts';
import { flushed, restoreTerminal } from './terminal.ts';

/** Never returns: the process ends with the command's status. */
export async function main(program: string, command: () => Promise<number>): Promise<void> {
  const fail = (error: unknown): number => {
    restoreTerminal();
    const message = error instanceof Error ? error.message : String(error);
    const text = error instanceof CommandError ? message : `internal error: ${message}`;
    process.stderr.write(`${program}: ${text.split('\n')[0]}\n`);
    return error instanceof CommandError ? error.status : ExitStatus.failure;
  };
  const fatal = (error: unknown): void => process.exit(fail(error));
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  // Messages to a reader that has gone are lost; the command goes on.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const status = await command().catch(fail);
  restoreTerminal();
  await flushed(process.stdout);
  await flushed(process.stderr);
  process.exit(status);
}
