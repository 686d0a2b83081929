/** Addition and subtraction (Principles of Operation, chapter 7, "ADD" to "SUBTRACT LOGICAL WITH BORROW"). */
import { I32, type I64 } from '@zarch/wasm';
import type { Sum } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import * as from from './sources.ts';

const { reg32, reg64 } = from;

const add32: from.Rows<from.Source32> = [
  ['ar', 'R1', reg32('R2')],
  ['ark', 'R2', reg32('R3')],
  ['a', 'R1', from.mem32],
  ['ay', 'R1', from.mem32],
  ['ah', 'R1', from.mem16s32],
  ['ahy', 'R1', from.mem16s32],
  ['ahi', 'R1', from.imm32],
  ['afi', 'R1', from.imm32],
  ['ahik', 'R3', from.imm32],
];
const add64: from.Rows<from.Source64> = [
  ['agr', 'R1', reg64('R2')],
  ['agrk', 'R2', reg64('R3')],
  ['agfr', 'R1', from.reg32s],
  ['ag', 'R1', from.mem64],
  ['agf', 'R1', from.mem32s],
  ['agh', 'R1', from.mem16s64],
  ['aghi', 'R1', from.imm64],
  ['agfi', 'R1', from.imm64],
  ['aghik', 'R3', from.imm64],
];
const subtract32: from.Rows<from.Source32> = [
  ['sr', 'R1', reg32('R2')],
  ['srk', 'R2', reg32('R3')],
  ['s', 'R1', from.mem32],
  ['sy', 'R1', from.mem32],
  ['sh', 'R1', from.mem16s32],
  ['shy', 'R1', from.mem16s32],
];
const subtract64: from.Rows<from.Source64> = [
  ['sgr', 'R1', reg64('R2')],
  ['sgrk', 'R2', reg64('R3')],
  ['sgfr', 'R1', from.reg32s],
  ['sg', 'R1', from.mem64],
  ['sgf', 'R1', from.mem32s],
  ['sgh', 'R1', from.mem16s64],
];
const addLogical32: from.Rows<from.Source32> = [
  ['alr', 'R1', reg32('R2')],
  ['alrk', 'R2', reg32('R3')],
  ['al', 'R1', from.mem32],
  ['aly', 'R1', from.mem32],
  ['alfi', 'R1', from.immU32],
  ['alhsik', 'R3', from.imm32],
];
const addLogical64: from.Rows<from.Source64> = [
  ['algr', 'R1', reg64('R2')],
  ['algrk', 'R2', reg64('R3')],
  ['algfr', 'R1', from.reg32u],
  ['alg', 'R1', from.mem64],
  ['algf', 'R1', from.mem32u],
  ['algfi', 'R1', from.immU64],
  ['alghsik', 'R3', from.imm64],
];
const subtractLogical32: from.Rows<from.Source32> = [
  ['slr', 'R1', reg32('R2')],
  ['slrk', 'R2', reg32('R3')],
  ['sl', 'R1', from.mem32],
  ['sly', 'R1', from.mem32],
  ['slfi', 'R1', from.immU32],
];
const subtractLogical64: from.Rows<from.Source64> = [
  ['slgr', 'R1', reg64('R2')],
  ['slgrk', 'R2', reg64('R3')],
  ['slgfr', 'R1', from.reg32u],
  ['slg', 'R1', from.mem64],
  ['slgf', 'R1', from.mem32u],
  ['slgfi', 'R1', from.immU64],
];

/** The sum with whether it overflowed: both operands differ in sign from it. */
export function sum32(s: Semantics, a: I32, b: I32): Sum<I32> {
  const value = s.f.let(a.add(b));
  return { value, overflow: a.xor(value).and(b.xor(value)).shrU(31) };
}
export function sum64(s: Semantics, a: I64, b: I64): Sum<I64> {
  const value = s.f.let(a.add(b));
  return { value, overflow: a.xor(value).and(b.xor(value)).shrU(63).wrap() };
}
/** The difference with whether it overflowed: the operands differ in sign, and it from the first. */
export function difference32(s: Semantics, a: I32, b: I32): Sum<I32> {
  const value = s.f.let(a.sub(b));
  return { value, overflow: a.xor(b).and(a.xor(value)).shrU(31) };
}
export function difference64(s: Semantics, a: I64, b: I64): Sum<I64> {
  const value = s.f.let(a.sub(b));
  return { value, overflow: a.xor(b).and(a.xor(value)).shrU(63).wrap() };
}

/** Condition code of unsigned arithmetic: a carry (or no borrow) counts 2, a result that is not zero 1. */
export function setCcCarry(s: Semantics, value: I32 | I64, carry: I32): void {
  const nonZero = value instanceof I32 ? value.ne(0) : value.ne(0);
  s.setCc(carry.shl(1).or(nonZero));
}

