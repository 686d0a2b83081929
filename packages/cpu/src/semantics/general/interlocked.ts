/**
 * Interlocked updates (Principles of Operation, chapter 7, "COMPARE AND SWAP", "COMPARE DOUBLE AND SWAP", "COMPARE
 * AND SWAP AND STORE", "LOAD AND ADD" to "LOAD AND OR", "TEST AND SET"; chapter 5, "Multiprocessing Considerations").
 */
import { I32, type I64 } from '@zarch/wasm';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { sum32, sum64 } from './arithmetic.ts';

export function defineInterlocked(table: DefinitionTable): void {
  table.define(['cs', 'csy'], (s) => {
    const operand = s.operand(2);
    s.requireAligned(operand, 4);
    const pointer = s.updatePointer(operand, 4).add(12);
    const expected = s.f.let(s.gr32('R1'));
    const old = s.f.let(s.f.atomic('i32', 'cmpxchg', 32, pointer, expected, s.gr32('R3')));
    exchanged(s, old.ne(expected), () => s.setGr32('R1', old));
  });
  table.define('csg', (s) => {
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const pointer = s.updatePointer(operand, 8).add(8);
    const expected = s.f.let(s.gr64('R1'));
    const old = s.f.let(s.f.atomic('i64', 'cmpxchg', 64, pointer, expected, s.gr64('R3')));
    exchanged(s, old.ne(expected), () => s.setGr64('R1', old));
  });
  table.define(['cds', 'cdsy'], (s) => {
    s.requireEven('R1', 'R3');
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const pointer = s.updatePointer(operand, 8).add(8);
    const pair = (name: 'R1' | 'R3') => s.gr32(name).extendU().shl(32).or(s.gr32(name, 1).extendU());
    const expected = s.f.let(pair('R1'));
    const old = s.f.let(s.f.atomic('i64', 'cmpxchg', 64, pointer, expected, pair('R3')));
    exchanged(s, old.ne(expected), () => {
      s.setGr32('R1', old.shrU(32).wrap());
      s.setGr32('R1', old.wrap(), 1);
    });
  });
  table.define('cdsg', (s) => {
    s.requireEven('R1', 'R3');
    const operand = s.operand(2);
    s.requireAligned(operand, 16);
    const expected = { high: s.f.let(s.gr64('R1')), low: s.f.let(s.gr64('R1', 1)) };
    const replacement = { high: s.f.let(s.gr64('R3')), low: s.f.let(s.gr64('R3', 1)) };
    const { old, different } = compareAndSwapQuadword(s, operand, expected, replacement);
    exchanged(s, different, () => {
      s.setGr64('R1', old.high);
      s.setGr64('R1', old.low, 1);
    });
  });
  defineLoadAnd(table);
  defineCompareSwapStore(table);
  table.define('ts', (s) => {
    const old = s.interlocked(s.operand(2), 'or', 8, I32.const(0xff));
    s.setCc(old.shrU(7).and(1));
  });
}

/** 0 and the operand replaced, or 1 and the first operand loaded from it. */
function exchanged(s: Semantics, different: I32, load: () => void): void {
  const condition = s.f.let(different);
  s.f.if(condition, load);
  s.setCc(condition);
}

interface Quadword {
  readonly high: I64;
  readonly low: I64;
}

/**
 * COMPARE AND SWAP of an aligned quadword. WebAssembly has no 16-byte access, so two doublewords stand for it: what
 * keeps other CPUs away from the quadword meanwhile belongs here.
 */
function compareAndSwapQuadword(
  s: Semantics,
  operand: StorageOperand,
  expected: Quadword,
  replacement: Quadword,
): { old: Quadword; different: I32 } {
  const { f } = s;
  const pointer = s.updatePointer(operand, 16);
  const old = { high: f.let(f.loadI64(pointer, 8)), low: f.let(f.loadI64(pointer)) };
  const different = f.let(old.high.xor(expected.high).or(old.low.xor(expected.low)).ne(0));
  f.if(different.eqz(), () => {
    f.store(pointer, 8, replacement.high, 64);
    f.store(pointer, 0, replacement.low, 64);
  });
  return { old, different };
}

