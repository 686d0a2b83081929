import { describe, expect, it } from 'vitest';
import { type StoredRegion, TranslationStore } from './translation-store.ts';

const layout = 'a machine';

/** A region whose function does nothing, and that is never run. */
function region(pointer: number, bytes = 8): Omit<StoredRegion, 'age'> {
  return {
    ...{ name: `region ${pointer}`, pointer, instructions: 3, inside: [pointer - 4, pointer - 10] },
    code: [{ block: 7, host: pointer - 20, bytes: Uint8Array.of(1, 2, 3) }],
    body: {
      ...{ bytes: new Uint8Array(bytes).fill(pointer), start: 2 },
      hints: [
        { at: 5, likely: true },
        { at: 300, likely: false },
      ],
    },
  };
}

function storeOf(regions: readonly Omit<StoredRegion, 'age'>[], limits = {}): TranslationStore {
  const store = new TranslationStore(limits);
  store.begin(layout);
  for (const each of regions) store.add(each);
  return store;
}

/** What the next run finds. */
function next(store: TranslationStore, limits = {}): TranslationStore {
  const decoded = TranslationStore.decode(store.encode([11, 22, 33]), limits);
  decoded.begin(layout);
  return decoded;
}

describe('TranslationStore', () => {
  it('gives the next run what this one has added', () => {
    const regions = [region(1000), region(2000)];
    const { earlier, places } = next(storeOf(regions));
    expect(earlier).toEqual(regions.map((each) => ({ ...each, age: 0 })));
    expect(places).toEqual([11, 22, 33]);
  });

  it('forgets what was made for another layout', () => {
    const store = TranslationStore.decode(storeOf([region(100)]).encode([]));
    store.begin('another machine');
    expect([store.earlier, store.places, store.modules]).toEqual([[], [], []]);
  });

  it('drops what several runs have not used, and keeps what they have', () => {
    let store = next(storeOf([region(100), region(200)]), { age: 2 });
    for (let run = 0; run < 3; run++) {
      expect(store.earlier.map(({ pointer }) => pointer)).toEqual([100, 200]);
      store.use(0);
      store = next(store, { age: 2 });
    }
    expect(store.earlier.map(({ pointer }) => pointer)).toEqual([100]);
  });

  it('adds only what there is room for', () => {
    const store = storeOf([], { bytes: 20 });
    expect([8, 8, 8, 4].map((bytes, i) => store.add(region(100 + i, bytes)))).toEqual([0, 1, undefined, 2]);
  });

  it('is written when there is enough that is new, or too little room', () => {
    expect(storeOf([region(100)], { news: 2 }).isWorthWriting).toBe(false);
    expect(storeOf([region(100), region(200)], { news: 2 }).isWorthWriting).toBe(true);
    const regions = [region(100), region(200)];
    expect(next(storeOf(regions), { news: 1 }).isWorthWriting).toBe(false);
    expect(next(storeOf(regions), { news: 1, bytes: 17 }).isWorthWriting).toBe(true);
  });

  it('refuses what is not a whole store', () => {
    const bytes = storeOf([region(1000)]).encode([1, 2]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => TranslationStore.decode(bytes.subarray(0, length)), `${length} bytes`).toThrow(RangeError);
    }
    expect(() => TranslationStore.decode(Uint8Array.of(...bytes, 0))).toThrow('behind the last region');
    expect(() => TranslationStore.decode(new TextEncoder().encode('\x05zarch'))).toThrow('no store');
  });
});
