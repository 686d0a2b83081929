import { assembleProgram } from '@zarch/isa';
import { Access, HostStorage, mmuLayout, tlbOf } from '@zarch/memory';
import { describe, expect, it } from 'vitest';
import { cpuLayout, regionTable } from '../cpu-layout.ts';
import { CPU_BLOCK_SIZE } from '../cpu-module.ts';
import { Translator, type TranslatorOptions } from './translator.ts';

const SIZE = 1 << 20;
const ORIGIN = 0x1000;

/** Two loops, one after the other, a routine that the second one calls, a large loop, and one with a long way out. */
const program = `
first: ahi %r2,1
 brct %r3,first
second: ahi %r2,2
 bras %r14,routine
 brct %r4,second
 svc 0
routine: ahi %r5,1
 br %r14
large: ahi %r6,1
 je large
${' ahi %r7,1\n'.repeat(100)}
middle: ahi %r8,1
${' ahi %r9,1\n'.repeat(100)}
 je middle
 j large
wide: ahi %r6,1
 je after
${' ahi %r7,1\n'.repeat(60)}
 br %r9
after: ahi %r8,1
${' ahi %r8,1\n'.repeat(9)}
 jh wide
 j wide`;
const code = assembleProgram(program, { origin: BigInt(ORIGIN) });
if (!code.ok) throw new Error(code.errors.map(({ message }) => message).join('\n'));
const { bytes, symbols } = code;
type Place = 'first' | 'second' | 'routine' | 'large' | 'middle' | 'wide' | 'after';
const places: readonly Place[] = ['first', 'second', 'routine', 'large', 'middle', 'wide', 'after'];
/** Instructions of the large loop, and of what comes before its head from its middle on. */
const sizes = { large: 205, middle: 103 } as const;

function setUp(threshold = 600, options?: TranslatorOptions) {
  const host = new HostStorage(SIZE, 4 << 20);
  const cpu = host.allocate(CPU_BLOCK_SIZE, 4096);
  const view = new DataView(host.memory.buffer);
  view.setInt32(cpu + cpuLayout.hotThreshold, threshold, true);
  view.setInt32(cpu + cpuLayout.firstPlace, 10, true);
  for (const [i, byte] of bytes.entries()) view.setUint8(host.top - 1 - ORIGIN - i, byte);
  const addressOf = (place: Place) => symbols.get(place) ?? 0n;
  const pointerOf = (place: Place) => host.top - 16 - Number(addressOf(place));
  const visit = (place: Place) => {
    const pointer = pointerOf(place);
    const set = cpu + cpuLayout.regions + 16 * regionTable.setOf(pointer);
    view.setUint32(set, pointer, true);
    view.setInt32(set + 4, 1, true);
  };
  for (const place of places) visit(place);
  const request = (place: Place) => ({ address: addressOf(place), pointer: pointerOf(place) });
  return { host, cpu, translator: new Translator(host, SIZE, options), request, pointerOf };
}

