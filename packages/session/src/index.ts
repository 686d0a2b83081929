export { type ClockOrigin, type HostClock, todClock } from './clock.ts';
export { type ConsoleKind, makeConsole, type Terminal } from './console.ts';
export { crashText } from './crash-text.ts';
export { InputQueue } from './input-queue.ts';
export {
  LoadError,
  Session,
  type SessionActions,
  type SessionEnd,
  type SessionEvent,
  type SessionOptions,
  type WatchdogAction,
} from './session.ts';
export type { SessionHost, VcpuWorker, VcpuWorkerEvents } from './session-host.ts';
export { type Tier, tiers, translationThreshold } from './tier.ts';
export type { VcpuCounters, VcpuMessage, VcpuWorkerData } from './vcpu-protocol.ts';
