/** Shifts, rotates, bit counts and bit selection (Principles of Operation, chapter 7). */
import { type I32, I64 } from '@zarch/wasm';
import type { DefinitionTable, Semantics } from '../semantics.ts';

/** The rightmost six bits of the second-operand address. */
function amount(s: Semantics): I64 {
  return s.f.let(s.addressValue(2).and(63));
}

export function defineShift(table: DefinitionTable): void {
  defineLogicalShifts(table);
  defineArithmeticShifts(table);
  defineDoubleShifts(table);
  defineRotate(table);
  defineBitCounts(table);
}

function defineLogicalShifts(table: DefinitionTable): void {
  // 32-bit shifts by up to 63: computed in 64 bits, they need no special case.
  for (const [mnemonic, first] of [
    ['sll', 'R1'],
    ['sllk', 'R3'],
  ] as const) {
    table.define(mnemonic, (s) => {
      const by = amount(s);
      s.setGr32('R1', s.gr32(first).extendU().shl(by).wrap());
    });
  }
  for (const [mnemonic, first] of [
    ['srl', 'R1'],
    ['srlk', 'R3'],
  ] as const) {
    table.define(mnemonic, (s) => {
      const by = amount(s);
      s.setGr32('R1', s.gr32(first).extendU().shrU(by).wrap());
    });
  }
  table.define('sllg', (s) => {
    const by = amount(s);
    s.setGr64('R1', s.gr64('R3').shl(by));
  });
  table.define('srlg', (s) => {
    const by = amount(s);
    s.setGr64('R1', s.gr64('R3').shrU(by));
  });
}

/** A left shift of a signed number overflows when a bit unlike the sign is shifted out; the sign stays. */
function shiftLeftSigned(s: Semantics, value: I64, by: I64, bits: 32 | 64): { value: I64; overflow: I32 } {
  const { f } = s;
  const sign = BigInt.asIntN(64, 1n << BigInt(bits - 1));
  const shifted = f.let(
    value
      .and(~sign)
      .shl(by)
      .and(bits === 64 ? ~sign : 0x7fff_ffff),
  );
  const result = f.let(shifted.or(value.and(sign)));
  // Shifting back, with the sign extended, must give the number again; past the width every bit is lost.
  const extended = bits === 64 ? value : value.shl(32).shrS(32);
  const back = bits === 64 ? result.shrS(by) : result.shl(32).shrS(32).shrS(by);
  if (bits === 64) return { value: result, overflow: f.let(back.ne(extended)) };
  // An amount past the width shifts zeros out after the number, which are unlike the sign of a negative one.
  const beyond = by.gtU(31).and(value.and(0xffff_ffff).ne(0));
  return { value: result, overflow: f.let(back.ne(extended).or(beyond)) };
}

function defineArithmeticShifts(table: DefinitionTable): void {
  for (const [mnemonic, first] of [
    ['sla', 'R1'],
    ['slak', 'R3'],
  ] as const) {
    table.define(mnemonic, (s) => {
      const by = amount(s);
      const source = s.f.let(s.gr32(first).extendU());
      const { value, overflow } = shiftLeftSigned(s, source, by, 32);
      const result = s.f.let(value.wrap());
      s.setGr32('R1', result);
      s.setCcOverflow(result, overflow);
    });
  }
  for (const [mnemonic, first] of [
    ['sra', 'R1'],
    ['srak', 'R3'],
  ] as const) {
    table.define(mnemonic, (s) => {
      const by = amount(s);
      const result = s.f.let(s.gr32(first).extendS().shrS(by).wrap());
      s.setGr32('R1', result);
      s.setCcSigned(result);
    });
  }
  table.define('slag', (s) => {
    const by = amount(s);
    const { value, overflow } = shiftLeftSigned(s, s.f.let(s.gr64('R3')), by, 64);
    s.setGr64('R1', value);
    s.setCcOverflow(value, overflow);
  });
  table.define('srag', (s) => {
    const by = amount(s);
    const result = s.f.let(s.gr64('R3').shrS(by));
    s.setGr64('R1', result);
    s.setCcSigned(result);
  });
}

