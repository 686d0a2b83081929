import { PmcwCharacteristic, PmcwFlag, schib } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { FakeCommand, Guest } from './testing.ts';

const UPDATE = PmcwFlag.measurementBlockUpdate;
const ORIGIN = 0x4000;
const BLOCK1 = 0x5000;
/** 128 microseconds of the TOD clock. */
const UNIT = 1n << 19n;

const working = { command: FakeCommand.controlWorkingOn };

/** A guest with a clock that its test sets. */
function measured(flags: number, characteristics = 0, index = 0) {
  const clock = { now: 0n };
  const guest = new Guest({ clock: () => clock.now });
  guest.css.schm(0x0000_0003, BigInt(ORIGIN));
  guest.modify(flags, characteristics, (block) => {
    block.setUint16(schib.measurementBlockIndex, index);
    block.setBigUint64(schib.measurementBlockAddress, BigInt(BLOCK1));
  });
  return { guest, clock };
}

/** Runs a command that is connected for three units and works on for five more. */
async function operate({ guest, clock }: ReturnType<typeof measured>): Promise<void> {
  guest.start(
    guest
      .program()
      .ccw({ command: FakeCommand.controlLater, flags: 0x40, count: 16, address: 0x2000 })
      .ccw(working),
  );
  clock.now += 3n * UNIT;
  await guest.device.finish();
  clock.now += 5n * UNIT;
  await guest.device.finish();
}

describe('a format-0 measurement block', () => {
  it('counts starts and samples, and adds up times', async () => {
    const test = measured(UPDATE, 0, 2);
    await operate(test);
    expect(test.guest.storage.bytes(ORIGIN + 64, 32).toHex()).toBe(
      `${'00010001'}${'00000003'}${'00000000'.repeat(3)}${'00000005'}${'00'.repeat(8)}`,
    );
    test.guest.test();
    await operate(test);
    expect(test.guest.storage.bytes(ORIGIN + 64, 8).toHex()).toBe('0002000200000006');
  });

  it('counts resumptions', () => {
    const { guest } = measured(UPDATE);
    guest.start(guest.program().ccw({ command: FakeCommand.control, flags: 0x02 }), { control: 0x0808 });
    guest.program().ccw({ command: FakeCommand.control });
    guest.css.rsch(0x0001_0000);
    expect(guest.storage.bytes(ORIGIN, 4).toHex()).toBe('00020001');
  });

  it.each([
    ['the subchannel', 0, 0x0000_0003],
    ['the channel subsystem', UPDATE, 0x0000_0001],
  ])('is left alone where %s does not measure', (_, flags, monitor) => {
    const { guest } = measured(flags);
    guest.css.schm(monitor, BigInt(ORIGIN));
    guest.run(guest.program().ccw({ command: FakeCommand.control }));
    expect(guest.storage.bytes(ORIGIN, 32)).toEqual(new Uint8Array(32));
  });

  it.each([
    ['protected', ORIGIN, 0x2403_0000, 0x0880_4000],
    ['outside the storage', 0x10_0000, 0x0003_0000, 0x2080_4000],
  ])('that is %s is told with the status, and updated no more', (_, origin, key, logout) => {
    const { guest } = measured(UPDATE);
    guest.storage.setKey(ORIGIN, 0x30);
    guest.css.schm((key & 0xf000_0000) | 3, BigInt(origin));
    const irb = guest.run(guest.program().ccw({ command: FakeCommand.control }));
    expect(irb.control & 0x0400_0000).not.toBe(0);
    expect(new DataView(irb.bytes.buffer).getUint32(12)).toBe(logout);
    expect(guest.schib().getUint16(schib.flags) & UPDATE).toBe(0);
    expect(guest.run(guest.program().ccw({ command: FakeCommand.control })).control & 0x0400_0000).toBe(0);
  });
});

describe('a format-1 measurement block', () => {
  it('counts in words', async () => {
    const test = measured(UPDATE, PmcwCharacteristic.measurementBlockFormat);
    await operate(test);
    expect(test.guest.storage.bytes(BLOCK1, 64).toHex()).toBe(
      `${'0000000100000001'}${'00000003'}${'00000000'.repeat(3)}${'00000005'}${'00'.repeat(36)}`,
    );
  });
});

describe('the interruption-response block', () => {
  it('has the device-connect time', async () => {
    const test = measured(PmcwFlag.deviceConnectTime);
    await operate(test);
    expect(new DataView(test.guest.test().irb.bytes.buffer).getUint32(12)).toBe(0x0080_0003);
    await operate(test);
    test.guest.css.schm(0, 0n);
    expect(new DataView(test.guest.test().irb.bytes.buffer).getUint32(12)).toBe(0x0080_0000);
  });

  it('has the extended-measurement word, in halves of a microsecond', async () => {
    const test = measured(0, PmcwCharacteristic.extendedMeasurementWord);
    await operate(test);
    const { bytes } = test.guest.test().irb;
    expect(bytes.length).toBe(96);
    expect(bytes.subarray(64).toHex()).toBe(
      `${'00000300'}${'00000000'.repeat(3)}${'00000500'}${'00000000'.repeat(3)}`,
    );
  });

  it('says that there is timing only where there is a clock', () => {
    expect(measured(0).guest.schib().getUint16(schib.flags) & PmcwFlag.timing).toBe(PmcwFlag.timing);
    expect(new Guest().schib().getUint16(schib.flags) & PmcwFlag.timing).toBe(0);
  });
});
