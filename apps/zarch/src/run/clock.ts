/** Node's clocks, as every thread sees them. */
import { performance } from 'node:perf_hooks';
import type { HostClock } from '@zarch/session';

// The module's performance, since the global one is found by a getter at every use. Its clock is cheaper than hrtime and
// runs alike; only its start differs from thread to thread.
const start = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const nodeClock: HostClock = {
  wall: () => Date.now(),
  monotonic: () => performance.now() + start,
};
