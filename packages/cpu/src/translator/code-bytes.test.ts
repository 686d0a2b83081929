import { describe, expect, it } from 'vitest';
import { isInStorage, isPart } from './code-bytes.ts';
import type { CodeBytes } from './translation.ts';

const code = (host: number, ...bytes: number[]): CodeBytes => ({
  block: 0,
  host,
  bytes: Uint8Array.from(bytes),
});

describe('isInStorage', () => {
  const storage = Uint8Array.of(9, 1, 2, 3, 9, 4, 5);

  it.each([
    ['is there', [code(1, 1, 2, 3), code(5, 4, 5)], true],
    ['has changed at its end', [code(1, 1, 2, 3), code(5, 4, 6)], false],
    ['has changed at its beginning', [code(1, 2, 2, 3)], false],
    ['is somewhere else', [code(2, 1, 2, 3)], false],
    ['is nothing', [], true],
  ])('of code that %s', (_, parts, expected) => {
    expect(isInStorage(parts, storage)).toBe(expected);
  });
});

describe('isPart', () => {
  const whole = [code(10, 1, 2, 3), code(13, 4), code(40, 7)];

  it.each([
    ['all of it', whole, true],
    ['a piece cut otherwise', [code(11, 2, 3, 4)], true],
    ['bytes that it does not have', [code(13, 4, 5)], false],
    ['other bytes', [code(10, 1, 3)], false],
    ['the same bytes at another place', [code(41, 7)], false],
  ])('of code with %s', (_, part, expected) => {
    expect(isPart(part, whole)).toBe(expected);
  });
});