describe('Translator', () => {
  it('translates a large loop from its head when its middle is asked for, and the middle when that is not enough', () => {
    const { cpu, translator, request, pointerOf } = setUp();
    const first = translator.translate(cpu, [request('middle')]);
    expect(first.regions.map(({ pointer }) => pointer)).toEqual([pointerOf('large')]);
    expect([first.postponed, first.answered]).toEqual([[pointerOf('middle')], 1]);
    expect(translator.translate(cpu, [request('middle')]).postponed).toEqual([pointerOf('middle')]);
    const third = translator.translate(cpu, [request('middle')]);
    expect(third.regions.map(({ pointer }) => pointer)).toEqual([pointerOf('middle')]);
    expect([first, third].map(({ regions }) => regions[0]?.instructions)).toEqual([
      sizes.large,
      sizes.middle,
    ]);
  });

  it('translates a large loop once when its middle and its head are asked for together', () => {
    const { cpu, translator, request, pointerOf } = setUp();
    const { regions, postponed, answered } = translator.translate(cpu, [request('middle'), request('large')]);
    expect(regions.map(({ pointer }) => pointer)).toEqual([pointerOf('large')]);
    expect([postponed, answered]).toEqual([[pointerOf('middle')], 2]);
  });

  it('translates what is asked for where its loop is not found from the head', () => {
    const { cpu, translator, request, pointerOf } = setUp(600, { limits: { region: 8, loop: 40 } });
    const { regions, postponed } = translator.translate(cpu, [request('after')]);
    expect([regions.map(({ pointer }) => pointer), postponed]).toEqual([[pointerOf('after')], []]);
  });

  it('translates the middle of a large loop as well when all is to be translated at first sight', () => {
    const { cpu, translator, request, pointerOf } = setUp(1);
    const { regions } = translator.translate(cpu, [request('middle'), request('large')]);
    expect(regions.map(({ pointer }) => pointer)).toEqual([pointerOf('middle'), pointerOf('large')]);
  });

  it('postpones what is inside a region it has made, once', () => {
    const { cpu, translator, request, pointerOf } = setUp();
    const first = translator.translate(cpu, [request('first'), request('second'), request('routine')]);
    expect(first.regions.map(({ pointer }) => pointer)).toEqual([pointerOf('first')]);
    expect(first.postponed).toEqual([pointerOf('second'), pointerOf('routine')]);
    const second = translator.translate(cpu, [request('second')]);
    expect(second.regions.map(({ pointer }) => pointer)).toEqual([pointerOf('second')]);
    expect(second.postponed).toEqual([]);
  });

  it('postpones nothing that is to be translated at first sight', () => {
    const { cpu, translator, request } = setUp(1);
    const { regions, postponed } = translator.translate(cpu, [request('first'), request('second')]);
    expect([regions.length, postponed]).toEqual([2, []]);
  });

  it('gives the code at a host pointer one place in the table, from the first free one on', () => {
    const { cpu, translator, request } = setUp(1);
    const { regions, places, restart } = translator.translate(cpu, [request('first'), request('routine')]);
    const again = translator.translate(cpu, [request('routine'), request('first')]);
    const [first, routine] = regions.map(({ place }) => place);
    expect(again.regions.map(({ place }) => place)).toEqual([routine, first]);
    expect(Math.min(first ?? 0, routine ?? 0)).toBeGreaterThanOrEqual(10);
    expect(places).toBeGreaterThan(Math.max(first ?? 0, routine ?? 0));
    expect([restart, again.places]).toEqual([false, places]);
  });

  it('gives places out anew when they are used up', () => {
    const { cpu, request, translator } = setUp(1);
    translator.placeLimit = 1;
    expect(translator.translate(cpu, [request('first'), request('routine')]).restart).toBe(false);
    expect(translator.translate(cpu, [request('second')])).toMatchObject({ restart: true });
  });

  it('knows where code lies that goes on in another page', () => {
    const { host, cpu, translator } = setUp(1);
    const view = new DataView(host.memory.buffer);
    // AHI, in the last bytes of a page and the first of the next, which has another frame than the one behind.
    const frames = [0x3000, 0x8000] as const;
    const put = (at: number) => view.setUint32(host.top - 4 - at, 0xa72a_0001, true);
    put(frames[0] + 0xffc);
    put(frames[1]);
    const second = 0x5000;
    const entry = cpu + tlbOf(Access.fetch) + ((second >> 8) & 0xffff0);
    view.setBigUint64(entry, BigInt(second) | view.getBigUint64(cpu + mmuLayout.fetchContext, true), true);
    view.setUint32(entry + 8, (host.top - 16 - frames[1] + second) >>> 0, true);
    const pointer = host.top - 16 - frames[0] - 0xffc;
    const { regions } = translator.translate(cpu, [{ address: BigInt(second - 4), pointer }]);
    expect(regions[0]?.code.map(({ block, bytes }) => [block, bytes.length])).toEqual([
      [3, 4],
      [8, 4],
    ]);
  });
});
