/** How guest code runs, as the command line or the environment says: its tier, and whether translations are kept. */
import { join } from 'node:path';
import process from 'node:process';
import { type Tier, tiers } from '@zarch/session';
import { cacheDirectory } from '../cache-directory.ts';
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

/**
 * Where translations are kept from run to run, in the user's cache; undefined where they are not to be.
 *
 * @param keep - What an option says; where none does, the environment variable `ZARCH_KEEP` may say `off`.
 */
export function translationDirectory(keep: boolean | undefined): string | undefined {
  return (keep ?? defaultKeep()) ? join(cacheDirectory(), 'translations') : undefined;
}

function defaultKeep(): boolean {
  const value = process.env['ZARCH_KEEP'] || 'on';
  if (value === 'on' || value === 'off') return value === 'on';
  throw new CommandError(`ZARCH_KEEP: '${value}' is neither on nor off`, ExitStatus.usage);
}
