/** Operands of general instructions across pages that lie apart, known to the TLBs or not. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DATA, OPERATION, PAGE_TABLE, TestControlCpu } from '../control/test-control-cpu.ts';

const PROTECTED = 0x200n;
const INVALID = 0x400n;
/** The frame of the page after {@link DATA}. */
const FRAME = 0x4_0000n;

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
  cpu.translate();
  mapSecond(0n);
});

function mapSecond(bits: bigint): void {
  cpu.put(PAGE_TABLE + 8n * ((DATA >> 12n) + 1n), FRAME | bits);
}

/** Addresses register 10 by `left` bytes before the second page, where counting bytes lie. */
function place(left: number): void {
  cpu.setGr(10, DATA + 4096n - BigInt(left));
  const counting = Array.from({ length: 64 }, (_, i) => i + 1);
  cpu.setBytes(DATA + 4096n - BigInt(left), counting.slice(0, left));
  cpu.setBytes(FRAME, counting.slice(left));
}

const stored = (left: number, length: number) => [
  ...cpu.bytes(DATA + 4096n - BigInt(left), left),
  ...cpu.bytes(FRAME, length - left),
];

/** Twice, so that the second time both pages are known. */
const twice = (text: string) => `${text}\n${text}`;

describe.each([
  ['lg %r1,0(%r10)', 'stg %r1,32(%r11)', 8, [1, 3, 4, 7]],
  ['l %r1,0(%r10)', 'st %r1,32(%r11)', 4, [1, 2, 3]],
  ['lh %r1,0(%r10)', 'sth %r1,32(%r11)', 2, [1]],
  ['lmg %r0,%r3,0(%r10)', 'stmg %r0,%r3,32(%r11)', 32, [8, 16, 20, 3]],
  ['lm %r0,%r3,0(%r10)', 'stm %r0,%r3,32(%r11)', 16, [4, 8, 6]],
] as const)('%s', (load, store, length, places) => {
  it.each(places)('loads with %i bytes in the first page', (left) => {
    place(left);
    expect(cpu.run(`${twice(load)}\n${store}`).code).toBe(OPERATION);
    const expected = Array.from({ length }, (_, i) => i + 1);
    expect([...cpu.bytes(cpu.gr(11) + 32n, length)]).toEqual(expected);
  });
});

describe.each([
  ['stg %r1,0(%r10)', 8, [1, 3, 4, 7]],
  ['st %r1,0(%r10)', 4, [1, 2, 3]],
  ['sth %r1,0(%r10)', 2, [1]],
  ['stmg %r0,%r3,0(%r10)', 32, [8, 16, 20, 3]],
  ['stm %r0,%r3,0(%r10)', 16, [4, 8, 6]],
] as const)('%s', (store, length, places) => {
  beforeEach(() => {
    for (let i = 0; i < 4; i++) cpu.setGr(i, 0x0101_0101_0101_0101n * BigInt(0xa0 + i));
  });
  it.each(places)('stores %i bytes in the first page', (left) => {
    place(left);
    expect(cpu.run(twice(store)).code).toBe(OPERATION);
    const width = length > 8 ? length / 4 : length;
    const first = length > 8 ? 0 : 1;
    const expected = Array.from({ length }, (_, i) => 0xa0 + first + Math.floor(i / width));
    expect(stored(left, length)).toEqual(expected);
    expect(cpu.bytes(FRAME + BigInt(length - left), 1)[0]).toBe(length + 1);
  });
  it.each([
    ['protected', PROTECTED, 4],
    ['invalid', INVALID, 0x11],
  ])('stores nothing where the second page is %s', (_, bits, code) => {
    const [left] = places;
    place(left);
    mapSecond(bits);
    // The first page is known for stores by then.
    expect(cpu.run(`mvi 0(%r10),1\n ${store}`).code).toBe(code);
    expect(stored(left, length)).toEqual(Array.from({ length }, (_, i) => i + 1));
  });
});
