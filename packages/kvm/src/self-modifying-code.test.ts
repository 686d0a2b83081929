/** A store changes the instructions that follow it (Principles of Operation, chapter 5, "Conceptual Sequence"). */
import { cpuLayout } from '@zarch/cpu';
import { describe, expect, it } from 'vitest';
import { CODE, type TestTier, testVcpu } from './test-vcpu.ts';

/** Ends the program with an exit of its own. */
const END = ' diag %r0,%r0,0x7ff';

/** Runs until the program's end; register 2 is its result. */
function run(source: string, tier: TestTier, meanwhile?: (test: ReturnType<typeof testVcpu>) => void) {
  const test = testVcpu(source, undefined, tier);
  let exit = test.vcpu.run();
  if (meanwhile) {
    meanwhile(test);
    exit = test.vcpu.run();
  }
  expect(exit).toMatchObject({ reason: 'diagnose', code: 0x7ff });
  const { engine } = test.vcpu;
  return {
    result: test.vcpu.state.gr(2),
    entries: Number(engine.block.u64(cpuLayout.regionEntries)),
    counters: engine.code?.counters,
  };
}

/** Each program changes an LHI of 1 into an LHI of 7, and executes it before and after. */
const programs: Readonly<Record<string, string>> = {
  'the next instruction of the same block': `
    lhi %r3,0
    lhi %r4,5
    larl %r5,patch
    larl %r6,fresh
  again: mvc 0(4,%r5),0(%r6)
  patch: lhi %r2,1
    ahi %r3,1
    brct %r4,again
    j end
  fresh: lhi %r2,7
  end: ${END}`,
  'an instruction further on in the same page': `
    lhi %r4,3
    larl %r5,patch
  again: bras %r14,routine
    mvi 3(%r5),7
    brct %r4,again
    j end
  routine: nopr %r7
  patch: lhi %r2,1
    br %r14
  end: ${END}`,
  'another page': `
    lhi %r4,20
    larl %r5,routine
  again: basr %r14,%r5
    chi %r4,10
    jne next
    mvi 3(%r5),7
  next: brct %r4,again
  ${END}
    .org 0x12000
  routine: lhi %r2,1
    br %r14`,
  'the target of EXECUTE': `
    lhi %r4,4
    lhi %r6,0
    larl %r7,from
    larl %r8,to
    larl %r9,target
  again: exrl %r6,target
    mvi 5(%r9),1
    brct %r4,again
    llc %r2,0(%r8)
    j end
  target: mvc 0(1,%r8),0(%r7)
  from: .byte 1,7
  to: .byte 0,0
  end: ${END}`,
  'what a loop of stores overwrites, itself included': `
    lhi %r4,8
    larl %r5,patch
  again: mvi 3(%r5),7
  patch: lhi %r2,1
    brct %r4,again
  ${END}`,
  'a page that a move of a whole page fills': `
    larl %r5,routine
    larl %r9,copy
    basr %r14,%r5
    basr %r14,%r5
    mvc 0(8,%r5),0(%r9)
    basr %r14,%r5
    ${END}
    .org 0x12000
  routine: lhi %r2,1
    br %r14
    .org 0x13000
  copy: lhi %r2,7
    br %r14`,
};

describe.each(['interpret', 'translate'] as const)('with the tier "%s" a store changes', (tier) => {
  it.each(Object.entries(programs))('%s', (_, source) => {
    const { result, entries } = run(source, tier);
    expect(result).toBe(7n);
    if (tier === 'translate') expect(entries).toBeGreaterThan(0);
  });

  it('code that something other than the CPU stores into', () => {
    const source = `
      lhi %r4,3
    first: bras %r14,routine
      brct %r4,first
      diag %r0,%r0,0x7fe
      bras %r14,routine
      ${END}
    routine: lhi %r2,1
      br %r14`;
    const { result } = run(source, tier, ({ vm, at }) =>
      vm.load(Number(at('routine')) + 3, Uint8Array.of(7)),
    );
    expect(result).toBe(7n);
  });
});

describe('translated code', () => {
  it('that is stored into without a change is kept', () => {
    const source = `
      lhi %r4,40
      larl %r5,routine
    again: bras %r14,routine
      mvi 3(%r5),1
      brct %r4,again
      ${END}
    routine: lhi %r2,1
      br %r14`;
    const { result, counters } = run(source, 'translate');
    expect(result).toBe(1n);
    expect(counters?.invalidated).toBe(0);
    expect(counters?.spared).toBeGreaterThan(0);
  });

  it('whose old instructions come back is used again', () => {
    const source = `
      lhi %r4,12
      larl %r5,routine
      lhi %r6,0
    again: bras %r14,routine
      xi 3(%r5),6
      brct %r4,again
      ${END}
      .org 0x12000
    routine: lhi %r2,1
      br %r14`;
    const { counters } = run(source, 'translate');
    expect(counters?.revived).toBeGreaterThan(0);
    // Two versions of the routine, and not twelve, were translated.
    expect(counters?.regions).toBeLessThan(12);
  });

  it('agrees with the interpreter on where an exception leaves PSW and registers', () => {
    const source = `
      lhi %r2,0
      llilf %r3,0x0fffff00
    again: ahi %r2,1
      a %r2,0(%r3)
      j again`;
    const ends = (['interpret', 'translate'] as const).map((tier) => {
      const test = testVcpu(source, undefined, tier);
      const { vm, vcpu } = test;
      vm.load(0x2_0000, Uint8Array.of(0x83, 0x00, 0x07, 0xff));
      vcpu.run();
      const area = vcpu.state.lowcore();
      return { old: area.bytes(0x150, 16).toHex(), registers: [2, 3].map((i) => vcpu.state.gr(i)) };
    });
    expect(ends[0]?.old).toContain((CODE + 18n).toString(16));
    expect(ends[1]).toEqual(ends[0]);
  });
});
