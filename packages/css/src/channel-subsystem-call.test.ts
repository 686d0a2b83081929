import { describe, expect, it } from 'vitest';
import { FakeDevice, Guest } from './testing.ts';

/** Executes a command given by its first words; the response from its header on. */
function call({ css }: Guest, length: number, command: number, ...words: readonly number[]): string {
  const block = new Uint8Array(4096);
  const data = new DataView(block.buffer);
  data.setUint16(0, length);
  data.setUint16(2, command);
  words.forEach((word, index) => {
    data.setUint32(4 + 4 * index, word);
  });
  const result = css.chsc(block);
  expect(result).toMatchObject({ kind: 'cc', cc: 0, offset: length });
  return result.kind === 'cc' ? result.data.toHex() : '';
}

function withPaths(): Guest {
  const guest = new Guest();
  guest.css.addChannelPath({ cssid: 0, chpid: 0x42, type: 0x1b, channel: 0x123 });
  const options = { deviceNumber: 0x4711, channelPaths: [0x42, 0] };
  guest.css.attach({ cssid: 0, ssid: 0, number: 2 }, new FakeDevice(), options);
  return guest;
}

describe('STORE CHANNEL-PATH DESCRIPTION', () => {
  it.each([
    ['all', 0x0000_0000, 0xff, '0018000100000000' + '8000320000000000' + '80001b4200000000'],
    ['one', 0x0000_0042, 0x42, '0010000100000000' + '80001b4200000000'],
    ['none', 0x0000_0001, 0x41, '0008000100000000'],
    [
      'one in format 1',
      0x1000_0042,
      0x42,
      `0028000100000001${'80001b42'}${'00'.repeat(12)}0123${'00'.repeat(14)}`,
    ],
  ])('describes %s', (_, first, last, response) => {
    expect(call(withPaths(), 0x10, 0x02, first, last)).toBe(response);
  });

  it('does not describe paths that are configured off', () => {
    const guest = new Guest();
    guest.css.vary(guest.subchannel.paths[0]!, false);
    expect(call(guest, 0x10, 0x02, 0, 0xff)).toBe('0008000100000000');
  });

  it('describes as many as there is room for', () => {
    const guest = new Guest();
    for (let chpid = 1; chpid < 256; chpid++) guest.css.addChannelPath({ cssid: 0, chpid });
    expect(call(guest, 0x10, 0x02, 0x1000_0000, 0xff).slice(0, 4)).toBe(
      (8 + 32 * 127).toString(16).padStart(4, '0'),
    );
  });
});

describe('STORE SUBCHANNEL DESCRIPTION', () => {
  const none = (number: string) => `${'00'.repeat(6)}${number}${'00'.repeat(24)}`;
  it.each([
    ['a device', 2, 2, `00280001${'00000000'}c0114711c00000024200000000000000${'00'.repeat(16)}`],
    ['what is missing', 1, 1, `00280001${'00000000'}${none('0001')}`],
    ['what comes after the last', 3, 0xffff, '0008000100000000'],
    ['a range backwards', 2, 1, '0008000300000000'],
    ['a set that is not enabled', 0x0010_0000, 0, '0008000300000000'],
    ['a format', 0x0001_0000, 0, '0008000700000000'],
    ['reserved bits', 0x8000_0000, 0, '0008000300000000'],
  ])('describes %s', (_, first, last, response) => {
    expect(call(withPaths(), 0x10, 0x04, first, last)).toBe(response);
  });

  it('describes a range', () => {
    expect(call(withPaths(), 0x10, 0x04, 0, 0xffff).slice(0, 8)).toBe('00680001');
  });
});

