/** `zarch guest create`: a Debian system on a disk image. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandError, ExitStatus, systemReason, usageError } from '../command-error.ts';
import {
  type CreatedSystem,
  createDebian,
  DEFAULT_SUITE,
  PRIORITIES,
  type Priority,
} from '../guest/index.ts';
import { runInstallation } from '../run/install-machine.ts';
import { parseSize } from '../system/parse.ts';
import { withProgress } from './guest-progress.ts';

interface CreateCommandOptions {
  readonly output?: string;
  readonly suite: string;
  readonly priority: Priority;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly size: string;
  readonly hostname?: string;
  readonly rootPasswordFile?: string;
  readonly mirror?: string;
  readonly keyring?: string;
  readonly allowExpired?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

const SMALLEST = 2 ** 30;

const packageNames = (text: string, all: readonly string[] = []): readonly string[] => {
  const names = text.split(',').filter((name) => name !== '');
  for (const name of names) {
    if (!/^[a-z0-9][a-z0-9+.-]+$/.test(name)) throw new InvalidArgumentError(`${name} is no package's name`);
  }
  return [...all, ...names];
};

/** `$XDG_DATA_HOME/zarch/debian`: XDG Base Directory Specification. */
function defaultOutput(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_DATA_HOME'];
  return join(
    base && isAbsolute(base) ? base : join(env['HOME'] || homedir(), '.local/share'),
    'zarch/debian',
  );
}

/** Adds `create` to `guest`. */
export function addCreateCommand(guest: Command, finish: (status: number) => void): void {
  guest
    .command('create')
    .description('install a system on a disk image, in a machine; needs no privileges')
    .argument('<system>', 'debian')
    .option('--output <directory>', "where to put it (default: zarch/debian where the user's data is)")
    .option('--suite <name>', "Debian's codename", DEFAULT_SUITE)
    .addOption(
      new Option('--priority <priority>', 'the packages of which priority and above')
        .choices(PRIORITIES)
        .default('standard'),
    )
    .option('--include <packages>', 'more packages, separated by commas (may be repeated)', packageNames)
    .option(
      '--exclude <packages>',
      'packages to leave out, if nothing else needs them (may be repeated)',
      packageNames,
    )
    .option('--size <size>', 'of the disk, in MiB without a suffix k, m, g', '4g')
    .option('--hostname <name>', 'what the system calls itself (default: debian)')
    .option('--root-password-file <file>', "root's password; without it root logs in on consoles with none")
    .option('--mirror <address>', "where to fetch from (default: $ZARCH_MIRROR, or apt's sources)")
    .option('--keyring <file>', 'signing keys to trust instead of the installed ones')
    .option('--allow-expired', "take a mirror's index that is past its date")
    .option('--force', 'replace a system that is there')
    .option('--json', 'print all that is known about the system')
    .action(async (system: string, options: CreateCommandOptions) => {
      if (system !== 'debian') throw usageError(`guest create ${system}: there is only debian`);
      finish(await createCommand(options));
    });
}

async function createCommand({
  json,
  size,
  output,
  rootPasswordFile,
  ...rest
}: CreateCommandOptions): Promise<number> {
  const bytes = parseSize('--size', size, 2 ** 20);
  if (bytes < SMALLEST || bytes % 4096 !== 0)
    throw usageError(`--size ${size}: a system needs whole pages, and 1g or more`);
  const rootPassword = rootPasswordFile === undefined ? undefined : await firstLine(rootPasswordFile);
  const report = (line: string) => void process.stderr.write(`zarch: ${line}\n`);
  const made = await withProgress('Looking for packages', ({ signal, progress }) =>
    createDebian({
      ...rest,
      ...{ output: output ?? defaultOutput(process.env), rootPassword, size: bytes, signal, progress },
      run: (installation) => runInstallation(installation, report),
    }),
  );
  process.stdout.write(json ? `${JSON.stringify(made, undefined, 2)}\n` : usageOf(made));
  return ExitStatus.ok;
}

async function firstLine(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(`--root-password-file ${path}: ${systemReason(error)}`);
  });
  return text.split(/\r?\n/)[0] ?? '';
}

function usageOf({ disk, kernel, initrd, created }: CreatedSystem): string {
  const quoted = (path: string) => (/^[\w/.@%+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);
  return [
    created ? 'The system is made. To boot it:' : 'The system was made before. To boot it:',
    '',
    `  zarch system -nographic -m 1g -kernel ${quoted(kernel)} -initrd ${quoted(initrd)} \\`,
    '    -append "root=/dev/vda console=ttysclp0" \\',
    `    -drive file=${quoted(disk)},format=raw -nic user`,
    '',
  ].join('\n');
}
