import {
  ActivityControl,
  CcwCommand,
  CcwFlag,
  DeviceStatus,
  FunctionControl,
  OrbControl,
  PmcwCharacteristic,
  PmcwFlag,
  StatusControl,
  SubchannelStatus,
  schib,
} from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { conditionCodeOf, FakeCommand, Guest } from './testing.ts';

const { start, halt, clear } = FunctionControl;
const { startPending, subchannelActive, deviceActive, suspended, resumePending } = ActivityControl;
const { alert, intermediate, primary, secondary, pending } = StatusControl;
const { chainCommand: CC, suspend: S, programControlledInterruption: PCI } = CcwFlag;
const ended = DeviceStatus.channelEnd | DeviceStatus.deviceEnd;
const WORD = 0x0001_0000;

const control = { command: FakeCommand.control };
const later = { command: FakeCommand.controlLater, count: 16, address: 0x2000 };
const workingOn = { command: FakeCommand.controlWorkingOn };

/** States a subchannel can be in. */
const states = {
  disabled: (guest: Guest) => {
    const block = new Uint8Array(schib.size);
    guest.css.msch(WORD, block);
  },
  idle: () => {},
  'status pending': (guest: Guest) => {
    guest.start(guest.program().ccw(control));
  },
  unsolicited: (guest: Guest) => {
    guest.subchannel.present(DeviceStatus.attention);
  },
  active: (guest: Guest) => {
    guest.start(guest.program().ccw(later));
  },
  'active with intermediate status': (guest: Guest) => {
    guest.start(guest.program().ccw({ ...later, flags: PCI }));
  },
  suspended: (guest: Guest) => {
    const controls = OrbControl.suspend | OrbControl.suppressSuspendedInterruption;
    guest.start(guest.program().ccw({ ...control, flags: S }), { control: controls });
  },
  'suspended with intermediate status': (guest: Guest) => {
    guest.start(guest.program().ccw({ ...control, flags: S }), { control: OrbControl.suspend });
  },
  'waiting for the device': (guest: Guest) => {
    guest.start(guest.program().ccw(workingOn));
    guest.test();
  },
  'start pending': (guest: Guest) => {
    guest.start(guest.program().ccw(workingOn));
    guest.test();
    guest.start(guest.program().ccw(control));
  },
  cleared: (guest: Guest) => {
    guest.css.csch(WORD);
  },
} as const;

const instructions = {
  SSCH: (guest: Guest) => guest.start(guest.program(1, 0x1800).ccw(control)),
  TSCH: (guest: Guest) => conditionCodeOf(guest.css.tsch(WORD)),
  MSCH: (guest: Guest) => guest.modify(0),
  CSCH: (guest: Guest) => conditionCodeOf(guest.css.csch(WORD)),
  HSCH: (guest: Guest) => conditionCodeOf(guest.css.hsch(WORD)),
  RSCH: (guest: Guest) => conditionCodeOf(guest.css.rsch(WORD)),
  XSCH: (guest: Guest) => conditionCodeOf(guest.css.xsch(WORD)),
} as const;

/** Condition codes, in the order of the instructions above. */
const table: readonly (readonly [keyof typeof states, readonly number[]])[] = [
  ['disabled', [3, 3, 0, 3, 3, 3, 3]],
  ['idle', [0, 1, 0, 0, 0, 2, 2]],
  ['status pending', [1, 0, 1, 0, 1, 1, 1]],
  ['unsolicited', [1, 0, 1, 0, 1, 1, 1]],
  ['active', [2, 1, 2, 0, 0, 2, 2]],
  ['active with intermediate status', [1, 0, 1, 0, 0, 1, 1]],
  ['suspended', [2, 1, 2, 0, 0, 0, 0]],
  ['suspended with intermediate status', [1, 0, 1, 0, 0, 1, 1]],
  ['waiting for the device', [0, 1, 0, 0, 0, 2, 2]],
  ['start pending', [2, 1, 2, 0, 0, 2, 0]],
  ['cleared', [1, 0, 1, 0, 1, 1, 1]],
];

