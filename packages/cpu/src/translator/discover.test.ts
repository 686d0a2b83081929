import { describe, expect, it } from 'vitest';
import type { Region } from './region.ts';
import { testRegion } from './test-region.ts';

function regionAt(source: string, label: string): { region: Region; size: number } {
  const { region } = testRegion(source, label);
  const size = [...region.blocks.values()].reduce((sum, { instructions }) => sum + instructions.length, 0);
  return { region, size };
}

const many = (count: number) => ' ar %r1,%r2\n'.repeat(count);

describe('Discovery', () => {
  it('stops at a number of instructions where there is no larger loop', () => {
    const { size } = regionAt(`start: lr %r1,%r2\n${many(400)} br %r14`, 'start');
    expect(size).toBe(150);
  });

  it('takes in a larger loop as a whole, and nothing else', () => {
    const source = `before: lr %r1,%r2\nstart: lr %r3,%r4\n${many(300)} brct %r5,start\n${many(300)} br %r14`;
    const { region, size } = regionAt(source, 'start');
    expect(size).toBe(302);
    expect([...region.blocks.values()].flatMap(({ successors }) => successors)).toEqual([region.entry]);
  });

  it('takes in a loop by way of the routines that it calls', () => {
    const source = `start: bras %r14,routine\n${many(200)} brct %r5,start\n br %r9\nroutine: ${many(50)} br %r14`;
    expect(regionAt(source, 'start').size).toBe(253);
  });

  it('has no loop of code that comes to its entry, but that its entry does not come to', () => {
    // When its end is found the routine has one place to return to. It gets too many, and then its end leads nowhere.
    const ways = Array.from({ length: 6 }, (_, i) => `clgije %r2,${i},call${i}`).join('\n');
    const calls = Array.from({ length: 6 }, (_, i) => `call${i}: bras %r14,routine\n j start`).join('\n');
    const source = `start: bras %r14,routine\n ${ways}\n${many(300)} j start\n${calls}\nroutine: ar %r3,%r4\n br %r14`;
    const { region } = regionAt(source, 'start');
    expect(region.blocks.has(region.entry)).toBe(true);
  });

  it('has only successors that are blocks', () => {
    const { region } = regionAt(
      `start: lr %r1,%r2\n${many(100)} brct %r5,start\n${many(100)} br %r14`,
      'start',
    );
    for (const { successors } of region.blocks.values()) {
      for (const next of successors) expect(region.blocks.has(next)).toBe(true);
    }
  });
});
