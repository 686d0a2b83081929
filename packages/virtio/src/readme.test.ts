import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual(['hello 513 0', '[ 0 ]']);
});
