/** Translations of one machine, used by the next one. */
import { TranslationStore } from '@zarch/cpu';
import { describe, expect, it } from 'vitest';
import { runTranslated } from './test-translation.ts';

const THRESHOLD = 50;

/** Two loops with memory operands and a call, the second one over what the first one left; the sum is in register 2. */
const program = (step: number) => `
  larl %r3,data
  lghi %r2,0
  lhi %r4,2000
first: a %r2,0(%r3)
  tml %r4,1
  je even
  ahi %r2,${step}
even: st %r2,4(%r3)
  brct %r4,first
  lhi %r4,2000
second: bras %r14,routine
  brct %r4,second
  diag %r0,%r0,0x7ff
routine: lr %r5,%r2
  srl %r5,3
  clr %r5,%r4
  jh high
  xr %r2,%r5
high: ahi %r2,3
  br %r14
data: .short 0,7,0,0`;

function run(store: TranslationStore, { step = 1, memorySize = 1 << 20 } = {}) {
  const { exit, gr, counters, kept } = runTranslated(program(step), {
    threshold: THRESHOLD,
    memorySize,
    store,
  });
  expect(exit).toMatchObject({ reason: 'diagnose', code: 0x7ff });
  return { result: gr(2), counters, kept };
}

/** The store that the next run finds. */
const decoded = (parts: readonly Uint8Array<ArrayBuffer>[], limits = {}) =>
  TranslationStore.decode((part) => parts[part], limits);

/** What a run leaves for the next one, and what it computes. */
function firstRun(step?: number) {
  const { result, counters, kept } = run(
    new TranslationStore({ news: 1 }),
    step === undefined ? {} : { step },
  );
  if (!kept) throw new Error('nothing was kept');
  expect(counters).toMatchObject({ stored: 0, reused: 0 });
  return { result, regions: counters?.regions ?? 0, kept };
}

describe('translations of an earlier run', () => {
  it('are used as soon as their code is visited, and nothing is translated again', () => {
    const { result, regions, kept } = firstRun();
    const again = run(decoded(kept));
    expect(again.result).toBe(result);
    expect(regions).toBeGreaterThan(1);
    expect(again.counters).toMatchObject({ stored: regions, reused: regions, regions: 0, requests: 0 });
    expect(again.kept).toBeUndefined();
  });

  it('are not used for other code at the same places', () => {
    const { kept } = firstRun();
    const other = firstRun(2);
    const again = run(decoded(kept, { news: 1 }), { step: 2 });
    expect(again.result).toBe(other.result);
    expect(again.counters?.regions).toBeGreaterThan(0);
    expect(again.counters?.reused).toBeLessThan(again.counters?.stored ?? 0);
    // The next run finds both.
    const third = run(decoded(again.kept ?? []), { step: 2 });
    expect([third.result, third.counters?.regions]).toEqual([other.result, 0]);
  });

  it('are not used in a machine of another shape', () => {
    const { result, regions, kept } = firstRun();
    const again = run(decoded(kept), { memorySize: 2 << 20 });
    expect(again.result).toBe(result);
    expect(again.counters).toMatchObject({ stored: 0, reused: 0, regions });
  });
});
