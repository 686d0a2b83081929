/**
 * The threads of CPU 0, started before the program itself is loaded. Each takes a tenth of a second until it can work,
 * and so does the program: they do that side by side.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { cacheDirectory } from '../cache-directory.ts';
import { workerLimits } from './engine-flags.ts';

export type ThreadKind = 'vcpu' | 'translator';

const early = new Map<ThreadKind, Worker>();

/** Has Node keep what it makes of our sources, in the user's cache. */
export function keepCompiledSources(): void {
  const { directory } = enableCompileCache(join(cacheDirectory(), 'node'));
  // Threads look for it in their environment.
  if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory;
}

/** Whether QEMU's options run a machine: without a kernel they ask for information, or are not complete. */
export function runsMachine(options: readonly string[]): boolean {
  return options.some((option) => /^--?kernel$/.test(option));
}

/** Starts the threads of CPU 0. They keep no process from ending. */
export function startThreads(): void {
  for (const kind of ['vcpu', 'translator'] as const) early.set(kind, start(kind, 0));
}

/** A thread for a CPU, one that was started early if there is any: it waits for its first message. */
export function threadFor(kind: ThreadKind, cpuAddress: number): Worker {
  const started = cpuAddress === 0 ? early.get(kind) : undefined;
  if (!started) return start(kind, cpuAddress);
  early.delete(kind);
  return started;
}

/** Ends a thread that turned out not to be needed, if it was started early. */
export function endSpareThread(kind: ThreadKind): void {
  void early.get(kind)?.terminate();
  early.delete(kind);
}

function start(kind: ThreadKind, cpuAddress: number): Worker {
  // Built code has its worker beside it; in the source tree it is one folder up.
  const file = import.meta.url.endsWith('.ts') ? `../${kind}-worker.ts` : `./${kind}-worker.js`;
  const worker = new Worker(new URL(file, import.meta.url), {
    name: `${kind} ${cpuAddress}`,
    resourceLimits: workerLimits,
  });
  worker.unref();
  return worker;
}
