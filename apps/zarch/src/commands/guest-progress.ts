/** How work on a guest's images is shown, and how a signal ends it. */
import process from 'node:process';
import { CommandError, ExitStatus } from '../command-error.ts';
import { GuestImageError, type GuestOptions, type Progress } from '../guest/index.ts';
import { ProgressDisplay } from '../progress-display.ts';

/** What a step is called; those that count packages have one line for all of them. */
const steps: Readonly<Record<Progress['step'], (item: string) => string>> = {
  download: (item) => `Fetching ${item}`,
  unpack: (item) => `Unpacking ${item}`,
  build: (item) => `Building ${item}`,
  format: (item) => `Formatting ${item}`,
  install: () => 'Unpacking packages',
  configure: () => 'Configuring packages',
};

type Work<T> = (report: Required<Pick<GuestOptions, 'signal' | 'progress'>>) => Promise<T>;

/**
 * Does work with progress on standard error, until a signal ends it.
 * @throws {CommandError} For what a user can do something about, and for a signal.
 */
export async function withProgress<T>(label: string, work: Work<T>): Promise<T> {
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
    display.step(label);
    return await work({
      signal: abort.signal,
      progress: ({ step, item, done, total, unit }) => display.step(steps[step](item), { done, total, unit }),
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
