import { expect, test } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';

test.each([
  ['/x/cache', '/x/cache/zarch'],
  ['relative', '/home/me/.cache/zarch'],
  [undefined, '/home/me/.cache/zarch'],
])('with XDG_CACHE_HOME %s the cache is %s', (base, expected) => {
  expect(cacheDirectory({ XDG_CACHE_HOME: base, HOME: '/home/me' })).toBe(expected);
});
