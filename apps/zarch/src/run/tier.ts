/** How guest code runs: which tier, and from when on. The slower ones are for tests and for finding faults. */
import process from 'node:process';
import { CommandError, ExitStatus } from '../command-error.ts';

export const tiers = ['default', 'interpret', 'translate'] as const;
export type Tier = (typeof tiers)[number];

/**
 * Visits after which the code at an address is translated: never, at first sight, or when interpreting it has cost about
 * as much as translating it.
 */
export const translationThreshold: Readonly<Record<Tier, number>> = {
  default: 600,
  interpret: 0,
  translate: 1,
};

/** The tier of a name, as option `option` gives it. */
export function tierOf(option: string, name: string): Tier {
  const tier = tiers.find((known) => known === name);
  if (!tier) {
    throw new CommandError(`${option}: no tier '${name}': use one of ${tiers.join(', ')}`, ExitStatus.usage);
  }
  return tier;
}

/** The tier where no option names one: that of the environment variable `ZARCH_TIER`. */
export function defaultTier(): Tier {
  const name = process.env['ZARCH_TIER'];
  return name ? tierOf('ZARCH_TIER', name) : 'default';
}
