import { describe, expect, it } from 'vitest';
import { systemInformation } from './stsi.ts';

const information = {
  cpus: 3,
  cpuAddress: 1,
  name: 'guest',
  uuid: Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  machineType: '3906',
};

describe('STORE SYSTEM INFORMATION', () => {
  it.each([
    ['1.1.1, the machine type', 1, 1, 1, 48, 'f3f9f0f6'],
    ['1.2.2, CPUs in the configuration', 1, 2, 2, 36, '0003'],
    ['2.2.1, the CPU address', 2, 2, 1, 102, '0001'],
    ['3.2.2, the count of description blocks', 3, 2, 2, 31, '01'],
    ['3.2.2, CPUs and configured CPUs', 3, 2, 2, 32 + 4, '00030003'],
    ['3.2.2, the name', 3, 2, 2, 32 + 12, '87a485a2a3404040'],
    ['3.2.2, the control program, which begins with "KVM/"', 3, 2, 2, 32 + 24, 'd2e5d461'],
    ['3.2.2, the encoding of the long name and the UUID', 3, 2, 2, 32 + 43, '0200000000010203'],
    ['3.2.2, the long name in UTF-8', 3, 2, 2, 2048, '677565737400'],
  ])('stores %s, in its place', (_, code, selector1, selector2, offset, hex) => {
    const block = systemInformation(code, selector1, selector2, information);
    expect(block?.subarray(offset, offset + hex.length / 2).toHex()).toBe(hex);
  });

  it.each([
    [1, 1, 2],
    [3, 2, 1],
    [15, 1, 2],
  ])('has no block %i.%i.%i', (code, selector1, selector2) => {
    expect(systemInformation(code, selector1, selector2, information)).toBeUndefined();
  });
});
