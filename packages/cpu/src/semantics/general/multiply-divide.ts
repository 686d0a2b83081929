/** Multiplication and division (Principles of Operation, chapter 7, "DIVIDE" to "DIVIDE SINGLE", "MULTIPLY ..."). */
import { ProgramInterruption } from '@zarch/arch';
import type { I32, I64 } from '@zarch/wasm';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { divideUnsigned, multiplyHigh } from './arithmetic-helpers.ts';
import * as from from './sources.ts';

/** Products of which the rightmost 32 or 64 bits replace the first operand; the condition code stays. */
const single32: from.Rows<from.Source32> = [
  ['msr', 'R1', from.reg32('R2')],
  ['ms', 'R1', from.mem32],
  ['msy', 'R1', from.mem32],
  ['msfi', 'R1', from.imm32],
  ['mh', 'R1', from.mem16s32],
  ['mhy', 'R1', from.mem16s32],
  ['mhi', 'R1', from.imm32],
];
const single64: from.Rows<from.Source64> = [
  ['msgr', 'R1', from.reg64('R2')],
  ['msgfr', 'R1', from.reg32s],
  ['msg', 'R1', from.mem64],
  ['msgf', 'R1', from.mem32s],
  ['msgfi', 'R1', from.imm64],
  ['mgh', 'R1', from.mem16s64],
  ['mghi', 'R1', from.imm64],
];
/** Products that set the condition code. */
const checked32: from.Rows<from.Source32> = [
  ['msrkc', 'R2', from.reg32('R3')],
  ['msc', 'R1', from.mem32],
];
const checked64: from.Rows<from.Source64> = [
  ['msgrkc', 'R2', from.reg64('R3')],
  ['msgc', 'R1', from.mem64],
];

export function defineMultiplyDivide(table: DefinitionTable): void {
  for (const [mnemonic, first, source] of single32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      s.setGr32('R1', s.gr32(first).mul(b));
    });
  }
  for (const [mnemonic, first, source] of single64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      s.setGr64('R1', s.gr64(first).mul(b));
    });
  }
  for (const [mnemonic, first, source] of checked32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s).extendS());
      const product = s.f.let(s.gr32(first).extendS().mul(b));
      const value = s.f.let(product.wrap());
      s.setGr32('R1', value);
      s.setCcOverflow(value, s.f.let(product.ne(value.extendS())));
    });
  }
  for (const [mnemonic, first, source] of checked64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const { high, low } = signedProduct(s, s.f.let(s.gr64(first)), b);
      s.setGr64('R1', low);
      s.setCcOverflow(low, s.f.let(high.ne(low.shrS(63))));
    });
  }
  defineMultiplyPair(table);
  defineDivideHalves(table);
  defineDivideSingle(table);
  defineDivideLogical(table);
}

/** 128-bit product of signed numbers: a negative factor counts 2^64 too much times the other in the unsigned one. */
function signedProduct(s: Semantics, a: I64, b: I64): { high: I64; low: I64 } {
  const unsigned = multiplyHigh(s.f, a, b);
  const high = unsigned.sub(a.shrS(63).and(b)).sub(b.shrS(63).and(a));
  return { high: s.f.let(high), low: s.f.let(a.mul(b)) };
}

/** Bits 32-63 of both registers of a pair as one number. */
function setHalves(s: Semantics, value: I64): void {
  s.setGr32('R1', value.shrU(32).wrap());
  s.setGr32('R1', value.wrap(), 1);
}

function defineMultiplyPair(table: DefinitionTable): void {
  for (const [mnemonic, source, isSigned] of [
    ['mr', from.reg32('R2'), true],
    ['m', from.mem32, true],
    ['mfy', from.mem32, true],
    ['mlr', from.reg32('R2'), false],
    ['ml', from.mem32, false],
  ] as const) {
    table.define(mnemonic, (s) => {
      const extend = (value: I32) => (isSigned ? value.extendS() : value.extendU());
      s.requireEven('R1');
      const b = s.f.let(extend(source(s)));
      setHalves(s, s.f.let(extend(s.gr32('R1', 1)).mul(b)));
    });
  }
  for (const [mnemonic, source] of [
    ['mlgr', from.reg64('R2')],
    ['mlg', from.mem64],
  ] as const) {
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      const b = s.f.let(source(s));
      const a = s.f.let(s.gr64('R1', 1));
      s.setGr64('R1', multiplyHigh(s.f, a, b));
      s.setGr64('R1', a.mul(b), 1);
    });
  }
  const signed = (s: Semantics, a: I64, b: I64) => {
    const { high, low } = signedProduct(s, a, b);
    s.setGr64('R1', high);
    s.setGr64('R1', low, 1);
  };
  table.define('mgrk', (s) => {
    s.requireEven('R1');
    signed(s, s.f.let(s.gr64('R2')), s.f.let(s.gr64('R3')));
  });
  table.define('mg', (s) => {
    s.requireEven('R1');
    const b = from.mem64(s);
    signed(s, s.f.let(s.gr64('R1', 1)), b);
  });
}

