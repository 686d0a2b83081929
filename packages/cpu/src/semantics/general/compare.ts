/** Comparison, compare-and-branch and compare-and-trap (Principles of Operation, chapter 7). */
import type { FieldName } from '@zarch/isa';
import type { I32, I64 } from '@zarch/wasm';
import { conditionSelectedBy } from '../condition-code.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import * as from from './sources.ts';

const signed32: from.Rows<from.Source32> = [
  ['cr', 'R1', from.reg32('R2')],
  ['c', 'R1', from.mem32],
  ['cy', 'R1', from.mem32],
  ['ch', 'R1', from.mem16s32],
  ['chy', 'R1', from.mem16s32],
  ['chi', 'R1', from.imm32],
  ['cfi', 'R1', from.imm32],
  ['crl', 'R1', from.rel32],
  ['chrl', 'R1', from.rel16s],
];
const signed64: from.Rows<from.Source64> = [
  ['cgr', 'R1', from.reg64('R2')],
  ['cgfr', 'R1', from.reg32s],
  ['cg', 'R1', from.mem64],
  ['cgf', 'R1', from.mem32s],
  ['cgh', 'R1', from.mem16s64],
  ['cghi', 'R1', from.imm64],
  ['cgfi', 'R1', from.imm64],
  ['cgrl', 'R1', from.rel64],
  ['cgfrl', 'R1', from.rel32s],
  ['cghrl', 'R1', (s) => from.rel16s(s).extendS()],
];
const unsigned32: from.Rows<from.Source32> = [
  ['clr', 'R1', from.reg32('R2')],
  ['cl', 'R1', from.mem32],
  ['cly', 'R1', from.mem32],
  ['clfi', 'R1', from.immU32],
  ['clrl', 'R1', from.rel32],
  ['clhrl', 'R1', from.rel16u],
];
const unsigned64: from.Rows<from.Source64> = [
  ['clgr', 'R1', from.reg64('R2')],
  ['clgfr', 'R1', from.reg32u],
  ['clg', 'R1', from.mem64],
  ['clgf', 'R1', from.mem32u],
  ['clgfi', 'R1', from.immU64],
  ['clgrl', 'R1', from.rel64],
  ['clgfrl', 'R1', from.rel32u],
  ['clghrl', 'R1', (s) => from.rel16u(s).extendU()],
];

export function defineCompare(table: DefinitionTable): void {
  for (const [mnemonic, first, source] of signed32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      s.setCcCompareSigned(s.gr32(first), b);
    });
  }
  for (const [mnemonic, first, source] of signed64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      s.setCcCompareSigned(s.gr64(first), b);
    });
  }
  for (const [mnemonic, first, source] of unsigned32) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      s.setCcCompareUnsigned(s.gr32(first), b);
    });
  }
  for (const [mnemonic, first, source] of unsigned64) {
    table.define(mnemonic, (s) => {
      const b = s.f.let(source(s));
      s.setCcCompareUnsigned(s.gr64(first), b);
    });
  }
  defineStorageImmediate(table);
  defineHighWord(table);
  defineAndBranch(table);
  defineAndTrap(table);
}

function defineStorageImmediate(table: DefinitionTable): void {
  table.define(['cli', 'cliy'], (s) => s.setCcCompareUnsigned(s.load8(s.operand(1)), s.field('I2')));
  table.define('chhsi', (s) => s.setCcCompareSigned(s.load16(s.operand(1), true), s.signed('I2').wrap()));
  table.define('chsi', (s) => s.setCcCompareSigned(s.load32(s.operand(1)), s.signed('I2').wrap()));
  table.define('cghsi', (s) => s.setCcCompareSigned(s.load64(s.operand(1)), s.signed('I2')));
  table.define('clhhsi', (s) => s.setCcCompareUnsigned(s.load16(s.operand(1)), s.field('I2')));
  table.define('clfhsi', (s) => s.setCcCompareUnsigned(s.load32(s.operand(1)), s.field('I2')));
  table.define('clghsi', (s) => s.setCcCompareUnsigned(s.load64(s.operand(1)), s.unsigned('I2')));
}

function defineHighWord(table: DefinitionTable): void {
  table.define('chhr', (s) => s.setCcCompareSigned(s.grHigh('R1'), s.grHigh('R2')));
  table.define('chlr', (s) => s.setCcCompareSigned(s.grHigh('R1'), s.gr32('R2')));
  table.define('chf', (s) => s.setCcCompareSigned(s.grHigh('R1'), s.load32(s.operand(2))));
  table.define('cih', (s) => s.setCcCompareSigned(s.grHigh('R1'), s.signed('I2').wrap()));
  table.define('clhhr', (s) => s.setCcCompareUnsigned(s.grHigh('R1'), s.grHigh('R2')));
  table.define('clhlr', (s) => s.setCcCompareUnsigned(s.grHigh('R1'), s.gr32('R2')));
  table.define('clhf', (s) => s.setCcCompareUnsigned(s.grHigh('R1'), s.load32(s.operand(2))));
  table.define('clih', (s) => s.setCcCompareUnsigned(s.grHigh('R1'), s.field('I2')));
}

