/** LOAD COUNT TO BLOCK BOUNDARY (Principles of Operation, chapter 7). */
import { ProgramInterruption } from '@zarch/arch';
import { I32, I64 } from '@zarch/wasm';
import type { DefinitionTable } from '../semantics.ts';

export function defineBlockBoundary(table: DefinitionTable): void {
  table.define('lcbb', (s) => {
    const { f } = s;
    const code = f.let(s.field('M3'));
    s.programIf(code.gtU(6), ProgramInterruption.specification);
    const block = f.let(I64.const(64).shl(code.extendU()));
    const left = f.let(block.sub(s.addressValue(2).and(block.sub(1))).wrap());
    const whole = f.let(left.geU(16));
    s.setGr32('R1', f.select(whole, I32.const(16), left));
    s.setCc(f.select(whole, I32.const(0), I32.const(3)));
  });
}
