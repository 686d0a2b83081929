/**
 * What an instruction expects in registers and storage beyond its plain operands: addresses and lengths in
 * registers, strings, tables, packed decimals. Without it nearly every case would end in the same exception.
 */
import type { CaseBuilder } from './builder.ts';
import { floatingPointControl, integer, packed } from './values.ts';

export type Profile = (c: CaseBuilder) => void;

function length(c: CaseBuilder): number {
  const { random } = c;
  return random.pick([0, 1, random.below(8), random.below(40), random.below(200)]);
}

/** An address in a register, a length in the next; the bits that a length does not use hold something. */
function pair(
  c: CaseBuilder,
  register: number,
  bits: number,
  count: number,
  target = c.target(count),
): number {
  const address = target;
  c.setRegister(register, c.dirty(address));
  const above = c.random.chance(60) ? 0n : c.random.bits(64) << BigInt(bits);
  c.setRegister(register + 1, BigInt.asUintN(64, BigInt(count) | above));
  return address;
}

function lengthBits(c: CaseBuilder): number {
  return c.mode === 64 ? 64 : 32;
}

/** Two operands of nearly the same bytes, so that comparisons and searches get somewhere. */
function alike(c: CaseBuilder, first: number, second: number, count: number): void {
  if (c.random.chance(30)) return;
  const values = c.random.chance(50) ? [c.random.below(256)] : [0, 1, 0x40, 0x41];
  const bytes = Uint8Array.from({ length: count }, () => c.random.pick(values));
  c.poke(first, bytes);
  c.poke(second, bytes);
  if (c.random.chance(60)) c.poke(first + c.random.below(count + 1), Uint8Array.of(c.random.below(256)));
}

/** Two operands in one pair of registers overlap wholly. */
function differentPairs(c: CaseBuilder, second: 'R2' | 'R3'): void {
  const first = c.field('R1');
  if ((c.field(second) ^ first) >> 1 === 0) c.setField(second, (first + 2 + 2 * c.random.below(7)) & 14);
}

/** MVCL and its like: address and length of both operands. */
function twoPairs(second: 'R2' | 'R3', bits?: number): Profile {
  return (c) => {
    // The padding byte may not change from one execution to the next.
    if (c.has('B2')) c.setField('B2', 0);
    const size = bits ?? lengthBits(c);
    const one = length(c);
    const other = c.random.chance(50) ? one : length(c);
    const first = pair(c, c.field('R1'), size, one);
    // What overlapping operands give is not defined, but for MVCL, which does not move then.
    const apart = bits === 24 ? c.target(other) : c.targetApart(first, other);
    if (bits !== 24) differentPairs(c, second);
    const address = pair(c, c.field(second), size, other, apart);
    alike(c, first, address, Math.max(one, other));
    if (bits === 24 && c.random.chance(70)) {
      const next = (c.field(second) + 1) & 15;
      c.setRegister(next, ((c.gr[next] ?? 0n) & ~0xff00_0000n) | (BigInt(c.random.below(3)) << 24n));
    }
  };
}

/** Strings end in the byte that is in general register 0. */
const strings: Profile = (c) => {
  const count = 1 + c.random.below(60);
  const first = c.target(count);
  const second = c.targetApart(first, count);
  if (c.row.mnemonic === 'mvst' && c.field('R1') === c.field('R2')) c.setField('R2', c.field('R1') ^ 1);
  c.setRegister(c.field('R1'), c.dirty(first));
  if (!c.taken(c.field('R2')) || c.random.chance(50)) c.setRegister(c.field('R2'), c.dirty(second));
  alike(c, first, second, count);
  const end = c.random.below(256);
  if (!c.taken(0)) c.setRegister(0, BigInt(end) | (c.random.chance(10) ? c.random.bits(64) & ~0xffn : 0n));
  if (c.random.chance(80)) c.poke(second + c.random.below(count), Uint8Array.of(end));
  if (c.random.chance(80)) c.poke(first + c.random.below(count), Uint8Array.of(end));
};

/** SEARCH STRING: R2 to R1, an even distance for two-byte characters. */
const search: Profile = (c) => {
  const count = c.random.below(100) & (c.row.mnemonic === 'srstu' ? ~1 : ~0);
  const start = c.target(count);
  c.setRegister(c.field('R2'), c.dirty(start));
  if (!c.taken(c.field('R1'))) c.setRegister(c.field('R1'), c.dirty(start + count));
  const end = c.random.below(256);
  if (!c.taken(0)) c.setRegister(0, BigInt(end) | (c.random.chance(10) ? c.random.bits(64) & ~0xffn : 0n));
  if (c.random.chance(70)) c.poke(start + c.random.below(count + 1), Uint8Array.of(end, end));
};

