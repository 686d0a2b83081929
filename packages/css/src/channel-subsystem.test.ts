import { Crw, CrwRecovery, CrwSource, channelReportWord, ProgramInterruption, schib } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { ChannelSubsystem } from './channel-subsystem.ts';
import type { ConditionCode } from './result.ts';
import { FakeDevice } from './testing.ts';

const operand = { kind: 'program', code: ProgramInterruption.operand };
const cc = (code: ConditionCode) => ({ kind: 'cc', cc: code });
const done = { kind: 'done' };
const FIRST = 0x0001_0000;

function chsc(css: ChannelSubsystem, length: number, command: number, ...words: readonly number[]): string {
  const block = new Uint8Array(4096);
  const data = new DataView(block.buffer);
  data.setUint16(0, length);
  data.setUint16(2, command);
  words.forEach((word, index) => {
    data.setUint32(4 + 4 * index, word);
  });
  const result = css.chsc(block);
  if (result.kind === 'program') return `program ${result.code}`;
  expect(result).toMatchObject({ cc: 0, offset: length });
  return result.data.toHex();
}

const enableSets = (css: ChannelSubsystem) => chsc(css, 0x400, 0x31, 2);
const enableSubsystems = (css: ChannelSubsystem) => chsc(css, 0x400, 0x31, 0);

const instructions = [
  ['STSCH', (css: ChannelSubsystem, word: number) => css.stsch(word)],
  ['MSCH', (css: ChannelSubsystem, word: number) => css.msch(word, new Uint8Array(schib.size))],
  ['SSCH', (css: ChannelSubsystem, word: number) => css.ssch(word, new Uint8Array(32))],
  ['TSCH', (css: ChannelSubsystem, word: number) => css.tsch(word)],
  ['CSCH', (css: ChannelSubsystem, word: number) => css.csch(word)],
  ['HSCH', (css: ChannelSubsystem, word: number) => css.hsch(word)],
  ['RSCH', (css: ChannelSubsystem, word: number) => css.rsch(word)],
  ['XSCH', (css: ChannelSubsystem, word: number) => css.xsch(word)],
] as const;

describe.each(instructions)('%s without subchannels', (_, execute) => {
  it.each([
    ['the first subchannel', FIRST, cc(3)],
    ['the last subchannel', 0x0001_ffff, cc(3)],
    ['a word without its one', 0x0000_0000, operand],
    ['a word with reserved bits', 0x0011_0000, operand],
    ['another reserved bit', 0x0081_0000, operand],
    ['a channel subsystem that is not named', 0x0101_0000, operand],
    ['a named channel subsystem, not enabled', 0x0009_0000, operand],
    ['a subchannel set that is not enabled', 0x0003_0000, operand],
  ])('finds %s', (_name, word, result) => {
    expect(execute(new ChannelSubsystem(), word)).toEqual(result);
  });

  it('takes subchannel sets and channel subsystems once they are enabled', () => {
    const css = new ChannelSubsystem();
    enableSets(css);
    expect(execute(css, 0x0007_0000)).toEqual(cc(3));
    expect(execute(css, 0xfe09_0000)).toEqual(operand);
    enableSubsystems(css);
    expect(execute(css, 0xfe09_0000)).toEqual(cc(3));
    expect(execute(css, 0xfe01_0000)).toEqual(operand);
    css.reset();
    expect(execute(css, 0x0007_0000)).toEqual(operand);
  });
});

