import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { proxyFromAptConfig, proxyFromEnvironment, withProxy } from './proxy.ts';

test.each([
  ['nothing', '', undefined],
  ['an empty value', 'Acquire::http::Proxy "";', undefined],
  ['DIRECT', 'Acquire::http::Proxy "DIRECT";', undefined],
  [
    'one proxy',
    'Acquire::http::Proxy "http://p:3128/";',
    { http_proxy: 'http://p:3128/', https_proxy: 'http://p:3128/' },
  ],
  [
    'one for each scheme and an exception',
    'Acquire::http::Proxy "http://p:1";\nAcquire::http::Proxy::near "DIRECT";\nAcquire::https::Proxy "http://q:2";',
    { http_proxy: 'http://p:1', https_proxy: 'http://q:2', no_proxy: 'near' },
  ],
])('apt configuration with %s', (_, dump, expected) => {
  expect(proxyFromAptConfig(dump)).toEqual(expected);
});

test('the environment gives proxies in either case, or none', () => {
  expect(proxyFromEnvironment({ HTTPS_PROXY: 'http://p:1', no_proxy: 'a,b' })).toEqual({
    https_proxy: 'http://p:1',
    no_proxy: 'a,b',
  });
  expect(proxyFromEnvironment({ no_proxy: 'a' })).toBeUndefined();
});

test('requests go through the proxy while it is in force, and no longer', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('from the proxy');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  try {
    const far = 'http://archive.invalid/debian/x';
    await withProxy({ http_proxy: proxy }, async () => {
      await fetch(far).catch(() => undefined);
    });
    expect(asked.join()).toContain('archive.invalid');
    const before = asked.length;
    await fetch(far).catch(() => undefined);
    expect(asked).toHaveLength(before);
  } finally {
    server.close();
  }
});
