/** The command lines of our tools: what is wrong with one is told on standard error, with status 2. */
import { Command, InvalidArgumentError } from 'commander';

export { Option } from 'commander';

/** The status of a command line that is wrong. */
const USAGE = 2;

/** A command whose `error` is one of usage; it also ends the process where it is asked for help. */
export function toolCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .showHelpAfterError()
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));
}

/** Reads an option's whole number from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`a whole number ${range}`);
  };
}
