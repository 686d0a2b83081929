import { CcwFlag } from '@zarch/arch';
import { Random } from '@zarch/arch/testing';
import { BlockDevice } from '@zarch/virtio';
import { MemoryDisk } from '@zarch/virtio/testing';
import { describe, expect, it } from 'vitest';
import { CcwDriver } from './testing/ccw-driver.ts';
import { VirtioCcwCommand } from './virtio-ccw-layout.ts';

const COMMANDS = 1500;
const MOST_BYTES = 40;
const known = Object.values(VirtioCcwCommand);

/** Data that now and then make sense: small numbers, and addresses near those that exist. */
function randomArea(random: (limit: number) => number): Uint8Array {
  const area = new Uint8Array(random(MOST_BYTES));
  const kind = random(3);
  area.forEach((_, i) => {
    const small = random(4) === 0 ? random(4) : 0;
    area[i] = kind === 0 ? random(256) : kind === 1 ? small : i % 8 < 5 ? 0 : random(256);
  });
  return area;
}

describe('a driver that does anything', () => {
  it.each([1, 2, 3])('with seed %i gets an answer to each command, and the device goes on', (seed) => {
    const numbers = new Random(seed);
    const random = (limit: number) => numbers.below(limit);
    const guest = new CcwDriver(new BlockDevice({ backend: new MemoryDisk(1 << 20) }));
    for (let i = 0; i < COMMANDS; i++) {
      const code = random(8) === 0 ? random(256) : (known[random(known.length)] ?? 0);
      // TRANSFER IN CHANNEL is not a command.
      if ((code & 0x0f) === 0x08 || code === 0) continue;
      const { deviceStatus } = guest.command(code, randomArea(random), CcwFlag.suppressLengthIndication);
      expect([0, 0x0c, 0x0e]).toContain(deviceStatus);
      guest.device.notify(random(4));
      guest.interruptions();
      if (random(50) === 0) {
        guest.enable(false);
        guest.enable(true);
      }
    }
    guest.css.reset();
    guest.enable(true);
    guest.setRevision(2);
    expect(guest.queueSize(0)).toBe(256);
  });
});
