/** Loads, stores, inserts and conditional loads (Principles of Operation, chapter 7, "LOAD" to "STORE ..."). */
import type { FieldName } from '@zarch/isa';
import { I32, I64 } from '@zarch/wasm';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { defineMultiple, multiple } from './load-store-multiple.ts';
import * as from from './sources.ts';

const load32: Readonly<Record<string, from.Source32>> = {
  lr: from.reg32('R2'),
  l: from.mem32,
  ly: from.mem32,
  lrl: from.rel32,
  lhi: from.imm32,
  lh: from.mem16s32,
  lhy: from.mem16s32,
  lhrl: from.rel16s,
  lhr: (s) => s.gr32('R2').extend16S(),
  lbr: (s) => s.gr32('R2').extend8S(),
  lb: (s) => s.load8(s.operand(2), true),
  llcr: (s) => s.gr32('R2').and(0xff),
  llhr: (s) => s.gr32('R2').and(0xffff),
  llc: (s) => s.load8(s.operand(2)),
  llh: (s) => s.load16(s.operand(2)),
  llhrl: from.rel16u,
  lrvr: (s) => reversed32(s, s.gr32('R2')),
  lrv: (s) => reversed32(s, s.load32(s.operand(2))),
  lzrf: (s) => s.load32(s.operand(2)).and(~0xff),
};
const load64: Readonly<Record<string, from.Source64>> = {
  lgr: from.reg64('R2'),
  lgfr: from.reg32s,
  lg: from.mem64,
  lgf: from.mem32s,
  lgrl: from.rel64,
  lgfrl: from.rel32s,
  lghi: from.imm64,
  lgfi: from.imm64,
  lgh: from.mem16s64,
  lghrl: (s) => from.rel16s(s).extendS(),
  lghr: (s) => s.gr32('R2').extend16S().extendS(),
  lgbr: (s) => s.gr32('R2').extend8S().extendS(),
  lgb: (s) => s.load8(s.operand(2), true).extendS(),
  llgfr: from.reg32u,
  llgf: from.mem32u,
  llgfrl: from.rel32u,
  llgcr: (s) => s.gr32('R2').and(0xff).extendU(),
  llghr: (s) => s.gr32('R2').and(0xffff).extendU(),
  llgc: (s) => s.load8(s.operand(2)).extendU(),
  llgh: (s) => s.load16(s.operand(2)).extendU(),
  llghrl: (s) => from.rel16u(s).extendU(),
  llgtr: (s) => s.gr32('R2').and(0x7fff_ffff).extendU(),
  llgt: (s) => s.load32(s.operand(2)).and(0x7fff_ffff).extendU(),
  lrvgr: (s) => reversed64(s, s.gr64('R2')),
  lrvg: (s) => reversed64(s, s.load64(s.operand(2))),
  lzrg: (s) => s.load64(s.operand(2)).and(~0xffn),
  llzrgf: (s) => s.load32(s.operand(2)).and(~0xff).extendU(),
};

/** The bytes of a word in the opposite order. */
function reversed32(s: Semantics, value: I32): I32 {
  const v = s.f.let(value);
  return v
    .rotl(8)
    .and(0x00ff_00ff)
    .or(v.rotr(8).and(0xff00_ff00 | 0));
}
function reversed64(s: Semantics, value: I64): I64 {
  const v = s.f.let(value);
  const low = reversed32(s, v.wrap()).extendU().shl(32);
  return low.or(reversed32(s, v.shrU(32).wrap()).extendU());
}

export function defineLoadStore(table: DefinitionTable): void {
  for (const [mnemonic, source] of Object.entries(load32)) {
    table.define(mnemonic, (s) => s.setGr32('R1', source(s)));
  }
  for (const [mnemonic, source] of Object.entries(load64)) {
    table.define(mnemonic, (s) => s.setGr64('R1', source(s)));
  }
  defineLoadAndTest(table);
  defineAddress(table);
  defineHighWord(table);
  defineStore(table);
  defineMoveImmediate(table);
  defineCharacters(table);
  defineMultiple(table);
  defineOnCondition(table);
  defineQuadword(table);
  // Prefetch and perform-processor-assist functions are hints that need not be acted on.
  table.define(['pfd', 'pfdrl'], () => {});
  table.define('ppa', () => {});
}

