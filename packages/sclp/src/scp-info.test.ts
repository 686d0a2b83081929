import { SclpCommand, scpCharacteristic } from '@zarch/arch';
import { describe, expect, it } from 'vitest';
import { GuestDriver, header, plainMachine } from './guest-driver.ts';
import { instructionBlocking, type SclpMachine } from './scp-info.ts';

const MIB = 1 << 20;

function readInfo(changes: Partial<SclpMachine>, length = 4096): DataView {
  const guest = new GuestDriver({ machine: plainMachine(changes) });
  expect(guest.call(SclpCommand.readScpInfo, header(length)).response).toBe(0x0010);
  return new DataView(guest.block(length).buffer);
}

describe('READ SCP INFO', () => {
  it.each([1, 24, 128, 1023, 1024, 3072, 4095, 4096, 65535, 65536, 131072])(
    'reports %i MiB exactly',
    (size) => {
      const info = readInfo({ memorySize: size * MIB });
      const count = info.getUint16(8) || Number(info.getBigUint64(104));
      const increment = info.getUint8(10) || info.getUint32(100);
      expect(count * increment).toBe(size);
    },
  );

  it('reports CPUs where it says', () => {
    const cpus = [
      { address: 0, type: 0, features: new Set(['sief2', 'sigpif', 'cei'] as const) },
      { address: 3, type: 3 },
    ];
    for (const [extendedLengthSccb, offset] of [
      [false, 128],
      [true, 144],
    ] as const) {
      const info = readInfo({ cpus: () => cpus, maximumCpus: 4, extendedLengthSccb });
      expect([info.getUint16(16), info.getUint16(18), info.getUint16(120)]).toEqual([2, offset, 3]);
      const entry = (index: number) =>
        new Uint8Array(info.buffer)
          .subarray(offset + 16 * index)
          .slice(0, 16)
          .toHex();
      expect(entry(0)).toBe('00000808000000100000000000000000');
      expect(entry(1)).toBe('03000000000000000000000000000300');
    }
  });

  it('reports the machine generation', () => {
    const ibc = (lowest: number, unblocked: number) => readInfo({ ibc: { lowest, unblocked } }).getUint32(76);
    expect(instructionBlocking(14, 1)).toBe(0x71);
    expect(instructionBlocking(6, 1)).toBe(0);
    expect(ibc(instructionBlocking(10, 1), instructionBlocking(14, 2))).toBe(0x0031_0072);
    expect(ibc(0, 0x71)).toBe(0x0071_0071);
    expect(ibc(0x72, 0x61)).toBe(0x0061_0061);
  });

  it('claims CPU information and nothing else', () => {
    expect(readInfo({}).getBigUint64(48)).toBe(0x0800_0000_0000_0000n);
  });

  it.each(Object.entries(scpCharacteristic))('reports the characteristic %s', (name, [byte, mask]) => {
    const characteristics = new Set([name as keyof typeof scpCharacteristic]);
    const set = (extendedLengthSccb: boolean) => {
      const bytes = new Uint8Array(readInfo({ characteristics, extendedLengthSccb }).buffer);
      const none = new Uint8Array(readInfo({ extendedLengthSccb }).buffer);
      return Array.from(bytes.keys())
        .filter((at) => bytes[at] !== none[at])
        .map((at) => [at, bytes[at]]);
    };
    expect(set(true)).toEqual([[byte, mask]]);
    expect(set(false)).toEqual(byte < 128 ? [[byte, mask]] : []);
  });

  it('reports the load parameter in EBCDIC', () => {
    const parameter = (loadParameter: string) =>
      new Uint8Array(readInfo({ loadParameter }).buffer).subarray(24, 32).toHex();
    expect(parameter('PROMPT')).toBe('d7d9d6d4d7e34040');
    expect(parameter('')).toBe('4040404040404040');
  });

  it('reports what else the model has', () => {
    const info = readInfo({ maximumHostAddressPower: 47, hmfai: 0x8000_0001, topologyNesting: 2 });
    expect([info.getUint8(99), info.getUint32(124), info.getUint8(15)]).toEqual([47, 0x8000_0001, 2]);
  });

  it('says how long the block must be when the program can take that', () => {
    for (const [controlMask, length] of [
      [0x00, 200],
      [0x80, 144 + 16 * 8],
    ] as const) {
      const guest = new GuestDriver({ machine: plainMachine({ maximumCpus: 8, extendedLengthSccb: true }) });
      const block = header(200);
      block[5] = controlMask;
      expect(guest.call(SclpCommand.readScpInfo, block).response).toBe(0x0300);
      expect(new DataView(guest.block().buffer).getUint16(0)).toBe(length);
    }
  });
});

describe('READ CPU INFO', () => {
  it('reports the configured CPUs and no standby ones', () => {
    const cpus = () => [
      { address: 0, type: 0 },
      { address: 1, type: 0 },
    ];
    const guest = new GuestDriver({ machine: plainMachine({ cpus, maximumCpus: 2 }) });
    expect(guest.call(SclpCommand.readCpuInfo, header(4096)).response).toBe(0x0010);
    const info = new DataView(guest.block().buffer);
    expect([8, 10, 12, 14].map((at) => info.getUint16(at))).toEqual([2, 24, 0, 56]);
    expect([24, 40].map((at) => info.getUint8(at))).toEqual([0, 1]);
  });
});
