import { CcwFlag, DeviceStatus, OrbControl, OrbControl1, StatusControl, SubchannelStatus } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { type CcwFields, FakeCommand, Guest, type OrbFields } from './testing.ts';

const { programCheck, protectionCheck } = SubchannelStatus;
const { chainData: CD, chainCommand: CC, suppressLengthIndication: SLI } = CcwFlag;
const DATA = 0x2000;
const read = { command: FakeCommand.read, count: 16, address: DATA };
const control = { command: FakeCommand.control, count: 1, address: DATA };

type Case = readonly [string, 0 | 1, readonly CcwFields[], number, OrbFields?];

/** Programs that end in a program check, with the CCW address that goes with it. */
const cases: readonly Case[] = [
  ['a first CCW that transfers', 1, [{ command: 0x08, address: 0x1008 }, read], 0x1008],
  ['a first CCW that transfers, in format 0', 0, [{ command: 0xf8, address: 0x1008 }, read], 0x1008],
  ['no command', 1, [{ ...read, command: 0x00 }], 0x1008],
  ['no command, in format 0', 0, [{ ...read, command: 0xf0 }], 0x1008],
  ['almost a transfer', 1, [{ ...read, command: 0x18 }], 0x1008],
  ['a count of zero, in format 0', 0, [{ ...read, count: 0 }], 0x1008],
  ['a count of zero in a chain of data', 1, [{ ...read, count: 0, flags: CD }, read], 0x1008],
  ['a data address of 32 bits', 1, [{ ...read, address: 0x8000_2000 }], 0x1008],
  ['a suspend flag without control', 1, [{ ...read, flags: CcwFlag.suspend }], 0x1008],
  [
    'an IDAW list that is not on its boundary',
    1,
    [{ ...read, flags: CcwFlag.indirectAddressing, address: 0x2002 }],
    0x1008,
  ],
  [
    'a list of format-2 IDAWs that is not on its boundary',
    1,
    [{ ...read, flags: CcwFlag.indirectAddressing, address: 0x2004 }],
    0x1008,
    { control: OrbControl.idaw64 },
  ],
  ['MIDAWs without control', 1, [{ ...read, flags: CcwFlag.modifiedIndirectAddressing }], 0x1008],
  [
    'IDAWs and MIDAWs',
    1,
    [{ ...read, flags: CcwFlag.modifiedIndirectAddressing | CcwFlag.indirectAddressing }],
    0x1008,
    { control1: OrbControl1.midaw },
  ],
  [
    'a MIDAW list that is not on its boundary',
    1,
    [{ ...read, flags: CcwFlag.modifiedIndirectAddressing, address: 0x2008 }],
    0x1008,
    { control1: OrbControl1.midaw },
  ],
  ['a program that is not on a boundary', 1, [read], 0x1004 + 8, { programAddress: 0x1004 }],
  ['a program outside the storage', 1, [read], 0x10_0008, { programAddress: 0x10_0000 }],
  ['a program beyond 16 MiB in format 0', 0, [read], 0x100_0008, { programAddress: 0x100_0000 }],
  [
    'two transfers in a row',
    1,
    [
      { ...control, flags: CC },
      { command: 0x08, address: 0x1010 },
      { command: 0x08, address: 0x1000 },
    ],
    0x1018,
  ],
  [
    'a transfer to where no CCW can be',
    1,
    [
      { ...control, flags: CC },
      { command: 0x08, address: 0x1003 },
    ],
    0x1010,
  ],
  [
    'a transfer out of the storage',
    1,
    [
      { ...control, flags: CC },
      { command: 0x08, address: 0x7fff_fff8 },
    ],
    0x1010,
  ],
  [
    'a transfer with a count',
    1,
    [
      { ...control, flags: CC },
      { command: 0x08, count: 1, address: 0x1000 },
    ],
    0x1010,
  ],
  [
    'a transfer with flags',
    1,
    [
      { ...control, flags: CC },
      { command: 0x08, flags: SLI, address: 0x1000 },
    ],
    0x1010,
  ],
  [
    'a chained CCW without a command',
    1,
    [
      { ...control, flags: CC },
      { ...read, command: 0 },
    ],
    0x1010,
  ],
  [
    'a chained CCW of count zero',
    0,
    [
      { ...control, flags: CC | SLI },
      { ...read, count: 0 },
    ],
    0x1010,
  ],
];

describe('a program check comes of', () => {
  it.each(cases)('%s', (_, format, ccws, programAddress, orb) => {
    const guest = new Guest();
    const program = guest.program(format);
    for (const ccw of ccws) program.ccw(ccw);
    const irb = guest.run(program, orb);
    const { primary, secondary, alert, pending } = StatusControl;
    expect(irb).toMatchObject({
      subchannelStatus: programCheck,
      programAddress,
      deviceStatus: irb.deviceStatus,
    });
    expect(irb.statusControl).toBe(primary | secondary | alert | pending);
    // Nothing was started when the first CCW is at fault.
    expect(irb.deferredConditionCode).toBe(guest.device.calls.length === 0 ? 1 : 0);
    expect(guest.device.calls.length).toBe(ccws[0] === undefined || (ccws[0].flags ?? 0) & CC ? 1 : 0);
  });
});