function defineLoadAndTest(table: DefinitionTable): void {
  for (const [mnemonic, source] of [
    ['ltr', from.reg32('R2')],
    ['lt', from.mem32],
  ] as const) {
    table.define(mnemonic, (s) => {
      const value = s.f.let(source(s));
      s.setGr32('R1', value);
      s.setCcSigned(value);
    });
  }
  const rows64 = { ltgr: from.reg64('R2'), ltgfr: from.reg32s, ltg: from.mem64, ltgf: from.mem32s };
  for (const [mnemonic, source] of Object.entries(rows64)) {
    table.define(mnemonic, (s) => {
      const value = s.f.let(source(s));
      s.setGr64('R1', value);
      s.setCcSigned(value);
    });
  }
  // Complement and positive overflow for the greatest negative number.
  const absolutes = ['c', 'p', 'n'] as const;
  for (const kind of absolutes) {
    table.define(`l${kind}r`, (s) => {
      const value = s.f.let(s.gr32('R2'));
      const result = s.f.let(signed32(s, kind, value));
      s.setGr32('R1', result);
      if (kind === 'n') s.setCcSigned(result);
      else s.setCcOverflow(result, value.eq(0x8000_0000 | 0));
    });
    for (const [mnemonic, source] of [
      [`l${kind}gr`, from.reg64('R2')],
      [`l${kind}gfr`, from.reg32s],
    ] as const) {
      table.define(mnemonic, (s) => {
        const value = s.f.let(source(s));
        const result = s.f.let(signed64(s, kind, value));
        s.setGr64('R1', result);
        if (kind === 'n') s.setCcSigned(result);
        else s.setCcOverflow(result, value.eq(-(1n << 63n)));
      });
    }
  }
}

function signed32(s: Semantics, kind: 'c' | 'p' | 'n', value: I32): I32 {
  const negated = I32.const(0).sub(value);
  if (kind === 'c') return negated;
  return s.f.select(kind === 'p' ? value.ltS(0) : value.gtS(0), negated, value);
}
function signed64(s: Semantics, kind: 'c' | 'p' | 'n', value: I64): I64 {
  const negated = I64.const(0).sub(value);
  if (kind === 'c') return negated;
  return s.f.select(kind === 'p' ? value.ltS(0) : value.gtS(0), negated, value);
}

function defineAddress(table: DefinitionTable): void {
  table.define(['la', 'lay'], (s) => s.setGrAddress('R1', s.addressValue(2)));
  table.define('larl', (s) => s.setGrAddress('R1', s.f.let(s.relative('RI2'))));
  table.define(['lae', 'laey'], (s) => {
    const operand = s.operand(2);
    s.setGrAddress('R1', operand.address);
    // The access register follows the address-space control: 0, 1 or 2 outside AR mode.
    const space = s.f.let(s.psw().shrU(46).wrap().and(3));
    const own = s.f.select(operand.ar, s.ar(operand.ar), I32.const(0));
    const byMode = s.f.select(space.eq(2), I32.const(1), s.f.select(space.eq(3), I32.const(2), I32.const(0)));
    s.setAr('R1', s.f.let(s.f.select(space.eq(1), own, byMode)));
  });
  for (const [mnemonic, next] of [
    ['lam', 4],
    ['lamy', 4],
  ] as const) {
    table.define(mnemonic, (s) => {
      const operand = s.operand(2);
      s.requireAligned(operand, next);
      multiple(s, next, operand, false, (register, element) => s.setAr(register, s.f.loadI32(element, 12)));
    });
  }
  for (const mnemonic of ['stam', 'stamy']) {
    table.define(mnemonic, (s) => {
      const operand = s.operand(2);
      s.requireAligned(operand, 4);
      multiple(s, 4, operand, true, (register, element) => s.f.store(element, 12, s.ar(register)));
    });
  }
  table.define('cpya', (s) => s.setAr('R1', s.ar('R2')));
  table.define('ear', (s) => s.setGr32('R1', s.ar('R2')));
  table.define('sar', (s) => s.setAr('R1', s.gr32('R2')));
}

function defineHighWord(table: DefinitionTable): void {
  table.define('lfh', (s) => s.setGrHigh('R1', s.load32(s.operand(2))));
  table.define('lhh', (s) => s.setGrHigh('R1', s.load16(s.operand(2), true)));
  table.define('lbh', (s) => s.setGrHigh('R1', s.load8(s.operand(2), true)));
  table.define('llch', (s) => s.setGrHigh('R1', s.load8(s.operand(2))));
  table.define('llhh', (s) => s.setGrHigh('R1', s.load16(s.operand(2))));
  table.define('stfh', (s) => s.store32(s.operand(2), s.grHigh('R1')));
  table.define('sthh', (s) => s.store16(s.operand(2), s.grHigh('R1')));
  table.define('stch', (s) => s.store8(s.operand(2), s.grHigh('R1')));
}

