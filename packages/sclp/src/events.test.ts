import { EVENT_BUFFER_ACCEPTED, eventBuffer, eventMaskBit, SclpCommand, SclpEvent } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { toEbcdic } from './ebcdic.ts';
import { type EventDevice, makeEvent } from './event-device.ts';
import { GuestDriver, header, plainMachine, writeBlock } from './guest-driver.ts';
import { LineModeConsole } from './line-mode-console.ts';
import { Sclp } from './sclp.ts';
import { Vt220Console } from './vt220-console.ts';

const text = (value: string) => new TextEncoder().encode(value);

function terminal(): { guest: GuestDriver; vt220: Vt220Console; output: () => string } {
  let written = '';
  const vt220 = new Vt220Console({
    onOutput: (bytes) => {
      written += new TextDecoder().decode(bytes);
    },
  });
  return { guest: new GuestDriver({ devices: [vt220] }), vt220, output: () => written };
}

describe('WRITE EVENT MASK', () => {
  const { vt220, signalQuiesce, controlProgramIdentification, storeData, stateChange } = SclpEvent;
  const receive = [vt220, controlProgramIdentification, storeData].map(eventMaskBit).reduce((a, b) => a | b);
  const send = [vt220, signalQuiesce, storeData, stateChange].map(eventMaskBit).reduce((a, b) => a | b);

  it.each([1, 4, 8, 16, 1021])('answers with masks of %i bytes', (length) => {
    const { guest } = terminal();
    const masks = guest.listen([], [], length);
    const cut = length < 8 ? BigInt(8 * (8 - length)) : 0n;
    expect([masks.receive >> cut, masks.send >> cut]).toEqual([receive >> cut, send >> cut]);
  });

  it.each([
    ['no mask', 0, 4096, 0x74f0],
    ['masks that are too long', 1022, 4096, 0x74f0],
    ['a block without a mask length', 4, 11, 0x0300],
    ['a block that ends in the masks', 4, 27, 0x0300],
    ['a block that the masks fill', 4, 28, 0x0020],
    ['the longest masks', 1021, 4096, 0x0020],
  ])('answers %s', (_, maskLength, length, response) => {
    const { guest } = terminal();
    const block = header(length);
    if (length >= 12) new DataView(block.buffer).setUint16(10, maskLength);
    expect(guest.call(SclpCommand.writeEventMask, block).response).toBe(response);
  });
});

describe('WRITE EVENT DATA', () => {
  const event = (length: number, type: number, size = length) => {
    const bytes = new Uint8Array(size);
    const data = new DataView(bytes.buffer);
    data.setUint16(eventBuffer.length, length);
    data.setUint8(eventBuffer.type, type);
    return bytes;
  };
  const rows: readonly [string, Uint8Array, number][] = [
    ['an event of unknown type', event(6, 0x3f), 0x73f0],
    ['an event that the SCLP only sends', event(9, SclpEvent.signalQuiesce), 0x73f0],
    ['an event that is shorter than its header', event(5, SclpEvent.vt220, 6), 0x73f0],
    ['an event that is longer than the block', event(20, SclpEvent.vt220, 10), 0x73f0],
    ['less than a header after the last event', event(6, SclpEvent.vt220, 9), 0x72f0],
    ['an event without content', event(6, SclpEvent.vt220), 0x0020],
    ['no event', new Uint8Array(), 0x0020],
  ];
  it.each(rows)('answers %s', (_, bytes, response) => {
    const { guest } = terminal();
    expect(guest.write(bytes).response).toBe(response);
  });

  it('answers an unknown function', () => {
    const { guest } = terminal();
    const block = writeBlock(event(6, SclpEvent.vt220));
    block[2] = 1;
    expect(guest.call(SclpCommand.writeEventData, block).response).toBe(0x40f0);
  });

  it('accepts events up to the first that cannot be', () => {
    const { guest, output } = terminal();
    const events = [makeEvent(0x1a, text('a')), makeEvent(0x3f, text('b')), makeEvent(0x1a, text('c'))];
    for (const each of events) each[eventBuffer.flags] = EVENT_BUFFER_ACCEPTED;
    expect(guest.write(...events).response).toBe(0x73f0);
    expect(output()).toBe('a');
    const block = guest.block(29);
    expect([8, 15, 22].map((at) => block[at + eventBuffer.flags])).toEqual([0x80, 0, 0]);
  });
});