describe('STORE EVENT INFORMATION', () => {
  const path = { type: 0, contentCode: 2, source: 4, sourceId: 0x42 } as const;
  const pci = { type: 2, contentCode: 2, content: Uint8Array.of(1, 2, 3, 4) } as const;

  it('gives events in order, and says when there are more', () => {
    const guest = new Guest();
    guest.css.addEvent(path);
    guest.css.addEvent({ ...path, contentCode: 8, content: Uint8Array.of(9) });
    const crw = guest.css.stcrw();
    expect(crw.kind === 'cc' && crw.data?.toHex()).toBe('0b000000');
    expect(call(guest, 0x10, 0x0e)).toBe(`0018000100000000${'80000402'}${'00000042'}${'00'.repeat(8)}`);
    expect(call(guest, 0x10, 0x0e)).toBe(`0019000100000000${'00000408'}${'00000042'}${'00'.repeat(8)}09`);
    expect(call(guest, 0x10, 0x0e)).toBe('0008000500000000');
  });

  it('gives those of the types asked for', () => {
    const guest = new Guest();
    guest.css.addEvent(pci);
    expect(call(guest, 0x10, 0x0e)).toBe('0008000500000000');
    expect(call(guest, 0x10, 0x0e, 0, 0x8000_0000, 0)).toBe('0008000500000000');
    expect(call(guest, 0x10, 0x0e, 0, 0x2000_0000, 0)).toBe(
      `0044000100000002${'00000002'}${'00'.repeat(52)}01020304`,
    );
  });

  it('says when some were lost', () => {
    const guest = new Guest();
    for (let i = 0; i < 65; i++) guest.css.addEvent(path);
    expect(call(guest, 0x10, 0x0e).slice(16, 18)).toBe('c0');
    expect(call(guest, 0x10, 0x0e).slice(16, 18)).toBe('80');
  });
});

describe('SET CHANNEL MEASUREMENT', () => {
  const off = 0x4000_0000;
  it('is switched on and off', () => {
    const guest = new Guest();
    const blocks = [0, 0x0000_1000, 0, 0x0000_2000] as const;
    expect(call(guest, 0x50, 0x16, 0, 0x6000_0000, ...blocks)).toBe('0008000100000000');
    expect(guest.css.measurement).toEqual({ key: 6, blocks: [0x1000n, 0x2000n] });
    expect(call(guest, 0x50, 0x16, 0, 0x6000_0000, ...blocks)).toBe('0008010300000000');
    expect(call(guest, 0x50, 0x16, off)).toBe('0008000100000000');
    expect(call(guest, 0x50, 0x16, off)).toBe('0008010300000000');
  });

  it.each([
    ['another length', 0x10, [0], '00080003'],
    ['another operation', 0x50, [0x8000_0000], '00080003'],
    ['reserved bits', 0x50, [0, 1], '00080003'],
    ['a block that is no page', 0x50, [0, 0, 0, 0x1001], '00080102'],
  ])('refuses %s', (_, length, words, response) => {
    expect(call(new Guest(), length, 0x16, ...words).slice(0, 8)).toBe(response);
  });
});

describe('STORE CHANNEL MEASUREMENT CHARACTERISTICS', () => {
  it.each([
    ['all', 0, 0xff, `0048000100000000${'80000000'}${'00'.repeat(28)}${'80000042'}${'00'.repeat(28)}`],
    ['a range backwards', 2, 1, '0008000300000000'],
    ['reserved bits', 0x100, 0x1ff, '0008000300000000'],
  ])('has none of %s', (_, first, last, response) => {
    expect(call(withPaths(), 0x10, 0x22, first, last)).toBe(response);
  });
});

describe('SET ADAPTER DEVICE CONTROLS', () => {
  const request = [0, 0, 0, 0, 0x3000, 0, 0x4000, 0x5700_0003, 0, 0] as const;
  it('gives a device its indicators', () => {
    const guest = new Guest();
    expect(call(guest, 0xfe0, 0x21, ...request, 0x0001_0000)).toBe('0008000100000000');
    expect(guest.device.controls).toEqual({
      summaryIndicator: 0x3000n,
      subchannelIndicator: 0x4000n,
      summaryKey: 5,
      subchannelKey: 7,
      subclass: 3,
    });
  });

  it.each([
    ['no subchannel', 0xfe0, request, 0x0001_0001, '00080104'],
    ['a word that is none', 0xfe0, request, 0, '00080104'],
    ['another operation', 0xfe0, [0x0001_0000], 0, '00080003'],
    ['another length', 0x10, request.slice(0, 3), 0, '00080003'],
  ])('refuses %s', (_, length, words, id, response) => {
    const guest = new Guest();
    expect(call(guest, length, 0x21, ...words, ...(words.length === 10 ? [id] : [])).slice(0, 8)).toBe(
      response,
    );
  });

  it('is announced where there is such a device', () => {
    const characteristics = Uint8Array.fromHex(call(new Guest(), 0x10, 0x10));
    expect((characteristics[8 + 2040 + 13] ?? 0) & 0x10).toBe(0x10);
  });
});
