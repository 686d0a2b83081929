/** AND, OR, EXCLUSIVE OR, their complements, and TEST UNDER MASK (Principles of Operation, chapter 7). */
import type { I32, I64 } from '@zarch/wasm';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import * as from from './sources.ts';

export function defineLogical(table: DefinitionTable): void {
  for (const [letter, operation] of [
    ['n', 'and'],
    ['o', 'or'],
    ['x', 'xor'],
  ] as const) {
    const rows32: from.Rows<from.Source32> = [
      [`${letter}r`, 'R1', from.reg32('R2')],
      [`${letter}rk`, 'R2', from.reg32('R3')],
      [letter, 'R1', from.mem32],
      [`${letter}y`, 'R1', from.mem32],
    ];
    const rows64: from.Rows<from.Source64> = [
      [`${letter}gr`, 'R1', from.reg64('R2')],
      [`${letter}grk`, 'R2', from.reg64('R3')],
      [`${letter}g`, 'R1', from.mem64],
    ];
    for (const [mnemonic, first, source] of rows32) {
      table.define(mnemonic, (s) => {
        const b = source(s);
        const value = s.f.let(s.gr32(first)[operation](b));
        s.setGr32('R1', value);
        s.setCcNonZero(value);
      });
    }
    for (const [mnemonic, first, source] of rows64) {
      table.define(mnemonic, (s) => {
        const b = source(s);
        const value = s.f.let(s.gr64(first)[operation](b));
        s.setGr64('R1', value);
        s.setCcNonZero(value);
      });
    }
    for (const mnemonic of [`${letter}i`, `${letter}iy`]) {
      table.define(mnemonic, (s) => {
        const mask = s.f.let(s.field('I2'));
        const old = s.interlocked(s.operand(1), operation, 8, mask);
        s.setCcNonZero(old[operation](mask).and(0xff));
      });
    }
  }
  defineImmediate(table);
  defineComplements(table);
  defineTestUnderMask(table);
}

/** The half of R1 that has the bit at `shift` from the right: no more of a register is read or written than is used. */
function half(s: Semantics, shift: number): I32 {
  return shift >= 32 ? s.grHigh('R1') : s.gr32('R1');
}
function setHalf(s: Semantics, shift: number, value: I32): void {
  if (shift >= 32) s.setGrHigh('R1', value);
  else s.setGr32('R1', value);
}

/** Forms on a halfword or word of a register: NIHH, OILF, XIHF and so on. */
function defineImmediate(table: DefinitionTable): void {
  const parts = { hh: [48, 16], hl: [32, 16], lh: [16, 16], ll: [0, 16], hf: [32, 32], lf: [0, 32] } as const;
  for (const [part, [shift, length]] of Object.entries(parts)) {
    for (const [letter, operation] of [
      ['n', 'and'],
      ['o', 'or'],
      ['x', 'xor'],
    ] as const) {
      if (letter === 'x' && length === 16) continue;
      table.define(`${letter}i${part}`, (s) => {
        const ones = (2 ** length - 1) * 2 ** (shift % 32);
        const field = s.field('I2').shl(shift % 32);
        const operand = operation === 'and' ? field.or(~ones) : field;
        const value = s.f.let(half(s, shift)[operation](operand));
        setHalf(s, shift, value);
        s.setCcNonZero(value.and(ones));
      });
    }
    // Insert and load-logical immediates place the field; the latter clears the rest.
    table.define(`ii${part}`, (s) => {
      const ones = (2 ** length - 1) * 2 ** (shift % 32);
      setHalf(
        s,
        shift,
        half(s, shift)
          .and(~ones)
          .or(s.field('I2').shl(shift % 32)),
      );
    });
    table.define(`lli${part}`, (s) => s.setGr64('R1', s.unsigned('I2').shl(shift)));
  }
}

/** Miscellaneous-instruction-extensions facility 3. */
function defineComplements(table: DefinitionTable): void {
  const forms: Readonly<Record<string, (a: I64, b: I64) => I64>> = {
    nc: (a, b) => a.and(b.xor(-1n)),
    oc: (a, b) => a.or(b.xor(-1n)),
    nn: (a, b) => a.and(b).xor(-1n),
    no: (a, b) => a.or(b).xor(-1n),
    nx: (a, b) => a.xor(b).xor(-1n),
  };
  for (const [name, combine] of Object.entries(forms)) {
    table.define(`${name}rk`, (s) => {
      const value = s.f.let(combine(s.gr64('R2'), s.gr64('R3')).wrap());
      s.setGr32('R1', value);
      s.setCcNonZero(value);
    });
    table.define(`${name}grk`, (s) => {
      const value = s.f.let(combine(s.gr64('R2'), s.gr64('R3')));
      s.setGr64('R1', value);
      s.setCcNonZero(value);
    });
  }
}

/** 0 all selected bits zero (or no bit selected), 3 all one, 1 or 2 mixed with the leftmost zero or one. */
function defineTestUnderMask(table: DefinitionTable): void {
  for (const mnemonic of ['tm', 'tmy']) {
    table.define(mnemonic, (s) => {
      const mask = s.f.let(s.field('I2'));
      const selected = s.f.let(s.load8(s.operand(1)).and(mask));
      s.backend.writeCc({ kind: 'testMask', a: selected, b: mask, leftmost: false });
    });
  }
  const halves: Readonly<Record<string, number>> = { tmhh: 48, tmhl: 32, tmlh: 16, tmll: 0 };
  for (const [mnemonic, shift] of Object.entries(halves)) {
    table.define(mnemonic, (s) => {
      const mask = s.f.let(s.field('I2'));
      const selected = s.f.let(
        half(s, shift)
          .shrU(shift % 32)
          .and(mask),
      );
      s.backend.writeCc({ kind: 'testMask', a: selected, b: mask, leftmost: true });
    });
  }
}
