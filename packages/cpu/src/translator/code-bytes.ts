/** Bytes that code was made of, compared with storage and with each other. */
import type { CodeBytes } from './translation.ts';

/**
 * Whether code is in storage as it was.
 *
 * @param storage - All of the host's.
 */
export function isInStorage(code: readonly CodeBytes[], storage: Uint8Array): boolean {
  return code.every(({ host, bytes }) => {
    for (let i = 0; i < bytes.length; i++) if (storage[host + i] !== bytes[i]) return false;
    return true;
  });
}

/** Whether each byte of some code is a byte of other code, at the same place. */
export function isPart(code: readonly CodeBytes[], of: readonly CodeBytes[]): boolean {
  const whole = new Map(
    of.flatMap(({ host, bytes }) => [...bytes].map((byte, i) => [host + i, byte] as const)),
  );
  return code.every(({ host, bytes }) => bytes.every((byte, i) => whole.get(host + i) === byte));
}
