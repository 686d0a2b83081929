/**
 * LOAD MULTIPLE and STORE MULTIPLE, of which access registers and control registers have their own (Principles of Operation,
 * chapter 7).
 */
import { I32, type Pointer } from '@zarch/wasm';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';

/**
 * Runs `each` for registers R1 to R3, wrapping from 15 to 0, with a pointer by which the register's element of `size`
 * bytes is at offset 16 - size. Access exceptions are found before anything is loaded or stored.
 */
export function multiple(
  s: Semantics,
  size: number,
  operand: StorageOperand,
  store: boolean,
  each: (register: I32, element: Pointer) => void,
): void {
  const { f } = s;
  const count = f.let(s.field('R3').sub(s.field('R1')).and(15).add(1));
  const bytes = f.let(count.mul(size));
  const first = store ? s.writeSpan(operand, bytes) : s.readPointer(operand, bytes);
  const fixed = count.constant;
  if (fixed === undefined) {
    const i = f.local('i32');
    f.set(i, I32.const(0));
    f.loop((again) => {
      const register = f.let(s.field('R1').add(i.get()).and(15));
      each(register, f.let(first.sub(i.get().mul(size).toPointer())));
      f.set(i, i.get().add(1));
      f.brIf(i.get().ltU(count), again);
    });
  } else {
    for (let i = 0; i < Number(fixed); i++) {
      each(s.field('R1').add(i).and(15), i === 0 ? first : f.let(first.sub(i * size)));
    }
  }
  if (store) s.commitSpan(first, operand, bytes);
}

export function defineMultiple(table: DefinitionTable): void {
  table.define(['lm', 'lmy'], (s) => {
    multiple(s, 4, s.operand(2), false, (register, element) => s.setGr32(register, s.f.loadI32(element, 12)));
  });
  table.define('lmg', (s) => {
    multiple(s, 8, s.operand(2), false, (register, element) => s.setGr64(register, s.f.loadI64(element, 8)));
  });
  table.define('lmh', (s) => {
    multiple(s, 4, s.operand(2), false, (register, element) =>
      s.setGrHigh(register, s.f.let(s.f.loadI32(element, 12))),
    );
  });
  table.define(['stm', 'stmy'], (s) => {
    multiple(s, 4, s.operand(2), true, (register, element) => s.f.store(element, 12, s.gr32(register)));
  });
  table.define('stmg', (s) => {
    multiple(s, 8, s.operand(2), true, (register, element) => s.f.store(element, 8, s.gr64(register), 64));
  });
  table.define('stmh', (s) => {
    multiple(s, 4, s.operand(2), true, (register, element) => s.f.store(element, 12, s.grHigh(register)));
  });
  table.define('lmd', (s) => {
    const high = s.operand(2);
    const low = s.operand(4);
    const last = (operand: StorageOperand, count: I32) =>
      f.drop(s.load8(s.displaced(operand, count.shl(2).sub(1).extendU())));
    const { f } = s;
    const count = f.let(s.field('R3').sub(s.field('R1')).and(15).add(1));
    for (const operand of [high, low]) {
      f.drop(s.load8(operand));
      last(operand, count);
    }
    const i = f.local('i32');
    f.set(i, I32.const(0));
    f.loop((again) => {
      const offset = f.let(i.get().shl(2).extendU());
      const left = s.load32(s.displaced(high, offset)).extendU().shl(32);
      const right = s.load32(s.displaced(low, offset)).extendU();
      s.setGr64(f.let(s.field('R1').add(i.get()).and(15)), left.or(right));
      f.set(i, i.get().add(1));
      f.brIf(i.get().ltU(count), again);
    });
  });
}
