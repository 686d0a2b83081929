import { afterEach, expect, it, vi } from 'vitest';
import { makeGuestFiles } from './guest-programs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('says which package to install where there is no compiler', () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(makeGuestFiles).toThrow(
    /^the guest's programs cannot be made: apt-get install gcc-s390x-linux-gnu$/,
  );
});
