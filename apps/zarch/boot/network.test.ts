import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { RunningCommand } from '../src/testing/run-command.ts';

const SIZE = 2 << 20;

let running: RunningCommand | undefined;
const servers: Server[] = [];
afterEach(() => {
  running?.child.kill('SIGKILL');
  for (const server of servers.splice(0)) server.close();
});

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

async function portOf(listener: Server): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return (listener.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await portOf(probe);
  probe.close();
  await once(probe, 'close');
  return port;
}

async function shell(guest: RunningCommand, command: string): Promise<string> {
  const from = guest.stdout.length;
  guest.child.stdin.write(`${command}; echo "e""nd:$?"\r`);
  await guest.until('end:', 'stdout', from);
  await guest.until('/root #', 'stdout', from);
  return guest.stdout.slice(from);
}

/** What udhcpc does with a lease. */
const LEASE = [
  '[ "$1" = bound ] || exit 0',
  'ip addr add $ip/$mask dev $interface',
  'ip route add default via $router',
  'echo lease $ip/$mask via $router dns $dns',
];

test('a guest of Debian has an address, reaches the host and is reached', async () => {
  const fetched = new RunningCommand('cli', ['guest', 'fetch', '--json', '--module', 'virtio_net']);
  running = fetched;
  const { status: fetchStatus, stdout } = await fetched.result;
  expect(fetchStatus).toBe(0);
  const { kernel, initrd } = JSON.parse(stdout) as { readonly kernel: string; readonly initrd: string };

  const [down, up] = [randomBytes(SIZE), randomBytes(SIZE)];
  const web = createHttpServer((request, response) => response.end(request.url === '/down' ? down : up));
  let uploaded = '';
  const sink = createServer({ allowHalfOpen: true }, (socket) => {
    const hash = createHash('md5');
    socket.on('data', (bytes) => hash.update(bytes));
    socket.on('end', () => {
      uploaded = hash.digest('hex');
      socket.end(uploaded);
    });
  });
  servers.push(web, sink);
  const [port, sinkPort] = [await portOf(web), await portOf(sink)];
  const forwarded = await freePort();

  const guest = new RunningCommand('system', [
    ...['-nographic', '-m', '512', '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttysclp0'],
    ...['-nic', `user,hostfwd=tcp:127.0.0.1:${forwarded}-:80`],
  ]);
  running = guest;
  await guest.until('/root #');
  const script = LEASE.map((line) => `echo '${line}' >>/lease`).join('; ');
  await shell(guest, `echo '#!/bin/sh' >/lease; ${script}; chmod +x /lease; ip link set eth0 up`);
  const lease = await shell(guest, 'udhcpc -i eth0 -n -q -s /lease');
  expect(lease).toContain('lease 10.0.2.15/24 via 10.0.2.2 dns 10.0.2.3');
  expect(await shell(guest, 'ping -c 1 10.0.2.2')).toContain('1 packets received');

  const get = await shell(guest, `wget -q -O - http://10.0.2.2:${port}/down | md5sum`);
  expect(get).toContain(md5(down));
  const put = `wget -q -O /up http://10.0.2.2:${port}/up && nc 10.0.2.2 ${sinkPort} </up`;
  expect(await shell(guest, put)).toContain(md5(up));
  expect(uploaded).toBe(md5(up));

  await shell(guest, 'mkdir /srv && mv /up /srv/file && httpd -p 80 -h /srv');
  const response = await fetch(`http://127.0.0.1:${forwarded}/file`);
  expect(md5(new Uint8Array(await response.arrayBuffer()))).toBe(md5(up));

  // The guest waits for router advertisements, and makes sure that nobody else has its address.
  const own = 'ip -6 addr show dev eth0 | grep fec0: | grep -v tentative';
  const waited = `for i in $(seq 30); do ${own} && break; sleep 1; done`;
  expect(await shell(guest, waited)).toMatch(/fec0::\w+:\w+:\w+:\w+\/64/);
  expect(await shell(guest, 'ping -6 -c 1 fec0::2')).toContain('1 packets received');

  guest.child.stdin.write('poweroff -f\r');
  const { status, stderr } = await guest.result;
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('crashed')]);
});
