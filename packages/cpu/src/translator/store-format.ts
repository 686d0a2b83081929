/** How the parts of a store of translations are written: numbers in LEB128, texts and bytes behind their lengths. */
import { ByteReader, ByteWriter } from '@zarch/wasm';
import type { CodeBytes } from './translation.ts';
import type { SegmentSummary, StoredRegion, StoreSummary } from './translation-store.ts';

const FORMAT = 'zarch translations 2';

export function encodeSummary({ layout, places, segments }: StoreSummary): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(65536);
  out.name(FORMAT);
  out.name(layout);
  writeNumbers(out, places);
  out.u32(segments.length);
  for (const { size, count, age } of segments) {
    out.u32(size);
    out.u32(count);
    out.u32(age);
  }
  return out.view().slice();
}

/** @throws {RangeError} When the bytes are not a whole summary. */
export function decodeSummary(bytes: Uint8Array): StoreSummary {
  const from = new ByteReader(bytes);
  if (from.name() !== FORMAT)
    throw new RangeError('this is no store of translations, or one of another format');
  const layout = from.name();
  const places = readNumbers(from);
  const segments = readMany(from, readSegment);
  atEnd(from);
  return { layout, places, segments };
}

export function encodeRegions(regions: readonly StoredRegion[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(65536);
  out.u32(regions.length);
  for (const region of regions) writeRegion(out, region);
  return out.view().slice();
}

/** @throws {RangeError} When the bytes are not those of whole regions. */
export function decodeRegions(bytes: Uint8Array): StoredRegion[] {
  const from = new ByteReader(bytes);
  const regions = readMany(from, readRegion);
  atEnd(from);
  return regions;
}

function atEnd(from: ByteReader): void {
  if (!from.isAtEnd) throw new RangeError('there is something behind the end');
}

function readSegment(from: ByteReader): SegmentSummary {
  return { size: from.u32(), count: from.u32(), age: from.u32() };
}

function writeRegion(out: ByteWriter, region: StoredRegion): void {
  out.u32(region.pointer);
  out.u32(region.instructions);
  out.u32(region.code.length);
  for (const { block, host, bytes } of region.code) {
    out.u32(block);
    out.u32(host);
    out.u32(bytes.length);
    out.bytes(bytes);
  }
  writeNumbers(out, region.inside);
}

function readRegion(from: ByteReader): StoredRegion {
  const [pointer, instructions] = [from.u32(), from.u32()];
  const code = readMany(from, readCode);
  return { pointer, instructions, code, inside: readNumbers(from) };
}

function readCode(from: ByteReader): CodeBytes {
  return { block: from.u32(), host: from.u32(), bytes: from.bytes(from.u32()) };
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
