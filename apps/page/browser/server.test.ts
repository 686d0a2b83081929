import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PageServer, servePage } from '../server/server.ts';

let server: PageServer;
beforeAll(async () => {
  server = await servePage({ kernel: import.meta.filename });
});
afterAll(() => server.close());

test('what it serves may have shared memory', async () => {
  const response = await fetch(`${server.address}kernel`);
  expect(await response.text()).toContain('what it serves may have shared memory');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  });
});

test.each(['initrd', '..%2fpackage.json', 'server/server.ts', '%00'])('it has no %s', async (name) => {
  expect((await fetch(server.address + name)).status).toBe(404);
});

test('it answers only requests to read', async () => {
  const status = async (method: string) => (await fetch(`${server.address}kernel`, { method })).status;
  expect([await status('HEAD'), await status('POST'), await status('DELETE')]).toEqual([200, 404, 404]);
});