/** Second CCWs of a data chain that are wrong: known when the count before them is exhausted, needed or not. */
describe('in a data chain a program check comes of', () => {
  it.each([
    ['a count of zero', { command: 0, address: DATA }, 0x1010],
    ['a suspend flag', { command: 0, count: 4, flags: CcwFlag.suspend, address: DATA }, 0x1010],
    ['almost a transfer', { command: 0x28, count: 4, address: DATA }, 0x1010],
    ['a transfer out of the storage', { command: 0x08, address: 0x7fff_fff8 }, 0x1010],
    ['a transfer to a transfer', { command: 0x08, address: 0x1008 }, 0x1010],
  ])('%s', (_, second, programAddress) => {
    for (const count of [8, 16]) {
      const guest = new Guest();
      const program = guest
        .program()
        .ccw({ ...read, flags: CD, count })
        .ccw(second);
      const irb = guest.run(program, { control: OrbControl.suspend });
      expect(irb).toMatchObject({ subchannelStatus: programCheck, programAddress, count: 0 });
      expect(irb.deviceStatus).toBe(DeviceStatus.channelEnd | DeviceStatus.deviceEnd);
      expect(guest.device.accepted).toEqual([count]);
    }
  });
});

describe('data that cannot be accessed', () => {
  const backward = { command: FakeCommand.readBackward, count: 16 };
  it.each([
    // The CCW, what is moved, and what remains.
    ['at once', { ...read, address: 0x10_0000 }, programCheck, 0],
    ['halfway', { ...read, address: 0xfff8 }, programCheck, 8],
    ['before the beginning', { ...backward, address: 7 }, programCheck, 8],
    ['in a protected block', { ...read, address: 0x4ff8 }, protectionCheck, 8],
    ['in a protected block, backward', { ...backward, address: 0x6003 }, protectionCheck, 4],
    ['while writing', { command: FakeCommand.write, count: 16, address: 0x4ff8 }, protectionCheck, 8],
    [
      'while writing, at the end',
      { command: FakeCommand.write, count: 16, address: 0xfffc },
      programCheck,
      4,
    ],
  ])('%s', (_, ccw, subchannelStatus, moved) => {
    const guest = new Guest();
    for (let address = 0; address < guest.storage.size; address += 4096) guest.storage.setKey(address, 0x20);
    guest.storage.setKey(0x5000, 0x38);
    const irb = guest.run(
      guest
        .program()
        .ccw({ ...ccw, flags: CC | SLI })
        .ccw(control),
      { key: 2 },
    );
    expect(irb).toMatchObject({ subchannelStatus, count: 16 - moved, programAddress: 0x1008 });
    expect([...guest.device.accepted, ...guest.device.written.map((bytes) => bytes.length)]).toEqual([moved]);
    expect(guest.device.calls.length).toBe(1);
  });

  it('is not noticed when nobody accesses it', () => {
    const guest = new Guest();
    guest.device.block = new Uint8Array(8);
    const irb = guest.run(guest.program().ccw({ ...read, flags: SLI, address: 0xfff8 }));
    expect(irb).toMatchObject({ subchannelStatus: 0, count: 8 });
  });

  it('ends 24-bit addresses at 16 MiB, and 31-bit addresses at 2 GiB', () => {
    for (const [format, address] of [
      [0, 0xff_fff8],
      [1, 0x7fff_fff8],
    ] as const) {
      const guest = new Guest();
      const pages: number[] = [];
      const storage = {
        fetch: guest.storage.channel.fetch.bind(guest.storage.channel),
        store: (at: number, bytes: Uint8Array) => {
          pages.push(at, bytes.length);
          return undefined;
        },
      };
      const other = new Guest({ storage });
      const program = guest.program(format).ccw({ ...read, address });
      expect(other.run(program)).toMatchObject({ subchannelStatus: programCheck, count: 8 });
      expect(pages).toEqual([address, 8]);
    }
  });
});

describe('a program in protected storage', () => {
  it.each([
    ['fetch protection', 0x38, 2, protectionCheck],
    ['fetch protection and its key', 0x38, 3, 0],
    ['fetch protection and key zero', 0x38, 0, 0],
    ['no fetch protection', 0x30, 2, 0],
  ])('with %s', (_, block, key, status) => {
    const guest = new Guest();
    guest.storage.setKey(0x1000, block);
    const irb = guest.run(guest.program().ccw({ command: FakeCommand.control }), { key });
    expect(irb).toMatchObject({ subchannelStatus: status, programAddress: 0x1008 });
  });

  it('leaves reference and change recorded', () => {
    const guest = new Guest();
    guest.run(guest.program().ccw(read));
    expect([guest.storage.key(0x1000), guest.storage.key(DATA), guest.storage.key(0x3000)]).toEqual([
      4, 6, 0,
    ]);
  });
});

describe('address-limit checking', () => {
  const low = 0x20;
  const high = 0x40;
  it.each([
    ['off', 0, OrbControl.addressLimitChecking, 0x0_2000, 0],
    ['not asked for', low, 0, 0x0_2000, 0],
    ['a low limit, below', low, OrbControl.addressLimitChecking, 0x0_2000, programCheck],
    ['a low limit, at it', low, OrbControl.addressLimitChecking, 0x1_0000, 0],
    ['a high limit, below', high, OrbControl.addressLimitChecking, 0x0_2000, 0],
    ['a high limit, at it', high, OrbControl.addressLimitChecking, 0x1_0000, programCheck],
  ])('%s', (_, flags, orbControl, address, status) => {
    const guest = new Guest({ storageSize: 0x2_0000, flags });
    guest.css.sal(0x1_0000);
    const irb = guest.run(guest.program().ccw({ ...read, address }), { control: orbControl });
    expect(irb).toMatchObject({ subchannelStatus: status, count: status === 0 ? 0 : 16 });
  });
});