/** Interlocked-access facility 1: the second operand goes to the first, its combination with the third replaces it. */
function defineLoadAnd(table: DefinitionTable): void {
  for (const [name, operation] of [
    ['laa', 'add'],
    ['laal', 'add'],
    ['lan', 'and'],
    ['lao', 'or'],
    ['lax', 'xor'],
  ] as const) {
    table.define(name, (s) => {
      const operand = s.operand(2);
      s.requireAligned(operand, 4);
      const value = s.f.let(s.gr32('R3'));
      const old = s.interlocked(operand, operation, 32, value);
      s.setGr32('R1', old);
      if (operation !== 'add') {
        s.setCcNonZero(old[operation](value));
        return;
      }
      const sum = sum32(s, old, value);
      if (name === 'laal') s.setCcLogical('addLogical', sum.value, value);
      else s.setCcSum('add', sum, value);
    });
    table.define(`${name}g`, (s) => {
      const operand = s.operand(2);
      s.requireAligned(operand, 8);
      const value = s.f.let(s.gr64('R3'));
      const old = s.interlocked(operand, operation, 64, value);
      s.setGr64('R1', old);
      if (operation !== 'add') {
        s.setCcNonZero(old[operation](value));
        return;
      }
      const sum = sum64(s, old, value);
      if (name === 'laal') s.setCcLogical('addLogical', sum.value, value);
      else s.setCcSum('add', sum, value);
    });
  }
}

/**
 * COMPARE AND SWAP AND STORE. GR0 has the size of the swap (function code 0 to 2 for 4 to 16 bytes) and of the store
 * (store characteristic 0 to 4 for 1 to 16 bytes); GR1 designates the replacement and, 16 bytes on, the store value.
 */
function defineCompareSwapStore(table: DefinitionTable): void {
  table.define('csst', (s) => {
    const { f } = s;
    const code = f.let(s.gr32(0).and(0xff));
    const characteristic = f.let(s.gr32(0).shrU(8).and(0xff));
    const [target, store] = [s.operand(1), s.operand(2)];
    // 16-byte sizes came with compare-and-swap-and-store facility 2.
    const wide = s.facility(33);
    s.programIf(code.gtU(wide.add(1)).or(characteristic.gtU(wide.add(3))), 6);
    const unaligned = (operand: StorageOperand, log: I32) =>
      operand.address.wrap().and(I32.const(1).shl(log).sub(1));
    s.programIf(unaligned(target, code.add(2)).or(unaligned(store, characteristic)), 6);
    s.programIf(code.eq(2).and(s.field('R3')).and(1), 6);

    const list: StorageOperand = { address: f.let(s.wrap(s.gr64(1))), ar: I32.const(1) };
    s.programIf(list.address.wrap().and(15), 6);
    const bytes = f.let(I32.const(1).shl(characteristic).extendU());
    const value = { high: s.load64(s.displaced(list, 16)), low: s.load64(s.displaced(list, 24)) };
    const different = f.local('i32');
    const write = () => {
      // The store value is left-aligned in its field.
      f.if(characteristic.eqz(), () => s.store8(store, value.high.shrU(56).wrap()));
      f.if(characteristic.eq(1), () => s.store16(store, value.high.shrU(48).wrap()));
      f.if(characteristic.eq(2), () => s.store32(store, value.high.shrU(32).wrap()));
      f.if(characteristic.geU(3), () => s.store64(store, value.high));
      f.if(characteristic.eq(4), () => s.store64(s.displaced(store, 8), value.low));
    };
    // Nothing may be swapped unless all can be stored; storing to it is part of the swap's own access check.
    s.checkStore(store, bytes);
    f.if(code.eqz(), () => {
      const replacement = s.load32(list);
      const pointer = s.updatePointer(target, 4).add(12);
      const expected = f.let(s.gr32('R3'));
      const old = f.let(f.atomic('i32', 'cmpxchg', 32, pointer, expected, replacement));
      f.set(different, old.ne(expected));
      s.setGr32('R3', old);
    });
    f.if(code.eq(1), () => {
      const replacement = s.load64(list);
      const pointer = s.updatePointer(target, 8).add(8);
      const expected = f.let(s.gr64('R3'));
      const old = f.let(f.atomic('i64', 'cmpxchg', 64, pointer, expected, replacement));
      f.set(different, old.ne(expected));
      s.setGr64('R3', old);
    });
    f.if(code.eq(2), () => {
      const replacement = { high: s.load64(list), low: s.load64(s.displaced(list, 8)) };
      const expected = { high: f.let(s.gr64('R3')), low: f.let(s.gr64('R3', 1)) };
      const swap = compareAndSwapQuadword(s, target, expected, replacement);
      f.set(different, swap.different);
      s.setGr64('R3', swap.old.high);
      s.setGr64('R3', swap.old.low, 1);
    });
    f.if(different.get().eqz(), write);
    s.setCc(different.get());
  });
}
