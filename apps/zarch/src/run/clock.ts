/** The host's clock in TOD-clock units, the same on every thread. */
import { TOD_UNIX_EPOCH } from '@zarch/cpu';

/** What ties the monotonic clock to the time of day; made once and given to every thread. */
export interface ClockOrigin {
  /** Milliseconds since 1970 at the moment that the monotonic clock showed `monotonic` nanoseconds. */
  readonly wall: number;
  readonly monotonic: bigint;
}

export function clockOrigin(): ClockOrigin {
  return { wall: Date.now(), monotonic: process.hrtime.bigint() };
}

/** A clock that never goes back. */
export function hostClock({ wall, monotonic }: ClockOrigin): () => bigint {
  const base = TOD_UNIX_EPOCH + BigInt(wall) * 4_096_000n;
  // performance.now is cheaper than hrtime and runs alike; only its start differs from thread to thread.
  const offset = Number(process.hrtime.bigint() - monotonic) / 1e6 - performance.now();
  return () => base + BigInt(Math.floor((performance.now() + offset) * 4_096_000));
}
