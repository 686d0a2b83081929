import { ActivityControl, StatusControl, SubchannelStatus, schib } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { conditionCodeOf, FakeCommand, FakeDevice, Guest, OPERAND_EXCEPTION } from './testing.ts';

const { alert, primary, secondary, pending } = StatusControl;
const WORD = 0x0001_0001;
const PMCW_FLAGS = 0x0081_0001;

/** A guest with a second subchannel, which has three channel paths. */
function withPaths() {
  const guest = new Guest();
  const paths = [0x10, 0x22, 0x83].map((chpid) => guest.css.addChannelPath({ cssid: 0, chpid, type: 0x1b }));
  const device = new FakeDevice();
  const channelPaths = paths.map((path) => path.chpid);
  const options = { deviceNumber: 0x4711, channelPaths };
  const subchannel = guest.css.attach({ cssid: 0, ssid: 0, number: 1 }, device, options);
  const block = new Uint8Array(52);
  const data = new DataView(block.buffer);
  data.setUint32(4, PMCW_FLAGS);
  data.setUint8(schib.logicalPathMask, 0xff);
  data.setUint8(schib.pathOperationalMask, 0xff);
  guest.css.msch(WORD, block);
  const field = (offset: number) => {
    const result = guest.css.stsch(WORD);
    return result.kind === 'cc' ? result.data?.[offset] : undefined;
  };
  const start = (pathMask = 0xff, command: number = FakeCommand.control) =>
    conditionCodeOf(guest.css.ssch(WORD, guest.program().ccw({ command, count: 0 }).orb({ pathMask })));
  const status = () => {
    const result = guest.css.tsch(WORD);
    return new DataView((result.kind === 'cc' && result.data ? result.data : new Uint8Array(64)).buffer);
  };
  return { guest, css: guest.css, paths, device, subchannel, field, start, status };
}

/** The channel reports that wait, in hexadecimal. */
function reports({ css }: { readonly css: Guest['css'] }): string[] {
  const words: string[] = [];
  for (let result = css.stcrw(); result.kind === 'cc' && result.cc === 0; result = css.stcrw()) {
    words.push(result.data?.toHex() ?? '');
  }
  return words;
}

describe('channel paths', () => {
  it('are in the subchannel-information block', () => {
    const { css, field } = withPaths();
    expect([field(schib.pathInstalledMask), field(schib.pathAvailableMask)]).toEqual([0xe0, 0xe0]);
    const result = css.stsch(WORD);
    expect(result.kind === 'cc' && result.data?.subarray(16, 24).toHex()).toBe('1022830000000000');
  });

  it('take turns', () => {
    const { start, status, field } = withPaths();
    const used = Array.from({ length: 4 }, () => {
      start();
      status();
      return field(schib.lastPathUsedMask);
    });
    expect(used).toEqual([0x80, 0x40, 0x20, 0x80]);
    start(0x40);
    expect(status().getUint8(13)).toBe(0x40);
  });

  it('are not used while they are configured off', () => {
    const { css, paths, start, status, field } = withPaths();
    css.vary(paths[0]!, false);
    css.vary(paths[0]!, false);
    expect(reports({ css })).toEqual(['04060010']);
    expect(field(schib.pathAvailableMask)).toBe(0x60);
    expect(start(0x80)).toBe(3);
    expect(start()).toBe(0);
    status();
    expect(field(schib.lastPathUsedMask)).toBe(0x40);
    css.vary(paths[0]!, true);
    expect(reports({ css })).toEqual(['04040010']);
    expect(field(schib.pathAvailableMask)).toBe(0xe0);
  });

  it('are noted when they are not operational', () => {
    const { paths, start, status, field } = withPaths();
    paths[0]!.operational = false;
    expect(start()).toBe(0);
    expect(status().getUint32(0) & 0x0301_0000).toBe(0x0001_0000);
    const masks = () => [field(schib.pathNotOperationalMask), field(schib.pathOperationalMask)];
    expect(masks()).toEqual([0x80, 0x7f]);
    paths[0]!.operational = true;
    start(0x80);
    status();
    expect(masks()).toEqual([0, 0xff]);
  });

  it('defer condition code 3 when none is operational', () => {
    const { paths, start, status, device } = withPaths();
    for (const path of paths) path.operational = false;
    expect(start()).toBe(0);
    const control = status().getUint32(0);
    expect(control & 0x0301_0000).toBe(0x0301_0000);
    expect(control & 0x1f).toBe(alert | primary | secondary | pending);
    expect(device.calls).toEqual([]);
  });

  it('cannot be more than eight, or missing, or doubled', () => {
    const { css } = new Guest();
    const at = { cssid: 0, ssid: 0, number: 9 };
    const nine = Array.from({ length: 9 }, () => 0);
    expect(() => css.attach(at, new FakeDevice(), { channelPaths: nine })).toThrow(RangeError);
    expect(() => css.attach(at, new FakeDevice(), { channelPaths: [5] })).toThrow(RangeError);
    expect(() => css.addChannelPath({ cssid: 0, chpid: 0 })).toThrow(RangeError);
    expect(() => css.addChannelPath({ cssid: 0, chpid: 256 })).toThrow(RangeError);
  });
});

