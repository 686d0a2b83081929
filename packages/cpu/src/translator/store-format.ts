/** How a store of translations is written: numbers in LEB128, texts and bytes behind their lengths. */
import { type BranchHint, ByteReader, ByteWriter, type FunctionBody } from '@zarch/wasm';
import type { CodeBytes } from './translation.ts';
import type { StoreContents, StoredRegion } from './translation-store.ts';

const FORMAT = 'zarch translations 1';

export function encodeStore({ layout, places, regions }: StoreContents): Uint8Array<ArrayBuffer> {
  const size = regions.reduce((sum, { body }) => sum + body.bytes.length + 2 * body.hints.length, 0);
  const out = new ByteWriter(size + 65536);
  out.name(FORMAT);
  out.name(layout);
  writeNumbers(out, places);
  out.u32(regions.length);
  for (const region of regions) writeRegion(out, region);
  return out.view().slice();
}

/** @throws {RangeError} When the bytes are not a whole store. */
export function decodeStore(bytes: Uint8Array): StoreContents {
  const from = new ByteReader(bytes);
  if (from.name() !== FORMAT)
    throw new RangeError('this is no store of translations, or one of another format');
  const layout = from.name();
  const places = readNumbers(from);
  const regions = readMany(from, readRegion);
  if (!from.isAtEnd) throw new RangeError('there is something behind the last region');
  return { layout, places, regions };
}

function writeRegion(out: ByteWriter, region: StoredRegion): void {
  out.name(region.name);
  out.u32(region.pointer);
  out.u32(region.instructions);
  out.u32(region.age);
  out.u32(region.code.length);
  for (const { block, host, bytes } of region.code) {
    out.u32(block);
    out.u32(host);
    writeBytes(out, bytes);
  }
  writeNumbers(out, region.inside);
  writeBody(out, region.body);
}

function readRegion(from: ByteReader): StoredRegion {
  const name = from.name();
  const pointer = from.u32();
  const instructions = from.u32();
  const age = from.u32();
  const code = readMany(from, readCode);
  return { name, pointer, instructions, age, code, inside: readNumbers(from), body: readBody(from) };
}

function readCode(from: ByteReader): CodeBytes {
  return { block: from.u32(), host: from.u32(), bytes: from.bytes(from.u32()) };
}

/** Hints by their distance from the one before, twice, and one where the branch is likely. */
function writeBody(out: ByteWriter, { bytes, hints, start }: FunctionBody): void {
  out.u32(start);
  out.u32(hints.length);
  let last = 0;
  for (const { at, likely } of hints) {
    out.u32(2 * (at - last) + (likely ? 1 : 0));
    last = at;
  }
  writeBytes(out, bytes);
}

function readBody(from: ByteReader): FunctionBody {
  const start = from.u32();
  let at = 0;
  const hints = readMany(from, (): BranchHint => {
    const coded = from.u32();
    at += Math.floor(coded / 2);
    return { at, likely: coded % 2 === 1 };
  });
  return { start, hints, bytes: from.bytes(from.u32()) };
}

function writeBytes(out: ByteWriter, bytes: Uint8Array): void {
  out.u32(bytes.length);
  out.bytes(bytes);
}

function writeNumbers(out: ByteWriter, numbers: readonly number[]): void {
  out.u32(numbers.length);
  for (const number of numbers) out.u32(number);
}
function readNumbers(from: ByteReader): number[] {
  return readMany(from, (source) => source.u32());
}

function readMany<T>(from: ByteReader, read: (from: ByteReader) => T): T[] {
  const items: T[] = [];
  for (let count = from.u32(); count > 0; count--) items.push(read(from));
  return items;
}
