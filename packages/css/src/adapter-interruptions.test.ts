import { describe, expect, it } from 'vitest';
import { indicatorStorage } from './adapter-interruptions.ts';
import { Guest } from './testing.ts';

describe('an adapter interruption', () => {
  it('has a code of its own, once however often it is raised', () => {
    const { css } = new Guest();
    const adapter = css.adapterInterruptions.register({ subclass: 3 });
    adapter.raise();
    adapter.raise();
    expect(css.pendingSubclasses).toBe(0x10);
    expect(css.takeInterruption(0x10)?.toHex()).toBe('000000000000000098000000');
    expect(css.takeInterruption(0x10)).toBeUndefined();
    adapter.raise();
    expect(css.takeInterruption(0x10)).toBeDefined();
  });

  it('is not raised by a masked adapter', () => {
    const { css } = new Guest();
    const adapter = css.adapterInterruptions.register({ subclass: 0 });
    adapter.masked = true;
    adapter.raise();
    expect(css.pendingSubclasses).toBe(0);
  });

  it.each([
    ['all', true, [true, true, true]],
    ['single', true, [true, false, false]],
    ['none', true, [false, false, false]],
    ['single', false, [true, true, true]],
    ['none', false, [true, true, true]],
  ] as const)('in mode %s, suppressible: %s', (mode, suppressible, raised) => {
    const { css } = new Guest();
    const adapter = css.adapterInterruptions.register({ subclass: 1, suppressible });
    css.adapterInterruptions.setMode(1, mode);
    const taken = raised.map(() => {
      adapter.raise();
      return css.takeInterruption(0xff) !== undefined;
    });
    expect(taken).toEqual(raised);
    css.adapterInterruptions.setMode(1, mode);
    adapter.raise();
    expect(css.takeInterruption(0xff) !== undefined).toBe(raised[0]);
  });

  it('tells by indicators which device wants attention', () => {
    const guest = new Guest();
    const indicators = indicatorStorage(guest.storage);
    const adapter = guest.css.adapterInterruptions.register({ subclass: 2 });
    const summary = { address: 0x3000, bit: 7 };
    const notify = (bit: number) => adapter.notify(indicators, { address: 0x4000, bit }, summary);
    expect(notify(9)).toBe(true);
    expect(guest.css.takeInterruption(0xff)).toBeDefined();
    // The summary is still set: the guest has yet to look.
    expect(notify(64)).toBe(true);
    expect(guest.css.takeInterruption(0xff)).toBeUndefined();
    expect(guest.storage.bytes(0x4000, 9).toHex()).toBe('004000000000000080');
    expect(guest.storage.bytes(0x3000, 1)).toEqual(Uint8Array.of(1));
    guest.storage.put(0x3000, Uint8Array.of(0));
    notify(9);
    expect(guest.css.takeInterruption(0xff)).toBeDefined();
  });

  it('does not come of indicators outside the storage', () => {
    const guest = new Guest();
    const indicators = indicatorStorage(guest.storage);
    const adapter = guest.css.adapterInterruptions.register({ subclass: 2 });
    const inside = { address: 0x4000, bit: 0 };
    expect(adapter.notify(indicators, { address: 0x10_0000, bit: 0 }, inside)).toBe(false);
    expect(adapter.notify(indicators, inside, { address: 0xffff, bit: 8 })).toBe(false);
    expect(guest.css.pendingSubclasses).toBe(0);
  });
});

describe('interruption modes', () => {
  it('are saved and restored, and reset', () => {
    const { css } = new Guest();
    css.adapterInterruptions.setMode(4, 'none');
    const other = new Guest().css;
    other.adapterInterruptions.restore(structuredClone(css.adapterInterruptions.save()));
    expect(other.adapterInterruptions.mode(4)).toBe('none');
    other.reset();
    expect(other.adapterInterruptions.mode(4)).toBe('all');
    const state = { ...css.adapterInterruptions.save(), version: 0 };
    expect(() => other.adapterInterruptions.restore(state)).toThrow(RangeError);
  });
});
