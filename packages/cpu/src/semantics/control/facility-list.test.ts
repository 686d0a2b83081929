/** STORE FACILITY LIST EXTENDED (Principles of Operation, chapter 7). */
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout } from '../../cpu-layout.ts';
import { DATA, OPERATION, TestControlCpu } from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('STFLE', () => {
  it.each([
    [0n, 3, [1n, 0n, 0n]],
    [1n, 3, [1n, 2n, 0n]],
    [2n, 0, [1n, 2n, 3n]],
    [255n, 0, [1n, 2n, 3n]],
  ])('offered %i more doublewords gives cc %i', (offered, cc, list) => {
    for (const i of [0, 1, 2]) cpu.setDoubleword(cpuLayout.announced + 8 * i, BigInt(i + 1));
    cpu.setGr(0, 0xaa00n | offered);
    expect(cpu.run('stfle 0(%r10)')).toMatchObject({ code: OPERATION, cc });
    expect([0n, 8n, 16n].map((at) => cpu.get(DATA + at))).toEqual(list);
    expect(cpu.gr(0)).toBe(0xaa02n);
  });
});
