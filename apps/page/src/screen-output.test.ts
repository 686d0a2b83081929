import { expect, it } from 'vitest';
import { ScreenOutput } from './screen-output.ts';

it('holds up the guest while the page is behind', async () => {
  const posted: number[] = [];
  const output = new ScreenOutput((bytes) => posted.push(bytes.length));
  output.write(new Uint8Array(65_535));
  expect(output.congestion()).toBeUndefined();
  output.write(new Uint8Array(2));
  const congestion = output.congestion();
  expect(congestion).toBeInstanceOf(Promise);
  expect(output.congestion()).toBe(congestion);
  expect(posted).toEqual([65_535, 2]);
  output.shown(2);
  await congestion;
  expect(output.congestion()).toBeUndefined();
});
