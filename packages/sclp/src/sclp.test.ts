import { ProgramInterruption, SclpCommand } from '@zarch/arch';
import { StorageView } from '@zarch/memory';
import { describe, expect, it } from 'vitest';
import { GuestDriver, header, plainMachine } from './guest-driver.ts';
import { Sclp } from './sclp.ts';

const MIB = 1 << 20;
const { addressing, specification } = ProgramInterruption;

describe('the address of a block', () => {
  const rows: readonly [string, number, number][] = [
    ['in the first page', 0x0, specification],
    ['at the end of the low 8 KiB', 0x1ff8, specification],
    ['in the prefix area', 0x8000, specification],
    ['at the end of the prefix area', 0x9ff8, specification],
    ['one byte off a doubleword', 0x10001, specification],
    ['a halfword off a doubleword', 0x10002, specification],
    ['a word off a doubleword', 0x10004, specification],
    ['seven bytes off a doubleword', 0x10007, specification],
    ['at the end of storage', MIB, addressing],
    ['beyond storage', 0x7fff_fff8, addressing],
    ['beyond 2 GiB', 2 ** 31, addressing],
    ['in the upper half of the register', 0xdead_beef * 2 ** 32, addressing],
  ];
  it.each(rows)('%s is refused', (_, sccb, code) => {
    const guest = new GuestDriver({ prefix: 0x8000 });
    expect(guest.sclp.serviceCall(SclpCommand.readScpInfo, sccb, 0x8000)).toEqual({ kind: 'program', code });
    expect(guest.signal).toBe(0);
  });

  it('beyond 2 GiB is refused inside storage too', () => {
    const window = new StorageView(new ArrayBuffer(4096), 4096, 4096);
    const storage = { size: 2 ** 32, view: () => window };
    const sclp = new Sclp({ storage, raiseServiceSignal: () => {} }, plainMachine());
    const result = sclp.serviceCall(SclpCommand.readScpInfo, 2 ** 31, 0);
    expect(result).toEqual({ kind: 'program', code: specification });
  });
});

describe('the length of a block', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('of %i is a specification exception', (length) => {
    const guest = new GuestDriver();
    const block = header(8);
    block[1] = length;
    expect(guest.call(SclpCommand.readScpInfo, block).result).toEqual({
      kind: 'program',
      code: specification,
    });
  });

  const commands = [
    ['READ SCP INFO', SclpCommand.readScpInfo, 144],
    ['READ SCP INFO forced', SclpCommand.readScpInfoForced, 144],
    ['READ CPU INFO', SclpCommand.readCpuInfo, 40],
  ] as const;
  it.each(commands)('%s needs room for the CPUs', (_, command, required) => {
    const guest = new GuestDriver();
    for (let length = 8; length < required; length++) {
      expect(guest.call(command, header(length)).response).toBe(0x0300);
    }
    expect(guest.call(command, header(required)).response).toBe(0x0010);
  });

  it('that crosses a page is a boundary violation', () => {
    for (const [sccb, length] of [
      [0x10ff8, 9],
      [0x10ff8, 4096],
      [0x10008, 4089],
      [0x10000, 4097],
      [0x10000, 0xffff],
    ] as const) {
      const block = header(8);
      new DataView(block.buffer).setUint16(0, length);
      const guest = new GuestDriver({ sccb });
      const call = guest.call(SclpCommand.writeEventData, block);
      expect(call).toEqual({ result: { kind: 'cc', cc: 0 }, response: 0x0100, signal: sccb });
    }
  });

  it('may cross pages for READ SCP INFO with the extended-length-SCCB facility alone', () => {
    for (const [extendedLengthSccb, command, response] of [
      [false, SclpCommand.readScpInfo, 0x0100],
      [true, SclpCommand.readScpInfo, 0x0010],
      [true, SclpCommand.readCpuInfo, 0x0010],
      [true, SclpCommand.readEventData, 0x0100],
    ] as const) {
      const guest = new GuestDriver({ machine: plainMachine({ extendedLengthSccb }) });
      expect(guest.call(command, header(3 * 4096)).response).toBe(response);
    }
  });

  it('of an extended block that ends outside storage is an addressing exception', () => {
    const guest = new GuestDriver({ machine: plainMachine({ extendedLengthSccb: true }), sccb: MIB - 4096 });
    const block = header(8);
    new DataView(block.buffer).setUint16(0, 8192);
    expect(guest.call(SclpCommand.readScpInfo, block).result).toEqual({ kind: 'program', code: addressing });
  });
});

describe('commands', () => {
  it('that are unknown get a response', () => {
    const guest = new GuestDriver();
    for (const command of [0xdead0000, 0xdead0001, 0xdeadffff, 0x0002_0000, 0x0002_00ff, 0x0004_0001]) {
      expect(guest.call(command, header(4096)).response).toBe(0x01f0);
    }
    for (let low = 0; low < 256; low++) {
      const command = 0x0012_0000 + low;
      expect(guest.call(command, header(4096)).response).toBe(low === 1 ? 0x0010 : 0x01f0);
    }
  });

  it('complete by a service signal with the address of the block', () => {
    const guest = new GuestDriver({ sccb: 0x20008 });
    expect(guest.call(SclpCommand.readScpInfo, header(1024))).toEqual({
      result: { kind: 'cc', cc: 0 },
      response: 0x0010,
      signal: 0x20008,
    });
  });

  it('find the SCLP busy until the signal of the last one is taken', () => {
    const guest = new GuestDriver();
    guest.call(SclpCommand.readScpInfo, header(1024));
    expect(guest.sclp.serviceCall(SclpCommand.readScpInfo, guest.sccb, 0)).toEqual({ kind: 'cc', cc: 0 });
    expect(guest.sclp.serviceCall(SclpCommand.readScpInfo, guest.sccb, 0)).toEqual({ kind: 'cc', cc: 2 });
    guest.takeSignal();
    expect(guest.sclp.serviceCall(SclpCommand.readScpInfo, guest.sccb, 0)).toEqual({ kind: 'cc', cc: 0 });
  });

  it('do not find the SCLP busy because of an event', () => {
    const guest = new GuestDriver();
    guest.signal = 1;
    expect(guest.call(SclpCommand.readScpInfo, header(1024))).toMatchObject({ signal: guest.sccb + 1 });
  });
});
