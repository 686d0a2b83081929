import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HostServices, startHostServices } from './host-services.ts';

let services: HostServices;
beforeEach(async () => {
  services = await startHostServices();
});
afterEach(() => services.close());

it.each([0, 1, 200_000])('the source has %i bytes', async (length) => {
  const response = await fetch(`http://127.0.0.1:${services.source}/${length}`);
  expect((await response.arrayBuffer()).byteLength).toBe(length);
});

it.each(['', '-1', 'x'])('the source has no %j', async (path) => {
  expect((await fetch(`http://127.0.0.1:${services.source}/a${path}`)).status).toBe(404);
});

it('the sink tells how many bytes came', async () => {
  const socket = connect(services.sink, '127.0.0.1');
  socket.end(new Uint8Array(70_000));
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString();
  });
  await once(socket, 'close');
  expect(text).toBe('0000000000011170\n');
});
