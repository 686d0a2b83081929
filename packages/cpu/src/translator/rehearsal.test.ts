import { expect, it } from 'vitest';
import { Rehearsal } from './rehearsal.ts';

it('translates the whole program, time and again', () => {
  const rehearsal = new Rehearsal();
  expect(rehearsal.round()).toBeGreaterThanOrEqual(130);
  expect(rehearsal.round()).toBe(rehearsal.round());
});
