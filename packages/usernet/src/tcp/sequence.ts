/** Sequence numbers, modulo 2^32 (RFC 9293, section 3.4). */

export function advance(sequence: number, count: number): number {
  return (sequence + count) >>> 0;
}

/** How far `to` is after `from`; negative when it is before. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}
