import { afterEach, expect, it, vi } from 'vitest';
import { makeGuestFiles } from './guest-programs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('says which packages to install where no program is', () => {
  vi.stubEnv('PATH', '/nowhere');
  expect(() => makeGuestFiles([])).toThrow(
    "the guest's programs cannot be made: install gcc-s390x-linux-gnu, bzip2, xz-utils " +
      '(apt-get install gcc-s390x-linux-gnu bzip2 xz-utils)',
  );
});
