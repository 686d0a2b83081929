import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual([
    '{ cc: 0, wake: true }',
    '{ cc: 2 }',
    '{ cc: 1, status: 64 }',
  ]);
});
