/** Translation is not to be seen: random programs leave the same behind in every tier, wherever they are interrupted. */
import { expect, it } from 'vitest';
import { TierComparison } from './testing/differing-tiers.ts';

const environment = (globalThis as { process?: { env: Record<string, string> } }).process?.env ?? {};
const STATES = 10;
/** A longer run: `ZARCH_PROGRAMS=10000`; another seed, and the first program's number: `ZARCH_SEED=x/1234`. */
const programs = Number(environment['ZARCH_PROGRAMS'] ?? 40);
const [seed = 'tiers', first = '0'] = (environment['ZARCH_SEED'] ?? 'tiers/0').split('/');

it('a program does the same in every tier', { timeout: 60_000 + programs * 1000 }, () => {
  const run = { seed, first: Number(first), programs, states: STATES };
  const comparison = new TierComparison();
  const { runs, interruptions, endless } = comparison.run(run);
  // Programs that end at once, or never meet an exception, would show nothing.
  expect(runs).toBe((programs * STATES - endless) * 4);
  expect(endless).toBeLessThan((programs * STATES) / 100);
  expect(interruptions / runs).toBeGreaterThan(0.1);
  expect(comparison.regions).toBeGreaterThan(5);
});

it('a program that does not end is given up', () => {
  const comparison = new TierComparison();
  expect(comparison.compare('l: ahi %r0,1\n j l', 'endless', 1)).toBeUndefined();
  expect(comparison.statistics).toMatchObject({ runs: 0, endless: 1 });
});
