/**
 * Translation by tables (Principles of Operation, chapter 7, "TRANSLATE", "TRANSLATE AND TEST", "TRANSLATE AND TEST
 * REVERSE", "TRANSLATE EXTENDED", "TRANSLATE ONE TO ONE" to "TRANSLATE TWO TO TWO", "TRANSLATE AND TEST EXTENDED",
 * "TRANSLATE AND TEST REVERSE EXTENDED").
 */
import { PSW } from '@zarch/arch';
import { Access } from '@zarch/memory';
import { I32, type Pointer } from '@zarch/wasm';
import type { Assist, AssistContext } from '../assist.ts';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import {
  addressIn,
  field4,
  leftInPage,
  lengthIn,
  setAddressIn,
  setIn,
  type Table,
  tableAt,
} from './assist-operands.ts';
import { toPageEnd } from './long-operands.ts';
import { assistWith } from './storage-to-storage.ts';

export function defineTranslate(table: DefinitionTable): void {
  defineByteTable(table);
  table.define('tre', (s) => {
    s.requireEven('R1');
    s.assist(translateExtended);
  });
  for (const [mnemonic, from, to] of [
    ['troo', 1, 1],
    ['trot', 1, 2],
    ['trto', 2, 1],
    ['trtt', 2, 2],
  ] as const) {
    const assist = translateBetween(from, to);
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      s.assist(assist);
    });
  }
  for (const [mnemonic, direction] of [
    ['trte', 1n],
    ['trtre', -1n],
  ] as const) {
    const assist = translateAndTestExtended(direction);
    table.define(mnemonic, (s) => {
      s.requireEven('R1');
      s.assist(assist);
    });
  }
}

/** TR, TRT and TRTR: what lies in one page of operand and table is done here, the rest by an assist. */
function defineByteTable(table: DefinitionTable): void {
  for (const [mnemonic, assist, inPage] of [
    ['tr', translate, translateInPage],
    ['trt', translateAndTest(1), testInPage],
    ['trtr', translateAndTest(-1), undefined],
  ] as const) {
    table.define(mnemonic, (s) => {
      const [first, second] = [s.operand(1), s.operand(2)];
      const length = s.f.let(s.field('L1').add(1));
      const rest = () => assistWith(s, assist, first.address, first.ar, second.address, second.ar, length);
      if (!inPage) {
        rest();
        return;
      }
      const firstFits = toPageEnd(first.address).geU(length.extendU());
      const fits = firstFits.and(toPageEnd(second.address).geU(256));
      s.f.if(fits, () => inPage(s, first, second, length), rest);
    });
  }
}

/** Runs `each` for the bytes of the operand, left to right, with their places and their table entries. */
function eachEntry(
  s: Semantics,
  operand: Pointer,
  table: Pointer,
  length: I32,
  each: (at: I32, byte: Pointer, entry: I32) => void,
): void {
  const { f } = s;
  const i = f.local('i32');
  f.set(i, I32.const(0));
  f.loop((again) => {
    const byte = f.let(operand.sub(i.get().toPointer()));
    const entry = f.let(f.loadI32(table.sub(f.loadI32(byte, 15, 8).toPointer()), 15, 8));
    each(i.get(), byte, entry);
    f.set(i, i.get().add(1));
    f.brIf(i.get().ltU(length), again);
  });
}

function translateInPage(s: Semantics, first: StorageOperand, second: StorageOperand, length: I32): void {
  const table = s.readPointer(second, 1);
  const operand = s.updatePointer(first, 1);
  eachEntry(s, operand, table, length, (_at, byte, entry) => s.f.store(byte, 15, entry, 8));
}