const substring: Profile = (c) => {
  twoPairs('R2')(c);
  c.setRegister(0, BigInt(c.random.below(6)));
  c.setRegister(1, BigInt(c.random.below(3)));
};

const checksum: Profile = (c) => {
  // The sum may not be in the registers of the second operand.
  const r2 = c.field('R2');
  if ((c.field('R1') ^ r2) >> 1 === 0) c.setField('R1', c.field('R1') ^ 2);
  pair(c, c.field('R2'), lengthBits(c), length(c));
};

/** Operands that are not in general registers 0 and 1, which have the test byte and the table, nor in the same ones. */
function notControlRegisters(c: CaseBuilder): void {
  if (c.field('R1') < 2) c.setField('R1', c.field('R1') + 2 + 2 * c.random.below(7));
  while (c.field('R2') < 2 || (c.field('R2') ^ c.field('R1')) >> 1 === 0)
    c.setField('R2', c.random.below(16));
}

/** TRANSLATE EXTENDED and TRANSLATE AND TEST EXTENDED: a table besides. */
function extended(table: 'R2' | 1): Profile {
  return (c) => {
    notControlRegisters(c);
    const first = pair(c, c.field('R1'), lengthBits(c), length(c));
    const register = table === 1 ? 1 : c.field('R2');
    const address = c.targetApart(first, 256) & (table === 1 ? ~7 : ~0);
    if (!c.taken(register)) c.setRegister(register, c.dirty(address));
    if (!c.taken(0)) c.setRegister(0, BigInt(c.random.below(256)));
    if (table === 1)
      c.poke(
        address,
        Uint8Array.from({ length: 256 }, () => (c.random.chance(95) ? 0 : 1)),
      );
  };
}

/** TRANSLATE ONE TO ONE and its like. */
const translateTo: Profile = (c) => {
  notControlRegisters(c);
  const first = pair(c, c.field('R1'), lengthBits(c), length(c));
  c.setRegister(c.field('R2'), c.dirty(c.targetApart(first, 64)));
  if (!c.taken(1)) c.setRegister(1, c.dirty(c.target(256) & ~7));
  if (!c.taken(0)) c.setRegister(0, BigInt(c.random.below(0x1_0000)));
};

/** Conversions between forms of Unicode. */
const unicode: Profile = (c) => {
  const count = length(c);
  const room = length(c);
  differentPairs(c, 'R2');
  const target = pair(c, c.field('R1'), lengthBits(c), room);
  const source = pair(c, c.field('R2'), lengthBits(c), count, c.targetApart(target, count));
  if (c.random.chance(20)) return;
  const text = Array.from({ length: count }, () => {
    const limit = c.random.pick([0x80, 0x800, 0x1_0000, 0x11_0000]);
    return String.fromCodePoint(c.random.below(limit)).toWellFormed();
  }).join('');
  c.poke(source, encodeText(text, c.row.mnemonic.charAt(2)).subarray(0, count + 4));
};

function encodeText(text: string, form: string): Uint8Array {
  if (form === '1') return new TextEncoder().encode(text);
  if (form === '2') {
    return Uint8Array.from(
      Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).flatMap((unit) => [
        unit >> 8,
        unit & 255,
      ]),
    );
  }
  return Uint8Array.from(
    [...text].flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      return [0, code >> 16, (code >> 8) & 255, code & 255];
    }),
  );
}

/** The second operand equals what the instruction compares it with. */
function comparison(size: number, pairs: boolean): Profile {
  return (c) => {
    if (c.random.chance(40)) return;
    const r1 = c.field('R1');
    const address = c.operandAddress(2);
    const half = pairs ? size / 2 : size;
    c.pokeInteger(address, BigInt.asUintN(8 * half, c.gr[r1] ?? 0n), half);
    if (pairs) c.pokeInteger(address + half, BigInt.asUintN(8 * half, c.gr[(r1 + 1) & 15] ?? 0n), half);
  };
}

/** A dividend that is not so large that the quotient does not fit. */
const dividend: Profile = (c) => {
  if (c.random.chance(35)) return;
  const r1 = c.field('R1');
  if (c.taken(r1)) return;
  const small = c.random.pick([0n, -1n, 1n, BigInt(c.random.below(100))]);
  c.gr[r1] = BigInt.asUintN(64, small);
};

/** Storage operands that are packed decimals. */
function decimals(...operands: (1 | 2)[]): Profile {
  return (c) => {
    for (const operand of operands) {
      const field = `L${operand}` as 'L1' | 'L2';
      let size = c.has(field) ? c.field(field) + 1 : 8;
      if (c.row.mnemonic === 'cvbg') size = 16;
      c.poke(c.operandAddress(operand), packed(c.random, Math.min(size, 16)));
    }
  };
}

