/** Random programs that run in all tiers, for tools that compare them longer than the unit tests. */
export { TierComparison, type TierRun, type TierStatistics } from './testing/differing-tiers.ts';
export { MOST_PROGRAMS } from './testing/tier-machine.ts';
