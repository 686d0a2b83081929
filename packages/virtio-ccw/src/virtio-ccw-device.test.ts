import { CcwFlag, DeviceStatus as ChannelStatus, Sense0, SubchannelStatus, schib } from '@zarch/arch';
import { DeviceStatus, Feature, littleEndian } from '@zarch/virtio';
import { EchoDevice, SplitDriverRing } from '@zarch/virtio/testing';
import { describe, expect, it } from 'vitest';
import { CcwDriver } from './testing/ccw-driver.ts';
import { VirtioCcwCommand as Command } from './virtio-ccw-layout.ts';

const ENDED = ChannelStatus.channelEnd | ChannelStatus.deviceEnd;
const REJECTED = ENDED | ChannelStatus.unitCheck;
const { acknowledge, driver: driverBit, driverOk, featuresOk } = DeviceStatus;
const bytes = (hexadecimal: string) => Uint8Array.fromHex(hexadecimal);

function driver(revision?: number, options = {}) {
  const model = new EchoDevice([256, 64]);
  const guest = new CcwDriver(model, options);
  if (revision !== undefined) guest.setRevision(revision);
  return { guest, model };
}

function rejected(guest: CcwDriver, end: { readonly deviceStatus: number }): boolean {
  return end.deviceStatus === REJECTED && guest.sense()[0] === Sense0.commandReject;
}

describe('SENSE ID', () => {
  it('tells the control unit of virtio and the device type', () => {
    const { guest } = driver();
    expect(guest.run(0xe4, new Uint8Array(8))).toEqual(bytes('ff3832ff00000000'));
  });
});

describe('SET_VIRTIO_REV', () => {
  it.each([
    ['revision 0', '00000000', true],
    ['revision 1', '00010000', true],
    ['revision 2', '00020000', true],
    ['a revision that is not known', '00030000', false],
    ['data that the revision does not have', '00010004', false],
  ])('%s: %s', (_, data, accepted) => {
    const { guest } = driver();
    const end = guest.command(Command.setRevision, bytes(data));
    expect(end.deviceStatus).toBe(accepted ? ENDED : REJECTED);
    expect(guest.device.revision).toBe(accepted ? Number(`0x${data.slice(0, 4)}`) : undefined);
  });

  it('is rejected once there is a revision', () => {
    const { guest } = driver(1);
    expect(rejected(guest, guest.command(Command.setRevision, bytes('00020000')))).toBe(true);
    expect(guest.device.revision).toBe(1);
  });

  it('is rejected after another command, which makes the driver a legacy one', () => {
    const { guest } = driver();
    guest.features(0);
    expect(guest.device.revision).toBe(0);
    expect(rejected(guest, guest.command(Command.setRevision, bytes('00010000')))).toBe(true);
  });

  it('is possible again once the subchannel was disabled', () => {
    const { guest } = driver(1);
    guest.enable(false);
    guest.enable(true);
    expect(guest.device.revision).toBe(undefined);
    guest.setRevision(2);
  });

  it.each([
    ['a last revision of 1', { lastRevision: 1 }, 1],
    ['a legacy device', { device: { withheld: [Feature.version1] } }, 0],
  ])('goes only so far with %s', (_, options, last) => {
    for (const revision of [0, 1, 2]) {
      const { guest } = driver(undefined, options);
      const end = guest.command(Command.setRevision, Uint8Array.of(0, revision, 0, 0));
      expect(end.deviceStatus === ENDED).toBe(revision <= last);
    }
  });

  it('with too little data has incorrect length and no effect', () => {
    const { guest } = driver();
    expect(guest.command(Command.setRevision, new Uint8Array(3))).toMatchObject({
      deviceStatus: ENDED,
      subchannelStatus: SubchannelStatus.incorrectLength,
    });
    expect(guest.device.revision).toBe(undefined);
  });
});

describe('features', () => {
  it.each([
    [0, 0, 0x3800_0003],
    [0, 1, 0],
    [1, 0, 0x3800_0003],
    [1, 1, 0x105],
    [1, 2, 0],
    [2, 255, 0],
  ])('of revision %i in word %i are %i', (revision, word, features) => {
    expect(driver(revision).guest.features(word)).toBe(features);
  });

  it.each([
    [0, 0n],
    [1, 1n << 32n],
  ])('beyond word 0 that a driver of revision %i accepts are %i', (revision, features) => {
    const { guest } = driver(revision);
    guest.acceptFeatures(0, 1);
    guest.acceptFeatures(1, 1);
    expect(guest.device.device.negotiatedFeatures).toBe(features | 1n);
  });
});

