/**
 * Code that is changed by another address than the one it runs at: pages of two mappings, other address spaces, and pages
 * that the tables map anew (Principles of Operation, chapter 5, "Conceptual Sequence": after a serialization it is seen).
 */
import { describe, expect, it } from 'vitest';
import { type TestTier, type TestVcpu, testVcpu } from './test-vcpu.ts';

const END = ' diag %r0,%r0,0x7ff';
const DAT = 1n << 58n;
const SECONDARY_SPACE_CONTROL = 1n << 26n;
/** Tables, the routine, and where else its page is mapped; a second routine of the same name elsewhere. */
const SEGMENTS = 0x4_0000;
const PAGES = 0x4_1000;
const SECONDARY_SEGMENTS = 0x4_2000;
const SECONDARY_PAGES = 0x4_3000;
const ROUTINE = 0x1_2000;
const OTHER_ROUTINE = 0x1_3000;
const ALIAS = 0x8_0000;
const PAGE = 4096;

/** Calls what is at `at` eight times, and does `change` in between; register 2 is the sum of what it gave. */
const program = (at: number, change: string) => `
    lhi %r4,8
    lhi %r7,0
    llilf %r5,${at}
    llilf %r6,${ALIAS}
    llilf %r8,${ROUTINE}
  again: basr %r14,%r5
    ar %r7,%r2
    chi %r4,5
    jne next
    ${change}
    bcr 15,0
  next: brct %r4,again
    lr %r2,%r7
    ${END}
  seven: .byte 7
    .org 0x12000
  routine: lhi %r2,1
    br %r14
    .org 0x13000
  other: lhi %r2,7
    br %r14`;
/** Four times 1, and four times 7. */
const SUM = 32n;

/** An address space of a megabyte: all of storage, with the routine's page at one more address. */
function makeSpace({ vm }: TestVcpu, segments: number, pages: number, alias: number): bigint {
  const store = (address: number, value: number) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
    vm.load(address, bytes);
  };
  for (let i = 0; i < 512; i++) store(segments + 8 * i, 0x20);
  store(segments, pages);
  for (let i = 0; i < 256; i++) store(pages + 8 * i, i * PAGE);
  store(pages + (8 * alias) / PAGE, ROUTINE);
  return BigInt(segments);
}

function run(source: string, tier: TestTier) {
  const test = testVcpu(source, undefined, tier);
  const { state } = test.vcpu;
  state.setControl(0, 0xe0n | SECONDARY_SPACE_CONTROL);
  state.setControl(1, makeSpace(test, SEGMENTS, PAGES, ALIAS));
  state.setControl(7, makeSpace(test, SECONDARY_SEGMENTS, SECONDARY_PAGES, 2 * ALIAS - PAGE));
  const { mask, address } = state.psw;
  state.psw = { mask: mask | DAT, address };
  expect(test.vcpu.run()).toMatchObject({ reason: 'diagnose', code: 0x7ff });
  return { result: state.gr(2) & 0xffff_ffffn, counters: test.vcpu.engine.code?.counters };
}

/** Where the code runs, and what is done to it. */
const cases: Readonly<Record<string, readonly [number, string]>> = {
  'a store to another page with the same frame': [ROUTINE, 'mvi 3(%r6),7'],
  'a store to the page itself, while its code runs in another one': [ALIAS, 'mvi 3(%r8),7'],
  'a store to the page that it runs in, not its first one': [ALIAS, 'mvi 3(%r6),7'],
  'MOVE WITH OPTIONAL SPECIFICATIONS into the secondary space': [
    ROUTINE,
    `llilh %r0,0x81
    lghi %r3,1
    llilf %r9,${2 * ALIAS - PAGE}
    larl %r10,seven
    mvcos 3(%r9),0(%r10),%r3`,
  ],
  'MOVE TO SECONDARY': [
    ROUTINE,
    `lghi %r3,1
    lghi %r1,0
    llilf %r9,${2 * ALIAS - PAGE}
    larl %r10,seven
    mvcs 3(%r3,%r9),0(%r10),%r1`,
  ],
  'STORE USING REAL ADDRESS': [ROUTINE, 'iilf %r1,0xa7280007\n stura %r1,%r8'],
  'another frame for its page': [
    ALIAS,
    `llilf %r9,${PAGES + (8 * ALIAS) / PAGE}
    llilf %r1,${OTHER_ROUTINE}
    stg %r1,0(%r9)
    ptlb`,
  ],
};

describe.each(['interpret', 'translate'] as const)('with the tier "%s" code is changed by', (tier) => {
  it.each(Object.entries(cases))('%s', (_, [at, change]) => {
    const { result, counters } = run(program(at, change), tier);
    expect(result).toBe(SUM);
    if (tier === 'translate') expect(counters?.regions).toBeGreaterThan(1);
  });
});
