/** What the channel subsystem asks of a subchannel (Principles of Operation, chapter 14, "I/O Instructions"). */
import type { ConditionCode } from './result.ts';

export interface Subchannel {
  /** The subchannel-information block, 52 bytes. */
  schib(): Uint8Array;
  /** MODIFY SUBCHANNEL, with a block whose reserved bits are zero. */
  modify(schib: Uint8Array): ConditionCode;
  /** START SUBCHANNEL, with an operation-request block whose reserved bits are zero. */
  start(orb: Uint8Array): ConditionCode;
  /** TEST SUBCHANNEL: the interruption-response block, and the end of the pending status. */
  test(): { readonly cc: ConditionCode; readonly irb: Uint8Array };
  clear(): ConditionCode;
  halt(): ConditionCode;
  resume(): ConditionCode;
  cancel(): ConditionCode;
  /** I/O-system reset. */
  reset(): void;
}
