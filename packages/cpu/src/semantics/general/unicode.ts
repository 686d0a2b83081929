/**
 * Conversion between UTF-8, UTF-16 and UTF-32 (Principles of Operation, chapter 7, "CONVERT UTF-8 TO UTF-16" and so
 * on). An execution converts what lies in one page of each operand.
 */
import type { Assist, AssistContext } from '../assist.ts';
import type { DefinitionTable } from '../semantics.ts';
import { addressIn, field4, leftInPage, lengthIn, setAddressIn, setIn } from './assist-operands.ts';

/** A character and its length in bytes, or how many bytes it would take, or 'invalid'. */
type Decoded =
  | { readonly character: number; readonly length: number }
  | 'invalid'
  | { readonly needs: number };

/** Decodes the character at the start of `bytes`; `check` asks for well-formedness checking. */
type Decoder = (bytes: Uint8Array, at: number, check: boolean) => Decoded;
type Encoder = (character: number) => readonly number[];

export function defineUnicode(table: DefinitionTable): void {
  for (const [mnemonic, decoder, encoder] of [
    ['cu12', decodeUtf8, encodeUtf16],
    ['cu14', decodeUtf8, encodeUtf32],
    ['cu21', decodeUtf16, encodeUtf8],
    ['cu24', decodeUtf16, encodeUtf32],
    ['cu41', decodeUtf32, encodeUtf8],
    ['cu42', decodeUtf32, encodeUtf16],
  ] as const) {
    const assist = convert(decoder, encoder, decoder !== decodeUtf32);
    table.define(mnemonic, (s) => {
      s.requireEven('R1', 'R2');
      s.assist(assist);
    });
  }
}

/** Most source bytes of one execution. */
const UNIT = 1024;

function convert(decoder: Decoder, encoder: Encoder, hasMask: boolean): Assist {
  const shortest = decoder === decodeUtf8 ? 1 : decoder === decodeUtf16 ? 2 : 4;
  return (context, text) => {
    const [r1, r2] = [field4(text, 24), field4(text, 28)];
    const check = hasMask && context.facility(30) && (field4(text, 16) & 1) === 1;
    const target = addressIn(context, r1);
    const source = addressIn(context, r2);
    const room = lengthIn(context, r1 + 1);
    const length = lengthIn(context, r2 + 1);

    const output: number[] = [];
    let taken = 0;
    let cc = 3;
    // What is shorter than the shortest character is not accessed.
    const none = length < BigInt(shortest);
    let bytes = none ? new Uint8Array() : loadSource(context, source, length, r2, 1);
    if (!bytes) return context.accessException();
    for (;;) {
      const decoded = decoder(bytes, taken, check);
      if (decoded === 'invalid') {
        cc = 2;
        break;
      }
      if ('needs' in decoded) {
        if (BigInt(taken + decoded.needs) > length) {
          cc = 0;
          break;
        }
        // The character goes on in the next page: only the first one of an execution may.
        if (taken > 0) break;
        bytes = loadSource(context, source, length, r2, decoded.needs);
        if (!bytes) return context.accessException();
        continue;
      }
      const encoded = encoder(decoded.character);
      if (BigInt(output.length + encoded.length) > room) {
        cc = 1;
        break;
      }
      if (output.length > 0 && output.length + encoded.length > leftInPage(target)) break;
      output.push(...encoded);
      taken += decoded.length;
    }
    if (!context.store(target, Uint8Array.from(output), r1)) return context.accessException();
    setAddressIn(context, r1, target + BigInt(output.length));
    setIn(context, r1 + 1, room - BigInt(output.length));
    setAddressIn(context, r2, source + BigInt(taken));
    setIn(context, r2 + 1, length - BigInt(taken));
    context.cc = cc;
    return 0;
  };
}

/** The source up to the end of its page, or `needed` bytes if those are more. */
function loadSource(
  context: AssistContext,
  address: bigint,
  length: bigint,
  ar: number,
  needed: number,
): Uint8Array | undefined {
  const within = Math.max(Math.min(leftInPage(address), UNIT), needed);
  return context.load(address, length < BigInt(within) ? Number(length) : within, ar);
}

function decodeUtf8(bytes: Uint8Array, at: number, check: boolean): Decoded {
  const first = bytes[at];
  if (first === undefined) return { needs: 1 };
  if (first <= 0x7f) return { character: first, length: 1 };
  if (first <= (check ? 0xc1 : 0xbf)) return 'invalid';
  const length = first <= 0xdf ? 2 : first <= 0xef ? 3 : 4;
  if (first > (check ? 0xf4 : 0xf7)) return 'invalid';
  if (at + length > bytes.length) return { needs: length };
  let character = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i] ?? 0;
    if (check && (next & 0xc0) !== 0x80) return 'invalid';
    character = (character << 6) | (next & 0x3f);
  }
  if (!check) return { character, length };
  const surrogate = character >= 0xd800 && character <= 0xdfff;
  const tooLong = character < (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x1_0000);
  if (tooLong || surrogate || character > 0x10_ffff) return 'invalid';
  return { character, length };
}

function decodeUtf16(bytes: Uint8Array, at: number, check: boolean): Decoded {
  if (at + 2 > bytes.length) return { needs: 2 };
  const high = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if ((high & 0xfc00) !== 0xd800) return { character: high, length: 2 };
  if (at + 4 > bytes.length) return { needs: 4 };
  const low = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  if (check && (low & 0xfc00) !== 0xdc00) return 'invalid';
  return { character: (((high & 0x3ff) + 0x40) << 10) | (low & 0x3ff), length: 4 };
}

function decodeUtf32(bytes: Uint8Array, at: number): Decoded {
  if (at + 4 > bytes.length) return { needs: 4 };
  const character = [0, 1, 2, 3].reduce((value, i) => value * 256 + (bytes[at + i] ?? 0), 0);
  if (character > 0x10_ffff || (character >= 0xd800 && character <= 0xdbff)) return 'invalid';
  return { character, length: 4 };
}

function encodeUtf8(character: number): readonly number[] {
  const follow = (shift: number) => 0x80 | ((character >> shift) & 0x3f);
  if (character <= 0x7f) return [character];
  if (character <= 0x7ff) return [0xc0 | (character >> 6), follow(0)];
  if (character <= 0xffff) return [0xe0 | (character >> 12), follow(6), follow(0)];
  return [0xf0 | ((character >> 18) & 7), follow(12), follow(6), follow(0)];
}

function encodeUtf16(character: number): readonly number[] {
  if (character <= 0xffff) return [character >> 8, character & 0xff];
  const high = 0xd800 | (((character >> 10) - 0x40) & 0x3ff);
  const low = 0xdc00 | (character & 0x3ff);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff];
}

function encodeUtf32(character: number): readonly number[] {
  return [24, 16, 8, 0].map((shift) => (character >> shift) & 0xff);
}
