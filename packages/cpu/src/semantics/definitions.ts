/** All definitions, by chapter of the Principles of Operation. */
import { defineArithmetic } from './general/arithmetic.ts';
import { defineBranch } from './general/branch.ts';
import { defineCompare } from './general/compare.ts';
import { defineLoadStore } from './general/load-store.ts';
import { defineLogical } from './general/logical.ts';
import { defineShift } from './general/shift.ts';
import { DefinitionTable } from './semantics.ts';

/** The meaning of every instruction that zarch executes. */
export function createDefinitions(): DefinitionTable {
  const table = new DefinitionTable();
  defineArithmetic(table);
  defineLogical(table);
  defineCompare(table);
  defineLoadStore(table);
  defineBranch(table);
  defineShift(table);
  return table;
}
