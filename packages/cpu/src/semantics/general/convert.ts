/**
 * Conversion between binary, packed decimal, zoned decimal and characters (Principles of Operation, chapter 7,
 * "CONVERT TO BINARY", "CONVERT TO DECIMAL", "PACK", "PACK ASCII", "PACK UNICODE", "UNPACK", "UNPACK ASCII", "UNPACK
 * UNICODE").
 */
import { ProgramInterruption } from '@zarch/arch';
import { Access } from '@zarch/memory';
import { I32 } from '@zarch/wasm';
import type { Assist, AssistContext } from '../assist.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { field4 } from './assist-operands.ts';
import { assistWith, twoLengths, twoSpans } from './storage-to-storage.ts';

/** The sign code of a positive packed number, and of a negative one, as results have them. */
const PLUS = 0xcn;
const MINUS = 0xdn;
/** Bytes of the packed operand of the ASCII and Unicode forms. */
const PACKED_LENGTH = 16;

export function defineConvert(table: DefinitionTable): void {
  for (const [mnemonics, assist] of [
    [['cvb', 'cvby'], toBinary(8)],
    [['cvbg'], toBinary(16)],
    [['cvd', 'cvdy'], toDecimal(8)],
    [['cvdg'], toDecimal(16)],
  ] as const) {
    table.define(mnemonics, (s) => {
      const operand = s.operand(2);
      assistWith(s, assist, operand.address, operand.ar);
    });
  }
  table.define('pack', (s) => twoLengths(s, pack));
  table.define('unpk', (s) => twoLengths(s, unpack));
  for (const [mnemonic, size] of [
    ['pka', 1],
    ['pku', 2],
  ] as const) {
    const assist = packCharacters(size);
    table.define(mnemonic, (s) => {
      const length = s.f.let(s.field('L2').add(1));
      requireCharacters(s, length, size);
      const [first, second] = [s.operand(1), s.operand(2)];
      const packed = I32.const(PACKED_LENGTH);
      assistWith(s, assist, first.address, first.ar, packed, second.address, second.ar, length);
    });
  }
  for (const [mnemonic, size] of [
    ['unpka', 1],
    ['unpku', 2],
  ] as const) {
    const assist = unpackCharacters(size);
    table.define(mnemonic, (s) => {
      const length = s.f.let(s.field('L1').add(1));
      requireCharacters(s, length, size);
      const [first, second] = [s.operand(1), s.operand(2)];
      const packed = I32.const(PACKED_LENGTH);
      assistWith(s, assist, first.address, first.ar, length, second.address, second.ar, packed);
    });
  }
}

/** At most 32 characters, all of them whole. */
function requireCharacters(s: Semantics, length: I32, size: 1 | 2): void {
  s.programIf(length.gtU(32 * size).or(length.and(size - 1)), ProgramInterruption.specification);
}

function isNegative(sign: bigint): boolean {
  return sign === 0xbn || sign === 0xdn;
}

