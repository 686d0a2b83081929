/** One boot of the guest in one emulator, from the start of its process to its end. */
import { spawn } from 'node:child_process';
import { type Counters, readCounters } from './counters.ts';
import type { CommandLine } from './emulator.ts';
import { type CaseEnd, MarkerReader } from './markers.ts';
import { peakMemory } from './peak-memory.ts';

/** What one boot gave. Times are seconds from the start of the process. */
export interface Boot {
  readonly kernel: number | undefined;
  readonly ready: number | undefined;
  /** When a terminal asked for a user's name. */
  readonly login: number | undefined;
  readonly end: number;
  /** Bytes. */
  readonly memory: number | undefined;
  readonly ends: readonly CaseEnd[];
  readonly counters: Counters | undefined;
  /** Why the process ended before the guest had powered off by itself, and in which case. */
  readonly broken: { readonly reason: string; readonly name: string | undefined } | undefined;
}

const POLL = 50;
const STDERR_LIMIT = 100_000;

/**
 * Boots, and ends the process when a case, or the boot up to the first one, takes too long.
 * @param limit - Seconds.
 */
export function boot({ program, args, env, directory, endsAt }: CommandLine, limit: number): Promise<Boot> {
  const started = performance.now();
  const now = (): number => (performance.now() - started) / 1000;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    cwd: directory,
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const reader = new MarkerReader();
  let errors = '';
  let memory: number | undefined;
  let last = 0;
  let overdue: string | undefined;

  const watch = setInterval(() => {
    memory = peakMemory(child.pid ?? 0) ?? memory;
    if (overdue !== undefined || now() - last < limit) return;
    overdue = `over the limit of ${limit} s`;
    child.kill('SIGKILL');
  }, POLL);
  child.stdout.on('data', (data: Buffer) => {
    const [before, count] = [reader.current, reader.ends.length];
    reader.push(data.toString('latin1'), now());
    if (reader.current !== before || reader.ends.length !== count) last = now();
    if (endsAt?.test(reader.tail)) child.kill('SIGKILL');
  });
  child.stderr.on('data', (data: Buffer) => {
    errors = (errors + data.toString()).slice(-STDERR_LIMIT);
  });

  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearInterval(watch);
      process.off('exit', endWithUs);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    let end = 0;
    child.on('exit', () => {
      end = now();
    });
    child.on('close', (status, signal) => {
      settle();
      const { kernel, ready, login, ends, current, done, tail } = reader;
      const said = `${tail.slice(-300)}${errors.slice(-300)}`.trim();
      const ended = status === 0 ? 'ended too early' : `ended with ${signal ?? `status ${status}`}`;
      const reason = ready !== undefined && overdue !== undefined ? overdue : `${overdue ?? ended}: ${said}`;
      const isWhole = (done || login !== undefined) && (status === 0 || endsAt !== undefined);
      const broken = isWhole ? undefined : { reason, name: current?.name };
      resolve({ kernel, ready, login, end, memory, ends, counters: readCounters(errors), broken });
    });
  });
}