function divideExceptionIf(s: Semantics, condition: I32): void {
  s.programIf(condition, ProgramInterruption.fixedPointDivide);
}

/** DIVIDE: 64 bits in the right halves of a pair by 32 bits, signed; the remainder has the dividend's sign. */
function defineDivideHalves(table: DefinitionTable): void {
  for (const [mnemonic, source] of [
    ['dr', from.reg32('R2')],
    ['d', from.mem32],
  ] as const) {
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      const { f } = s;
      const divisor = f.let(source(s).extendS());
      const dividend = f.let(s.gr32('R1').extendU().shl(32).or(s.gr32('R1', 1).extendU()));
      divideExceptionIf(s, divisor.eqz());
      divideExceptionIf(s, overflows(dividend, divisor));
      const quotient = f.let(dividend.divS(divisor));
      divideExceptionIf(s, quotient.ne(quotient.extend32S()));
      const remainder = f.let(dividend.sub(quotient.mul(divisor)));
      s.setGr32('R1', remainder.wrap());
      s.setGr32('R1', quotient.wrap(), 1);
    });
  }
}

/** The one quotient of 64-bit numbers that 64 bits do not hold. */
function overflows(dividend: I64, divisor: I64): I32 {
  return dividend.eq(-(1n << 63n)).and(divisor.eq(-1n));
}

/** DIVIDE SINGLE: 64 bits by 64 or 32 bits, signed. */
function defineDivideSingle(table: DefinitionTable): void {
  for (const [mnemonic, source] of [
    ['dsgr', from.reg64('R2')],
    ['dsg', from.mem64],
    ['dsgfr', from.reg32s],
    ['dsgf', from.mem32s],
  ] as const) {
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      const { f } = s;
      const divisor = f.let(source(s));
      const dividend = f.let(s.gr64('R1', 1));
      divideExceptionIf(s, divisor.eqz());
      divideExceptionIf(s, overflows(dividend, divisor));
      const quotient = f.local('i64');
      f.if(
        dividend.or(divisor).shrU(31).eqz(),
        () => f.set(quotient, dividend.wrap().divU(divisor.wrap()).extendU()),
        () => f.set(quotient, dividend.divS(divisor)),
      );
      s.setGr64('R1', dividend.sub(quotient.get().mul(divisor)));
      s.setGr64('R1', quotient.get(), 1);
    });
  }
}

/** DIVIDE LOGICAL: a dividend of twice the divisor's length; its left half must be below the divisor. */
function defineDivideLogical(table: DefinitionTable): void {
  for (const [mnemonic, source] of [
    ['dlr', from.reg32('R2')],
    ['dl', from.mem32],
  ] as const) {
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      const { f } = s;
      const divisor = f.let(source(s).extendU());
      const dividend = f.let(s.gr32('R1').extendU().shl(32).or(s.gr32('R1', 1).extendU()));
      divideExceptionIf(s, dividend.shrU(32).geU(divisor));
      const { quotient, remainder } = divideUnsigned(f, dividend, divisor);
      s.setGr32('R1', remainder.wrap());
      s.setGr32('R1', quotient.wrap(), 1);
    });
  }
  for (const [mnemonic, source] of [
    ['dlgr', from.reg64('R2')],
    ['dlg', from.mem64],
  ] as const) {
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      const { f } = s;
      const divisor = f.let(source(s));
      const high = f.let(s.gr64('R1'));
      divideExceptionIf(s, high.geU(divisor));
      const low = f.let(s.gr64('R1', 1));
      const [quotient, remainder] = [f.local('i64'), f.local('i64')];
      f.if(
        high.eqz(),
        () => {
          const short = divideUnsigned(f, low, divisor);
          f.set(quotient, short.quotient);
          f.set(remainder, short.remainder);
        },
        () => {
          const long = f.call(s.helpers.divideLong, high, low, divisor) as [I64, I64];
          f.set(quotient, long[0]);
          f.set(remainder, long[1]);
        },
        true,
      );
      s.setGr64('R1', remainder.get());
      s.setGr64('R1', quotient.get(), 1);
    });
  }
}
