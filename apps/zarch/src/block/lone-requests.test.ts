import { expect, test } from 'vitest';
import { LoneRequests } from './lone-requests.ts';

function setUp() {
  let now = 0;
  const requests = new LoneRequests(() => now);
  const take = (milliseconds: number, length = 512) =>
    requests.do(length, () => {
      now += milliseconds;
    });
  return { requests, take };
}

test('requests that come one after the other are done at once', () => {
  const { requests, take } = setUp();
  for (let i = 0; i < 3; i++) {
    expect(requests.atOnce).toBe(true);
    take(0);
  }
});

test('after a slow one the next are handed over, and then another is tried', async () => {
  const { requests, take } = setUp();
  take(2);
  for (let i = 0; i < 64; i++) {
    expect(requests.atOnce).toBe(false);
    await requests.handOver(() => Promise.resolve());
  }
  expect(requests.atOnce).toBe(true);
});

test('a large one may take longer', () => {
  const { requests, take } = setUp();
  take(1.5, 1 << 20);
  expect(requests.atOnce).toBe(true);
});

test('beside one that is under way the others are handed over too', async () => {
  const { requests } = setUp();
  let end = () => {};
  const first = requests.handOver(() => new Promise((resolve) => (end = resolve)));
  expect(requests.atOnce).toBe(false);
  end();
  await first;
  expect(requests.atOnce).toBe(true);
});

test('a failure is the request’s, either way', async () => {
  const bad = new Error('a bad spot');
  const { requests } = setUp();
  const fail = () => {
    throw bad;
  };
  expect(() => requests.do(1, fail)).toThrow(bad);
  await expect(requests.handOver(() => Promise.reject(bad))).rejects.toThrow(bad);
  expect(requests.atOnce).toBe(true);
});
