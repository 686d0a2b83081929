import { expect, test } from 'vitest';
import { LoneRequests } from './lone-requests.ts';

function setUp() {
  let now = 0;
  const done: string[] = [];
  const requests = new LoneRequests(() => now);
  const ends: (() => void)[] = [];
  const request = (milliseconds = 0, length = 512) =>
    requests.do(
      length,
      () => {
        now += milliseconds;
        done.push('at once');
      },
      () => {
        done.push('handed over');
        return new Promise((resolve) => ends.push(resolve));
      },
    );
  return { done, ends, request, requests };
}

test('requests that come one after the other are done at once', async () => {
  const { done, request } = setUp();
  for (let i = 0; i < 3; i++) await request();
  expect(done).toEqual(['at once', 'at once', 'at once']);
});

test('after a slow one the next are handed over, and then another is tried', async () => {
  const { done, ends, request } = setUp();
  await request(2);
  for (let i = 0; i < 64; i++) {
    const waiting = request();
    ends.pop()?.();
    await waiting;
  }
  await request();
  expect(done.filter((way) => way === 'handed over')).toHaveLength(64);
  expect(done.at(-1)).toBe('at once');
});

test('a large one may take longer', async () => {
  const { done, request } = setUp();
  await request(1.5, 1 << 20);
  await request();
  expect(done).toEqual(['at once', 'at once']);
});

test('beside one that is under way the others are handed over too', async () => {
  const { done, ends, request } = setUp();
  await request(2);
  const waiting = [request(), request()];
  expect(done.slice(1)).toEqual(['handed over', 'handed over']);
  for (const end of ends) end();
  await Promise.all(waiting);
});

test('a failure is the request’s, either way', async () => {
  const bad = new Error('a bad spot');
  const { requests, request } = setUp();
  const fail = () => {
    throw bad;
  };
  await expect(requests.do(1, fail, async () => {})).rejects.toThrow(bad);
  await request(2);
  await expect(
    requests.do(
      1,
      () => {},
      () => Promise.reject(bad),
    ),
  ).rejects.toThrow(bad);
});