/** TRANSLATE AND TEST: few function bytes are not zero. */
const translateTest: Profile = (c) => {
  c.poke(
    c.operandAddress(2),
    Uint8Array.from({ length: 256 }, () => (c.random.chance(95) ? 0 : c.random.below(256))),
  );
};

/** MOVE TO A STRING THAT COMPARES: SS-format operands that are alike. */
const alikeStorage: Profile = (c) => {
  alike(c, c.operandAddress(1), c.operandAddress(2), c.field('L1') + 1);
};

/** MOVE RIGHT TO LEFT: the length is in general register 0. */
const rightToLeft: Profile = (c) => {
  if (!c.taken(0)) c.setRegister(0, BigInt(c.random.chance(50) ? c.random.below(256) : c.random.below(16)));
};

/** PERFORM LOCKED OPERATION: a function code, often only tested. */
const lockedOperation: Profile = (c) => {
  const code = BigInt(c.random.below(26)) | (c.random.chance(30) ? 0x100n : 0n);
  if (!c.taken(0)) c.setRegister(0, code);
};

const storeAfterCompare: Profile = (c) => {
  if (!c.taken(0)) c.setRegister(0, BigInt(c.random.below(3)) | (BigInt(c.random.below(6)) << 8n));
  if (!c.taken(1)) c.setRegister(1, c.dirty(c.target(32) & ~15));
  const size = 4 << (Number(c.gr[0] ?? 0n) & 3);
  if (c.random.chance(60))
    c.pokeInteger(
      c.operandAddress(1),
      BigInt.asUintN(8 * Math.min(size, 8), c.gr[c.field('R3')] ?? 0n),
      Math.min(size, 8),
    );
};

const controlInRegister: Profile = (c) => {
  const value = c.random.chance(80) ? BigInt(floatingPointControl(c.random)) : c.random.bits(32);
  c.gr[c.field('R1')] = ((integer(c.random) >> 32n) << 32n) | value;
};

const controlInStorage: Profile = (c) => {
  if (c.random.chance(80)) c.pokeInteger(c.operandAddress(2), BigInt(floatingPointControl(c.random)), 4);
};

/** By mnemonic. */
export const profiles: ReadonlyMap<string, Profile> = new Map<string, Profile>([
  ...all('mvcl clcl', twoPairs('R2', 24)),
  ...all('mvcle clcle', twoPairs('R3')),
  ...all('mvclu clclu', (c) => {
    twoPairs('R3')(c);
    for (const register of [c.field('R1') + 1, c.field('R3') + 1]) {
      if (c.random.chance(90)) c.setRegister(register, (c.gr[register & 15] ?? 0n) & ~1n);
    }
  }),
  ...all('mvst clst', strings),
  ...all('srst srstu', search),
  ...all('cuse', substring),
  ...all('cksm', checksum),
  ...all('tre', extended('R2')),
  ...all('trte trtre', extended(1)),
  ...all('troo trot trto trtt', translateTo),
  ...all('cu12 cu14 cu21 cu24 cu41 cu42', unicode),
  ...all('cs csy', comparison(4, false)),
  ...all('csg', comparison(8, false)),
  ...all('cds cdsy', comparison(8, true)),
  ...all('cdsg', comparison(16, true)),
  ...all('csst', storeAfterCompare),
  ...all('d dr dl dlr dlg dlgr dsg dsgr dsgf dsgfr', dividend),
  ...all('ap sp zap cp mp dp', decimals(1, 2)),
  ...all('cvb cvby cvbg unpk mvo', decimals(2)),
  ...all('srp', decimals(1)),
  ...all('tp', decimals(1)),
  ...all('ed edmk', (c) => {
    const pattern = Uint8Array.from({ length: c.field('L1') + 1 }, () =>
      c.random.pick([0x20, 0x20, 0x20, 0x21, 0x22, 0x40, 0x6b, 0x4b]),
    );
    c.poke(c.operandAddress(1), pattern);
    for (let at = 0; at < 64; at += 8) c.poke(c.operandAddress(2) + at, packed(c.random, 8));
  }),
  ...all('trt trtr', translateTest),
  ...all('clc', alikeStorage),
  ...all('mvcrl', rightToLeft),
  ...all('plo', lockedOperation),
  ...all('sfpc sfasr', controlInRegister),
  ...all('lfpc lfas', controlInStorage),
]);

function all(mnemonics: string, profile: Profile): (readonly [string, Profile])[] {
  return mnemonics.split(' ').map((mnemonic) => [mnemonic, profile]);
}