function defineStore(table: DefinitionTable): void {
  table.define(['st', 'sty'], (s) => s.store32(s.operand(2), s.gr32('R1')));
  table.define('stg', (s) => s.store64(s.operand(2), s.gr64('R1')));
  table.define(['sth', 'sthy'], (s) => s.store16(s.operand(2), s.gr32('R1')));
  table.define(['stc', 'stcy'], (s) => s.store8(s.operand(2), s.gr32('R1')));
  table.define('strl', (s) => {
    const operand = s.relativeOperand('RI2');
    s.requireAligned(operand, 4);
    s.store32(operand, s.gr32('R1'));
  });
  table.define('stgrl', (s) => {
    const operand = s.relativeOperand('RI2');
    s.requireAligned(operand, 8);
    s.store64(operand, s.gr64('R1'));
  });
  table.define('sthrl', (s) => s.store16(s.relativeOperand('RI2'), s.gr32('R1')));
  table.define('strv', (s) => s.store32(s.operand(2), reversed32(s, s.gr32('R1'))));
  table.define('strvg', (s) => s.store64(s.operand(2), reversed64(s, s.gr64('R1'))));
  table.define('strvh', (s) => {
    const value = s.f.let(s.gr32('R1'));
    s.store16(s.operand(2), value.shrU(8).and(0xff).or(value.shl(8)));
  });
  table.define('lrvh', (s) => {
    const value = s.load16(s.operand(2));
    const swapped = value.shrU(8).or(value.shl(8)).and(0xffff);
    s.setGr32('R1', s.gr32('R1').and(~0xffff).or(swapped));
  });
}

function defineMoveImmediate(table: DefinitionTable): void {
  table.define(['mvi', 'mviy'], (s) => s.store8(s.operand(1), s.field('I2')));
  table.define('mvhhi', (s) => s.store16(s.operand(1), s.signed('I2').wrap()));
  table.define('mvhi', (s) => s.store32(s.operand(1), s.signed('I2').wrap()));
  table.define('mvghi', (s) => s.store64(s.operand(1), s.signed('I2')));
}

/** INSERT CHARACTER, and the forms under a four-bit mask whose selected bytes are contiguous in storage. */
function defineCharacters(table: DefinitionTable): void {
  table.define(['ic', 'icy'], (s) => {
    const byte = s.load8(s.operand(2));
    s.setGr32('R1', s.gr32('R1').and(~0xff).or(byte));
  });
  const halves = [
    ['', false],
    ['y', false],
    ['h', true],
  ] as const;
  for (const [suffix, high] of halves) {
    table.define(`icm${suffix}`, (s) => insertUnderMask(s, high));
    table.define(`stcm${suffix}`, (s) => storeUnderMask(s, high));
    table.define(`clm${suffix}`, (s) => compareUnderMask(s, high));
  }
}

/** Runs `each` for the bytes that M3 selects, with their place in storage and their shift in the word. */
function selectedBytes(s: Semantics, each: (element: StorageOperand, shift: number) => void): void {
  const operand = s.operand(2);
  const mask = s.f.let(s.field('M3'));
  const offset = s.f.local('i64');
  s.f.set(offset, I64.const(0));
  for (const [i, bit] of [8, 4, 2, 1].entries()) {
    s.f.if(mask.and(bit), () => {
      each(s.displaced(operand, offset.get()), 24 - 8 * i);
      s.f.set(offset, offset.get().add(1));
    });
  }
}

function insertUnderMask(s: Semantics, high: boolean): void {
  const { f } = s;
  const word = f.local('i32');
  const taken = f.local('i32');
  const ones = f.local('i32');
  f.set(word, high ? s.grHigh('R1') : s.gr32('R1'));
  f.set(taken, I32.const(0));
  f.set(ones, I32.const(0));
  const mask = f.let(s.field('M3'));
  // With a mask of zero one byte is still fetched, for access exceptions (chapter 7).
  f.if(mask.eqz(), () => f.drop(s.load8(s.operand(2))));
  f.if(
    mask.eq(15),
    () => {
      f.set(word, s.load32(s.operand(2)));
      f.set(taken, word.get());
      f.set(ones, I32.const(-1));
    },
    () =>
      selectedBytes(s, (element, shift) => {
        const byte = s.load8(element);
        f.set(taken, taken.get().shl(8).or(byte));
        f.set(ones, ones.get().shl(8).or(0xff));
        f.set(
          word,
          word
            .get()
            .and(~(0xff << shift))
            .or(byte.shl(shift)),
        );
      }),
  );
  if (high) s.setGrHigh('R1', word.get());
  else s.setGr32('R1', word.get());
  // The leftmost inserted bit is the sign.
  const sign = ones.get().xor(ones.get().shrU(1));
  const nonZero = f.select(taken.get().and(sign), I32.const(1), I32.const(2));
  s.setCc(f.select(taken.get(), nonZero, I32.const(0)));
}

function storeUnderMask(s: Semantics, high: boolean): void {
  const word = s.f.let(high ? s.grHigh('R1') : s.gr32('R1'));
  s.f.if(
    s.field('M3').eq(15),
    () => s.store32(s.operand(2), word),
    () => {
      const count = s.f.let(s.field('M3').popcnt());
      s.f.if(count, () => s.checkStore(s.operand(2), count.extendU()));
      selectedBytes(s, (element, shift) => s.store8(element, word.shrU(shift)));
    },
  );
}

