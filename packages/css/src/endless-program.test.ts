import { CcwFlag, SubchannelStatus } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { type CcwFields, FakeCommand, Guest } from './testing.ts';

const { chainCommand: CC, chainData: CD, suppressLengthIndication: SLI } = CcwFlag;
const WORD = 0x0001_0000;

const loops: readonly (readonly [string, readonly CcwFields[]])[] = [
  ['without data', [{ command: FakeCommand.control, flags: CC }]],
  ['with data', [{ command: FakeCommand.read, flags: CC | SLI, count: 1, address: 0x2000 }]],
  ['of commands answered for the device', [{ command: 0x04, flags: CC | SLI, count: 1, address: 0x2000 }]],
];

describe.each(loops)('a program that loops %s', (_, ccws) => {
  const looping = (guest: Guest) => {
    const program = guest.program();
    for (const ccw of ccws) program.ccw(ccw);
    return program.tic(program.start);
  };

  it('is stopped where it cannot be put off', () => {
    const guest = new Guest();
    const irb = guest.run(looping(guest));
    expect(irb).toMatchObject({ subchannelStatus: SubchannelStatus.programCheck, deferredConditionCode: 0 });
    expect(guest.start(looping(guest))).toBe(0);
  });

  it('goes on until the guest stops it where it can', () => {
    const work: (() => void)[] = [];
    const guest = new Guest({ defer: (next) => work.push(next) });
    guest.start(looping(guest));
    for (let turn = 0; turn < 3; turn++) {
      expect(work.length).toBe(1);
      expect(guest.test().cc).toBe(1);
      work.shift()?.();
    }
    guest.css.hsch(WORD);
    expect(guest.test().cc).toBe(0);
    work.shift()?.();
    expect([work.length, guest.test().cc]).toEqual([0, 1]);
  });
});

describe('a chain of data without end', () => {
  it.each([
    ['written', FakeCommand.write],
    ['read', FakeCommand.read],
  ])('ends when the device has %s enough', (_, command) => {
    const guest = new Guest();
    guest.device.block = new Uint8Array(5000);
    guest.device.blockLength = 5000;
    const program = guest.program().ccw({ command, flags: CD, count: 1, address: 0x2000 }).tic(0x1000);
    expect(guest.run(program)).toMatchObject({
      subchannelStatus: SubchannelStatus.incorrectLength,
      count: 1,
    });
  });

  it('is stopped when the device never has enough', () => {
    const guest = new Guest();
    guest.device.blockLength = Number.POSITIVE_INFINITY;
    const program = guest
      .program()
      .ccw({ command: FakeCommand.write, flags: CD, count: 1, address: 0x2000 })
      .tic(0x1000);
    expect(guest.run(program)).toMatchObject({ subchannelStatus: SubchannelStatus.programCheck });
  });
});

describe('a program of commands that the device ends at once, but later', () => {
  it('is stopped too', async () => {
    const guest = new Guest();
    const soon = () => Promise.resolve({ status: 0x0c });
    guest.device.execute = soon;
    guest.start(guest.program().ccw({ command: FakeCommand.controlLater, flags: CC }).tic(0x1000));
    for (let turn = 0; turn < 2000; turn++) await Promise.resolve();
    expect(guest.test()).toMatchObject({ cc: 0, irb: { subchannelStatus: SubchannelStatus.programCheck } });
  });
});
