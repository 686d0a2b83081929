/** What an I/O instruction did. */
import { ProgramInterruption } from '@zarch/arch';

export type ConditionCode = 0 | 1 | 2 | 3;

/**
 * A condition code, with what the instruction stores at its operand, or a program interruption.
 *
 * An instruction that stores recognizes access exceptions before it looks at a subchannel's state: the caller tests
 * the operand for stores even when there is nothing to store.
 */
export type IoResult =
  | { readonly kind: 'cc'; readonly cc: ConditionCode; readonly data?: Uint8Array }
  | { readonly kind: 'program'; readonly code: number };

/** The result of an instruction that leaves the condition code alone. */
export type IoControlResult =
  | { readonly kind: 'done'; readonly data?: Uint8Array }
  | { readonly kind: 'program'; readonly code: number };

/** An operand exception. */
export const operandException = { kind: 'program', code: ProgramInterruption.operand } as const;

export function conditionCode(cc: ConditionCode, data?: Uint8Array): IoResult {
  return data === undefined ? { kind: 'cc', cc } : { kind: 'cc', cc, data };
}