export function defineArithmetic(table: DefinitionTable): void {
  for (const [mnemonic, first, source] of add32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const result = sum32(s, s.f.let(s.gr32(first)), b);
      s.setGr32('R1', result.value);
      s.setCcSum('add', result, b);
    });
  }
  for (const [mnemonic, first, source] of add64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const result = sum64(s, s.f.let(s.gr64(first)), b);
      s.setGr64('R1', result.value);
      s.setCcSum('add', result, b);
    });
  }
  for (const [mnemonic, first, source] of subtract32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const result = difference32(s, s.f.let(s.gr32(first)), b);
      s.setGr32('R1', result.value);
      s.setCcSum('subtract', result, b);
    });
  }
  for (const [mnemonic, first, source] of subtract64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const result = difference64(s, s.f.let(s.gr64(first)), b);
      s.setGr64('R1', result.value);
      s.setCcSum('subtract', result, b);
    });
  }
  for (const [mnemonic, first, source] of addLogical32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const value = s.f.let(s.gr32(first).add(b));
      s.setGr32('R1', value);
      s.setCcLogical('addLogical', value, b);
    });
  }
  for (const [mnemonic, first, source] of addLogical64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const value = s.f.let(s.gr64(first).add(b));
      s.setGr64('R1', value);
      s.setCcLogical('addLogical', value, b);
    });
  }
  for (const [mnemonic, first, source] of subtractLogical32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const a = s.f.let(s.gr32(first));
      const value = s.f.let(a.sub(b));
      s.setGr32('R1', value);
      s.setCcLogical('subtractLogical', a, b);
    });
  }
  for (const [mnemonic, first, source] of subtractLogical64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      const a = s.f.let(s.gr64(first));
      const value = s.f.let(a.sub(b));
      s.setGr64('R1', value);
      s.setCcLogical('subtractLogical', a, b);
    });
  }
  defineWithCarry(table);
  defineStorageImmediate(table);
  defineHighWord(table);
}

/** ADD LOGICAL WITH CARRY and SUBTRACT LOGICAL WITH BORROW take the carry from the condition code. */
function defineWithCarry(table: DefinitionTable): void {
  const with32: readonly (readonly [string, from.Source32, boolean])[] = [
    ['alcr', reg32('R2'), false],
    ['alc', from.mem32, false],
    ['slbr', reg32('R2'), true],
    ['slb', from.mem32, true],
  ];
  for (const [mnemonic, source, subtract] of with32) {
    table.define(mnemonic, (s) => {
      // a - b - borrow is a + ~b + carry.
      const operand = source(s);
      const b = s.f.let((subtract ? operand.xor(-1) : operand).extendU());
      const total = s.f.let(s.gr32('R1').extendU().add(b).add(s.cc().shrU(1).extendU()));
      const value = s.f.let(total.wrap());
      s.setGr32('R1', value);
      setCcCarry(s, value, total.shrU(32).wrap());
    });
  }
  const with64: readonly (readonly [string, from.Source64, boolean])[] = [
    ['alcgr', reg64('R2'), false],
    ['alcg', from.mem64, false],
    ['slbgr', reg64('R2'), true],
    ['slbg', from.mem64, true],
  ];
  for (const [mnemonic, source, subtract] of with64) {
    table.define(mnemonic, (s) => {
      const operand = source(s);
      const b = s.f.let(subtract ? operand.xor(-1n) : operand);
      const partial = s.f.let(s.gr64('R1').add(b));
      const value = s.f.let(partial.add(s.cc().shrU(1).extendU()));
      s.setGr64('R1', value);
      setCcCarry(s, value, partial.ltU(b).or(value.ltU(partial)));
    });
  }
}

/** ADD IMMEDIATE and ADD LOGICAL WITH SIGNED IMMEDIATE to storage; interlocked where the operand is aligned. */
function defineStorageImmediate(table: DefinitionTable): void {
  for (const [mnemonic, logical] of [
    ['asi', false],
    ['alsi', true],
  ] as const) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(s.signed('I2').wrap());
      const a = s.interlocked(s.operand(1), 'add', 32, b);
      const sum = sum32(s, a, b);
      // A negative immediate counts as an unsigned number, so the carry is that of the unsigned addition.
      if (logical) s.setCcLogical('addLogical', sum.value, b);
      else s.setCcSum('add', sum, b);
    });
  }
  for (const [mnemonic, logical] of [
    ['agsi', false],
    ['algsi', true],
  ] as const) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(s.signed('I2'));
      const a = s.interlocked(s.operand(1), 'add', 64, b);
      const sum = sum64(s, a, b);
      if (logical) s.setCcLogical('addLogical', sum.value, b);
      else s.setCcSum('add', sum, b);
    });
  }
}

/** The high-word facility: operands in bits 0-31 of registers. */
function defineHighWord(table: DefinitionTable): void {
  const third = (mnemonic: string) => (s: Semantics) =>
    mnemonic.endsWith('lr') ? s.gr32('R3') : s.grHigh('R3');
  for (const [mnemonic, subtract] of [
    ['ahhhr', false],
    ['ahhlr', false],
    ['shhhr', true],
    ['shhlr', true],
  ] as const) {
    table.define(mnemonic, (s) => {
      const [a, b] = [s.f.let(s.grHigh('R2')), s.f.let(third(mnemonic)(s))];
      const result = subtract ? difference32(s, a, b) : sum32(s, a, b);
      s.setGrHigh('R1', result.value);
      s.setCcSum(subtract ? 'subtract' : 'add', result, b);
    });
  }
  for (const [mnemonic, subtract] of [
    ['alhhhr', false],
    ['alhhlr', false],
    ['slhhhr', true],
    ['slhhlr', true],
  ] as const) {
    table.define(mnemonic, (s) => {
      const [a, b] = [s.f.let(s.grHigh('R2')), s.f.let(third(mnemonic)(s))];
      const value = s.f.let(subtract ? a.sub(b) : a.add(b));
      s.setGrHigh('R1', value);
      if (subtract) s.setCcLogical('subtractLogical', a, b);
      else s.setCcLogical('addLogical', value, b);
    });
  }
  table.define('aih', (s) => {
    const b = s.f.let(s.signed('I2').wrap());
    const sum = sum32(s, s.f.let(s.grHigh('R1')), b);
    s.setGrHigh('R1', sum.value);
    s.setCcSum('add', sum, b);
  });
  for (const [mnemonic, setsCc] of [
    ['alsih', true],
    ['alsihn', false],
  ] as const) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(s.signed('I2').wrap());
      const value = s.f.let(s.grHigh('R1').add(b));
      s.setGrHigh('R1', value);
      if (setsCc) s.setCcLogical('addLogical', value, b);
    });
  }
}
