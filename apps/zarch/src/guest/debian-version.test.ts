import { expect, test } from 'vitest';
import { compareVersions } from './debian-version.ts';

test.each([
  ['1.0', '1.0', 0],
  ['1.0-1', '1.0-2', -1],
  ['6.1.9-1', '6.1.10-1', -1],
  ['1:1.0', '2.0', 1],
  ['1.0~rc1', '1.0', -1],
  ['1.0', '1.0a', -1],
  ['1.0a', '1.0+b', -1],
  ['1:1.35.0-4+b3', '1:1.35.0-4+deb12u1+b1', -1],
  ['2023.3+deb12u1', '2023.3+deb12u2', -1],
  ['1.0', '1.0-0', 0],
])('version %s against %s is %i', (a, b, order) => {
  expect(Math.sign(compareVersions(a, b))).toBe(order);
  expect(Math.sign(compareVersions(b, a))).toBe(order === 0 ? 0 : -order);
});
