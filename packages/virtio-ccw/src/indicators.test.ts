import { StatusControl } from '@zarch/arch';
import { DeviceStatus } from '@zarch/virtio';
import { EchoDevice } from '@zarch/virtio/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { CcwDriver } from './testing/ccw-driver.ts';
import { VirtioCcwCommand as Command } from './virtio-ccw-layout.ts';

const INDICATORS = 0x2000;
const SUMMARY = 0x3001;
const SUBCHANNEL_INTERRUPTION = 3 << 27;
const ADAPTER_INTERRUPTION = (0x8000_0000 | (5 << 27)) >>> 0;

let guest: CcwDriver;
let model: EchoDevice;
beforeEach(() => {
  model = new EchoDevice(Array.from({ length: 70 }, () => 16));
  guest = new CcwDriver(model);
  guest.setRevision(1);
  guest.acceptFeatures(1, 1);
  guest.writeStatus(DeviceStatus.featuresOk | DeviceStatus.driverOk);
});

/** Has a queue interrupt: its device answers a request. */
function notify(queue: number): void {
  const { memory, device } = guest;
  const ring = {
    descriptors: memory.allocate(256),
    driver: memory.allocate(64, 2),
    device: memory.allocate(256, 4),
  };
  guest.setQueue(queue, { size: 16, ...ring });
  guest.interruptions();
  const data = memory.place(Uint8Array.of(1));
  const view = memory.at(ring.descriptors, 16);
  view.setBytes(0, new Uint8Array(BigUint64Array.of(BigInt(data)).buffer));
  view.setBytes(8, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
  memory.at(ring.driver, 8).setBytes(0, Uint8Array.of(0, 0, 1, 0, 0, 0));
  device.notify(queue);
}

function doubleword(address: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(address));
  return bytes;
}

function adapterArea(bit: number, subclass = 5, indicator = INDICATORS): Uint8Array {
  return Uint8Array.of(...doubleword(SUMMARY), ...doubleword(indicator), ...doubleword(bit), subclass);
}

/** The status that is pending, if any. */
function status(): { readonly stctl: number; readonly deviceStatus: number } | undefined {
  const result = guest.css.tsch(guest.word);
  if (result.kind !== 'cc' || result.cc !== 0 || !result.data) return undefined;
  const data = new DataView(result.data.buffer);
  return { stctl: data.getUint32(0) & StatusControl.mask, deviceStatus: data.getUint8(8) };
}

describe('classic indicators', () => {
  it.each([
    [0, 1n],
    [1, 2n],
    [63, 1n << 63n],
  ])('of queue %i is bit %i from the right, with an alert of the subchannel', (queue, indicators) => {
    guest.run(Command.setIndicators, doubleword(INDICATORS));
    notify(queue);
    expect(guest.doubleword(INDICATORS)).toBe(indicators);
    expect(guest.interruptions()).toEqual([SUBCHANNEL_INTERRUPTION]);
    expect(status()).toEqual({ stctl: StatusControl.alert | StatusControl.pending, deviceStatus: 0 });
  });

  it('there is none for a queue beyond 63', () => {
    guest.run(Command.setIndicators, doubleword(INDICATORS));
    notify(64);
    expect([guest.doubleword(INDICATORS), guest.interruptions()]).toEqual([0n, []]);
  });

  it('raise one interruption until its status is taken', () => {
    guest.run(Command.setIndicators, doubleword(INDICATORS));
    guest.run(Command.setConfigIndicators, doubleword(INDICATORS + 8));
    notify(0);
    model.changeConfig(Uint8Array.of(1));
    expect([guest.doubleword(INDICATORS), guest.doubleword(INDICATORS + 8)]).toEqual([1n, 1n]);
    expect(status()).toBeDefined();
    expect(status()).toBe(undefined);
  });

  it('outside storage raise nothing', () => {
    guest.run(Command.setIndicators, doubleword(2 ** 50));
    notify(0);
    expect(guest.interruptions()).toEqual([]);
  });
});

describe('a change of the configuration', () => {
  it('sets the rightmost bit of its own indicators', () => {
    guest.run(Command.setConfigIndicators, doubleword(INDICATORS));
    model.changeConfig(Uint8Array.of(1));
    expect(guest.doubleword(INDICATORS)).toBe(1n);
    expect(guest.interruptions()).toEqual([SUBCHANNEL_INTERRUPTION]);
  });

  it('is not told where there are no indicators', () => {
    model.changeConfig(Uint8Array.of(1));
    expect(guest.interruptions()).toEqual([]);
  });
});

describe('indicators of two stages', () => {
  it.each([
    [0, 0, '80'],
    [0, 3, '10'],
    [6, 3, '0040'],
  ])(
    'from bit %i on for queue %i are %s from the left, with an adapter interruption',
    (bit, queue, indicators) => {
      guest.run(Command.setAdapterIndicators, adapterArea(bit));
      notify(queue);
      const found = guest.memory.at(INDICATORS as never, indicators.length / 2).bytes();
      expect(found.toHex()).toBe(indicators);
      expect(guest.memory.at(SUMMARY as never, 1).u8(0)).toBe(1);
      expect(guest.interruptions()).toEqual([ADAPTER_INTERRUPTION]);
      expect(status()).toBe(undefined);
    },
  );

  it('interrupt again only when the summary was cleared', () => {
    guest.run(Command.setAdapterIndicators, adapterArea(0));
    notify(0);
    expect(guest.interruptions().length).toBe(1);
    notify(1);
    expect(guest.interruptions().length).toBe(0);
    guest.memory.at(SUMMARY as never, 1).setU8(0, 0);
    notify(2);
    expect(guest.interruptions().length).toBe(1);
  });

  it('do not go with classic ones', () => {
    const reject = { deviceStatus: 0x0e };
    guest.run(Command.setIndicators, doubleword(INDICATORS));
    expect(guest.command(Command.setAdapterIndicators, adapterArea(0))).toMatchObject(reject);
    guest.run(Command.setIndicators, doubleword(0));
    guest.run(Command.setAdapterIndicators, adapterArea(0));
    expect(guest.command(Command.setIndicators, doubleword(INDICATORS))).toMatchObject(reject);
    guest.run(Command.setAdapterIndicators, adapterArea(0, 5, 0));
    guest.run(Command.setIndicators, doubleword(INDICATORS));
  });

  it('are rejected for a subclass that does not exist', () => {
    expect(guest.command(Command.setAdapterIndicators, adapterArea(0, 8)).deviceStatus).toBe(0x0e);
  });
});
