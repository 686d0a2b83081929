import { Random } from '@zarch/arch/testing';
import { expect, it } from 'vitest';
import type { IpAddress } from '../address.ts';
import { openTestNetwork } from '../testing/opened-network.ts';

const web = { address: '10.0.2.2' as IpAddress, port: 80 };
const MIB = 1 << 20;

function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (Math.imul(i, 2654435761) >>> 24) ^ seed;
  return bytes;
}

const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

it.each([
  { name: 'without loss', loses: 0, options: {} },
  { name: 'with a frame in 50 lost', loses: 50, options: {} },
  { name: 'with a frame in 5 lost', loses: 5, options: {}, size: MIB / 4 },
  { name: 'without scaled windows', loses: 0, options: { windowShift: undefined } },
  { name: 'in small segments', loses: 100, options: { maximumSegment: 200 }, size: MIB / 2 },
  { name: 'into a small buffer', loses: 0, options: { buffer: 3000 } },
  { name: 'in large segments', loses: 0, options: {}, large: true },
  { name: 'in large segments with one in 50 lost', loses: 50, options: {}, large: true },
  { name: 'across the end of the sequence numbers', loses: 50, options: { initialSequence: 0xffff_8000 } },
])('bytes arrive in both directions $name', async ({ loses, options, size = 3 * MIB, large = false }) => {
  const random = new Random(7);
  const lost = () => loses > 0 && random.once(loses);
  const { guest, clock, sockets, large: segments } = await openTestNetwork({}, lost, large);
  const [up, down] = [pattern(size, 0), pattern(size, 0x55)];
  const connection = guest.connect(web, options);
  for (let tries = 0; !connection.established && tries < 50; tries++) {
    guest.requestArp('10.0.2.2' as IpAddress);
    clock.advance(1000);
  }
  const peer = sockets.connected[0]?.peer;
  for (let at = 0; at < size; at += 65536) peer?.send(down.subarray(at, at + 65536));
  peer?.end();
  connection.write(up);
  connection.end();
  for (let tries = 0; tries < 2000 && !(connection.peerEnded && peer?.ended); tries++) {
    clock.advance(1000);
    connection.probe();
  }
  expect(same(peer?.bytes ?? new Uint8Array(0), up)).toBe(true);
  expect(same(connection.bytes, down)).toBe(true);
  expect(segments.length > 0).toBe(large);
  for (const [length, segment] of segments) {
    expect(segment).toBe(1460);
    expect(length).toBeGreaterThan(1514);
    expect(length).toBeLessThanOrEqual(65_549);
  }
  expect([connection.peerEnded, peer?.ended, connection.wasReset, peer?.wasReset]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