/** Shifts of 64 bits in the right halves of an even-odd pair. */
function defineDoubleShifts(table: DefinitionTable): void {
  const pair = (s: Semantics) => s.f.let(s.gr32('R1').extendU().shl(32).or(s.gr32('R1', 1).extendU()));
  const setPair = (s: Semantics, value: I64) => {
    s.setGr32('R1', value.shrU(32).wrap());
    s.setGr32('R1', value.wrap(), 1);
  };
  const shifts: Readonly<Record<string, (value: I64, by: I64) => I64>> = {
    sldl: (value, by) => value.shl(by),
    srdl: (value, by) => value.shrU(by),
  };
  for (const [mnemonic, shift] of Object.entries(shifts)) {
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      const by = amount(s);
      setPair(s, s.f.let(shift(pair(s), by)));
    });
  }
  table.define('slda', (s) => {
    s.requireEven('R1');
    const by = amount(s);
    const { value, overflow } = shiftLeftSigned(s, pair(s), by, 64);
    setPair(s, value);
    s.setCcOverflow(value, overflow);
  });
  table.define('srda', (s) => {
    s.requireEven('R1');
    const by = amount(s);
    const value = s.f.let(pair(s).shrS(by));
    setPair(s, value);
    s.setCcSigned(value);
  });
}

function defineRotate(table: DefinitionTable): void {
  table.define('rll', (s) => {
    const by = s.f.let(amount(s).wrap());
    s.setGr32('R1', s.gr32('R3').rotl(by));
  });
  table.define('rllg', (s) => {
    const by = amount(s);
    s.setGr64('R1', s.gr64('R3').rotl(by));
  });
  defineRotateThenInsert(table);
  defineRotateThenCombine(table);
}

/** Bits `start` to `end`, both included, of 64; around the end when start is larger. */
function range(s: Semantics, start: I32, end: I32): I64 {
  const fromStart = I64.const(-1n).shrU(start.extendU());
  const toEnd = I64.const(-1n).shl(I64.const(63).sub(end.extendU()));
  return s.f.select(start.leU(end), fromStart.and(toEnd), fromStart.or(toEnd));
}

/**
 * Where the bits that are selected stand side by side in the second operand: the first of them and the register, or
 * the right half of it, beyond which nothing need be known.
 */
function selectedField(
  s: Semantics,
  start: I32,
  end: I32,
): { first: number; source: I64; unused: number } | undefined {
  const [from, to, by] = [start.constant, end.constant, s.field('I5').and(63).constant];
  if (from === undefined || to === undefined || by === undefined || from > to) return undefined;
  const first = (Number(from) + Number(by)) & 63;
  if (first + Number(to) - Number(from) > 63) return undefined;
  if (first < 32) return { first, source: s.gr64('R2'), unused: 0 };
  return { first, source: s.gr32('R2').extendU(), unused: 32 };
}

/** The second operand rotated; only its bits `start` to `end` are used. */
function rotated(s: Semantics, start: I32, end: I32): I64 {
  const source = selectedField(s, start, end)?.source ?? s.gr64('R2');
  return source.rotl(s.field('I5').and(63).extendU());
}

/**
 * The bits of {@link rotated} that are those of `mask`, the others zero. A field is shifted: V8's first compiler calls a
 * function to rotate, and the optimiser addresses by what is shifted by a few bits.
 */
function selected(s: Semantics, start: I32, end: I32, mask: I64): I64 {
  const known = selectedField(s, start, end);
  if (!known) return rotated(s, start, end).and(mask);
  const { first, source, unused } = known;
  const [from, to] = [Number(start.constant), Number(end.constant)];
  const left = first - from;
  const value = left < 0 ? source.shrU(-left) : source.shl(left);
  const isAlone = Math.max(unused - left, 0) >= from && Math.max(left, 0) >= 63 - to;
  return isAlone ? value : value.and(mask);
}

/** Whether the selected bits are known, and in the right half of the first operand. */
function isRightHalf(s: Semantics): boolean {
  const [from, to] = [s.field('I3').and(63).constant, s.field('I4').and(63).constant];
  return from !== undefined && to !== undefined && from >= 32 && from <= to;
}