function testInPage(s: Semantics, first: StorageOperand, second: StorageOperand, length: I32): void {
  const { f } = s;
  const table = s.readPointer(second, 1);
  const operand = s.readPointer(first, 1);
  f.block((done) => {
    eachEntry(s, operand, table, length, (at, _byte, entry) => {
      f.if(entry, () => {
        const address = f.let(first.address.add(at.extendU()));
        f.if(
          s.is64(),
          () => s.setGr64(1, address),
          () => {
            // In the 24-bit mode bits 32-39 of the register stay.
            const in31 = s.psw().and(PSW.basicAddressing).ne(0);
            const kept = s.gr32(1).and(f.select(in31, I32.const(0), I32.const(0xff00_0000)));
            s.setGr32(1, kept.or(address.wrap()));
          },
        );
        s.setGr64(2, s.gr64(2).and(~0xffn).or(entry.extendU()));
        s.setCc(f.select(at.eq(length.sub(1)), I32.const(2), I32.const(1)));
        f.br(done);
      });
    });
    s.setCc(0);
  });
}

/** Most characters of one execution of an instruction that ends with condition code 3 when there is more. */
const UNIT = 512;

const translate: Assist = (context) => {
  const length = Number(context.scratch(4));
  const span = context.span(context.scratch(0), length, Number(context.scratch(1)), Access.write);
  if (!span) return context.accessException();
  const table = tableAt(context, context.scratch(2), Number(context.scratch(3)));
  // Table bytes that cannot be accessed must be found before anything is stored.
  for (let i = 0; i < length; i++) {
    if (table(span.get(i)) === undefined) return context.accessException();
  }
  for (let i = 0; i < length; i++) span.set(i, table(span.get(i)) ?? 0);
  return 0;
};

/** Looks for the first byte whose table entry is not zero, to the right or to the left. */
function translateAndTest(direction: 1 | -1): Assist {
  return (context) => {
    const length = Number(context.scratch(4));
    const argument = tableAt(context, context.scratch(0), Number(context.scratch(1)));
    const table = tableAt(context, context.scratch(2), Number(context.scratch(3)));
    for (let i = 0; i < length; i++) {
      const byte = argument(i * direction);
      if (byte === undefined) return context.accessException();
      const found = table(byte);
      if (found === undefined) return context.accessException();
      if (found === 0) continue;
      const address = (context.scratch(0) + BigInt(i * direction)) & context.addressMask;
      // In the 24-bit mode bits 32-39 of the register stay.
      if (context.addressMask === 0xff_ffffn) context.setGr(1, (context.gr(1) & ~0xff_ffffn) | address);
      else setIn(context, 1, address);
      context.setGr(2, (context.gr(2) & ~0xffn) | BigInt(found));
      context.cc = i === length - 1 ? 2 : 1;
      return 0;
    }
    context.cc = 0;
    return 0;
  };
}

/** Translates bytes in place up to a test byte. */
const translateExtended: Assist = (context, text) => {
  const [r1, r2] = [field4(text, 24), field4(text, 28)];
  const address = addressIn(context, r1);
  const length = lengthIn(context, r1 + 1);
  const test = Number(context.gr(0) & 0xffn);
  if (length === 0n) {
    context.cc = 0;
    return 0;
  }
  const count = Math.min(leftInPage(address), UNIT, length > 4096n ? 4096 : Number(length));
  const span = context.span(address, count, r1, Access.write);
  if (!span) return context.accessException();
  const table = tableAt(context, addressIn(context, r2), r2);
  let done = 0;
  let cc = -1;
  for (; done < count; done++) {
    const byte = span.get(done);
    if (byte === test) {
      cc = 1;
      break;
    }
    const value = table(byte);
    if (value === undefined) break;
    span.set(done, value);
  }
  setAddressIn(context, r1, address + BigInt(done));
  setIn(context, r1 + 1, length - BigInt(done));
  if (cc < 0 && done < count) return context.accessException();
  context.cc = cc >= 0 ? cc : BigInt(count) === length ? 0 : 3;
  return 0;
};

