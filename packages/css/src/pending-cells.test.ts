import { describe, expect, it } from 'vitest';
import { localCells } from './io-interruptions.ts';
import { Guest } from './testing.ts';

const CODE = '000000000000000098000000';

describe('an adapter interruption in its cell', () => {
  it('is gone when a CPU has taken it there', () => {
    const pendingSubclasses = localCells();
    const { css } = new Guest({ pendingSubclasses });
    css.adapterInterruptions.register({ subclass: 3 }).raise();
    expect([pendingSubclasses.subchannels.load(), pendingSubclasses.adapters.and(~0x10)]).toEqual([0, 0x10]);
    expect([css.pendingSubclasses, css.takeInterruption(0xff)]).toEqual([0, undefined]);
  });

  it('comes after one of a subchannel, and before those of higher subclasses', () => {
    const guest = new Guest({ flags: 3 << 11 });
    guest.css.adapterInterruptions.register({ subclass: 3 }).raise();
    guest.css.adapterInterruptions.register({ subclass: 4 }).raise();
    guest.subchannel.present(0);
    const codes = Array.from({ length: 4 }, () => guest.css.takeInterruption(0xff)?.toHex());
    expect(codes).toEqual(['000100000000000018000000', CODE, CODE.replace('98', 'a0'), undefined]);
  });

  it('is saved and restored', () => {
    const guest = new Guest();
    guest.css.adapterInterruptions.register({ subclass: 3 }).raise();
    const other = new Guest();
    other.css.restore(structuredClone(guest.css.save()));
    expect(other.css.takeInterruption(0x10)?.toHex()).toBe(CODE);
  });

  it('goes with a reset', () => {
    const { css } = new Guest();
    css.adapterInterruptions.register({ subclass: 3 }).raise();
    css.reset();
    expect(css.pendingSubclasses).toBe(0);
  });
});
