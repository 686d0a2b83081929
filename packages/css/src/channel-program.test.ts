import { CcwCommand, CcwFlag, DeviceStatus, OrbControl1, StatusControl, SubchannelStatus } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { FakeCommand, Guest } from './testing.ts';

const { chainData: CD, chainCommand: CC, suppressLengthIndication: SLI, skip: SKIP } = CcwFlag;
const ended = DeviceStatus.channelEnd | DeviceStatus.deviceEnd;
const done = StatusControl.primary | StatusControl.secondary | StatusControl.pending;
const IL = SubchannelStatus.incorrectLength;
const DATA = 0x2000;

/** Sixteen bytes for the device to take. */
const payload = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);

describe.each([0, 1] as const)('a program of format-%i CCWs', (format) => {
  it('reads a block', () => {
    const guest = new Guest();
    const irb = guest.run(guest.program(format).ccw({ command: FakeCommand.read, count: 16, address: DATA }));
    expect(guest.storage.bytes(DATA, 16)).toEqual(guest.device.block);
    expect(irb).toMatchObject({ statusControl: done, deviceStatus: ended, subchannelStatus: 0, count: 0 });
    expect(irb).toMatchObject({ programAddress: 0x1008, deferredConditionCode: 0, activityControl: 0 });
  });

  it('writes a block', () => {
    const guest = new Guest();
    guest.storage.put(DATA, payload);
    const irb = guest.run(
      guest.program(format).ccw({ command: FakeCommand.write, count: 16, address: DATA }),
    );
    expect(guest.device.written).toEqual([payload]);
    expect(irb).toMatchObject({ statusControl: done, deviceStatus: ended, subchannelStatus: 0, count: 0 });
  });

  it('reads backward, to descending addresses', () => {
    const guest = new Guest();
    guest.run(
      guest.program(format).ccw({ command: FakeCommand.readBackward, count: 16, address: DATA + 15 }),
    );
    expect(guest.storage.bytes(DATA, 16)).toEqual(guest.device.block.slice().reverse());
  });

  it('crosses pages in both directions', () => {
    const guest = new Guest();
    const address = 0x2ff8;
    guest.run(guest.program(format).ccw({ command: FakeCommand.read, count: 16, address }));
    expect(guest.storage.bytes(address, 16)).toEqual(guest.device.block);
    guest.run(guest.program(format).ccw({ command: FakeCommand.write, count: 16, address }));
    expect(guest.device.written).toEqual([guest.device.block]);
    guest.run(
      guest.program(format).ccw({ command: FakeCommand.readBackward, count: 16, address: address + 15 }),
    );
    expect(guest.storage.bytes(address, 16)).toEqual(guest.device.block.slice().reverse());
  });

  it('skips without storing', () => {
    const guest = new Guest();
    const program = guest.program(format);
    // Nothing is at the address, and it does not matter.
    program.ccw({ command: FakeCommand.read, flags: SKIP, count: 16, address: 0xff_fff0 });
    expect(guest.run(program)).toMatchObject({ subchannelStatus: 0, count: 0 });
    expect(guest.device.accepted).toEqual([16]);
  });

  it('does not skip what it writes', () => {
    const guest = new Guest();
    guest.storage.put(DATA, payload);
    guest.run(
      guest.program(format).ccw({ command: FakeCommand.write, flags: SKIP, count: 16, address: DATA }),
    );
    expect(guest.device.written).toEqual([payload]);
  });

  it('chains commands, and transfers in channel', () => {
    const guest = new Guest();
    const program = guest
      .program(format)
      .ccw({ command: FakeCommand.control, flags: CC | SLI, count: 1 })
      .tic(0x1018)
      .skip()
      .ccw({ command: FakeCommand.read, flags: CC, count: 16, address: DATA })
      .ccw({ command: FakeCommand.write, count: 16, address: DATA });
    expect(guest.run(program)).toMatchObject({ programAddress: 0x1028, subchannelStatus: 0 });
    expect(guest.device.calls).toEqual(['0b', '02', '01']);
    expect(guest.device.written).toEqual([guest.device.block]);
  });

  it('passes over a CCW after status modifier, whatever is in it', () => {
    const guest = new Guest();
    const program = guest
      .program(format)
      .ccw({ command: FakeCommand.search, flags: CC, count: 16, address: DATA })
      .tic(0x1000)
      .ccw({ command: FakeCommand.control, flags: SLI, count: 1 });
    guest.device.match = true;
    expect(guest.run(program)).toMatchObject({ programAddress: 0x1018, deviceStatus: ended });
    expect(guest.device.calls).toEqual(['31', '0b']);
  });

  it('chains data over areas of one command', () => {
    const guest = new Guest();
    const program = guest
      .program(format)
      .ccw({ command: FakeCommand.read, flags: CD, count: 5, address: DATA })
      .ccw({ command: 0, flags: CD | SKIP, count: 3, address: DATA + 5 })
      .tic(0x1020)
      .skip()
      .ccw({ command: 0xff, count: 8, address: DATA + 8 });
    expect(guest.run(program)).toMatchObject({ programAddress: 0x1028, subchannelStatus: 0, count: 0 });
    expect(guest.device.calls).toEqual(['02']);
    const stored = guest.device.block.slice();
    stored.fill(0, 5, 8);
    expect(guest.storage.bytes(DATA, 16)).toEqual(stored);
  });

  it('gathers the data of one command from chained areas', () => {
    const guest = new Guest();
    guest.storage.put(DATA, payload);
    const program = guest
      .program(format)
      .ccw({ command: FakeCommand.write, flags: CD, count: 1, address: DATA + 15 })
      .ccw({ command: 0, count: 15, address: DATA });
    guest.run(program);
    expect(guest.device.written).toEqual([Uint8Array.of(payload[15]!, ...payload.subarray(0, 15))]);
  });

  it('has commands for all devices answered', () => {
    const guest = new Guest();
    const program = guest
      .program(format)
      .ccw({ command: CcwCommand.noOperation, flags: CC | SLI, count: 1 })
      .ccw({ command: CcwCommand.senseId, flags: CC, count: 12, address: DATA })
      .ccw({ command: CcwCommand.basicSense, count: 32, address: DATA + 16 });
    expect(guest.run(program)).toMatchObject({
      programAddress: 0x1018,
      subchannelStatus: 0,
      deviceStatus: ended,
    });
    expect(guest.storage.bytes(DATA, 12).toHex()).toBe('ff38320112340200' + '40720040');
    expect(guest.device.calls).toEqual([]);
  });
});

