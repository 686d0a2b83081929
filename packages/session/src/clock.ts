/** The host's clock in TOD-clock units, the same on every thread. */
import { TOD_UNIX_EPOCH } from '@zarch/cpu';

/** A host's clocks, as one thread sees them. */
export interface HostClock {
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds since a moment that is the same for all threads; never goes back. */
  readonly monotonic: () => number;
}

/** What ties the monotonic clock to the time of day; made once and given to every thread. */
export interface ClockOrigin {
  /** What both clocks showed at the same moment. */
  readonly wall: number;
  readonly monotonic: number;
}

const TOD_PER_MILLISECOND = 4_096_000;

export function clockOrigin({ wall, monotonic }: HostClock): ClockOrigin {
  return { wall: wall(), monotonic: monotonic() };
}

/** A clock in TOD-clock units that never goes back, for the origin's whole life. */
export function todClock(origin: ClockOrigin, { monotonic }: HostClock): () => bigint {
  const base = TOD_UNIX_EPOCH + BigInt(Math.floor(origin.wall)) * BigInt(TOD_PER_MILLISECOND);
  return () => base + BigInt(Math.floor((monotonic() - origin.monotonic) * TOD_PER_MILLISECOND));
}
