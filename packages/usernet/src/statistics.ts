/** Counts of what became of the guest's frames. */

export type Statistic =
  | 'received'
  | 'transmitted'
  /** A frame that breaks the rules of its protocol. */
  | 'malformed'
  /** One of a protocol, or with a purpose, that the network has not. */
  | 'unsupported'
  /** One for a destination that is not there, or that the guest must not reach. */
  | 'unreachable'
  /** One that would have needed more than the bounds allow. */
  | 'limited';

export class Statistics {
  readonly #counts: Record<Statistic, number> = {
    received: 0,
    transmitted: 0,
    malformed: 0,
    unsupported: 0,
    unreachable: 0,
    limited: 0,
  };

  count(statistic: Statistic): void {
    this.#counts[statistic]++;
  }

  counts(): Readonly<Record<Statistic, number>> {
    return { ...this.#counts };
  }
}
