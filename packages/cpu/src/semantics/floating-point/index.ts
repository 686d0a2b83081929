/** Binary-floating-point and floating-point-support instructions (Principles of Operation, chapters 9 and 19). */
import type { DefinitionTable } from '../semantics.ts';
import { defineBfp } from './arithmetic.ts';
import { defineFpc } from './fpc.ts';
import { defineFloatingPointRegisters } from './registers.ts';

export function defineFloatingPoint(table: DefinitionTable): void {
  defineFloatingPointRegisters(table);
  defineFpc(table);
  defineBfp(table);
}
