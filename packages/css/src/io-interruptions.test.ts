import { DeviceStatus, PmcwFlag } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { localCells } from './io-interruptions.ts';
import { FakeCommand, FakeDevice, Guest } from './testing.ts';

const WORD = 0x0001_0000;
const subclass = (isc: number) => isc << 11;
const hex = (code: Uint8Array | undefined) => code?.toHex();

/** A guest whose subchannel has an interruption of a subclass pending. */
function interrupted(isc: number): Guest {
  const guest = new Guest({ flags: subclass(isc) });
  guest.start(guest.program().ccw({ command: FakeCommand.control }), { parameter: 0xcafe });
  return guest;
}

describe('an I/O interruption', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('of subclass %i is taken by a CPU enabled for it', (isc) => {
    const guest = interrupted(isc);
    const bit = 0x80 >> isc;
    expect(guest.css.pendingSubclasses).toBe(bit);
    expect(guest.css.takeInterruption(~bit & 0xff)).toBeUndefined();
    const word = (isc << 27).toString(16).padStart(8, '0');
    expect(hex(guest.css.takeInterruption(0xff))).toBe(`000100000000cafe${word}`);
    expect(guest.css.pendingSubclasses).toBe(0);
    // The status stays until it is tested.
    expect(guest.test().cc).toBe(0);
  });

  it('is taken by TEST PENDING INTERRUPTION', () => {
    const guest = interrupted(3);
    expect(guest.css.tpi(0xef)).toEqual({ kind: 'cc', cc: 0 });
    expect(guest.css.tpi(0x10)).toMatchObject({
      cc: 1,
      data: Uint8Array.fromHex('000100000000cafe18000000'),
    });
    expect(guest.css.tpi(0x10)).toEqual({ kind: 'cc', cc: 0 });
  });

  it.each([
    ['TEST SUBCHANNEL', (guest: Guest) => guest.css.tsch(WORD)],
    ['I/O-system reset', (guest: Guest) => guest.css.reset()],
    ['unplugging', (guest: Guest) => guest.css.unplug(guest.subchannel)],
  ])('is withdrawn by %s', (_, withdraw) => {
    const guest = interrupted(5);
    withdraw(guest);
    expect([guest.css.pendingSubclasses, guest.css.takeInterruption(0xff)]).toEqual([0, undefined]);
  });

  it('names the channel subsystem once there can be several', () => {
    const guest = new Guest({ defaultCssid: 0xfe });
    const block = new Uint8Array(4096);
    block.set(Uint8Array.fromHex('0400003100000000'));
    guest.css.chsc(block);
    guest.subchannel.present(DeviceStatus.attention);
    expect(hex(guest.css.takeInterruption(0x80))).toBe('fe0900000000000000000000');
  });

  it('goes before others of higher subclasses, and after older ones of its own', () => {
    const guest = new Guest({ flags: subclass(2) });
    const others = [4, 2, 2].map((isc, index) => {
      const address = { cssid: 0, ssid: 0, number: index + 1 };
      const subchannel = guest.css.attach(address, new FakeDevice());
      const block = new Uint8Array(52);
      new DataView(block.buffer).setUint16(4, subclass(isc) | PmcwFlag.enabled);
      guest.css.msch(WORD | address.number, block);
      return subchannel;
    });
    for (const subchannel of [...others, guest.subchannel]) subchannel.present(DeviceStatus.attention);
    const taken = Array.from({ length: 4 }, () => guest.css.takeInterruption(0xff)?.[3]);
    expect(taken).toEqual([2, 3, 0, 1]);
  });

  it('is told of by a cell and a call', () => {
    const cells = localCells();
    const raised: number[] = [];
    const guest = new Guest({ pendingSubclasses: cells, onInterruption: (isc) => raised.push(isc) });
    guest.subchannel.present(DeviceStatus.attention);
    guest.subchannel.present(DeviceStatus.attention);
    expect([cells.subchannels.load(), raised]).toEqual([0x80, [0]]);
  });
});
