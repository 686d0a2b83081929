import { expect, it } from 'vitest';
import { fuzzFrames } from './testing/fuzz.ts';

it.each([1, 2, 3, 4])('a guest that sends nonsense (seed %i) does no harm', async (seed) => {
  const statistics = await fuzzFrames(seed, 3000);
  expect(statistics.malformed).toBeGreaterThan(100);
  expect(statistics.transmitted).toBeGreaterThan(100);
});
