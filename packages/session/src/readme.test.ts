import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual([
    'kernel is neither a Linux image for s390x nor an ELF64 file for it',
  ]);
});