/** CONVERT TO BINARY from `length` bytes: 8 give 32 bits, 16 give 64. */
function toBinary(length: 8 | 16): Assist {
  return (context, text) => {
    const bytes = context.load(context.scratch(0), length, Number(context.scratch(1)));
    if (!bytes) return context.accessException();
    const digits = [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
    const sign = digits.pop() ?? 0;
    if (sign < 10 || digits.some((digit) => digit > 9)) return context.program(ProgramInterruption.data, 0);
    const magnitude = BigInt(digits.join(''));
    const value = isNegative(BigInt(sign)) ? -magnitude : magnitude;
    const r1 = field4(text, 8);
    if (length === 16) {
      if (value !== BigInt.asIntN(64, value)) return context.program(ProgramInterruption.fixedPointDivide);
      context.setGr(r1, value);
      return 0;
    }
    // The 32-bit form places the rightmost bits even if they are not all.
    context.setGr(r1, (context.gr(r1) & ~0xffff_ffffn) | BigInt.asUintN(32, value));
    return value === BigInt.asIntN(32, value) ? 0 : context.program(ProgramInterruption.fixedPointDivide);
  };
}

/** CONVERT TO DECIMAL to `length` bytes: 32 bits to 8, 64 to 16. */
function toDecimal(length: 8 | 16): Assist {
  return (context, text) => {
    const value = BigInt.asIntN(length * 4, context.gr(field4(text, 8)));
    const magnitude = value < 0n ? -value : value;
    const digits =
      magnitude.toString().padStart(length * 2 - 1, '0') + (value < 0n ? MINUS : PLUS).toString(16);
    const bytes = Uint8Array.from({ length }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
    const stored = context.store(context.scratch(0), bytes, Number(context.scratch(1)));
    return stored ? 0 : context.accessException();
  };
}

/** The rightmost byte's halves change places; of the others the digits are put together. */
const pack: Assist = (context) => {
  const spans = twoSpans(context);
  if (!spans) return context.accessException();
  const { first, second, length1, length2 } = spans;
  const last = second.get(length2 - 1);
  first.set(length1 - 1, (last << 4) | (last >> 4));
  let from = length2 - 2;
  const digit = () => (from >= 0 ? second.get(from--) & 15 : 0);
  for (let to = length1 - 2; to >= 0; to--) {
    const low = digit();
    first.set(to, (digit() << 4) | low);
  }
  return 0;
};

/** The rightmost byte's halves change places; each other byte becomes two digits with zones. */
const unpack: Assist = (context) => {
  const spans = twoSpans(context);
  if (!spans) return context.accessException();
  const { first, second, length1, length2 } = spans;
  const last = second.get(length2 - 1);
  first.set(length1 - 1, (last << 4) | (last >> 4));
  let from = length2 - 2;
  for (let to = length1 - 2; to >= 0; to -= 2) {
    const byte = from >= 0 ? second.get(from--) : 0;
    first.set(to, 0xf0 | (byte & 15));
    if (to > 0) first.set(to - 1, 0xf0 | (byte >> 4));
  }
  return 0;
};

/** PACK ASCII and PACK UNICODE: digits are in the right halves of characters' rightmost bytes. */
function packCharacters(size: 1 | 2): Assist {
  return (context) => {
    const length = Number(context.scratch(5));
    const source = context.load(context.scratch(3), length, Number(context.scratch(4)));
    if (!source) return context.accessException();
    const digits = [...source].filter((_, i) => i % size === size - 1).map((byte) => byte & 15);
    const kept = [...digits, Number(PLUS)].slice(-2 * PACKED_LENGTH);
    const halves = [...new Array<number>(2 * PACKED_LENGTH - kept.length).fill(0), ...kept];
    const bytes = Uint8Array.from({ length: PACKED_LENGTH }, (_, i) => {
      return ((halves[2 * i] ?? 0) << 4) | (halves[2 * i + 1] ?? 0);
    });
    const stored = context.store(context.scratch(0), bytes, Number(context.scratch(1)));
    return stored ? 0 : context.accessException();
  };
}

/** UNPACK ASCII and UNPACK UNICODE; the condition code tells the sign: 0 plus, 1 minus, 3 none. */
function unpackCharacters(size: 1 | 2): Assist {
  return (context) => {
    const length = Number(context.scratch(2));
    const source = context.span(context.scratch(3), PACKED_LENGTH, Number(context.scratch(4)), Access.read);
    if (!source) return context.accessException();
    const halves = Array.from({ length: 2 * PACKED_LENGTH }, (_, i) => {
      return i % 2 === 0 ? source.get(i / 2) >> 4 : source.get((i - 1) / 2) & 15;
    });
    const sign = halves.pop() ?? 0;
    const count = length / size;
    const digits = [...new Array<number>(32).fill(0), ...halves].slice(-count);
    const bytes = digits.flatMap((digit) => (size === 2 ? [0, 0x30 | digit] : [0x30 | digit]));
    if (!store(context, bytes)) return context.accessException();
    context.cc = sign < 10 ? 3 : isNegative(BigInt(sign)) ? 1 : 0;
    return 0;
  };
}

function store(context: AssistContext, bytes: readonly number[]): boolean {
  return context.store(context.scratch(0), Uint8Array.from(bytes), Number(context.scratch(1)));
}
