import { CcwFlag, DeviceStatus, OrbControl } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { ChannelSubsystem } from './channel-subsystem.ts';
import { conditionCodeOf, FakeCommand, FakeStorage, Guest } from './testing.ts';

const WORD = 0x0001_0000;
const control = { command: FakeCommand.control };

/** What a guest can leave going on, and what happens after it was saved and restored elsewhere. */
const situations: Readonly<
  Record<string, { readonly before: (guest: Guest) => void; readonly after: (guest: Guest) => Promise<void> }>
> = {
  'pending status': {
    before: (guest) => {
      guest.start(guest.program().ccw({ command: FakeCommand.reject }), { parameter: 5 });
    },
    after: async (guest) => {
      expect(guest.css.takeInterruption(0xff)?.toHex()).toBe('000100000000000500000000');
      expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: 0x0e } });
      guest.run(guest.program().ccw({ command: 0x04, count: 32, address: 0x2000 }));
      expect(guest.storage.bytes(0x2000, 1)).toEqual(Uint8Array.of(0x80));
    },
  },
  'unsolicited status that waits': {
    before: (guest) => {
      guest.start(guest.program().ccw(control));
      guest.subchannel.present(DeviceStatus.attention);
    },
    after: async (guest) => {
      guest.test();
      expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: DeviceStatus.attention } });
    },
  },
  'a command in execution': {
    before: (guest) => {
      const program = guest
        .program()
        .ccw({ ...control, flags: CcwFlag.chainCommand })
        .ccw({ command: FakeCommand.readLater, count: 16, address: 0x2000 });
      guest.start(program);
      expect(guest.css.busy).toBe(true);
    },
    after: async (guest) => {
      expect(guest.device.calls).toEqual(['42']);
      expect(guest.test().cc).toBe(1);
      await guest.device.finish();
      expect(guest.test()).toMatchObject({ cc: 0, irb: { programAddress: 0x1010 } });
      expect(guest.storage.bytes(0x2000, 16)).toEqual(guest.device.block);
    },
  },
  'a device that works on': {
    before: (guest) => {
      guest.start(guest.program().ccw({ command: FakeCommand.controlWorkingOn }));
      guest.test();
    },
    after: async (guest) => {
      expect(guest.test()).toMatchObject({ cc: 0, irb: { deviceStatus: DeviceStatus.deviceEnd } });
    },
  },
  'a suspended program': {
    before: (guest) => {
      const controls = OrbControl.suspend | OrbControl.suppressSuspendedInterruption;
      guest.start(guest.program().ccw({ ...control, flags: CcwFlag.suspend }), { control: controls });
    },
    after: async (guest) => {
      expect(guest.device.calls).toEqual([]);
      guest.program().ccw(control);
      expect(conditionCodeOf(guest.css.rsch(WORD))).toBe(0);
      expect(guest.test()).toMatchObject({ cc: 0, irb: { programAddress: 0x1008 } });
    },
  },
  'an adapter interruption': {
    before: (guest) => guest.css.adapterInterruptions.register({ subclass: 6 }).raise(),
    after: async (guest) => {
      expect(guest.css.pendingSubclasses).toBe(0x02);
      expect(guest.css.takeInterruption(0xff)?.[8]).toBe(0xb0);
    },
  },
  'a channel path that is off': {
    before: (guest) => guest.css.vary(guest.subchannel.paths[0]!, false),
    after: async (guest) => {
      expect(guest.start(guest.program().ccw(control))).toBe(3);
      expect(guest.css.reportPending).toBe(true);
    },
  },
};

describe('saved state', () => {
  it.each(Object.keys(situations))('keeps %s', async (name) => {
    const guest = new Guest();
    situations[name]?.before(guest);
    const saved = structuredClone(guest.css.save());
    const other = new Guest();
    other.css.reset();
    other.device.calls.length = 0;
    other.storage.put(0, guest.storage.bytes(0, guest.storage.size));
    other.css.restore(saved);
    expect(structuredClone(other.css.save())).toEqual(saved);
    other.css.continueOperations();
    await situations[name]?.after(other);
  });

  it('is refused where a device is missing', () => {
    const saved = new Guest().css.save();
    expect(() => new ChannelSubsystem().restore(saved)).toThrow(RangeError);
  });

  it('is refused by a subchannel from another kind of object or version', () => {
    const { subchannel } = new Guest();
    expect(() => subchannel.restore({ ...subchannel.save(), name: 'css' })).toThrow(RangeError);
    expect(() => subchannel.restore({ ...subchannel.save(), version: 0 })).toThrow(RangeError);
  });
});

describe('guest storage as channel programs see it', () => {
  it('ends where it ends', () => {
    const storage = new FakeStorage(8192).channel;
    expect(storage.fetch(8184, 8, 0)).toEqual(new Uint8Array(8));
    expect(storage.fetch(8185, 8, 0)).toBe(0x20);
    expect(storage.store(8192, new Uint8Array(1), 0)).toBe(0x20);
  });
});
