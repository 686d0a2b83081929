/**
 * The names of registers in assembler source: `%r1`, `%f1`, `%v1`, `%a1`, `%c1`.
 * Principles of Operation, "Program Execution", section "Register Operands", has the kinds of registers.
 */
import type { FieldOperand } from './instruction.ts';

const letters: Readonly<Record<string, string>> = { g: 'r', f: 'f', v: 'v', a: 'a', c: 'c' };

/** The letter of a register operand's name (`r` for `%r1`); undefined for an operand of another kind. */
export function registerLetter(operand: FieldOperand): string | undefined {
  const { kind } = operand;
  if (kind === 'mask' || kind === 'u' || kind === 's' || kind === 'rel') return undefined;
  return letters[kind.charAt(0)];
}