/** What happens to 16 bytes when the CCW counts more or fewer. */
const lengths: readonly (readonly [number, number, number, number])[] = [
  // Count, flags, subchannel status, residual count.
  [16, 0, 0, 0],
  [16, SLI, 0, 0],
  [10, 0, IL, 0],
  [10, SLI, 0, 0],
  [20, 0, IL, 4],
  [20, SLI, 0, 4],
];
const transfers = [
  ['write', FakeCommand.write, DATA],
  ['read', FakeCommand.read, DATA],
  ['read backward', FakeCommand.readBackward, DATA + 31],
  ['sense', FakeCommand.senseBlock, DATA],
  ['control with data', FakeCommand.controlWithData, DATA],
] as const;

describe.each(transfers)('the length of a %s', (_, command, address) => {
  it.each(lengths)(
    'with a count of %i and flags %i gives status %i and leaves %i',
    (count, flags, status, rest) => {
      for (const format of [0, 1] as const) {
        const guest = new Guest();
        const irb = guest.run(guest.program(format).ccw({ command, flags, count, address }));
        expect(irb).toMatchObject({ subchannelStatus: status, count: rest, deviceStatus: ended });
        expect(irb.statusControl).toBe(done | (status === 0 ? 0 : StatusControl.alert));
      }
    },
  );

  it.each(lengths)('with a count of %i and flags %i lets commands chain or not', (count, flags, status) => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command, flags: flags | CC, count, address })
      .ccw({ command: FakeCommand.control });
    const irb = guest.run(program);
    expect(irb).toMatchObject({ subchannelStatus: status, programAddress: status === 0 ? 0x1010 : 0x1008 });
    expect(guest.device.calls.length).toBe(status === 0 ? 2 : 1);
  });
});

describe('the length with data chaining', () => {
  it.each([
    // Counts of two CCWs, flags of both, status, residual, which CCW it is of.
    [8, 8, CD, 0, 0, 0, 2],
    [8, 9, CD, 0, IL, 1, 2],
    [8, 9, CD, SLI, 0, 1, 2],
    [8, 7, CD, 0, IL, 0, 2],
    [8, 7, CD, SLI, 0, 0, 2],
    // Ending where the count of a CCW ends that chains: the next one is current, untouched.
    [16, 4, CD, 0, IL, 4, 2],
    [16, 4, CD, SLI, 0, 4, 2],
    // Ending before: suppression does not apply to a CCW that chains data.
    [20, 4, CD, 0, IL, 4, 1],
    [20, 4, CD | SLI, SLI, IL, 4, 1],
    [8, 20, CD, CD | SLI, IL, 12, 2],
  ])(
    'counts %i and %i, flags %i and %i',
    (first, second, firstFlags, secondFlags, status, count, current) => {
      for (const command of [FakeCommand.read, FakeCommand.write]) {
        const guest = new Guest();
        const program = guest
          .program()
          .ccw({ command, flags: firstFlags, count: first, address: DATA })
          .ccw({ command: 0, flags: secondFlags, count: second, address: DATA + 32 });
        const programAddress = 0x1000 + 8 * current;
        expect(guest.run(program)).toMatchObject({ subchannelStatus: status, count, programAddress });
      }
    },
  );

  it('is not followed by command chaining where both flags are set', () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: CD | CC | SLI, count: 32, address: DATA })
      .ccw({ command: FakeCommand.control });
    expect(guest.run(program)).toMatchObject({ subchannelStatus: IL, count: 16, programAddress: 0x1008 });
  });
});

