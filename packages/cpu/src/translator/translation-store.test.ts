import { describe, expect, it } from 'vitest';
import { importForRegions, regionBasics } from './region-imports.ts';
import { type NewRegion, TranslationStore } from './translation-store.ts';

const layout = 'a machine';

/** The body of a function that does nothing but give 0, padded. */
function body(bytes: number): NewRegion['body'] {
  const code = [0, ...new Array<number>(bytes - 4).fill(1), 0x41, 0, 0x0b];
  return { bytes: Uint8Array.from([code.length, ...code]), start: 2, hints: [] };
}

function region(pointer: number, bytes = 8): NewRegion {
  return {
    ...{ name: `region ${pointer}`, pointer, instructions: 3, inside: [pointer - 4, pointer - 10] },
    code: [{ block: 7, host: pointer - 20, bytes: Uint8Array.of(1, 2, 3) }],
    body: body(bytes),
  };
}
const regions = (count: number, from = 100) => Array.from({ length: count }, (_, i) => region(from + i));

function storeOf(added: readonly NewRegion[], limits = {}): TranslationStore {
  const store = new TranslationStore(limits);
  store.begin(layout);
  for (const each of added) store.add(each);
  return store;
}

type Parts = (Uint8Array<ArrayBuffer> | undefined)[];
const partsOf = (store: TranslationStore): Parts => [...store.encode([11, 22, 33])];

/** What the next run finds. */
function next(store: TranslationStore, limits = {}): TranslationStore {
  const parts = partsOf(store);
  const decoded = TranslationStore.decode((part) => parts[part], limits);
  decoded.begin(layout);
  return decoded;
}

const compile = (bytes: Uint8Array<ArrayBuffer>) => new WebAssembly.Module(bytes);
const pointers = (store: TranslationStore) =>
  store.segments.flatMap((_, segment) => store.regionsOf(segment).map(({ pointer }) => pointer));
const isModule = (store: TranslationStore, segment: number) =>
  store.moduleOf(segment, compile) instanceof WebAssembly.Module;

describe('TranslationStore', () => {
  it('gives the next run what this one has added', () => {
    const store = next(storeOf(regions(2)));
    const kept = regions(2).map(({ pointer, code, instructions, inside }) => {
      return { pointer, code, instructions, inside };
    });
    expect([store.regionsOf(0), store.places]).toEqual([kept, [11, 22, 33]]);
    const module = store.moduleOf(0, compile);
    expect(module && WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual(['0', '1']);
    expect(module && WebAssembly.Module.imports(module)).toHaveLength(
      WebAssembly.Module.imports(compile(importForRegions(regionBasics()).module.finish())).length,
    );
  });

  it('tells where a segment has regions', () => {
    const store = next(storeOf(regions(26)));
    expect([...store.pointersOf(1)]).toEqual([124, 125]);
    expect(store.regionsOf(1).map(({ pointer }) => pointer)).toEqual([124, 125]);
    expect([...store.pointersOf(2)]).toEqual([]);
  });

  it('makes a small segment of what the guest needs first, and numbers regions through', () => {
    const store = next(storeOf(regions(30)));
    expect(store.segments).toMatchObject([
      { count: 24, firstId: 0 },
      { count: 6, firstId: 24 },
    ]);
    expect([0, 23, 24, 29, 30].map((id) => store.segmentOf(id))).toEqual([0, 0, 1, 1, undefined]);
    const third = next(withMore(store, regions(3, 500)));
    expect(third.segments.map(({ count }) => count)).toEqual([24, 6, 3]);
  });

  it('forgets what was made for another layout', () => {
    const parts = partsOf(storeOf([region(100)]));
    const store = TranslationStore.decode((part) => parts[part]);
    expect(store.prepare(compile)).toBe(true);
    store.begin('another machine');
    expect([store.segments, store.places, store.moduleOf(0, compile)]).toEqual([[], [], undefined]);
  });

  it('drops a segment of which several runs have used nothing, and keeps one of which they have', () => {
    let store = next(storeOf(regions(26)), { age: 2 });
    for (let run = 0; run < 3; run++) {
      expect(pointers(store)).toHaveLength(26);
      store.use(5);
      store = next(store, { age: 2 });
    }
    expect(pointers(store)).toHaveLength(24);
    expect(isModule(store, 0)).toBe(true);
  });

  it('keeps what was used last where there is no room for all', () => {
    const store = next(storeOf(regions(26)));
    store.use(25);
    const room = store.segments[1]?.size ?? 0;
    expect(pointers(next(store, { bytes: room }))).toHaveLength(26);
    const parts = partsOf(storeOf(regions(26)));
    const narrow = TranslationStore.decode((part) => parts[part], { bytes: room });
    narrow.begin(layout);
    narrow.use(25);
    expect(pointers(next(narrow))).toEqual([124, 125]);
  });

  it('adds only what there is room for', () => {
    const store = storeOf(
      [8, 8, 8, 4].map((bytes, i) => region(100 + i, bytes)),
      { bytes: 20 },
    );
    expect(pointers(next(store, { bytes: 1 << 20 }))).toEqual([]);
    expect(store.isWorthWriting).toBe(false);
  });

  it('has of two with the same entry the one with more of the code, and both of different code', () => {
    const one = region(100);
    const more = [...one.code, { block: 7, host: 40, bytes: Uint8Array.of(9) }];
    const other = [{ block: 7, host: 80, bytes: Uint8Array.of(1, 2, 4) }];
    const replaced = next(storeOf([one, region(200), { ...one, code: more }]));
    expect(replaced.regionsOf(0).map(({ code }) => code.length)).toEqual([2, 1]);
    expect(pointers(next(storeOf([one, { ...one, code: other }])))).toEqual([100, 100]);
  });

  it('is written when there is enough that is new', () => {
    expect(storeOf(regions(1), { news: 6 }).isWorthWriting).toBe(false);
    expect(storeOf(regions(2), { news: 6 }).isWorthWriting).toBe(true);
    expect(next(storeOf(regions(2)), { news: 1 }).isWorthWriting).toBe(false);
  });

  it.each([
    ['regions', 3],
    ['module', 4],
  ])('does without a segment whose %s are damaged, and drops it', (_, damaged) => {
    const parts = partsOf(storeOf(regions(26)));
    parts[damaged] = undefined;
    const store = TranslationStore.decode((part) => parts[part]);
    store.begin(layout);
    const found = [isModule(store, 0), isModule(store, 1) && store.regionsOf(1).length > 0];
    expect(found).toEqual([true, false]);
    expect(pointers(next(store))).toHaveLength(24);
  });

  it('refuses what is not a whole store', () => {
    const [summary = new Uint8Array()] = partsOf(storeOf([region(1000)]));
    for (let length = 0; length < summary.length; length++) {
      expect(() => TranslationStore.decode(() => summary.slice(0, length)), `${length} bytes`).toThrow(
        RangeError,
      );
    }
    expect(() => TranslationStore.decode(() => Uint8Array.of(...summary, 0))).toThrow('behind the end');
    expect(() => TranslationStore.decode(() => new TextEncoder().encode('\x05zarch'))).toThrow('no store');
  });
});

function withMore(store: TranslationStore, added: readonly NewRegion[]): TranslationStore {
  for (const each of added) store.add(each);
  return store;
}