function compareUnderMask(s: Semantics, high: boolean): void {
  const { f } = s;
  const word = f.let(high ? s.grHigh('R1') : s.gr32('R1'));
  const first = f.local('i32');
  const second = f.local('i32');
  f.set(first, I32.const(0));
  f.set(second, I32.const(0));
  f.if(s.field('M3').eqz(), () => f.drop(s.load8(s.operand(2))));
  selectedBytes(s, (element, shift) => {
    f.set(second, second.get().shl(8).or(s.load8(element)));
    f.set(first, first.get().shl(8).or(word.shrU(shift).and(0xff)));
  });
  s.setCcCompareUnsigned(first.get(), second.get());
}

/** Load/store-on-condition facilities 1 and 2, and SELECT: nothing is accessed unless the mask selects. */
function defineOnCondition(table: DefinitionTable): void {
  const when = (s: Semantics, mask: FieldName, then: () => void) => s.f.if(s.ccSelected(s.field(mask)), then);
  table.define('locr', (s) => when(s, 'M3', () => s.setGr32('R1', s.gr32('R2'))));
  table.define('locgr', (s) => when(s, 'M3', () => s.setGr64('R1', s.gr64('R2'))));
  table.define('locfhr', (s) => when(s, 'M3', () => s.setGrHigh('R1', s.grHigh('R2'))));
  table.define('loc', (s) => when(s, 'M3', () => s.setGr32('R1', s.load32(s.operand(2)))));
  table.define('locg', (s) => when(s, 'M3', () => s.setGr64('R1', s.load64(s.operand(2)))));
  table.define('locfh', (s) => when(s, 'M3', () => s.setGrHigh('R1', s.load32(s.operand(2)))));
  table.define('stoc', (s) => when(s, 'M3', () => s.store32(s.operand(2), s.gr32('R1'))));
  table.define('stocg', (s) => when(s, 'M3', () => s.store64(s.operand(2), s.gr64('R1'))));
  table.define('stocfh', (s) => when(s, 'M3', () => s.store32(s.operand(2), s.grHigh('R1'))));
  table.define('lochi', (s) => when(s, 'M3', () => s.setGr32('R1', s.signed('I2').wrap())));
  table.define('locghi', (s) => when(s, 'M3', () => s.setGr64('R1', s.signed('I2'))));
  table.define('lochhi', (s) => when(s, 'M3', () => s.setGrHigh('R1', s.signed('I2').wrap())));
  const choose = (s: Semantics): I32 => s.f.let(s.ccSelected(s.field('M4')));
  table.define('selr', (s) => s.setGr32('R1', s.f.select(choose(s), s.gr32('R2'), s.gr32('R3'))));
  table.define('selgr', (s) => s.setGr64('R1', s.f.select(choose(s), s.gr64('R2'), s.gr64('R3'))));
  table.define('selfhr', (s) =>
    s.setGrHigh('R1', s.f.let(s.f.select(choose(s), s.grHigh('R2'), s.grHigh('R3')))),
  );
}

/**
 * LPQ, STPQ and LOAD PAIR DISJOINT. WebAssembly has no 16-byte access; with one CPU, and devices that do not run
 * between two halves, two doublewords are as good.
 */
function defineQuadword(table: DefinitionTable): void {
  table.define('lpq', (s) => {
    s.requireEven('R1');
    const operand = s.operand(2);
    s.requireAligned(operand, 16);
    const pointer = s.readPointer(operand, 16);
    s.setGr64('R1', s.f.loadI64(pointer, 8));
    s.setGr64('R1', s.f.loadI64(pointer), 1);
  });
  table.define('stpq', (s) => {
    s.requireEven('R1');
    const operand = s.operand(2);
    s.requireAligned(operand, 16);
    const pointer = s.updatePointer(operand, 16);
    s.f.store(pointer, 8, s.gr64('R1'), 64);
    s.f.store(pointer, 0, s.gr64('R1', 1), 64);
  });
  const disjoint = { lpd: 4, lpdg: 8 } as const;
  for (const [mnemonic, size] of Object.entries(disjoint)) {
    table.define(mnemonic, (s) => {
      const [first, second] = [s.operand(1), s.operand(2)];
      s.programIf(s.field('R3').and(1), 6);
      s.requireAligned(first, size);
      s.requireAligned(second, size);
      if (size === 8) {
        const [a, b] = [s.load64(first), s.load64(second)];
        s.setGr64('R3', a);
        s.setGr64('R3', b, 1);
      } else {
        const [a, b] = [s.load32(first), s.load32(second)];
        s.setGr32('R3', a);
        s.setGr32('R3', b, 1);
      }
      s.setCc(0);
    });
  }
}