describe('the device status', () => {
  it('is written in every revision and read in revision 2', () => {
    for (const revision of [0, 1, 2]) {
      const { guest } = driver(revision);
      expect(guest.writeStatus(acknowledge | driverBit).deviceStatus).toBe(ENDED);
      expect(guest.device.device.status).toBe(acknowledge | driverBit);
      const end = guest.command(Command.readStatus, new Uint8Array(1));
      expect(end.deviceStatus).toBe(revision === 2 ? ENDED : REJECTED);
      expect(end.bytes[0]).toBe(revision === 2 ? acknowledge | driverBit : 0);
    }
  });

  it('with FEATURES_OK is rejected when the features do not go together', () => {
    const { guest } = driver(1);
    guest.acceptFeatures(1, 1);
    guest.acceptFeatures(0, 0b10);
    expect(rejected(guest, guest.writeStatus(featuresOk))).toBe(true);
    guest.acceptFeatures(0, 0b11);
    expect(guest.writeStatus(featuresOk).deviceStatus).toBe(ENDED);
  });

  it.each([
    ['WRITE_STATUS with zero', (guest: CcwDriver) => guest.writeStatus(0)],
    [
      'VDEV_RESET',
      (guest: CcwDriver) => guest.command(Command.reset, new Uint8Array(0), CcwFlag.suppressLengthIndication),
    ],
  ])('is reset by %s, with the indicators, but not the revision', (_, reset) => {
    const { guest } = driver(1);
    guest.run(Command.setIndicators, bytes('0000000000002000'));
    guest.writeStatus(acknowledge);
    expect(reset(guest).deviceStatus).toBe(ENDED);
    expect([guest.device.device.status, guest.device.revision]).toEqual([0, 1]);
    expect(guest.device.save().data).toMatchObject({ indicators: { queues: undefined } });
  });
});

describe('the configuration space', () => {
  it.each([
    [0, '0807060504030201'],
    [1, '0102030405060708'],
  ])('has the byte order of revision %i', (revision, expected) => {
    const { guest, model } = driver(revision);
    model.changeConfig(bytes('0102030405060708'));
    expect(guest.run(Command.readConfig, new Uint8Array(8)).toHex()).toBe(expected);
  });

  it('is written from its beginning', () => {
    const { guest, model } = driver(1);
    model.changeConfig(bytes('0102030405060708'));
    guest.run(Command.writeConfig, bytes('aabb'));
    expect(model.config(littleEndian).toHex()).toBe('aabb030405060708');
  });

  it('read with a count beyond it has incorrect length, and a residual count', () => {
    const { guest } = driver(1);
    const end = guest.command(Command.readConfig, new Uint8Array(12));
    expect(end).toMatchObject({ subchannelStatus: SubchannelStatus.incorrectLength, residual: 4 });
    const suppressed = guest.command(
      Command.readConfig,
      new Uint8Array(12),
      CcwFlag.suppressLengthIndication,
    );
    expect(suppressed).toMatchObject({ deviceStatus: ENDED, subchannelStatus: 0 });
  });
});

