// Many packages, several at a time.
import { type ArchiveOptions, fetchPackage } from './archive.ts';
import type { LockedPackage } from './lock.ts';

const AT_A_TIME = 4;

/**
 * Makes packages available in the cache and gives each to `use` as soon as it is there, in no particular order. Reports
 * their bytes together.
 * @throws GuestImageError the first failure; the other downloads end, and another call goes on with them
 */
export async function fetchPackages(
  packages: readonly LockedPackage[],
  options: Pick<ArchiveOptions, 'mirrors' | 'cache' | 'progress' | 'signal' | 'timing'>,
  use: (locked: LockedPackage, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const total = packages.reduce((sum, { size }) => sum + size, 0);
  const item = `${packages.length} packages`;
  const done = new Map<string, number>();
  const report = (name: string, bytes: number): void => {
    done.set(name, bytes);
    const sum = [...done.values()].reduce((a, b) => a + b, 0);
    options.progress?.({ step: 'download', item, done: sum, total });
  };
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const waiting = packages.values();
  const work = async (): Promise<void> => {
    for (const locked of waiting) {
      signal.throwIfAborted();
      const name = locked.package;
      const progress = (step: { readonly done: number }) => report(name, step.done);
      const bytes = await fetchPackage(locked, { ...options, signal, progress });
      report(name, locked.size);
      await use(locked, bytes);
    }
  };
  const workers = Array.from({ length: AT_A_TIME }, async () => {
    try {
      await work();
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  const failed = (await Promise.allSettled(workers)).some(({ status }) => status === 'rejected');
  if (failed) throw stop.signal.reason;
}
