import { describe, expect, it } from 'vitest';
import { fuzzChannelPrograms } from './testing.ts';

describe('random channel programs', () => {
  it.each([1, 2, 3])('of seed %i do no harm', async (seed) => {
    const { statuses } = await fuzzChannelPrograms(seed, 1500);
    // They get far enough to end in many ways.
    const seen = [...statuses.keys()].reduce((all, status) => all | Number.parseInt(status.slice(-2), 16), 0);
    expect(seen).toBe(0xfa);
    expect(statuses.get('c 0')).toBeGreaterThan(20);
  });
});
