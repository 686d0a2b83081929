import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual([
    "{ kind: 'cc', cc: 3 }",
    "{ kind: 'program', code: 21 }",
    '1 00000000',
  ]);
});
