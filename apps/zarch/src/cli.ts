/** The program `zarch`. */
import process from 'node:process';
import { Command, CommanderError } from 'commander';
import { CommandError, ExitStatus, usageError } from './command-error.ts';
import { addBootCommand } from './commands/boot.ts';
import { addGuestCommand } from './commands/guest.ts';
import { systemCommand } from './commands/system.ts';
import { main } from './main.ts';
import { version } from './version.ts';

const args = process.argv.slice(2);

/** QEMU's spelling is not commander's. */
if (args[0] === 'system') void main('zarch system', () => systemCommand('zarch system', args.slice(1)));
else void main('zarch', commands);

async function commands(): Promise<number> {
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
    await program.parseAsync(args, { from: 'user' });
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
