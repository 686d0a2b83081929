/**
 * Random channel programs: guests that do everything wrong. Nothing may throw or hang, and nothing may be stored where
 * the access key does not fit.
 */
import { absolute } from '@zarch/arch';
import { Random } from '@zarch/arch/testing';
import { encodeCcw, encodeOrb } from './channel-program-builder.ts';
import { fakeCommands } from './fake-device.ts';
import { conditionCodeOf, Guest } from './guest.ts';

const WORD = 0x0001_0000;
const SIZE = 0x8000;
/** A block whose key no program has. */
const FORBIDDEN = 0x6000;
const FORBIDDEN_KEY = 0xf8;

/** What came of the programs: how often each pair of device and subchannel status was seen. */
export interface FuzzResult {
  readonly programs: number;
  readonly statuses: ReadonlyMap<string, number>;
}

/**
 * Runs programs on one guest, one after another, with all instructions in between.
 *
 * @throws {Error} When a program stored where it must not, or a subchannel does not end.
 */
export async function fuzzChannelPrograms(seed: number | string, programs: number): Promise<FuzzResult> {
  const numbers = new Random(seed);
  const random = (limit: number) => numbers.below(limit);
  const statuses = new Map<string, number>();
  const guest = new Guest({ storageSize: SIZE, onDeviceError: () => {} });
  for (let program = 0; program < programs; program++) {
    fill(guest, random);
    guest.storage.setKey(FORBIDDEN, FORBIDDEN_KEY);
    const forbidden = guest.storage.bytes(FORBIDDEN, 4096);
    guest.modify(random(0x10000) & 0x389f, random(8) & 5);
    guest.css.sal((random(4) << 13) << 3);
    guest.css.ssch(WORD, orb(random));
    for (let step = random(4); step > 0; step--) {
      await instruction(guest, random);
      if (random(3) === 0) await guest.device.finish();
    }
    await end(guest, statuses);
    if (!equal(forbidden, guest.storage.bytes(FORBIDDEN, 4096))) {
      throw new Error(`program ${program} of seed ${seed} stored in a block with another key`);
    }
  }
  return { programs, statuses };
}

/** Fills the storage with CCWs, lists and numbers that could be addresses. */
function fill(guest: Guest, random: (limit: number) => number): void {
  for (let at = 0; at < SIZE; at += 4096) guest.storage.setKey(at, random(3) << 4);
  const format = random(2) as 0 | 1;
  for (let at = 0x1000; at < 0x1100; at += 8) {
    const anyCommand = random(4) === 0 ? random(256) : (fakeCommands[random(fakeCommands.length)] ?? 0);
    const command = random(5) === 0 ? 0x08 : anyCommand;
    const address = command === 0x08 ? 0x1000 + 8 * random(32) : anyAddress(random);
    const plain = command === 0x08 && format === 1 && random(8) !== 0;
    const flags = plain ? 0 : random(256) & random(256);
    guest.storage.put(at, encodeCcw(format, { command, flags, count: plain ? 0 : random(64), address }));
  }
  const lists = guest.storage.view(absolute(0x2000), 0x200);
  for (let at = 0; at < 0x200; at += 4) lists?.setU32(at, random(3) === 0 ? 0 : anyAddress(random));
  guest.device.match = random(2) === 0;
  guest.device.block = new Uint8Array(random(100));
  guest.device.blockLength = random(100);
}

function anyAddress(random: (limit: number) => number): number {
  const kind = random(8);
  if (kind === 0) return random(2 ** 32);
  if (kind < 3) return 0x2000 + 16 * random(32);
  return random(SIZE + 64);
}

function orb(random: (limit: number) => number): Uint8Array {
  const programAddress = random(16) === 0 ? random(2 ** 31) : 0x1000 + 8 * random(32);
  const control = random(0x1000) & ~0x0004;
  return encodeOrb((random(4) === 0 ? 0 : 1) as 0 | 1, {
    key: 1 + random(2),
    control,
    control1: random(4) << 6,
    programAddress,
    pathMask: random(8) === 0 ? random(256) : 0xff,
  });
}

async function instruction(guest: Guest, random: (limit: number) => number): Promise<void> {
  const { css } = guest;
  const instructions = [
    () => css.tsch(WORD),
    () => css.csch(WORD),
    () => css.hsch(WORD),
    () => css.rsch(WORD),
    () => css.xsch(WORD),
    () => css.ssch(WORD, orb(random)),
    () => css.stsch(WORD),
    () => css.tpi(random(256)),
    () => css.rchp(0),
    () => css.stcps(),
    () => css.stcrw(),
    () => guest.subchannel.present(random(256)),
  ];
  instructions[random(instructions.length)]?.();
}

/** Clears the subchannel, and takes its status until there is no more. */
async function end(guest: Guest, statuses: Map<string, number>): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    const { cc, irb } = guest.test();
    if (cc === 0) {
      const name = `${irb.deviceStatus.toString(16)} ${irb.subchannelStatus.toString(16)}`;
      statuses.set(name, (statuses.get(name) ?? 0) + 1);
    }
    await guest.device.finish();
  }
  guest.css.csch(WORD);
  guest.test();
  await guest.device.finish();
  const { cc, irb } = guest.test();
  if (cc !== 1 || irb.functionControl !== 0) throw new Error('the subchannel does not end');
  if (conditionCodeOf(guest.css.tpi(0xff)) !== 0) throw new Error('an interruption is left');
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, index) => byte === other[index]);
}
