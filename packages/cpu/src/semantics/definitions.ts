/** All definitions, by chapter of the Principles of Operation. */
import { defineControl } from './control/index.ts';
import { defineFloatingPoint } from './floating-point/index.ts';
import { defineArithmetic } from './general/arithmetic.ts';
import { defineBranch } from './general/branch.ts';
import { defineCompare } from './general/compare.ts';
import { defineInterlocked } from './general/interlocked.ts';
import { defineLoadStore } from './general/load-store.ts';
import { defineLogical } from './general/logical.ts';
import { defineLongOperands } from './general/long-operands.ts';
import { defineMultiplyDivide } from './general/multiply-divide.ts';
import { defineShift } from './general/shift.ts';
import { defineStorageToStorage } from './general/storage-to-storage.ts';
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
  defineFloatingPoint(table);
  defineControl(table);
  defineStorageToStorage(table);
  defineLongOperands(table);
  defineMultiplyDivide(table);
  defineInterlocked(table);
  return table;
}
