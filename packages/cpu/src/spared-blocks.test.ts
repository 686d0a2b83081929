import { describe, expect, it } from 'vitest';
import { SparedBlocks } from './spared-blocks.ts';

const BLOCK = 7;

/** Whether the block rests after each of so many stores. */
function stores(blocks: SparedBlocks, count: number, run: number): readonly boolean[] {
  return Array.from({ length: count }, () => blocks.note(BLOCK, run));
}

describe('SparedBlocks', () => {
  it('leaves a block alone after many stores that changed no code', () => {
    const blocks = new SparedBlocks();
    expect(stores(blocks, 64, 10).indexOf(true)).toBe(63);
    expect([blocks.isResting(BLOCK, 10), blocks.isResting(BLOCK + 1, 10)]).toEqual([true, false]);
  });

  it('takes it up again after a while, and later the second time', () => {
    const blocks = new SparedBlocks();
    stores(blocks, 64, 0);
    expect([blocks.isResting(BLOCK, 19_999), blocks.isResting(BLOCK, 20_000)]).toEqual([true, false]);
    stores(blocks, 64, 20_000);
    expect([blocks.isResting(BLOCK, 59_999), blocks.isResting(BLOCK, 60_000)]).toEqual([true, false]);
  });
});
