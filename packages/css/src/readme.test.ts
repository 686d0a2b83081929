import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual([
    '0',
    '000100000000cafe00000000',
    '0 12 64 4',
    '01020304',
    "{ kind: 'program', code: 21 }",
  ]);
});
