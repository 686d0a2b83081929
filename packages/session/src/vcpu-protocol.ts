/** What passes between the machine's thread and a vCPU's worker. */
import type { CodeCacheCounters } from '@zarch/cpu';
import type { VcpuExit, VmHandle } from '@zarch/kvm';
import type { TraceItems } from '@zarch/machine/trace';
import type { ClockOrigin } from './clock.ts';

export interface VcpuWorkerData {
  readonly vm: VmHandle;
  readonly cpuAddress: number;
  readonly clock: ClockOrigin;
  readonly trace: TraceItems | undefined;
  /** Visits after which code is translated; 0 is never. */
  readonly threshold: number;
  /** Words: {@link Mailbox}. */
  readonly mailbox: SharedArrayBuffer;
}

/** Words of the mailbox. */
export const Mailbox = {
  /** 0 while the worker waits for an order, then one of {@link Order}. */
  order: 0,
  /** Pieces of trace that have been sent and not yet been taken. */
  traces: 1,
  /** Not 0 when the machine, and nobody else, wants the vCPU back. */
  interrupt: 2,
  /** Messages that have been posted to the vCPU's thread, where it has to be told of them. */
  messages: 3,
  words: 4,
} as const;

export const Order = { none: 0, run: 1, step: 2 } as const;

/** From the worker: an exit that the machine has to handle before the next order. */
export interface ExitMessage {
  readonly exit: VcpuExit;
  readonly counters: VcpuCounters;
}

/** From the worker, ahead of the exit that follows it: lines of trace, each with its end. */
export interface TraceMessage {
  readonly trace: string;
}

/** From the worker, at any time: an event is pending in the VM's `IoEvents`. */
export interface IoEventMessage {
  readonly ioEvent: true;
}

/** From the worker. */
export type VcpuMessage = ExitMessage | TraceMessage | IoEventMessage;

/** Counts since the vCPU was made. */
export interface VcpuCounters {
  readonly slices: number;
  /** Instructions executed one at a time. */
  readonly steps: number;
  readonly tlbMisses: number;
  /** Times that translated code was entered from outside, and what became of it. */
  readonly regionEntries: number;
  /** Pieces of code between branches that were interpreted. */
  readonly interpreted: number;
  readonly code: CodeCacheCounters | undefined;
  readonly programInterruptions: number;
  readonly externalInterruptions: number;
  readonly supervisorCalls: number;
  readonly interceptions: readonly (readonly [code: number, count: number])[];
}