describe('RESET CHANNEL PATH', () => {
  it.each([
    ['reserved bits', 0x0000_0110, OPERAND_EXCEPTION],
    ['a channel subsystem that is not enabled', 0x0001_0010, OPERAND_EXCEPTION],
    ['a path that is missing', 0x0000_0011, 3],
    ['a path', 0x0000_0022, 0],
  ])('of %s', (_, register, code) => {
    const { css } = withPaths();
    expect(conditionCodeOf(css.rchp(register))).toBe(code);
    expect(reports({ css })).toEqual(code === 0 ? ['44020022'] : []);
  });

  it('finds no path that is configured off', () => {
    const { css, paths } = withPaths();
    css.vary(paths[1]!, false);
    expect(conditionCodeOf(css.rchp(0x22))).toBe(3);
  });

  it('ends what goes on there', async () => {
    const { css, device, start, status } = withPaths();
    start(0x40, FakeCommand.controlLater);
    css.rchp(0x10);
    expect(status().getUint32(0) & 1).toBe(0);
    css.rchp(0x22);
    const view = status();
    expect(view.getUint32(0) & ActivityControl.mask).toBe(0);
    expect(view.getUint8(9)).toBe(SubchannelStatus.interfaceControlCheck);
    await device.finish();
    expect(status().getUint32(0) & 1).toBe(0);
  });

  it('resets devices that have no other path', () => {
    const { css, guest, device } = withPaths();
    css.rchp(0);
    expect([guest.device.calls, device.calls]).toEqual([['reset'], []]);
  });

  it('names the channel subsystem once there can be several', () => {
    const css = new Guest({ defaultCssid: 0xfe }).css;
    css.chsc(chscBlock('0400003100000000'));
    expect(conditionCodeOf(css.rchp(0x00fe_0000))).toBe(0);
    expect(reports({ css })).toEqual(['54020000', '4402fe00']);
  });
});

describe('STORE CHANNEL PATH STATUS', () => {
  it('has a bit for each path in use', () => {
    const { css, start } = withPaths();
    start(0x20, FakeCommand.controlLater);
    const result = css.stcps();
    const active = result.kind === 'done' ? result.data?.toHex() : '';
    expect(active).toBe(`${'00'.repeat(16)}10${'00'.repeat(15)}`);
  });
});

describe('a device that comes or goes while the guest runs', () => {
  it('is told of by channel reports', () => {
    let pendingReports = 0;
    const { css } = new Guest({ onChannelReport: () => pendingReports++ });
    const subchannel = css.plug({ cssid: 0, ssid: 0, number: 0x321 }, new FakeDevice());
    expect([pendingReports, css.reportPending, reports({ css })]).toEqual([1, true, ['03040321']]);
    expect(conditionCodeOf(css.stsch(0x0001_0321))).toBe(0);
    css.unplug(subchannel);
    css.unplug(subchannel);
    expect(reports({ css })).toEqual(['03040321']);
    expect(conditionCodeOf(css.stsch(0x0001_0321))).toBe(3);
    expect(css.find({ cssid: 0, ssid: 0, number: 0x321 })).toBeUndefined();
  });

  it('is told of with its set, to programs that know of sets', () => {
    const { css } = new Guest();
    css.chsc(chscBlock('0400003100000002'));
    css.plug({ cssid: 0, ssid: 2, number: 7 }, new FakeDevice());
    expect(reports({ css })).toEqual(['13040007', '03040020']);
  });

  it('takes its operation with it', async () => {
    const guest = new Guest();
    guest.start(guest.program().ccw({ command: FakeCommand.writeLater, count: 16, address: 0x2000 }));
    guest.css.unplug(guest.subchannel);
    await guest.device.finish();
    expect(guest.device.written).toEqual([new Uint8Array(0)]);
    expect(guest.css.pendingSubclasses).toBe(0);
  });
});

function chscBlock(hex: string): Uint8Array {
  const block = new Uint8Array(4096);
  block.set(Uint8Array.fromHex(hex));
  return block;
}
