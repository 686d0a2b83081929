/** `zarch guest fetch`: a kernel and an initial RAM disk from Debian, in the cache. */
import process from 'node:process';
import { type Command, Option } from 'commander';
import { CommandError, ExitStatus } from '../command-error.ts';
import {
  DEFAULT_SUITE,
  fetchGuest,
  type Guest,
  GuestImageError,
  type GuestOptions,
  type Progress,
} from '../guest/index.ts';
import { ProgressDisplay } from '../progress-display.ts';

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

const steps: Readonly<Record<Progress['step'], string>> = {
  download: 'Fetching',
  unpack: 'Unpacking',
  build: 'Building',
};

/** Fetches a guest with progress on standard error, until a signal ends it. */
export async function obtainGuest(options: GuestCommandOptions, more: GuestOptions = {}): Promise<Guest> {
  const display = new ProgressDisplay(process.stderr);
  const abort = new AbortController();
  let status: number | undefined;
  const onSignal = (_: string, number: number) => {
    status = 128 + number;
    abort.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    display.step('Looking for a guest image');
    const { module: modules, file: files, ...rest } = options;
    return await fetchGuest({
      ...rest,
      ...{ modules, files },
      ...more,
      signal: abort.signal,
      progress: ({ step, item, done, total }) => display.step(`${steps[step]} ${item}`, { done, total }),
    });
  } catch (error) {
    if (status !== undefined) throw new CommandError('interrupted', status);
    if (!(error instanceof GuestImageError)) throw error;
    throw new CommandError(error.message, error.failure === 'usage' ? ExitStatus.usage : ExitStatus.failure);
  } finally {
    display.end();
    for (const signal of signals) process.off(signal, onSignal);
  }
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
}

function pathsOf({ kernel, initrd, systemMap, config }: Guest): string {
  const paths = { kernel, initrd, 'system-map': systemMap, config };
  return Object.entries(paths)
    .filter(([, path]) => path !== undefined)
    .map(([name, path]) => `${name} ${path}\n`)
    .join('');
}