/** Big-endian values of one or two bytes. */
function loadCharacter(context: AssistContext, address: bigint, size: 1 | 2, ar: number): number | undefined {
  const bytes = context.load(address, size, ar);
  return bytes?.reduce((value, byte) => (value << 8) | byte, 0);
}
function storeCharacter(
  context: AssistContext,
  address: bigint,
  size: 1 | 2,
  ar: number,
  value: number,
): boolean {
  return context.store(address, Uint8Array.from(size === 2 ? [value >> 8, value & 0xff] : [value]), ar);
}

function entry(table: Table, index: number, size: 1 | 2): number | undefined {
  if (size === 1) return table(index);
  const [high, low] = [table(2 * index), table(2 * index + 1)];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}

/** Translates a source of characters of `from` bytes to characters of `to` bytes elsewhere. */
function translateBetween(from: 1 | 2, to: 1 | 2): Assist {
  return (context, text) => {
    const [r1, r2] = [field4(text, 24), field4(text, 28)];
    // ETF2-enhancement facility: M3 can suppress the comparison with the test character.
    const enhanced = context.facility(24);
    const tested = !(enhanced && (field4(text, 16) & 1) === 1);
    const test = Number(context.gr(0) & (to === 2 ? 0xffffn : 0xffn));
    // Without that facility, tables for two-byte arguments are on a 4K boundary.
    const boundary = from === 2 && !enhanced ? 4096n : 8n;
    const table = tableAt(context, addressIn(context, 1) & -boundary, 1);
    let target = addressIn(context, r1);
    let source = addressIn(context, r2);
    let length = lengthIn(context, r1 + 1);
    if (from === 2 && length % 2n !== 0n) return context.specification();

    let cc = 3;
    let failed = false;
    for (let i = 0; i < UNIT; i++) {
      if (length === 0n) {
        cc = 0;
        break;
      }
      const character = loadCharacter(context, source, from, r2);
      const value = character === undefined ? undefined : entry(table, character, to);
      if (value !== undefined && tested && value === test) {
        cc = 1;
        break;
      }
      failed = value === undefined || !storeCharacter(context, target, to, r1, value);
      if (failed) break;
      target = (target + BigInt(to)) & context.addressMask;
      source = (source + BigInt(from)) & context.addressMask;
      length -= BigInt(from);
    }
    if (cc === 3 && length === 0n) cc = 0;
    setAddressIn(context, r1, target);
    setIn(context, r1 + 1, length);
    setAddressIn(context, r2, source);
    if (failed) return context.accessException();
    context.cc = cc;
    return 0;
  };
}

/** M3 gives the sizes of argument characters and function codes, and whether large arguments are passed over. */
function translateAndTestExtended(direction: 1n | -1n): Assist {
  return (context, text) => {
    const [r1, r2, m3] = [field4(text, 24), field4(text, 28), field4(text, 16)];
    const argumentSize = (m3 & 8) === 0 ? 1 : 2;
    const codeSize = (m3 & 4) === 0 ? 1 : 2;
    const limited = (m3 & 2) !== 0;
    const table = tableAt(context, addressIn(context, 1) & ~7n, 1);
    let address = addressIn(context, r1);
    let length = lengthIn(context, r1 + 1);
    if (argumentSize === 2 && length % 2n !== 0n) return context.specification();

    let cc = 3;
    let code = 0;
    let failed = false;
    for (let i = 0; i < UNIT; i++) {
      if (length === 0n) break;
      const argument = loadCharacter(context, address, argumentSize, r1);
      if (argument === undefined) failed = true;
      else if (!(limited && argument > 255)) {
        const found = entry(table, argument, codeSize);
        failed = found === undefined;
        code = found ?? 0;
      }
      if (failed || code !== 0) break;
      address = (address + direction * BigInt(argumentSize)) & context.addressMask;
      length -= BigInt(argumentSize);
    }
    if (code !== 0) cc = 1;
    else if (length === 0n) cc = 0;
    setAddressIn(context, r1, address);
    setIn(context, r1 + 1, length);
    if (failed) return context.accessException();
    if (cc === 1) setIn(context, r2, BigInt(code));
    context.cc = cc;
    return 0;
  };
}
