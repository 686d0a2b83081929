/** `zarch boot`: Linux for IBM Z on the terminal, with nothing to prepare. */
import process from 'node:process';
import { cpuModelNames, DEFAULT_MODEL } from '@zarch/machine';
import { type ConsoleKind, crashText, type Tier, tiers } from '@zarch/session';
import { type Command, Option } from 'commander';
import { DEFAULT_ESCAPE } from '../chardev/escape.ts';
import { ExitStatus } from '../command-error.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { type MachineEnd, runMachine, type Signal } from '../run/run-machine.ts';
import { defaultTier, translationDirectory } from '../run/tier.ts';
import { memorySizeOf } from '../system/options.ts';
import { addGuestOptions, type GuestCommandOptions, obtainGuest } from './guest.ts';

interface BootOptions extends GuestCommandOptions {
  readonly kernel?: string;
  readonly initrd?: string;
  readonly append?: string;
  readonly memory: string;
  readonly cpu: string;
  readonly console: ConsoleKind;
  readonly tier?: Tier;
  readonly keep: boolean;
  readonly counters?: true;
}

/** What Linux calls the terminal of each console. */
const terminals: Readonly<Record<ConsoleKind, string>> = { vt220: 'ttysclp0', line: 'ttyS0' };

const signalNumbers: Readonly<Record<Signal, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/** Adds `boot`. */
export function addBootCommand(program: Command, finish: (status: number) => void): void {
  const boot = program
    .command('boot')
    .description('boot Linux on the terminal')
    .option('--kernel <file>', "a kernel of your own instead of Debian's")
    .option('--initrd <file>', 'a RAM disk of your own')
    .option('--append <text>', "words to add to the kernel's command line")
    .option('--memory <size>', 'memory, in MiB without a suffix k, m, g', '512')
    .addOption(new Option('--cpu <model>', 'CPU model').choices(cpuModelNames()).default(DEFAULT_MODEL))
    .addOption(new Option('--console <kind>', 'kind of console').choices(['vt220', 'line']).default('vt220'))
    .addOption(new Option('--tier <tier>', 'how guest code runs').choices(tiers))
    .option('--no-keep', 'translate all code anew, and keep no translations for the next run')
    .option('--counters', 'print counts of what happened, when it is over');
  addGuestOptions(boot).action(async (options: BootOptions) => finish(await bootCommand(options)));
}

async function bootCommand(options: BootOptions): Promise<number> {
  const memorySize = memorySizeOf('--memory', options.memory);
  const { kernel, initrd } = await filesOf(options);
  const report = (line: string): void => {
    process.stderr.write(`zarch: ${line}\n`);
  };
  const display = new ProgressDisplay(process.stderr);
  if (process.stdin.isTTY) report('Ctrl-a x ends the machine, Ctrl-a h shows more keys');
  display.step('Starting the kernel');
  try {
    const end = await runMachine({
      files: { kernel, initrd, commandLine: commandLineOf(options) },
      ...{ memorySize, cpus: 1, maximumCpus: 1, model: options.cpu },
      name: 'zarch',
      consoles: [{ device: options.console, chardev: { kind: 'stdio', mux: true, signal: false } }],
      devices: [],
      watchdog: true,
      actions: { panic: 'exit-failure', reboot: 'reset', shutdown: 'poweroff', watchdog: 'reset' },
      startStopped: false,
      tier: options.tier ?? defaultTier(),
      translations: translationDirectory(options.keep ? undefined : false),
      counters: options.counters === true,
      escape: DEFAULT_ESCAPE,
      askGuest: true,
      report,
      onOutput: (bytes) => (isEarly(bytes) ? display.giveWay() : display.end()),
      onEvent: (event) => {
        if (event.kind === 'crash') {
          display.end();
          report(crashText(event.crash));
        }
        if (event.kind === 'watchdog') report(`watchdog expired: ${event.action}`);
      },
    });
    return statusOf(end);
  } finally {
    display.end();
  }
}

/** Whole lines from before the kernel's own start, while it decompresses itself: they have no time stamp. */
function isEarly(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString();
  return text.endsWith('\n') && !/\[ *\d+\.\d+\]/.test(text);
}

/** The user's files, and Debian's for what the user does not give. A kernel of one's own comes without Debian's disk. */
async function filesOf(options: BootOptions): Promise<{ kernel: string; initrd: string | undefined }> {
  const { kernel, initrd } = options;
  if (kernel !== undefined) return { kernel, initrd };
  const guest = await obtainGuest(options);
  return { kernel: guest.kernel, initrd: initrd ?? guest.initrd };
}

function commandLineOf({ append, console }: BootOptions): string {
  const base = `console=${terminals[console]}`;
  return append === undefined ? base : `${base} ${append}`;
}

function statusOf(end: MachineEnd): number {
  switch (end.kind) {
    case 'crash':
      return ExitStatus.failure;
    case 'signal':
      return 128 + signalNumbers[end.signal];
    default:
      return ExitStatus.ok;
  }
}
