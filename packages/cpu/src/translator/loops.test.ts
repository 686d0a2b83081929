import { describe, expect, it } from 'vitest';
import { type Blocks, headOf, loopAround, sizeOf, without } from './loops.ts';

/** Blocks without instructions, by their successors. */
function graph(edges: Readonly<Record<number, readonly number[]>>): Blocks {
  return new Map(
    Object.entries(edges).map(([at, successors]) => [
      Number(at),
      { at: Number(at), instructions: [], next: undefined, successors, returns: [] },
    ]),
  );
}
const names = (blocks: Blocks) => [...blocks.keys()].sort((a, b) => a - b);

/** 1 begins; 2 is the head of a loop with two loops in it, at 3 and at 5; 8 ends. */
const nested = graph({ 1: [2], 2: [3], 3: [4], 4: [3, 5], 5: [6], 6: [5, 7], 7: [2, 8], 8: [] });

describe('loopAround', () => {
  it.each([2, 3, 5, 7])('finds the whole loop from %i', (entry) => {
    const loop = loopAround(entry, nested);
    expect(names(loop)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(loop.get(7)?.successors).toEqual([2]);
  });

  it('is empty around what is in no loop', () => {
    expect(names(loopAround(1, nested))).toEqual([]);
  });
});

describe('headOf', () => {
  it.each([2, 3, 5, 7])('is the same from %i', (entry) => {
    expect(headOf(loopAround(entry, nested))).toBe(3);
  });

  it('is where all inner loops are entered by their heads', () => {
    // From 4 or 5 the loop at 2 is entered past its head.
    const loop = graph({ 1: [2, 6], 2: [3], 3: [4, 5], 4: [2], 5: [2, 6], 6: [1] });
    expect(headOf(loop)).toBe(2);
    const onlyOuter = graph({ 1: [2, 6], 2: [3, 6], 3: [4], 4: [2, 6], 6: [1, 7], 7: [1] });
    expect(headOf(onlyOuter)).toBe(6);
  });

  it('is the one that most ways go back to, among those that nest as well', () => {
    expect(headOf(graph({ 1: [2], 2: [3, 1], 3: [4, 1], 4: [1] }))).toBe(1);
  });

  it('is the first block of a loop in which no paths meet', () => {
    expect(headOf(graph({ 5: [7], 7: [3], 3: [5] }))).toBe(3);
  });

  it('is nothing in no loop', () => {
    expect(headOf(graph({}))).toBeUndefined();
  });
});

describe('without', () => {
  it('keeps what is reached without going through a block', () => {
    const rest = without(2, 5, nested);
    expect(names(rest)).toEqual([5, 6, 7, 8]);
    expect(rest.get(7)?.successors).toEqual([8]);
  });
});

describe('sizeOf', () => {
  it('is 0 for blocks without instructions', () => {
    expect(sizeOf(nested)).toBe(0);
  });
});
