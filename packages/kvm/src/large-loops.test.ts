/** Loops that are larger than other regions may be, which are translated as a whole from their heads on. */
import { TranslationStore } from '@zarch/cpu';
import { describe, expect, it } from 'vitest';
import { runTranslated } from './test-translation.ts';

const many = (count: number) => ' ar %r2,%r3\n xr %r3,%r4\n'.repeat(count);

/** A loop with one in its middle that turns more often, the end of which is first gone to late; the sum is in register 2. */
const program = `
  lghi %r2,0
  lhi %r3,1
  lhi %r4,1000
outer: ar %r2,%r4
  tml %r2,1
  je outer2
  ahi %r2,3
outer2: lhi %r5,12
${many(60)}
inner: ar %r3,%r5
${many(60)}
  brct %r5,inner
  chi %r4,500
  jh next
${many(20)}
  tml %r2,2
  je next
  ahi %r3,1
next: brct %r4,outer
  diag %r0,%r0,0x7ff`;

/** A loop half of whose turns come from another page, from some time on. */
const twoPages = `
  lghi %r2,0
  lhi %r3,1
  lhi %r4,3000
head: ar %r2,%r4
${many(80)}
  chi %r4,1500
  jl far
  brct %r4,head
done: diag %r0,%r0,0x7ff
  .balign 4096
far: ar %r2,%r3
${many(10)}
  brct %r4,head
  j done`;

/** A loop of which more turns come from another page, the more there are. */
const turns = (count: number) => `
  lghi %r2,0
  lhi %r3,1
  lrl %r4,count
head: ar %r2,%r4
${many(80)}
  chi %r4,1500
  jh far
  brct %r4,head
  diag %r0,%r0,0x7ff
  .balign 4096
far: ar %r2,%r3
${many(10)}
  brct %r4,head
  diag %r0,%r0,0x7ff
  .balign 4096
count: .long ${count}`;

/** Runs a program; code is translated when it has been visited so often. */
function run(threshold: number, source = program, store?: TranslationStore) {
  const { exit, gr, ...rest } = runTranslated(source, { threshold, slice: 200, store });
  expect(exit).toMatchObject({ reason: 'diagnose', code: 0x7ff });
  return { sums: [gr(2), gr(3)], ...rest };
}

describe('a large loop', () => {
  it('computes the same in all tiers', () => {
    const { sums } = run(0);
    for (const threshold of [1, 20, 3000]) expect(run(threshold).sums).toEqual(sums);
  });

  it('is one region, which begins at its head, although its middle is hot first', () => {
    const { regions, labels } = run(200);
    const large = regions.filter(({ size }) => size > 250);
    expect(large.map(({ at }) => BigInt(at))).toEqual([labels.get('next')]);
  });

  it('is translated again when more of it is known, and only that is kept', () => {
    const first = run(200, twoPages, new TranslationStore({ news: 1 }));
    expect(first.sums).toEqual(run(0, twoPages).sums);
    const head = first.labels.get('head');
    const sizes = first.regions.filter(({ at }) => BigInt(at) === head).map(({ size }) => size);
    expect(sizes).toEqual([164, 186]);
    expect(first.counters).toMatchObject({ superseded: 1 });
    const parts = first.kept ?? [];
    const again = run(
      200,
      twoPages,
      TranslationStore.decode((part) => parts[part]),
    );
    expect(again.sums).toEqual(first.sums);
    expect(again.counters).toMatchObject({ stored: first.regions.length - 1, regions: 0 });
  });

  it('is used with all that is known of it, though a run before knew less', () => {
    let store = new TranslationStore({ news: 1 });
    const runs = [1500, 3000, 3000].map((count) => {
      const result = run(200, turns(count), store);
      const parts = result.kept;
      if (parts) store = TranslationStore.decode((part) => parts[part], { news: 1 });
      return result.counters;
    });
    expect(runs[0]?.regions).toBeGreaterThan(0);
    expect(runs[1]).toMatchObject({ stored: 1 });
    expect(runs[1]?.regions).toBeGreaterThan(0);
    expect(runs[2]).toMatchObject({ regions: 0 });
  });
});