describe.each(table)('a subchannel that is %s', (state, codes) => {
  it.each(Object.keys(instructions).map((name, index) => [name, codes[index]] as const))(
    'gives %s condition code %i',
    (name, code) => {
      const guest = new Guest();
      states[state](guest);
      expect(instructions[name as keyof typeof instructions](guest)).toBe(code);
    },
  );
});

describe('STORE SUBCHANNEL', () => {
  it('shows a new subchannel', () => {
    const guest = new Guest();
    guest.css.reset();
    expect(new Uint8Array(guest.schib().buffer).toHex()).toBe(
      `0000000000010000800000800000ff80${'00'.repeat(36)}`,
    );
  });

  it('shows what was modified, and nothing that cannot be', () => {
    const guest = new Guest();
    const block = new Uint8Array(schib.size).fill(0xff);
    const data = new DataView(block.buffer);
    data.setUint16(schib.flags, 0x38bf);
    data.setUint32(schib.characteristics, 0x0000_0007);
    data.setBigUint64(schib.measurementBlockAddress, 0xffff_ffff_ffff_ffc0n);
    expect(conditionCodeOf(guest.css.msch(WORD, block))).toBe(0);
    expect(new Uint8Array(guest.schib().buffer).toHex()).toBe(
      'ffffffff' +
        '38bd0000' +
        'ff000080' +
        'ffffff80' +
        '00'.repeat(8) +
        '00000007' +
        '00'.repeat(12) +
        'ffffffffffffffc0' +
        '00000000',
    );
  });

  it('shows the parameter and the paths of the last start', () => {
    const guest = new Guest();
    guest.run(guest.program().ccw(control), { parameter: 0x1234_5678, pathMask: 0x80 });
    expect(new Uint8Array(guest.schib().buffer, 0, 16).toHex()).toBe('1234567800810000800080800000ff80');
  });
});