describe('with a subchannel', () => {
  const address = { cssid: 0, ssid: 0, number: 5 };
  const word = 0x0001_0005;
  const missing = { kind: 'cc', cc: 0, data: new Uint8Array(52) };
  const stored = (css: ChannelSubsystem, at: number) => {
    const result = css.stsch(at);
    return result.kind === 'cc' && result.data ? result.data.subarray(4, 8).toHex() : undefined;
  };

  it('STSCH stores zeros for those missing before it, and says when there are no more', () => {
    const css = new ChannelSubsystem();
    css.attach(address, new FakeDevice(), { deviceNumber: 0x1234 });
    expect(css.stsch(FIRST)).toEqual(missing);
    expect(stored(css, word)).toBe('00011234');
    expect(css.stsch(word + 1)).toEqual(cc(3));
    expect(() => css.attach(address, new FakeDevice())).toThrow(RangeError);
  });

  it('STSCH follows the last subchannel of each set', () => {
    const css = new ChannelSubsystem();
    enableSets(css);
    const last = css.attach({ cssid: 0, ssid: 3, number: 0xffff }, new FakeDevice());
    css.attach({ cssid: 0, ssid: 3, number: 7 }, new FakeDevice());
    expect(css.stsch(0x0007_fffe)).toEqual(missing);
    expect(css.freeNumber(0, 3)).toBe(0);
    css.unplug(last);
    expect([css.stsch(0x0007_0006), css.stsch(0x0007_0008)]).toEqual([missing, cc(3)]);
    expect(css.stsch(0x0001_0000)).toEqual(cc(3));
  });

  it('finds it in the default channel subsystem, or where a word names it', () => {
    const css = new ChannelSubsystem({ defaultCssid: 0xfe });
    css.attach({ cssid: 0xfe, ssid: 1, number: 0 }, new FakeDevice(), { deviceNumber: 0x42 });
    enableSets(css);
    enableSubsystems(css);
    expect([stored(css, 0x0003_0000), stored(css, 0xfe0b_0000)]).toEqual(['00010042', '00010042']);
    expect(css.stsch(0x000b_0000)).toEqual(cc(3));
  });

  it.each([
    { cssid: 0, ssid: 4, number: 0 },
    { cssid: 0, ssid: 0, number: 0x10000 },
    { cssid: 0, ssid: 0, number: -1 },
  ])('cannot be at %o', (nowhere) => {
    expect(() => new ChannelSubsystem().attach(nowhere, new FakeDevice())).toThrow(RangeError);
  });

  it('resets it', () => {
    const css = new ChannelSubsystem();
    const device = new FakeDevice();
    css.attach(address, device);
    css.reset();
    expect(device.calls).toEqual(['reset']);
  });
});

describe('reserved bits', () => {
  const patched = (size: number, at: number, ...bytes: readonly number[]) => {
    const block = new Uint8Array(size);
    block.set(bytes, at);
    return block;
  };
  it.each([
    ['flag bit 0', 4, [0x80], operand],
    ['flag bit 1', 4, [0x40], operand],
    ['flag bit 5, which is ignored', 4, [0x04], cc(3)],
    ['flag bit 6', 4, [0x02], operand],
    ['flag bit 7', 4, [0x01], operand],
    ['both limit-mode bits', 5, [0x60], operand],
    ['one limit-mode bit', 5, [0x20], cc(3)],
    ['the subclass and all that may be set', 4, [0x38, 0x9f], cc(3)],
    ['the first byte of word 6', 24, [0x01], operand],
    ['word 6 before the measurement format', 27, [0x08], operand],
    ['extended measurement words', 27, [0x02], cc(3)],
    ['concurrent sense', 27, [0x01], cc(3)],
    ['the subchannel type', 25, [0xe0], cc(3)],
  ])('MSCH with %s', (_, at, bytes, result) => {
    expect(new ChannelSubsystem().msch(FIRST, patched(52, at, ...bytes))).toEqual(result);
  });

  it('MSCH wants format-1 measurement blocks on their boundary', () => {
    for (const [format, address, result] of [
      [0x04, 0x40, cc(3)],
      [0x04, 0x20, operand],
      [0x00, 0x20, cc(3)],
    ] as const) {
      const block = patched(52, 27, format);
      block[47] = address;
      expect(new ChannelSubsystem().msch(FIRST, block)).toEqual(result);
    }
  });

  it.each([
    ['the channel-program type', 5, [0x04], operand],
    ['modified IDAWs', 7, [0x40], cc(3)],
    ['a reserved bit', 7, [0x20], operand],
    ['the last reserved bit', 7, [0x02], operand],
    ['a program beyond 2 GiB', 8, [0x80], operand],
    ['all that may be set', 4, [0xff, 0xfb, 0xff, 0x81, 0x7f, 0xff, 0xff, 0xff], cc(3)],
  ])('SSCH with %s', (_, at, bytes, result) => {
    expect(new ChannelSubsystem().ssch(FIRST, patched(32, at, ...bytes))).toEqual(result);
  });

  it.each([
    ['RCHP', 0x0000_0100, operand],
    ['RCHP', 0x0100_0000, operand],
    ['RCHP', 0x0001_0000, operand],
    ['RCHP', 0x0000_0042, cc(3)],
    ['SAL', 0x8000_0000, operand],
    ['SAL', 0x0000_8000, operand],
    ['SAL', 0x7fff_0000, done],
    ['SCHM', 0x0000_0004, operand],
    ['SCHM', 0x0800_0000, operand],
    ['SCHM', 0xffff_fffc, operand],
    ['SCHM', 0xf000_0003, done],
  ])('%s of %i', (name, register, result) => {
    const css = new ChannelSubsystem();
    const execute = {
      RCHP: () => css.rchp(register),
      SAL: () => css.sal(register),
      SCHM: () => css.schm(register, 0n),
    };
    expect(execute[name as keyof typeof execute]()).toEqual(result);
  });
});

