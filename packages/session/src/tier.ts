/** How guest code runs: which tier, and from when on. The slower ones are for tests and for finding faults. */

export const tiers = ['default', 'interpret', 'translate'] as const;
export type Tier = (typeof tiers)[number];

/**
 * Visits after which the code at an address is translated: never, at first sight, or when interpreting it has cost about
 * as much as translating it.
 */
export const translationThreshold: Readonly<Record<Tier, number>> = {
  default: 5000,
  interpret: 0,
  translate: 1,
};
