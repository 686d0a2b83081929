/** STORE FACILITY LIST EXTENDED (Principles of Operation, chapter 7), over the facilities announced to the guest. */
import { I32, I64 } from '@zarch/wasm';
import { cpuLayout } from '../../cpu-layout.ts';
import type { DefinitionTable } from '../semantics.ts';

const DOUBLEWORDS = 4;

export function defineFacilityList(table: DefinitionTable): void {
  table.define('stfle', (s) => {
    const { f, cpu } = s;
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const word = (i: number) => f.loadI64(cpu, cpuLayout.announced + 8 * i);
    // How many doublewords are needed for the rightmost facility bit that is one.
    const needed = f.local('i32');
    f.set(needed, I32.const(1));
    for (let i = 1; i < DOUBLEWORDS; i++) f.if(word(i).ne(0), () => f.set(needed, I32.const(i + 1)));
    const offered = f.let(s.gr32(0).and(0xff).add(1));
    const count = f.let(f.select(offered.ltU(needed.get()), offered, needed.get()));
    s.checkStore(operand, count.shl(3).extendU());
    for (let i = 0; i < DOUBLEWORDS; i++) {
      f.if(count.gtU(i), () => s.store64(s.displaced(operand, 8 * i), f.let(word(i))));
    }
    s.setGr64(0, s.gr64(0).and(~0xffn).or(needed.get().sub(1).extendU()));
    s.setCc(f.select(offered.ltU(needed.get()), I32.const(3), I32.const(0)));
  });
  // Attributes of a cache hierarchy that is not modelled: a line of 256 bytes, otherwise zero (chapter 7).
  table.define('ecag', (s) => {
    const attribute = s.f.let(s.addressValue(2).shrU(4).wrap().and(15));
    const level = s.f.let(s.addressValue(2).shrU(1).wrap().and(7));
    const line = attribute.eq(1).and(level.eqz());
    s.setGr64('R1', s.f.select(line, I64.const(256), I64.const(0)));
  });
}
