/** Drivers that give any command with any data: each gets an answer, and the device goes on. */
import { CcwFlag } from '@zarch/arch';
import { Random } from '@zarch/arch/testing';
import { BlockDevice } from '@zarch/virtio';
import { MemoryDisk } from '@zarch/virtio/testing';
import { VirtioCcwCommand } from '../virtio-ccw-layout.ts';
import { CcwDriver } from './ccw-driver.ts';

const MOST_BYTES = 40;
const known = Object.values(VirtioCcwCommand);
/** Device status of commands that were carried out, and of those that were refused. */
const statuses = [0, 0x0c, 0x0e];

/** Data that now and then make sense: small numbers, and addresses near those that exist. */
function randomArea(random: Random): Uint8Array {
  const area = new Uint8Array(random.below(MOST_BYTES));
  const kind = random.below(3);
  area.forEach((_, i) => {
    const small = random.once(4) ? random.below(4) : 0;
    area[i] = kind === 0 ? random.below(256) : kind === 1 ? small : i % 8 < 5 ? 0 : random.below(256);
  });
  return area;
}

/**
 * Gives commands to one device.
 *
 * @returns How many of them were carried out.
 * @throws {Error} When a command has no proper end, or the device does not work afterwards.
 */
export function fuzzCcwCommands(seed: number | string, commands: number): number {
  const random = new Random(seed);
  const guest = new CcwDriver(new BlockDevice({ backend: new MemoryDisk(1 << 20) }));
  let succeeded = 0;
  for (let i = 0; i < commands; i++) {
    const code = random.once(8) ? random.below(256) : random.pick(known);
    // TRANSFER IN CHANNEL is not a command.
    if ((code & 0x0f) === 0x08 || code === 0) continue;
    const { deviceStatus } = guest.command(code, randomArea(random), CcwFlag.suppressLengthIndication);
    if (!statuses.includes(deviceStatus)) throw new Error(`device status ${deviceStatus} in command ${i}`);
    if (deviceStatus === 0x0c) succeeded++;
    guest.device.notify(random.below(4));
    guest.interruptions();
    if (random.once(50)) {
      guest.enable(false);
      guest.enable(true);
    }
  }
  guest.css.reset();
  guest.enable(true);
  guest.setRevision(2);
  if (guest.queueSize(0) !== 256) throw new Error('the device does not work afterwards');
  return succeeded;
}