describe('READ EVENT DATA', () => {
  it('answers when nothing is pending', () => {
    const { guest } = terminal();
    guest.listen([SclpEvent.vt220]);
    expect(guest.read()).toEqual({ response: 0x60f0, signal: guest.sccb, events: [] });
  });

  it('gets nothing that the program does not listen to', () => {
    const { guest, vt220 } = terminal();
    vt220.input(text('x'));
    expect(guest.signal).toBe(0);
    guest.listen([SclpEvent.signalQuiesce]);
    expect(guest.read().response).toBe(0x60f0);
  });

  it('tells with the mask that events were pending', () => {
    const { guest, vt220 } = terminal();
    vt220.input(text('x'));
    const block = header(28);
    const data = new DataView(block.buffer);
    data.setUint16(10, 4);
    data.setUint32(12, Number(eventMaskBit(SclpEvent.vt220) >> 32n));
    expect(guest.call(SclpCommand.writeEventMask, block).signal).toBe(guest.sccb + 1);
    expect(guest.read()).toMatchObject({ response: 0x0020, signal: guest.sccb });
  });

  it('gets many events at once, and tells whether more wait', () => {
    const { guest, vt220 } = terminal();
    guest.listen([SclpEvent.vt220, SclpEvent.signalQuiesce]);
    vt220.input(text('y'.repeat(5000)));
    expect(guest.takeSignal()).toBe(1);
    expect(guest.sclp.quiesce()).toBe(true);
    const first = guest.read();
    expect(first.signal).toBe(guest.sccb + 1);
    expect(first.events.map(({ type, content }) => [type, content.length])).toEqual([[0x1a, 4096 - 8 - 6]]);
    const second = guest.read();
    expect(second.signal).toBe(guest.sccb);
    expect(second.events.map(({ type, content }) => [type, content.length])).toEqual([
      [0x1a, 1 + 5000 - (4096 - 8 - 7)],
      [0x1d, 3],
    ]);
  });

  it('keeps an event that the block has no room for', () => {
    const { guest } = terminal();
    guest.listen([SclpEvent.signalQuiesce]);
    guest.sclp.quiesce();
    expect(guest.read(16)).toMatchObject({ response: 0x75f0, signal: guest.sccb + 1 });
    expect(guest.read(17)).toMatchObject({ response: 0x0020, signal: guest.sccb });
  });

  it('leaves the length alone without variable-length response, and zeros after the events', () => {
    const { guest, vt220 } = terminal();
    guest.listen([SclpEvent.vt220]);
    vt220.input(text('z'));
    const block = header(64);
    block.fill(0xee, 8);
    guest.call(SclpCommand.readEventData, block);
    expect(guest.block(64).toHex()).toBe(`0040000000000020${'00081a000000007a'}${'00'.repeat(48)}`);
  });

  it.each([
    ['what it selects', SclpEvent.vt220, 0x0020],
    ['what is suppressed', SclpEvent.signalQuiesce, 0x62f0],
    ['what it does not listen to', SclpEvent.operationsCommand, 0x70f0],
  ])('reads selectively %s', (_, type, response) => {
    const { guest, vt220 } = terminal();
    guest.listen([SclpEvent.vt220, SclpEvent.signalQuiesce]);
    vt220.input(text('x'));
    const block = header(4096);
    block[2] = 1;
    new DataView(block.buffer).setBigUint64(8, eventMaskBit(type));
    expect(guest.call(SclpCommand.readEventData, block).response).toBe(response);
  });

  it('answers an unknown function and a selection mask that is cut off', () => {
    const { guest } = terminal();
    guest.listen([SclpEvent.vt220]);
    for (const [functionCode, length, response] of [
      [2, 64, 0x40f0],
      [1, 15, 0x0300],
    ] as const) {
      const block = header(length);
      block[2] = functionCode;
      expect(guest.call(SclpCommand.readEventData, block).response).toBe(response);
    }
  });
});

describe('signal quiesce', () => {
  it('reaches a program that listens, and no other', () => {
    const { guest } = terminal();
    expect(guest.sclp.quiesce()).toBe(false);
    expect(guest.signal).toBe(0);
    guest.listen([SclpEvent.signalQuiesce]);
    expect(guest.sclp.quiesce()).toBe(true);
    expect(guest.takeSignal()).toBe(1);
    expect(guest.read().events).toEqual([{ type: 0x1d, content: new Uint8Array(3) }]);
  });
});

describe('state change', () => {
  const late = () => new Vt220Console({ onOutput: () => {} });
  it('tells a program that listens of a new device and of one taken away', () => {
    const guest = new GuestDriver();
    const device: EventDevice = late();
    guest.sclp.attach(device);
    expect(guest.signal).toBe(0);
    guest.sclp.detach(device);
    const before = guest.listen([SclpEvent.stateChange]);
    guest.sclp.attach(device);
    expect(guest.takeSignal()).toBe(1);
    const [event] = guest.read().events;
    const content = new DataView(event!.content.buffer);
    expect([content.getUint16(0), content.getUint16(2)]).toEqual([0x6000, 8]);
    const bit = eventMaskBit(SclpEvent.vt220);
    expect(content.getBigUint64(12)).toBe(before.receive | bit);
    expect(content.getBigUint64(20)).toBe(before.send | bit);
    guest.sclp.detach(device);
    expect(guest.read().events).toHaveLength(1);
    expect(() => guest.sclp.detach(device)).toThrow(RangeError);
  });

  it('does not let two devices answer for one type', () => {
    expect(() => new GuestDriver({ devices: [late(), late()] })).toThrow(RangeError);
  });
});

