import { describe, expect, it } from 'vitest';
import { TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('shifts, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it.each([
    // instruction, R1, result, condition code
    ['sla %r1,1', 0x3fff_ffffn, 0x7fff_fffen, 2],
    ['sla %r1,1', 0x4000_0000n, 0n, 3],
    ['sla %r1,31', 0xffff_ffffn, 0x8000_0000n, 1],
    // The zeros that come in from the right are shifted out too.
    ['sla %r1,32', 0xffff_ffffn, 0x8000_0000n, 3],
    ['sla %r1,63', 0xffff_ffffn, 0x8000_0000n, 3],
    ['sla %r1,63', 0n, 0n, 0],
    ['slag %r1,%r1,63', (1n << 64n) - 1n, 1n << 63n, 1],
    ['slag %r1,%r1,1', 1n << 62n, 0n, 3],
    ['sra %r1,63', 0x8000_0000n, 0xffff_ffffn, 1],
    ['srag %r1,%r1,63', 1n << 63n, (1n << 64n) - 1n, 1],
  ])('%s of %i', (source, value, result, cc) => {
    cpu.setGr(1, value);
    const end = cpu.run(source);
    expect({ cc: end.cc, result: cpu.gr(1) }).toEqual({ cc, result });
  });
});
