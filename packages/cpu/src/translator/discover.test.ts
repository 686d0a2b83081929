import { describe, expect, it } from 'vitest';
import { Discovery } from './discover.ts';
import { REACH } from './history.ts';
import { sizeOf } from './loops.ts';
import { regionBasics } from './region-imports.ts';
import { testRegion } from './test-region.ts';

function regionAt(source: string, label: string, isVisited?: (at: number) => boolean) {
  const found = testRegion(source, label, isVisited);
  return { ...found, size: sizeOf(found.region.blocks) };
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

  /** A loop whose head three ways lead back to, and in its middle a loop of its own. */
  const withInner = (inner: number) => `start: lr %r3,%r4
 chi %r3,5
 je start
${many(120)}
inner: ar %r6,%r7
${many(inner)}
 brct %r8,inner
 chi %r3,6
 je start
${many(80)}
 brct %r5,start
 br %r14`;

  it('begins a larger loop at its head, and has before it what is asked for in its middle', () => {
    const start = regionAt(withInner(20), 'start');
    expect([start.size, start.head]).toEqual([228, undefined]);
    const { region, labels, head, size } = regionAt(withInner(20), 'inner');
    expect([head, size]).toEqual([labels.get('start'), 106]);
    expect(region.blocks.has(labels.get('start') ?? 0)).toBe(false);
  });

  it('has all of an inner loop that is larger than a region', () => {
    const { labels, head, size } = regionAt(withInner(200), 'inner');
    expect([head, size]).toEqual([labels.get('start'), 202]);
  });

  it('takes into a larger loop what has not been visited, if it leads back', () => {
    const source = `start: lr %r3,%r4\n chi %r3,5\n je rare\n chi %r3,6\n je never\nback: ${many(200)} brct %r5,start
 br %r14\nrare: ${many(10)} j back\nnever: ${many(10)} br %r14`;
    const { labels } = testRegion(source);
    const rare = ['rare', 'never'].map((label) => labels.get(label));
    expect(regionAt(source, 'back', (at) => !rare.includes(at)).size).toBe(217);
  });

  it('leaves out of other code what has not been visited', () => {
    const source = `start: lr %r3,%r4\n chi %r3,5\n je rare\n br %r14\nrare: ${many(10)} br %r14`;
    expect(regionAt(source, 'start', () => false).size).toBe(4);
  });

  it('ends before code that is too far away for its last branch to be remembered', () => {
    const bytes = new Uint8Array(4096);
    // BRASL as far as it goes, which is to LR and then the same again.
    bytes.set([0x18, 0x12, 0xc0, 0xe5, 0x7f, 0xff, 0xff, 0xff], 0xfe);
    const everywhere = {
      page: () => ({ bytes, pointer: 0x10_0000 }),
      offers: () => true,
      isVisited: () => true,
    };
    const found = new Discovery(regionBasics().effects, everywhere).find(0x100);
    const places = [...(found?.region.blocks.keys() ?? [])];
    expect(places).toEqual([0x100]);
    expect(0x100 + 2 * 0x7fff_ffff).toBeGreaterThan(REACH);
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