describe('START SUBCHANNEL', () => {
  it('repeats controls of the request in the status', () => {
    const guest = new Guest();
    const irb = guest.run(guest.program().ccw(control), { key: 0, control: 0x0878 });
    expect(irb.control >>> 16).toBe(0x08f8);
    const other = guest.run(guest.program(0).ccw({ ...control, count: 1 }), { key: 9 });
    expect(other.control >>> 16).toBe(0x9000);
  });

  it('finds no path in a mask without one', () => {
    const guest = new Guest();
    expect(guest.start(guest.program().ccw(control), { pathMask: 0x7f })).toBe(3);
  });

  it('is active while the device works, and pending then', async () => {
    const guest = new Guest();
    guest.storage.put(
      0x2000,
      Uint8Array.from({ length: 16 }, (_, index) => index),
    );
    expect(guest.start(guest.program().ccw(later))).toBe(0);
    expect(guest.test()).toMatchObject({
      cc: 1,
      irb: { functionControl: start, activityControl: subchannelActive | deviceActive, statusControl: 0 },
    });
    await guest.device.finish();
    expect(guest.test()).toMatchObject({
      cc: 0,
      irb: { functionControl: start, activityControl: 0, statusControl: primary | secondary | pending },
    });
    expect(guest.device.written[0]?.toHex()).toBe('000102030405060708090a0b0c0d0e0f');
    expect(guest.test()).toMatchObject({ cc: 1, irb: { functionControl: 0, deviceStatus: 0 } });
  });

  it('goes on with the chain when the device ends', async () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ ...later, flags: CC })
      .ccw({ ...workingOn, flags: CC })
      .ccw({ command: FakeCommand.readLater, count: 16, address: 0x3000 });
    guest.start(program);
    await guest.device.finish();
    await guest.device.finish();
    expect(guest.device.calls).toEqual(['47', '4b', '42']);
    expect(guest.test().cc).toBe(1);
    await guest.device.finish();
    expect(guest.test()).toMatchObject({ cc: 0, irb: { programAddress: 0x1018, subchannelStatus: 0 } });
    expect(guest.storage.bytes(0x3000, 16)).toEqual(guest.device.block);
  });

  it('tells channel end and device end apart', async () => {
    const guest = new Guest();
    guest.start(guest.program().ccw(workingOn));
    expect(guest.test()).toMatchObject({
      cc: 0,
      irb: {
        statusControl: primary | pending,
        deviceStatus: DeviceStatus.channelEnd,
        activityControl: deviceActive,
      },
    });
    await guest.device.finish();
    expect(guest.test()).toMatchObject({
      cc: 0,
      irb: { statusControl: secondary | pending, deviceStatus: DeviceStatus.deviceEnd, activityControl: 0 },
    });
  });

  it('tells both together when nobody asked between them', async () => {
    const guest = new Guest();
    guest.start(guest.program().ccw(workingOn));
    await guest.device.finish();
    const statusControl = primary | secondary | pending;
    expect(guest.test()).toMatchObject({ cc: 0, irb: { statusControl, deviceStatus: ended } });
  });

  it('waits for a device that is still working', async () => {
    const guest = new Guest();
    states['start pending'](guest);
    const activityControl = startPending | deviceActive;
    expect(guest.test()).toMatchObject({ cc: 1, irb: { functionControl: start, activityControl } });
    await guest.device.finish();
    expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: ended } });
    expect(guest.device.calls).toEqual(['4b', '0b']);
  });

  it('has a device that fails end with an interface-control check', async () => {
    const errors: unknown[] = [];
    const guest = new Guest({ onDeviceError: (error) => errors.push(error) });
    guest.start(guest.program().ccw({ command: FakeCommand.failing }));
    await guest.device.finish();
    const subchannelStatus = SubchannelStatus.interfaceControlCheck;
    expect(guest.test()).toMatchObject({ cc: 0, irb: { subchannelStatus } });
    expect(errors).toEqual([new Error('the device failed')]);
  });
});

describe('intermediate status', () => {
  it('comes with a CCW that asks for it, and leaves the program going on', async () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ ...control, flags: CC })
      .ccw({ ...later, flags: PCI });
    guest.start(program);
    const irb = { statusControl: intermediate | pending, subchannelStatus: 0x80, programAddress: 0x1010 };
    expect(guest.test()).toMatchObject({ cc: 0, irb: { ...irb, functionControl: start } });
    expect(guest.test()).toMatchObject({ cc: 1, irb: { functionControl: start, subchannelStatus: 0 } });
    await guest.device.finish();
    expect(guest.test()).toMatchObject({ cc: 0, irb: { statusControl: primary | secondary | pending } });
  });

  it('is told with the end when nobody asked before', () => {
    const guest = new Guest();
    const irb = guest.run(guest.program().ccw({ ...control, flags: PCI }));
    expect(irb).toMatchObject({
      statusControl: intermediate | primary | secondary | pending,
      subchannelStatus: 0x80,
    });
  });

  it('comes with a chained area, too', () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ command: FakeCommand.read, flags: CcwFlag.chainData, count: 8, address: 0x2000 })
      .ccw({ command: 0, flags: PCI, count: 8, address: 0x3000 });
    expect(guest.run(program)).toMatchObject({ subchannelStatus: 0x80, programAddress: 0x1010 });
  });

  it('comes when the first command is accepted, where it is asked for', async () => {
    const guest = new Guest();
    guest.start(guest.program().ccw(later), { control: OrbControl.initialStatusInterruption });
    const first = guest.test();
    expect(first).toMatchObject({ cc: 0, irb: { statusControl: intermediate | pending } });
    expect(first.irb.control & 0x0004_0000).not.toBe(0);
    await guest.device.finish();
    expect(guest.test().irb.control & 0x0004_0000).toBe(0);
  });

  it('does not come when the first command ends at once', () => {
    const guest = new Guest();
    const irb = guest.run(guest.program().ccw(control), { control: OrbControl.initialStatusInterruption });
    expect(irb.statusControl).toBe(primary | secondary | pending);
  });
});

