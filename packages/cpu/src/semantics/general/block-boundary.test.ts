import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('block boundaries, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it.each([
    [0, 0x103f, 1, 3],
    [0, 0x1030, 16, 0],
    [1, 0x103f, 16, 0],
    [6, 0x1ff5, 11, 3],
    [6, 0x1000, 16, 0],
  ])('LCBB with code %i of %i', (code, address, count, cc) => {
    cpu.setGr(5, BigInt(address));
    expect(cpu.run(`lcbb %r1,0(%r5),${code}`).cc).toBe(cc);
    expect(cpu.gr(1) & 0xffff_ffffn).toBe(BigInt(count));
  });
});