describe('control-program identification', () => {
  const field = (name: string) => toEbcdic(text(name.padEnd(8)), 'cp500');
  const content = new Uint8Array(74);
  content.set(field('LINUX'), 2);
  content.set(field('MYGUEST'), 18);
  content.set(Uint8Array.fromHex('0300000000060100'), 34);
  content.set(field('PLEX1'), 50);

  it('is kept', () => {
    const guest = new GuestDriver();
    expect(guest.sclp.controlProgram).toBeUndefined();
    expect(guest.write(makeEvent(0x0b, content)).response).toBe(0x0020);
    const expected = {
      systemType: 'LINUX',
      systemName: 'MYGUEST',
      systemLevel: 0x0300_0000_0006_0100n,
      sysplexName: 'PLEX1',
    };
    expect(guest.sclp.controlProgram).toEqual(expected);
    expect(guest.write(makeEvent(0x0b, content.subarray(0, 73))).response).toBe(0x72f0);
    guest.sclp.reset();
    expect(guest.sclp.controlProgram).toBeUndefined();
  });
});

describe('store data', () => {
  it.each([
    ['the size of an entity', 2, 3],
    ['an entity', 0, 3],
    ['a halt', 1, 0],
  ])('answers a request for %s in the buffer itself', (_, qualifier, status) => {
    const guest = new GuestDriver();
    const content = new Uint8Array(42);
    content.set([qualifier, 3]);
    expect(guest.write(makeEvent(0x0c, content)).response).toBe(0x0020);
    const block = guest.block(56);
    expect([block[8 + 3], block[8 + 8], block[8 + 23]]).toEqual([0x80, 0x80, status]);
  });

  it('refuses unknown requests and short ones', () => {
    const guest = new GuestDriver();
    expect(guest.write(makeEvent(0x0c, new Uint8Array(42).fill(9))).response).toBe(0x73f0);
    expect(guest.write(makeEvent(0x0c, new Uint8Array(41))).response).toBe(0x72f0);
  });
});

describe('saved state', () => {
  it('brings back masks and pending events', () => {
    const one = terminal();
    one.guest.listen([SclpEvent.vt220, SclpEvent.signalQuiesce], [], 4);
    one.vt220.input(text('abc'));
    one.guest.sclp.quiesce();
    const saved = structuredClone(one.guest.sclp.save());
    const other = terminal();
    other.guest.sclp.restore(saved);
    expect(other.guest.read().events).toEqual(one.guest.read().events);
    expect(other.guest.sclp.save()).toEqual(one.guest.sclp.save());
  });

  it('is refused by other devices and versions', () => {
    const { guest } = terminal();
    const saved = guest.sclp.save();
    const raiseServiceSignal = () => {};
    const plain = new Sclp({ storage: guest.storage, raiseServiceSignal }, plainMachine());
    expect(() => plain.restore(saved)).toThrow(RangeError);
    expect(() => guest.sclp.restore({ ...saved, version: 99 })).toThrow(RangeError);
    expect(() => guest.sclp.restore({ ...saved, name: 'css' })).toThrow(RangeError);
  });

  it('after a reset has nothing pending and listens to nothing', () => {
    const { guest, vt220 } = terminal();
    guest.listen([SclpEvent.vt220]);
    vt220.input(text('abc'));
    guest.sclp.reset();
    expect(guest.sclp.save()).toEqual(terminal().guest.sclp.save());
  });
});

describe('whatever a program writes', () => {
  it('is answered', () => {
    let seed = 1;
    const random = (limit: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % limit;
    };
    const lines = new LineModeConsole({ onOutput: () => {} });
    const vt220 = new Vt220Console({ onOutput: () => {} });
    const guest = new GuestDriver({ devices: [lines, vt220] });
    const commands = Object.values(SclpCommand);
    const types = Object.values(SclpEvent);
    for (let i = 0; i < 5000; i++) {
      const block = Uint8Array.from(header(8 + random(200)), (byte, at) => (at < 2 ? byte : random(256)));
      block[2] = random(3);
      const [length, type] = [random(block.length), types[random(types.length)] ?? 0];
      if (random(2) === 0 && block.length > 32)
        block.set([0, length, type, 0, 0, 0, 0, random(length + 1)], 8);
      if (random(2) === 0) vt220.input(text('x'));
      if (random(2) === 0) lines.input(text('line\n'));
      guest.signal = 0;
      const { result } = guest.call(commands[random(commands.length)] ?? 0, block);
      expect(result).toEqual({ kind: 'cc', cc: 0 });
    }
  });
});
