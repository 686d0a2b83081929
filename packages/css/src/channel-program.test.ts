import { CcwFlag, DeviceStatus, StatusControl, SubchannelStatus } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { FakeCommand, Guest } from './testing.ts';

const { channelEnd, deviceEnd } = DeviceStatus;
const ended = channelEnd | deviceEnd;
const done = StatusControl.primary | StatusControl.secondary | StatusControl.pending;

describe.each([0, 1] as const)('a program of format-%i CCWs', (format) => {
  it('reads a block', () => {
    const guest = new Guest();
    const irb = guest.run(
      guest.program(format).ccw({ command: FakeCommand.read, count: 16, address: 0x2000 }),
    );
    expect(guest.storage.bytes(0x2000, 16)).toEqual(guest.device.block);
    expect(irb).toMatchObject({
      statusControl: done,
      deviceStatus: ended,
      subchannelStatus: 0,
      programAddress: 0x1008,
      count: 0,
      deferredConditionCode: 0,
    });
  });
});
