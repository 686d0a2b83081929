import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual(['ff3832ff00000000', '2 256']);
});