type Compare = (s: Semantics, mask: FieldName) => I32;
const registers =
  (bits: 32 | 64, isSigned: boolean): Compare =>
  (s, mask) => {
    const read = (name: FieldName) => (bits === 64 ? s.gr64(name) : s.gr32(name).extendU());
    return relation(s, mask, bits, isSigned, read('R1'), read('R2'));
  };
const immediate =
  (bits: 32 | 64, isSigned: boolean): Compare =>
  (s, mask) =>
    relation(
      s,
      mask,
      bits,
      isSigned,
      bits === 64 ? s.gr64('R1') : s.gr32('R1').extendU(),
      isSigned ? s.signed('I2') : s.unsigned('I2'),
    );

function relation(
  s: Semantics,
  mask: FieldName,
  bits: 32 | 64,
  isSigned: boolean,
  first: I64,
  second: I64,
): I32 {
  const narrow = (value: I64) => s.f.let(bits === 64 ? value : value.wrap());
  const kind = isSigned ? 'compareSigned' : 'compareUnsigned';
  return conditionSelectedBy(s.f, { kind, a: narrow(first), b: narrow(second) }, s.field(mask));
}

function defineAndBranch(table: DefinitionTable): void {
  for (const [infix, isSigned] of [
    ['', true],
    ['l', false],
  ] as const) {
    for (const [g, bits] of [
      ['', 32],
      ['g', 64],
    ] as const) {
      table.define(`c${infix}${g}rj`, (s) => {
        s.f.if(registers(bits, isSigned)(s, 'M3'), () => s.branchRelative('RI4'));
      });
      table.define(`c${infix}${g}ij`, (s) => {
        s.f.if(immediate(bits, isSigned)(s, 'M3'), () => s.branchRelative('RI4'));
      });
      table.define(`c${infix}${g}rb`, (s) => {
        const target = s.addressValue(4);
        s.f.if(registers(bits, isSigned)(s, 'M3'), () => s.branch(target));
      });
      table.define(`c${infix}${g}ib`, (s) => {
        const target = s.addressValue(4);
        s.f.if(immediate(bits, isSigned)(s, 'M3'), () => s.branch(target));
      });
    }
  }
}

/** A trap is a data exception with DXC FF. */
const TRAP = 0xff;

function defineAndTrap(table: DefinitionTable): void {
  for (const [g, bits] of [
    ['', 32],
    ['g', 64],
  ] as const) {
    table.define(`c${g}rt`, (s) => s.dataExceptionIf(registers(bits, true)(s, 'M3'), TRAP));
    table.define(`cl${g}rt`, (s) => s.dataExceptionIf(registers(bits, false)(s, 'M3'), TRAP));
  }
  table.define('cit', (s) => s.dataExceptionIf(immediate(32, true)(s, 'M3'), TRAP));
  table.define('cgit', (s) => s.dataExceptionIf(immediate(64, true)(s, 'M3'), TRAP));
  table.define('clfit', (s) => s.dataExceptionIf(immediate(32, false)(s, 'M3'), TRAP));
  table.define('clgit', (s) => s.dataExceptionIf(immediate(64, false)(s, 'M3'), TRAP));
  const storage = (bits: 32 | 64) => (s: Semantics) => {
    const operand = s.operand(2);
    const b = bits === 64 ? s.load64(operand) : s.load32(operand).extendU();
    const first = bits === 64 ? s.gr64('R1') : s.gr32('R1').extendU();
    s.dataExceptionIf(relation(s, 'M3', bits, false, first, b), TRAP);
  };
  table.define('clt', storage(32));
  table.define('clgt', storage(64));
  defineLoadAndTrap(table);
}

/** LOAD AND TRAP: the register is loaded also when the trap is taken. */
function defineLoadAndTrap(table: DefinitionTable): void {
  const trapIfZero = (s: Semantics, value: I32 | I64) => s.dataExceptionIf(value.eqz(), TRAP);
  table.define('lat', (s) => {
    const value = s.load32(s.operand(2));
    s.setGr32('R1', value);
    trapIfZero(s, value);
  });
  table.define('lgat', (s) => {
    const value = s.load64(s.operand(2));
    s.setGr64('R1', value);
    trapIfZero(s, value);
  });
  table.define('lfhat', (s) => {
    const value = s.load32(s.operand(2));
    s.setGrHigh('R1', value);
    trapIfZero(s, value);
  });
  table.define('llgfat', (s) => {
    const value = s.f.let(s.load32(s.operand(2)).extendU());
    s.setGr64('R1', value);
    trapIfZero(s, value);
  });
  table.define('llgtat', (s) => {
    const value = s.f.let(s.load32(s.operand(2)).and(0x7fff_ffff).extendU());
    s.setGr64('R1', value);
    trapIfZero(s, value);
  });
}
