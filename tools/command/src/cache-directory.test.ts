import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { cacheDirectory } from './cache-directory.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['/x/cache', '/x/cache/zarch'],
  ['relative', join(homedir(), '.cache/zarch')],
  [undefined, join(homedir(), '.cache/zarch')],
])('with XDG_CACHE_HOME %s the cache is %s', (base, expected) => {
  vi.stubEnv('XDG_CACHE_HOME', base);
  expect(cacheDirectory()).toBe(expected);
});
