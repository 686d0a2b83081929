/** Tables of dynamic address translation (Principles of Operation, chapter 3) for the guests. */
import { CODE, ENDLESS, ENDLESS_BYTES, MEMORY, PAGE_TABLES, SEGMENT_TABLE } from './layout.ts';

const INVALID = 0x20;
/** Table type and length of an entry of a region table. */
const REGION = { first: 0xf, second: 0xb, third: 0x7 } as const;

function table(entries: number, entry: (index: number) => number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * entries));
  for (let i = 0; i < entries; i++) view.setBigUint64(8 * i, BigInt(entry(i)));
  return new Uint8Array(view.buffer);
}

function frame(page: number): number {
  return ENDLESS.frames + 4096 * (page % (ENDLESS_BYTES / 4096));
}

/** Addresses and contents of the tables. */
export function translationTables(): readonly (readonly [address: number, table: Uint8Array])[] {
  const segments = MEMORY / (1 << 20);
  return [
    [SEGMENT_TABLE, table(512, (i) => (i < segments ? PAGE_TABLES + 2048 * i : INVALID))],
    [PAGE_TABLES, table(256 * segments, (i) => 4096 * i)],
    [ENDLESS.regionFirst, table(2048, () => ENDLESS.regionSecond | REGION.first)],
    [ENDLESS.regionSecond, table(2048, () => ENDLESS.regionThird | REGION.second)],
    [ENDLESS.regionThird, table(2048, () => ENDLESS.segment | REGION.third)],
    [ENDLESS.segment, table(2048, () => ENDLESS.page)],
    [ENDLESS.page, table(256, (i) => (i === CODE / 4096 ? CODE : frame(i)))],
  ];
}
