/** What the options of a command line have said so far, with the values that they have from the start. */
import { DEFAULT_MODEL } from '@zarch/machine';
import type { Tier } from '@zarch/session';
import type { ChardevOptions, SocketAddress } from '../chardev/chardev.ts';
import { DEFAULT_ESCAPE } from '../chardev/escape.ts';
import type { ConsoleDevice } from './device-options.ts';
import type { LogItem } from './log-items.ts';
import { VirtioDraft } from './virtio-options.ts';

const DEFAULT_MEMORY = 128 << 20;

export const panicActions = ['pause', 'shutdown', 'exit-failure', 'none'] as const;
export const watchdogActions = [
  'reset',
  'shutdown',
  'poweroff',
  'pause',
  'debug',
  'none',
  'inject-nmi',
] as const;
export type WatchdogAction = (typeof watchdogActions)[number];

/** What the machine does when something happens to it. */
export interface Actions {
  readonly panic: (typeof panicActions)[number];
  readonly reboot: 'reset' | 'shutdown';
  readonly shutdown: 'poweroff' | 'pause';
  readonly watchdog: WatchdogAction;
}

/** A command line that asks for a text instead of a machine. */
export type Information = 'help' | 'version' | 'machine' | 'cpu' | 'device' | 'log' | 'chardev' | 'accel';

export class Draft {
  kernel: string | undefined;
  initrd: string | undefined;
  commandLine: string | undefined;
  memorySize = DEFAULT_MEMORY;
  cpus = 1;
  maximumCpus: number | undefined;
  model: string = DEFAULT_MODEL;
  loadParameter: string | undefined;
  name: string | undefined;
  uuid: Uint8Array | undefined;
  readonly chardevs = new Map<string, ChardevOptions>();
  readonly serials: (ChardevOptions | string | undefined)[] = [];
  readonly devices: ConsoleDevice[] = [];
  readonly virtio = new VirtioDraft();
  watchdog = false;
  readonly identifiers = new Set<string>();
  actions: Actions = { panic: 'shutdown', reboot: 'reset', shutdown: 'poweroff', watchdog: 'reset' };
  startStopped = false;
  gdb: SocketAddress | undefined;
  escape: number = DEFAULT_ESCAPE;
  logItems: readonly LogItem[] = [];
  logFile: string | undefined;
  defaults = true;
  tier: Tier | undefined;
  /** Keep translations for the next run. */
  keep: boolean | undefined;
  counters = false;
  nographic = false;
  display: 'none' | undefined;
  information: Information | undefined;
}