describe('suspension', () => {
  const suspending = (guest: Guest) =>
    guest
      .program()
      .ccw({ ...control, flags: CC })
      .ccw({ ...control, flags: CC | S })
      .ccw({ command: FakeCommand.search, count: 16, address: 0x2000 });

  it('stops before the CCW with the flag, until the function is resumed', () => {
    const guest = new Guest();
    guest.start(suspending(guest), { control: OrbControl.suspend });
    const irb = { statusControl: intermediate | pending, activityControl: suspended, programAddress: 0x1010 };
    expect(guest.test()).toMatchObject({ cc: 0, irb: { ...irb, functionControl: start } });
    // The flag is still there: it is suspended again.
    expect(conditionCodeOf(guest.css.rsch(WORD))).toBe(0);
    expect(guest.test()).toMatchObject({ cc: 0, irb });
    guest.program(1, 0x1008).ccw({ ...control, flags: CC });
    expect(conditionCodeOf(guest.css.rsch(WORD))).toBe(0);
    expect(guest.test()).toMatchObject({ cc: 0, irb: { programAddress: 0x1018, deviceStatus: ended } });
    expect(guest.device.calls).toEqual(['0b', '0b', '31']);
  });

  it('does not happen when the function is resumed before', async () => {
    const guest = new Guest();
    const program = guest
      .program()
      .ccw({ ...later, flags: CC })
      .ccw({ ...control, flags: S });
    guest.start(program, { control: OrbControl.suspend });
    expect(conditionCodeOf(guest.css.rsch(WORD))).toBe(0);
    expect(guest.test().irb.activityControl).toBe(subchannelActive | deviceActive | resumePending);
    expect(conditionCodeOf(guest.css.rsch(WORD))).toBe(2);
    await guest.device.finish();
    expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: ended, activityControl: 0 } });
  });

  it('is silent where that is asked for', () => {
    const guest = new Guest();
    states.suspended(guest);
    expect(guest.test()).toMatchObject({ cc: 1, irb: { activityControl: suspended } });
    expect(guest.css.pendingSubclasses).toBe(0);
  });
});

describe('CLEAR SUBCHANNEL', () => {
  it.each(Object.keys(states).filter((name) => name !== 'disabled'))(
    'clears one that is %s',
    async (name) => {
      const guest = new Guest();
      states[name as keyof typeof states](guest);
      expect(conditionCodeOf(guest.css.csch(WORD))).toBe(0);
      const irb = { functionControl: clear, activityControl: 0, statusControl: pending };
      expect(guest.test()).toMatchObject({ cc: 0, irb: { ...irb, deviceStatus: 0, subchannelStatus: 0 } });
      // What the device still had to end is over.
      await guest.device.finish();
      expect(guest.test()).toMatchObject({ cc: 1, irb: { control: 0 } });
      expect(guest.device.written).toEqual(name.includes('active') ? [new Uint8Array(0)] : []);
      expect(guest.start(guest.program().ccw(control))).toBe(0);
    },
  );
});

