/** The commands of the program `zarch`. */
import { Command, CommanderError } from 'commander';
import { CommandError, ExitStatus, usageError } from '../command-error.ts';
import { version } from '../version.ts';
import { addBootCommand } from './boot.ts';
import { addGuestCommand } from './guest.ts';

/** @returns The exit status. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let status: number = ExitStatus.ok;
  const finish = (result: number): void => {
    status = result;
  };
  const program = new Command('zarch')
    .description('an s390x virtual machine')
    .version(version())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  addBootCommand(program, finish);
  program.command('system').description("a machine as QEMU's command line describes it: see zarch system -h");
  addGuestCommand(program, finish);
  inherit(program);
  try {
    if (args.length === 0) throw usageError('no command: see zarch --help');
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return ExitStatus.ok;
    if (error.code === 'commander.help') throw usageError('no command: see zarch --help');
    throw new CommandError(error.message.replace(/^error: /, ''), ExitStatus.usage);
  }
  return status;
}

/** Gives the program's handling of errors to all its subcommands. */
function inherit(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inherit(child);
  }
}