describe('the length of an immediate operation', () => {
  const indicated = 0;
  const suppressed = OrbControl1.incorrectLength;
  it.each([
    // Format, mode, count, flags, status.
    [1, indicated, 0, 0, 0],
    [1, indicated, 4, 0, IL],
    [1, indicated, 4, SLI, 0],
    [1, indicated, 4, CD, IL],
    [1, suppressed, 4, 0, 0],
    [1, suppressed, 4, CD, 0],
    [0, indicated, 4, 0, 0],
    [0, suppressed, 4, SLI, 0],
  ] as const)('of format %i, mode %i, count %i, flags %i', (format, control1, count, flags, status) => {
    const guest = new Guest();
    const program = guest
      .program(format)
      .ccw({ command: FakeCommand.control, flags, count, address: DATA })
      .ccw({ command: 0, count: 1, address: DATA });
    expect(guest.run(program, { control1 })).toMatchObject({ subchannelStatus: status, count });
  });
});

describe('a count of zero in format 1', () => {
  it('is of a command without data', () => {
    const guest = new Guest();
    expect(guest.run(guest.program().ccw({ command: FakeCommand.control }))).toMatchObject({
      subchannelStatus: 0,
    });
  });

  it('is too short for one with data', () => {
    for (const [flags, status] of [
      [0, IL],
      [SLI, 0],
    ] as const) {
      const guest = new Guest();
      const irb = guest.run(guest.program().ccw({ command: FakeCommand.read, flags, address: DATA }));
      expect(irb).toMatchObject({ subchannelStatus: status, count: 0 });
    }
  });
});

describe('status of the device', () => {
  it.each([
    ['unit check after data', FakeCommand.readFailing, ended | DeviceStatus.unitCheck, IL, 0],
    ['unit check at once', FakeCommand.reject, ended | DeviceStatus.unitCheck, 0, 0],
    ['unit exception', FakeCommand.endOfFile, ended | DeviceStatus.unitException, IL, 0],
    ['busy', FakeCommand.busy, DeviceStatus.busy, 0, 1],
    ['no status', FakeCommand.silent, 0, SubchannelStatus.interfaceControlCheck, 1],
    ['a channel-data check', FakeCommand.dataCheck, ended, SubchannelStatus.channelDataCheck, 0],
  ])('%s ends the chain as an alert', (_, command, deviceStatus, subchannelStatus, deferredConditionCode) => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command, flags: CC, count: 16, address: DATA })
      .ccw({ command: FakeCommand.control });
    const irb = guest.run(program, { control1: 0 });
    expect(irb).toMatchObject({
      deviceStatus,
      subchannelStatus,
      deferredConditionCode,
      programAddress: 0x1008,
    });
    expect(irb.statusControl).toBe(done | StatusControl.alert);
    expect(guest.device.calls.length).toBe(1);
  });

  it('does not defer a condition code once a command was accepted', () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command: FakeCommand.control, flags: CC })
      .ccw({ command: FakeCommand.busy });
    expect(guest.run(program)).toMatchObject({ deviceStatus: DeviceStatus.busy, deferredConditionCode: 0 });
  });

  it('is explained by sense bytes, which can be read once', () => {
    const guest = new Guest();
    guest.run(guest.program().ccw({ command: FakeCommand.reject }));
    const sense = guest.program().ccw({ command: CcwCommand.basicSense, count: 32, address: DATA });
    guest.run(sense);
    expect(guest.storage.bytes(DATA, 2).toHex()).toBe('8000');
    guest.run(sense);
    expect(guest.storage.bytes(DATA, 2).toHex()).toBe('0000');
  });
});

describe('a device that looks at the area of a command that reads', () => {
  it('sees what is there, through address lists too, and transfers nothing by it', () => {
    for (const [flags, address] of [
      [CD, DATA],
      [CcwFlag.indirectAddressing, 0x3000],
      [SKIP, DATA],
    ] as const) {
      const guest = new Guest();
      guest.storage.put(DATA, payload);
      const seen: Uint8Array[] = [];
      guest.device.execute = (_, data) => {
        seen.push(data.peek(2), data.peek(100));
        return { status: ended };
      };
      const program = guest
        .program()
        .ccw({ command: FakeCommand.read, flags, count: 4, address })
        .ccw({ command: 0, count: 1, address: DATA })
        .idaws(0x3000, 1, [DATA]);
      expect(guest.run(program)).toMatchObject({ subchannelStatus: IL, count: 4 });
      expect(seen).toEqual([payload.slice(0, 2), payload.slice(0, 4)]);
    }
  });

  it('sees nothing where it may not look', () => {
    const guest = new Guest();
    guest.device.execute = (_, data) => {
      expect(data.peek(4)).toEqual(new Uint8Array(0));
      return { status: ended, immediate: true };
    };
    guest.run(guest.program().ccw({ command: FakeCommand.read, count: 4, address: 0x10_0000 }));
  });
});
