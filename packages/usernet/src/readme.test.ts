import { readmeExample } from '@zarch-tools/config/readme-example';
import { expect, it } from 'vitest';

it('the README example prints what it says', async () => {
  expect(await readmeExample(import.meta.dirname)).toEqual(['127.0.0.1 80', 'hello 10.0.2.2']);
});