describe('a queue', () => {
  it('has a size that READ_VQ_CONF tells, or does not exist', () => {
    const { guest } = driver(1);
    expect([0, 1, 2, 0xffff].map((index) => guest.queueSize(index))).toEqual([256, 64, 0, 0]);
  });

  const areas = { size: 16, descriptors: 0x10000, driver: 0x11000, device: 0x12000 };
  it.each([
    ['is set', {}, 0, true],
    ['that does not exist is rejected', {}, 2, false],
    ['of a size that is no power of two is rejected', { size: 17 }, 0, false],
    ['larger than it can be is rejected', { size: 512 }, 0, false],
    ['outside storage is rejected', { device: 2 ** 40 }, 0, false],
    ['at the end of the address space is rejected', { driver: 2 ** 63 }, 0, false],
  ])('%s', (_, change, index, accepted) => {
    const { guest } = driver(1);
    const end = guest.setQueue(index, { ...areas, ...change } as never);
    expect(accepted ? end.deviceStatus === ENDED : rejected(guest, end)).toBe(true);
    expect(guest.device.device.queues[0]?.enabled).toBe(accepted);
  });

  it('is taken back with an address of zero', () => {
    const { guest } = driver(1);
    guest.setQueue(0, areas as never);
    expect(guest.setQueue(0, { ...areas, descriptors: 0 } as never).deviceStatus).toBe(ENDED);
    expect(guest.device.device.queues[0]?.enabled).toBe(false);
  });

  it.each([
    ['is set', 0x10000, 256, 4096, true],
    ['with a larger size has its own', 0x10000, 512, 4096, true],
    ['with a smaller size is rejected', 0x10000, 128, 4096, false],
    ['with another alignment is rejected', 0x10000, 256, 8192, false],
    ['outside storage is rejected', 2 ** 33, 256, 4096, false],
  ])('of a legacy driver %s', (_, start, size, alignment, accepted) => {
    const { guest } = driver(0);
    const end = guest.setLegacyQueue(0, start, size, alignment);
    expect(end.deviceStatus).toBe(accepted ? ENDED : REJECTED);
    const expected = { size: 256, descriptors: start, driver: start + 4096, device: start + 8192 };
    expect(guest.device.device.queues[0]?.areas).toEqual(accepted ? expected : undefined);
  });

  it('of a legacy driver is taken back with an address of zero', () => {
    const { guest } = driver(0);
    guest.setLegacyQueue(1, 0x10000, 64);
    expect(guest.setLegacyQueue(1, 0, 64).deviceStatus).toBe(ENDED);
    expect(guest.device.device.queues[1]?.enabled).toBe(false);
  });

  it('is served when the driver notifies', () => {
    const { guest } = driver(2);
    const ring = new SplitDriverRing({
      memory: guest.memory,
      order: littleEndian,
      size: 16,
      eventIndex: false,
    });
    guest.acceptFeatures(1, 1);
    guest.writeStatus(acknowledge | driverBit | featuresOk);
    guest.setQueue(1, ring.areas);
    guest.writeStatus(acknowledge | driverBit | featuresOk | driverOk);
    const [address, answer] = [guest.memory.place(bytes('c0ffee')), guest.memory.allocate(3)];
    ring.add([
      { address, length: 3, writable: false },
      { address: answer, length: 3, writable: true },
    ]);
    ring.publish();
    expect([guest.device.notify(1), guest.device.notify(2)]).toEqual([true, false]);
    expect(ring.collect()?.written).toBe(3);
    expect(guest.memory.at(answer, 3).bytes().toHex()).toBe('c0ffee');
  });
});

describe('the device', () => {
  it.each([0x01, 0x02, 0x07, 0x0b, 0x14, 0x42, 0x93, 0xff])('rejects command %i', (code) => {
    const { guest } = driver(1);
    expect(rejected(guest, guest.command(code, new Uint8Array(8)))).toBe(true);
    expect(guest.sense()[0]).toBe(0);
  });

  it('forgets all at a system reset', () => {
    const { guest } = driver(1);
    guest.writeStatus(acknowledge);
    guest.css.reset();
    expect([guest.device.revision, guest.device.device.status]).toEqual([undefined, 0]);
    const state = guest.css.stsch(guest.word);
    expect(state.kind === 'cc' && state.data?.[schib.flags]).toBe(0);
  });

  it('is restored as it was saved', () => {
    const { guest } = driver(2);
    guest.acceptFeatures(1, 1);
    guest.writeStatus(acknowledge | driverBit | featuresOk);
    guest.run(Command.setConfigIndicators, bytes('0000000000003000'));
    guest.run(Command.setAdapterIndicators, bytes('000000000000200000000000000021000000000000000010' + '03'));
    const saved = structuredClone(guest.css.save());
    const { guest: other } = driver();
    other.css.restore(saved);
    expect(other.css.save()).toEqual(saved);
    expect(other.device.revision).toBe(2);
    expect(() => other.device.restore({ ...guest.device.save(), version: 0 })).toThrow(RangeError);
  });
});