describe('SET CHANNEL MONITOR and SET ADDRESS LIMIT', () => {
  it('keep what they set', () => {
    const css = new ChannelSubsystem();
    expect(css.schm(0xa000_0003, 0x1_0000_0020n)).toEqual(done);
    expect(css.sal(0x0012_0000)).toEqual(done);
    const origin = 0x1_0000_0020n;
    const monitor = { key: 10, measurementBlockUpdate: true, deviceConnectTime: true, origin };
    expect([css.monitor, css.addressLimit]).toEqual([monitor, 0x0012_0000]);
    // The origin is loaded only together with the update.
    expect(css.schm(0, 0x41n)).toEqual(done);
    expect(css.monitor).toEqual({ key: 0, measurementBlockUpdate: false, deviceConnectTime: false, origin });
    expect(css.schm(2, 0x10n)).toEqual(operand);
  });
});

describe('channel reports', () => {
  const word = channelReportWord(
    Crw.chained,
    CrwSource.subchannel,
    CrwRecovery.installedParametersInitialized,
    5,
  );

  it('are stored in order, then zeros', () => {
    let pending = 0;
    const css = new ChannelSubsystem({ onChannelReport: () => pending++ });
    expect(word).toBe(0x1304_0005);
    css.report(word, 0x0b00_0000);
    expect(pending).toBe(1);
    const stored = () => {
      const result = css.stcrw();
      return result.kind === 'cc' ? [result.cc, result.data?.toHex()] : [];
    };
    expect([stored(), stored(), stored()]).toEqual([
      [0, '13040005'],
      [0, '0b000000'],
      [1, '00000000'],
    ]);
    css.undoStcrw(word);
    expect(stored()).toEqual([0, '13040005']);
  });

  it('say with an overflow when some were lost', () => {
    const css = new ChannelSubsystem();
    for (let i = 0; i < 100; i++) css.report(channelReportWord(0, CrwSource.subchannel, 0, i));
    let last = '';
    for (let result = css.stcrw(); result.kind === 'cc' && result.cc === 0; result = css.stcrw()) {
      last = result.data?.toHex() ?? '';
    }
    expect(last).toBe('2300003f');
  });
});

describe('the other instructions', () => {
  it('TPI finds no interruption', () => {
    expect(new ChannelSubsystem().tpi(0xff)).toEqual(cc(0));
  });

  it('STCPS stores no active channel path', () => {
    expect(new ChannelSubsystem().stcps()).toEqual({ kind: 'done', data: new Uint8Array(32) });
  });
});

