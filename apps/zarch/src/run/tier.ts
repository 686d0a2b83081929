/** The tier that the command line or the environment names. */
import process from 'node:process';
import { type Tier, tiers } from '@zarch/session';
import { CommandError, ExitStatus } from '../command-error.ts';

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
