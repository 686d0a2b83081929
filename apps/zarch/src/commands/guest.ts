/** `zarch guest fetch`: a kernel and an initial RAM disk from Debian, in the cache. `zarch guest create`: a system. */
import process from 'node:process';
import { type Command, Option } from 'commander';
import { ExitStatus } from '../command-error.ts';
import { DEFAULT_SUITE, fetchGuest, type Guest, type GuestOptions } from '../guest/index.ts';
import { addCreateCommand } from './create.ts';
import { withProgress } from './guest-progress.ts';

/** Options that `boot` and `guest fetch` share, as commander gives them. */
export interface GuestCommandOptions {
  readonly suite: string;
  readonly mirror?: string;
  readonly keyring?: string;
  readonly lock?: string;
  readonly offline?: boolean;
  readonly update?: boolean;
  readonly allowExpired?: boolean;
  readonly module?: readonly string[];
  readonly file?: readonly string[];
}

const collect = (value: string, all: readonly string[] = []): readonly string[] => [...all, value];

export function addGuestOptions(command: Command): Command {
  return command
    .option('--suite <name>', "Debian's codename", DEFAULT_SUITE)
    .option('--mirror <address>', "where to fetch from (default: $ZARCH_MIRROR, or apt's sources)")
    .option('--keyring <file>', 'signing keys to trust instead of the installed ones')
    .option('--lock <file>', 'the versions to use; written when it does not exist')
    .option('--offline', 'use what is in the cache only')
    .addOption(new Option('--update', 'look for newer versions').conflicts('offline'))
    .option('--allow-expired', "take a mirror's index that is past its date")
    .option('--module <name>', 'a kernel module to include and load (may be repeated)', collect)
    .option('--file <source:destination>', 'a file or directory to include (may be repeated)', collect);
}

/** Fetches a guest with progress on standard error, until a signal ends it. */
export async function obtainGuest(options: GuestCommandOptions, more: GuestOptions = {}): Promise<Guest> {
  return withProgress('Looking for a guest image', ({ signal, progress }) => {
    const { module: modules, file: files, ...rest } = options;
    return fetchGuest({ ...rest, ...{ modules, files }, ...more, signal, progress });
  });
}

interface FetchOptions extends GuestCommandOptions {
  readonly gzip?: boolean;
  readonly json?: boolean;
}

/** Adds `guest` and its subcommands. */
export function addGuestCommand(program: Command, finish: (status: number) => void): void {
  const guest = program.command('guest').description('guest images');
  addGuestOptions(guest.command('fetch'))
    .description("make Debian's s390x kernel and a busybox RAM disk available, and print their paths")
    .option('--gzip', 'compress the RAM disk')
    .option('--json', 'print all that is known about the images')
    .action(async ({ gzip, json, ...options }: FetchOptions) => {
      const image = await obtainGuest(options, { compress: gzip ? 'gzip' : 'none' });
      process.stdout.write(json ? `${JSON.stringify(image, undefined, 2)}\n` : pathsOf(image));
      finish(ExitStatus.ok);
    });
  addCreateCommand(guest, finish);
}

function pathsOf({ kernel, initrd, systemMap, config }: Guest): string {
  const paths = { kernel, initrd, 'system-map': systemMap, config };
  return Object.entries(paths)
    .filter(([, path]) => path !== undefined)
    .map(([name, path]) => `${name} ${path}\n`)
    .join('');
}