describe('HALT SUBCHANNEL', () => {
  it.each([
    ['idle', halt, pending, 0],
    ['active', start | halt, primary | secondary | pending, ended],
    ['suspended', start | halt, pending, 0],
    ['suspended with intermediate status', start | halt, pending, 0],
    ['waiting for the device', halt, secondary | pending, DeviceStatus.deviceEnd],
    ['start pending', start | halt, pending, 0],
  ] as const)('ends one that is %s', async (name, functionControl, statusControl, deviceStatus) => {
    const guest = new Guest();
    states[name](guest);
    expect(conditionCodeOf(guest.css.hsch(WORD))).toBe(0);
    const irb = { functionControl, statusControl, deviceStatus, activityControl: 0 };
    expect(guest.test()).toMatchObject({ cc: 0, irb });
    await guest.device.finish();
    expect(guest.test()).toMatchObject({ cc: 1, irb: { functionControl: 0, statusControl: 0 } });
    expect(guest.device.calls.at(-1)).toBe('halt');
  });

  it('tells what was not transferred', () => {
    const guest = new Guest();
    states.active(guest);
    guest.css.hsch(WORD);
    expect(guest.test().irb).toMatchObject({ count: 16, programAddress: 0x1008 });
  });
});

describe('CANCEL SUBCHANNEL', () => {
  it.each(['suspended', 'start pending'] as const)('takes back what is %s', async (name) => {
    const guest = new Guest();
    states[name](guest);
    expect(conditionCodeOf(guest.css.xsch(WORD))).toBe(0);
    await guest.device.finish();
    expect(guest.device.calls).not.toContain('0b');
    expect(guest.test().irb).toMatchObject({ functionControl: 0 });
  });
});

describe('MODIFY SUBCHANNEL', () => {
  it('tells the device that it disables the subchannel', () => {
    const guest = new Guest();
    states.disabled(guest);
    states.disabled(guest);
    expect(guest.device.calls).toEqual(['disabled']);
  });
});

describe('unsolicited status', () => {
  it('is an alert', () => {
    const guest = new Guest();
    states.unsolicited(guest);
    const irb = { statusControl: alert | pending, deviceStatus: DeviceStatus.attention, functionControl: 0 };
    expect(guest.test()).toMatchObject({ cc: 0, irb });
  });

  it('can be no device status at all', () => {
    const guest = new Guest();
    guest.device.line?.present(0);
    guest.device.line?.present(0);
    const irb = { statusControl: alert | pending, deviceStatus: 0, functionControl: 0 };
    expect(guest.test()).toMatchObject({ cc: 0, irb });
    expect(guest.test().cc).toBe(1);
  });

  it('waits for the end of an operation, and for the subchannel to be enabled', async () => {
    const guest = new Guest();
    states.active(guest);
    guest.device.line?.present(DeviceStatus.attention);
    expect(guest.test().cc).toBe(1);
    await guest.device.finish();
    expect(guest.test().irb.deviceStatus).toBe(ended);
    expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: DeviceStatus.attention } });
    states.disabled(guest);
    guest.device.line?.present(DeviceStatus.deviceEnd);
    expect(guest.css.pendingSubclasses).toBe(0);
    guest.modify(0);
    expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: DeviceStatus.deviceEnd } });
  });
});

describe('concurrent sense', () => {
  it('puts sense bytes into the interruption-response block', () => {
    const guest = new Guest({ characteristics: PmcwCharacteristic.concurrentSense });
    const irb = guest.run(guest.program().ccw({ command: FakeCommand.reject }));
    expect(irb.control & 0x0002_0000).not.toBe(0);
    expect(irb.bytes.subarray(12, 34).toHex()).toBe(`0080000001200000${'00'.repeat(12)}8000`);
    guest.run(guest.program().ccw({ command: CcwCommand.basicSense, count: 32, address: 0x2000 }));
    expect(guest.storage.bytes(0x2000, 1)).toEqual(Uint8Array.of(0));
    expect(guest.test().irb.control & 0x0002_0000).toBe(0);
  });

  it('is not done for status without unit check, or where it is off', () => {
    const guest = new Guest({ characteristics: PmcwCharacteristic.concurrentSense });
    expect(guest.run(guest.program().ccw(control)).control & 0x0002_0000).toBe(0);
    guest.modify(PmcwFlag.interruptionSubclass, 0);
    expect(guest.run(guest.program().ccw({ command: FakeCommand.reject })).control & 0x0002_0000).toBe(0);
  });
});
