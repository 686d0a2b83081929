/** All definitions, by chapter of the Principles of Operation. */
import { defineControl } from './control/index.ts';
import { defineFloatingPoint } from './floating-point/index.ts';
import { defineArithmetic } from './general/arithmetic.ts';
import { defineBlockBoundary } from './general/block-boundary.ts';
import { defineBranch } from './general/branch.ts';
import { defineCompare } from './general/compare.ts';
import { defineConvert } from './general/convert.ts';
import { defineInterlocked } from './general/interlocked.ts';
import { defineLoadStore } from './general/load-store.ts';
import { defineLogical } from './general/logical.ts';
import { defineLongOperands } from './general/long-operands.ts';
import { defineMultiplyDivide } from './general/multiply-divide.ts';
import { definePerformLockedOperation } from './general/perform-locked-operation.ts';
import { defineProgramControl } from './general/program-control.ts';
import { defineShift } from './general/shift.ts';
import { defineStorageToStorage } from './general/storage-to-storage.ts';
import { defineString } from './general/string.ts';
import { defineSubstring } from './general/substring.ts';
import { defineTranslate } from './general/translate.ts';
import { defineUnicode } from './general/unicode.ts';
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
  defineProgramControl(table);
  defineStorageToStorage(table);
  defineLongOperands(table);
  defineMultiplyDivide(table);
  defineInterlocked(table);
  defineString(table);
  defineTranslate(table);
  defineBlockBoundary(table);
  defineUnicode(table);
  defineConvert(table);
  definePerformLockedOperation(table);
  defineSubstring(table);
  return table;
}
