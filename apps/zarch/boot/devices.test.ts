import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameReader, framed } from '../src/net/frame-stream.ts';
import { RunningCommand } from '../src/testing/run-command.ts';

const ARP = 0x0806;
const ARP_REPLY = 2;
const PEER_MAC = Uint8Array.of(0x52, 0x54, 0, 1, 2, 3);
/** Offsets in a frame with an ARP packet. */
const arp = {
  type: 12,
  operation: 20,
  senderMac: 22,
  senderIp: 28,
  targetMac: 32,
  targetIp: 38,
  size: 42,
} as const;

let folder: string;
let running: RunningCommand | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarch-devices-'));
});
afterEach(() => {
  running?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The answer of a neighbour that has every address. */
function arpReply(request: Uint8Array): Uint8Array {
  const reply = request.slice(0, arp.size);
  const data = new DataView(reply.buffer);
  reply.set(request.subarray(6, 12), 0);
  reply.set(PEER_MAC, 6);
  data.setUint16(arp.operation, ARP_REPLY);
  reply.set(PEER_MAC, arp.senderMac);
  reply.set(request.subarray(arp.targetIp, arp.targetIp + 4), arp.senderIp);
  reply.set(request.subarray(arp.senderMac, arp.senderMac + 10), arp.targetMac);
  return reply;
}

async function shell(guest: RunningCommand, command: string): Promise<string> {
  const from = guest.stdout.length;
  guest.child.stdin.write(`${command}; echo "e""nd:$?"\r`);
  await guest.until('end:', 'stdout', from);
  await guest.until('/root #', 'stdout', from);
  return guest.stdout.slice(from);
}

test('a guest of Debian uses a folder, a network, random numbers and a console', async () => {
  const modules = ['9p', '9pnet_virtio', 'virtio_net', 'virtio-rng', 'virtio_console'];
  const fetch = new RunningCommand('cli', [
    ...['guest', 'fetch', '--json'],
    ...modules.flatMap((name) => ['--module', name]),
  ]);
  running = fetch;
  const { status: fetched, stdout } = await fetch.result;
  expect(fetched).toBe(0);
  const { kernel, initrd } = JSON.parse(stdout) as { readonly kernel: string; readonly initrd: string };

  const server = createServer((socket: Socket) => {
    const reader = new FrameReader((frame) => {
      const data = new DataView(frame.buffer, frame.byteOffset);
      const isRequest = data.getUint16(arp.type) === ARP && data.getUint16(arp.operation) === 1;
      if (isRequest) socket.write(framed(arpReply(frame)));
    });
    socket.on('data', (bytes) => reader.push(bytes));
  });
  server.listen(join(folder, 'net'));
  await once(server, 'listening');
  writeFileSync(join(folder, 'greeting'), 'hello from the host');

  const guest = new RunningCommand('system', [
    ...['-nographic', '-m', '512', '-kernel', kernel, '-initrd', initrd, '-append', 'console=ttysclp0'],
    ...['-virtfs', `local,path=${folder},mount_tag=shared,security_model=none`],
    ...['-netdev', `stream,id=n,addr.type=unix,addr.path=${join(folder, 'net')}`],
    ...['-device', 'virtio-net-ccw,netdev=n,mac=52:54:00:aa:bb:cc'],
    ...['-device', 'virtio-rng-ccw', '-chardev', `file,id=c,path=${join(folder, 'console')}`],
    ...['-device', 'virtio-serial-ccw', '-device', 'virtconsole,chardev=c'],
  ]);
  running = guest;
  await guest.until('/root #');
  const mount = 'mkdir -p /m && mount -t 9p -o trans=virtio,version=9p2000.L shared /m && cat /m/greeting';
  expect(await shell(guest, mount)).toContain('hello from the host');
  expect(await shell(guest, 'dd if=/dev/hwrng of=/m/random bs=64 count=1 && sync')).toContain('end:0');
  expect(new Set(readFileSync(join(folder, 'random'))).size).toBeGreaterThan(16);
  const address = 'ip addr add 10.0.2.15/24 dev eth0 && ip link set eth0 up && arping -c 2 -I eth0 10.0.2.2';
  expect(await shell(guest, address)).toMatch(/Received 2 response|52:54:00:01:02:03/i);
  expect(await shell(guest, 'echo to-the-console >/dev/hvc0 && sleep 1')).toContain('end:0');
  guest.child.stdin.write('poweroff -f\r');
  const { status, stderr } = await guest.result;
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('crashed')]);
  expect(readFileSync(join(folder, 'console'), 'utf8')).toContain('to-the-console');
  server.close();
});