describe('CHSC', () => {
  const rows: readonly [string, readonly [number, number, ...number[]], string][] = [
    ['a short request', [8, 0x10], 'program 21'],
    ['a request that is no multiple of 8', [20, 0x10], 'program 21'],
    ['a request without room for a response', [4096, 0x10], 'program 21'],
    ['an unknown command', [0x10, 0x1234], '0008000400000000'],
    ['the identification of the domain, which is unknown', [0x20, 0x34, 0x0400_0000], '0008000400000000'],
    ['characteristics of the wrong length', [0x18, 0x10], '0008000300000000'],
    ['characteristics in a format', [0x10, 0x10, 0x0001_0000], '0008000700000000'],
    ['characteristics of a css that is not named', [0x10, 0x10, 0x0000_0100], '0008000800000000'],
    ['characteristics of a css that is missing', [0x10, 0x10, 0x2000_0100], '0008000800000000'],
    ['characteristics with reserved bits', [0x10, 0x10, 1], '0008000300000000'],
    ['characteristics with reserved words', [0x10, 0x10, 0, 0, 1], '0008000300000000'],
    ['channel paths, of which there are none', [0x10, 0x02, 0x0000_0000, 0xff], '0008000100000000'],
    ['channel paths in another format', [0x10, 0x02, 0x1000_0000, 0xff], '0008000100000001'],
    ['channel paths in a format that is unknown', [0x10, 0x02, 0x0100_0000, 0xff], '0008000700000000'],
    [
      'channel paths with a format of the response that is unknown',
      [0x10, 0x02, 0x300, 0xff],
      '0008000700000003',
    ],
    ['channel paths from last to first', [0x10, 0x02, 0x0000_0002, 0x01], '0008000300000000'],
    ['channel paths with reserved bits', [0x10, 0x02, 0x8000_0000, 0xff], '0008000300000000'],
    ['channel paths of a css that is missing', [0x10, 0x02, 0x2001_0000, 0xff], '0008000800000000'],
    ['event information', [0x10, 0x0e], '0008000500000000'],
    ['event information of the wrong length', [0x18, 0x0e], '0008000300000000'],
    ['attributes of the wrong length', [0x10, 0x31, 2], '0008000300000000'],
    ['attributes in a format', [0x400, 0x31, 0x0100_0002], '0008000700000000'],
    ['an unknown attribute', [0x400, 0x31, 1], '0008000300000000'],
    ['attributes with reserved bits', [0x400, 0x31, 0x0010_0002], '0008000300000000'],
    ['subchannel sets', [0x400, 0x31, 2], '0008000100000000'],
    ['channel subsystems', [0x400, 0x31, 0], '0008000100000000'],
  ];
  it.each(rows)('answers a request for %s', (_, [length, command, ...words], response) => {
    expect(chsc(new ChannelSubsystem(), length, command, ...words)).toBe(response);
  });

  it('describes what it can do', () => {
    const response = Uint8Array.fromHex(chsc(new ChannelSubsystem(), 0x10, 0x10));
    expect(response.length).toBe(4080);
    expect(response.subarray(0, 8).toHex()).toBe('0ff0000100000000');
    const bits = Array.from({ length: 8 * 4072 }, (_, bit) => bit);
    expect(bits.filter((bit) => ((response[8 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0)).toEqual([
      45, 46, 48, 16404, 16406,
    ]);
  });
});

describe('saved state', () => {
  it('brings back what instructions set', () => {
    const css = new ChannelSubsystem();
    enableSets(css);
    css.sal(0x0012_0000);
    css.schm(0xa000_0003, 0x40n);
    css.report(0x0b00_0000);
    const other = new ChannelSubsystem();
    other.restore(structuredClone(css.save()));
    expect(other.save()).toEqual(css.save());
    expect(other.stsch(0x0003_0000)).toEqual(cc(3));
    other.reset();
    expect(other.save()).toEqual(new ChannelSubsystem().save());
  });

  it('is refused from another kind of object or version', () => {
    const css = new ChannelSubsystem();
    expect(() => css.restore({ ...css.save(), name: 'sclp' })).toThrow(RangeError);
    expect(() => css.restore({ ...css.save(), version: 0 })).toThrow(RangeError);
  });
});