/** RNSBG, ROSBG and RXSBG on the right half of a register. */
function combineRight(s: Semantics, operation: 'and' | 'or' | 'xor', mask: I64): void {
  const { f } = s;
  const bits = mask.wrap();
  const source = f.let(rotated(s, s.field('I3').and(63), s.field('I4').and(63)).wrap());
  const old = f.let(s.gr32('R1'));
  const combined = f.let(old[operation](source).and(bits));
  f.if(s.field('I3').and(0x80).eqz(), () => s.setGr32('R1', old.and(bits.xor(-1)).or(combined)));
  s.setCcNonZero(combined);
}

/** RISBG inserts, in one half for RISBHG and RISBLG; the zero-remaining bit clears the rest. */
function defineRotateThenInsert(table: DefinitionTable): void {
  for (const [mnemonic, half] of [
    ['risbg', 'all'],
    ['risbgn', 'all'],
    ['risbhg', 'high'],
    ['risblg', 'low'],
  ] as const) {
    table.define(mnemonic, (s) => {
      const { f } = s;
      const within = half === 'all' ? 63 : 31;
      const offset = half === 'low' ? 32 : 0;
      const start = f.let(s.field('I3').and(within).add(offset));
      const end = f.let(s.field('I4').and(within).add(offset));
      const part = { all: -1n, high: 0xffff_ffff_0000_0000n, low: 0xffff_ffffn }[half];
      const mask = f.let(range(s, start, end).and(part));
      const source = selected(s, start, end, mask);
      const zeroRemaining = s.field('I4').and(0x80);
      const old = f.let(s.gr64('R1'));
      const kept = f.select(zeroRemaining, old.and(BigInt.asIntN(64, ~part)), old.and(mask.xor(-1n)));
      const value = f.let(source.or(kept));
      s.setGr64('R1', value);
      if (mnemonic === 'risbg') s.setCcSigned(value);
    });
  }
}

/** RNSBG, ROSBG and RXSBG; the test-results bit leaves the register as it is. */
function defineRotateThenCombine(table: DefinitionTable): void {
  for (const [mnemonic, operation] of [
    ['rnsbg', 'and'],
    ['rosbg', 'or'],
    ['rxsbg', 'xor'],
  ] as const) {
    table.define(mnemonic, (s) => {
      const { f } = s;
      const mask = f.let(range(s, f.let(s.field('I3').and(63)), f.let(s.field('I4').and(63))));
      if (isRightHalf(s)) {
        combineRight(s, operation, mask);
        return;
      }
      const source = f.let(rotated(s, s.field('I3').and(63), s.field('I4').and(63)));
      const old = f.let(s.gr64('R1'));
      const combined = f.let(old[operation](source).and(mask));
      f.if(s.field('I3').and(0x80).eqz(), () => s.setGr64('R1', old.and(mask.xor(-1n)).or(combined)));
      s.setCcNonZero(combined);
    });
  }
}

function defineBitCounts(table: DefinitionTable): void {
  table.define('flogr', (s) => {
    s.requireEven('R1');
    const value = s.f.let(s.gr64('R2'));
    const zeros = s.f.let(value.clz());
    const cleared = value.and(I64.const(0x7fff_ffff_ffff_ffffn).shrU(zeros));
    s.setGr64('R1', zeros);
    s.setGr64('R1', s.f.select(value.eqz(), I64.const(0), cleared), 1);
    s.setCc(value.ne(0).shl(1));
  });
  table.define('popcnt', (s) => {
    const { f } = s;
    const value = f.let(s.gr64('R2'));
    // With miscellaneous-instruction-extensions 3, M3 bit 0 asks for the count of the whole register.
    const whole = s.facility(61).and(s.field('M3').shrU(3));
    const pairs = f.let(value.sub(value.shrU(1).and(0x5555_5555_5555_5555n)));
    const quads = f.let(pairs.and(0x3333_3333_3333_3333n).add(pairs.shrU(2).and(0x3333_3333_3333_3333n)));
    const bytes = quads.add(quads.shrU(4)).and(0x0f0f_0f0f_0f0f_0f0fn);
    const result = f.let(f.select(whole, value.popcnt(), bytes));
    s.setGr64('R1', result);
    s.setCcNonZero(result);
  });
}
