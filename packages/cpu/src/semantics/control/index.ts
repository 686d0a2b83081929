/** Control instructions (Principles of Operation, chapter 10). */
import type { DefinitionTable } from '../semantics.ts';
import { defineControlRegisters } from './control-registers.ts';
import { defineFacilityList } from './facility-list.ts';
import { defineIntercepted } from './intercepted.ts';
import { defineKeys } from './keys.ts';
import { defineMove } from './move.ts';
import { definePsw } from './psw.ts';
import { defineSystemMask } from './system-mask.ts';
import { defineTiming } from './timing.ts';
import { defineTranslation } from './translation.ts';

export function defineControl(table: DefinitionTable): void {
  definePsw(table);
  defineSystemMask(table);
  defineControlRegisters(table);
  defineTranslation(table);
  defineKeys(table);
  defineMove(table);
  defineTiming(table);
  defineFacilityList(table);
  defineIntercepted(table);
}
