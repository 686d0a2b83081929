import { expect, it } from 'vitest';
import { Arrivals } from './arrivals.ts';

it('waits for as many messages as are to come', async () => {
  const arrivals = new Arrivals();
  arrivals.add();
  await arrivals.reached(1);
  const order: string[] = [];
  const third = arrivals.reached(3).then(() => order.push('reached'));
  arrivals.add();
  await Promise.resolve();
  order.push('third');
  arrivals.add();
  await third;
  expect(order).toEqual(['third', 'reached']);
});
