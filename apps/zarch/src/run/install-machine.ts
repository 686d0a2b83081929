/** The machine that installs a system on a disk: no terminal, a folder of the host and a network to nowhere. */
import { DEFAULT_MODEL } from '@zarch/machine';
import { DEFAULT_ESCAPE } from '../chardev/escape.ts';
import type { Installation } from '../guest/index.ts';
import { runMachine } from './run-machine.ts';
import { defaultTier, translationDirectory } from './tier.ts';

const MEMORY = 2 ** 30;

/** @param report - Gets lines about the program itself. */
export async function runInstallation(
  { kernel, initrd, commandLine, disk, share, onOutput }: Installation,
  report: (line: string) => void,
): Promise<'powered off' | 'crashed' | 'interrupted'> {
  const device = { address: undefined, lastRevision: undefined };
  const end = await runMachine({
    files: { kernel, initrd, commandLine },
    ...{ memorySize: MEMORY, cpus: 1, maximumCpus: 1, model: DEFAULT_MODEL },
    consoles: [{ device: 'vt220', chardev: { kind: 'null' } }],
    devices: [
      {
        ...device,
        kind: 'block',
        option: 'the new disk',
        image: {
          file: disk,
          readOnly: false,
          // It is flushed as a whole when the machine has ended well.
          cache: { writeback: true, direct: false, noFlush: true },
          ...{ snapshot: false, locking: false, raw: true, option: 'the new disk' },
        },
        blocks: { logical: 512, physical: 4096 },
        ...{ serial: '', queues: 1, queueSize: 256, writeCache: undefined },
      },
      {
        ...device,
        ...{
          kind: 'ninep',
          option: 'the packages',
          tag: share.tag,
          path: share.path,
          readOnly: true,
          owners: false,
        },
      },
    ],
    watchdog: false,
    actions: { panic: 'exit-failure', reboot: 'shutdown', shutdown: 'poweroff', watchdog: 'reset' },
    startStopped: false,
    tier: defaultTier(),
    translations: translationDirectory(undefined),
    counters: false,
    escape: DEFAULT_ESCAPE,
    askGuest: false,
    report,
    onOutput,
    onEvent: () => {},
  });
  if (end.kind === 'shutdown') return 'powered off';
  return end.kind === 'crash' ? 'crashed' : 'interrupted';
}
