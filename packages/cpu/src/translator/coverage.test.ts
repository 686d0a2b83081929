import { describe, expect, it } from 'vitest';
import { Coverage } from './coverage.ts';

const blocks = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describe('Coverage', () => {
  it('tells of a block inside a region once', () => {
    const coverage = new Coverage(100);
    coverage.note({ pointer: 1, inside: [2, 3], instructions: 10 });
    expect([1, 2, 2, 3, 4].map((pointer) => coverage.isInside(pointer))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it('knows what large loops have, as they were translated last', () => {
    const coverage = new Coverage(100);
    coverage.note({ pointer: 1, inside: [2, 3], instructions: 101 });
    coverage.note({ pointer: 5, inside: [6], instructions: 100 });
    const has = () => [2, 4].map((pointer) => coverage.hasInLoop(1, pointer));
    expect([has(), coverage.hasInLoop(5, 6)]).toEqual([[true, false], false]);
    coverage.note({ pointer: 1, inside: [2, 3, 4], instructions: 120 });
    coverage.isInside(2);
    expect(has()).toEqual([true, true]);
  });

  it.each([
    ['regions', 10],
    ['large loops', 200],
  ])('forgets what it knows when it is too much: of %s', (_, instructions) => {
    const coverage = new Coverage(100);
    const each = (number: number) => blocks(10_000 * number, 1000);
    coverage.note({ pointer: 1, inside: [2], instructions: 200 });
    for (let i = 1; i <= 202; i++) {
      coverage.note({ pointer: 10_000 * i, inside: each(i), instructions });
      // What was asked for is not inside any more.
      if (instructions === 200) for (const pointer of each(i)) coverage.isInside(pointer);
    }
    expect([coverage.hasInLoop(1, 2), coverage.isInside(2)]).toEqual([false, false]);
  });
});
