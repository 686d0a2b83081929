/** What a debugger or a tracer sees of a vCPU that executes one instruction at a time. */
import type { OperandAccess } from './accesses.ts';
import type { CpuBlock } from './block-view.ts';
import type { Exit } from './cpu-layout.ts';

/** Kinds of interruption, whether interpretive execution presents them or the hypervisor. */
export type InterruptionKind = 'program' | 'supervisor-call' | 'external' | 'io' | 'machine-check';

/** Given to `Engine.run`; without one nothing is paid. */
export interface EngineDebug {
  /** Whether every instruction is looked at, or only those that use held pages, see `Engine.holdPages`. */
  readonly stepsAll: boolean;
  /** Whether {@link afterInstruction} wants to know the storage operands. */
  readonly recordsAccesses: boolean;
  /** Whether a single step leaves external interruptions pending, so that it is not lost in their handlers. */
  readonly masksSteps: boolean;
  /** Asked before each instruction that is looked at. @returns Whether to leave interpretive execution first. */
  beforeInstruction(block: CpuBlock): boolean;
  /**
   * Told after each instruction that is looked at, before an interruption that it caused is presented.
   *
   * @param accesses - In order; empty without {@link recordsAccesses}.
   * @returns Whether to leave interpretive execution once that is done.
   */
  afterInstruction(block: CpuBlock, exit: Exit, accesses: readonly OperandAccess[]): boolean;
  /** Told when an interruption is about to be presented. */
  interruption(kind: InterruptionKind, code: number, block: CpuBlock): void;
}
