/** A browser's clocks, as every thread sees them. */
import type { HostClock } from '@zarch/session';

// Threads of a page begin at different times, but measure from them with one clock.
const start = performance.timeOrigin;

export const browserClock: HostClock = {
  wall: () => Date.now(),
  monotonic: () => performance.now() + start,
};
