/** What a session needs of the host it runs on, Node or a browser. */
import type { DebugSettings } from '@zarch/kvm';
import type { HostClock } from './clock.ts';
import type { VcpuMessage, VcpuWorkerData } from './vcpu-protocol.ts';

export interface SessionHost {
  readonly clock: HostClock;
  /** Has work done later, not before others had a turn. */
  readonly defer: (work: () => void) => void;
  /** Has work done once, after so many milliseconds, unless the function it gives is called before. */
  readonly schedule: (milliseconds: number, work: () => void) => () => void;
  /** Starts a thread that calls `runVcpu` with the data. */
  readonly startVcpu: (data: VcpuWorkerData, events: VcpuWorkerEvents) => VcpuWorker;
}

export interface VcpuWorkerEvents {
  /** Gets what `runVcpu` posts. */
  readonly onMessage: (message: VcpuMessage) => void;
  /** The worker failed or ended by itself, which is an error in zarch. */
  readonly onError: (error: Error) => void;
}

/** The machine's hold on a vCPU's thread. */
export interface VcpuWorker {
  /** Posts break- and watchpoints. */
  readonly post: (settings: DebugSettings) => void;
  /** Ends the thread, and its translator's, wherever they are. */
  readonly terminate: () => Promise<void>;
}
