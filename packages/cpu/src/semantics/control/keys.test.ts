/** Storage keys, and PERFORM FRAME MANAGEMENT FUNCTION, which sets them too (Principles of Operation, chapter 10). */
import { beforeEach, describe, expect, it } from 'vitest';
import { DATA, OPERATION, TestControlCpu } from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('storage keys', () => {
  it('are inserted by ISKE', () => {
    cpu.setKey(DATA, 0x5e);
    cpu.setGr(1, -1n);
    expect(cpu.run('iske %r1,%r10').code).toBe(OPERATION);
    expect(cpu.gr(1)).toBe(0xffff_ffff_ffff_ff5en);
  });
  it.each([
    // Mask, old key, new key, condition code (2 if unchanged), result.
    [0, 0x38, 0x57, 2, 0x56],
    [4, 0x54, 0x50, 0, 0x54],
    [4, 0x52, 0x50, 1, 0x50],
    [2, 0x52, 0x50, 0, 0x52],
    [2, 0x54, 0x50, 1, 0x50],
    [6, 0x56, 0x50, 0, 0x56],
    [6, 0x46, 0x50, 1, 0x50],
    [6, 0x56, 0x58, 1, 0x58],
  ])('are set by SSKE with mask %i over %i to %i: cc %i', (mask, old, fresh, cc, result) => {
    cpu.setKey(DATA, old);
    cpu.setGr(1, 0xffff_0000n | BigInt(fresh));
    cpu.setCc(2);
    expect(cpu.run(`sske %r1,%r10,${mask}`)).toMatchObject({ code: OPERATION, cc });
    expect(cpu.key(DATA)).toBe(result);
    const before = mask === 0 ? 0n : BigInt(old) << 8n;
    expect(cpu.gr(1)).toBe(0xffff_0000n | before | BigInt(fresh));
    expect(cpu.key(DATA + 0x1000n)).toBe(0);
  });
  it('are set by SSKE to the end of a MiB', () => {
    cpu.setGr(1, 0x70n);
    cpu.setGr(2, 0xf_e123n);
    expect(cpu.run('sske %r1,%r2,1').code).toBe(OPERATION);
    expect([0xf_d000n, 0xf_e000n, 0xf_f000n].map((at) => cpu.key(at))).toEqual([0, 0x70, 0x70]);
    expect(cpu.gr(2)).toBe(0x10_0000n);
  });
  it.each([
    [0x30, 0],
    [0x32, 1],
    [0x34, 2],
    [0x3e, 3],
  ])('%i loses its reference bit to RRBE, cc %i', (old, cc) => {
    cpu.setKey(DATA, old);
    expect(cpu.run('rrbe %r1,%r10')).toMatchObject({ code: OPERATION, cc });
    expect(cpu.key(DATA)).toBe(old & ~4);
  });
  it.each(['iske %r1,%r2', 'sske %r1,%r2', 'rrbe %r1,%r2'])(
    'of no storage: %s is an addressing exception',
    (source) => {
      cpu.setGr(2, 0x10_0000n);
      expect(cpu.run(source).code).toBe(5);
    },
  );
});

describe('PFMF', () => {
  it('clears a frame and sets its key', () => {
    for (const at of [DATA - 8n, DATA, DATA + 0xff8n, DATA + 0x1000n]) cpu.put(at, -1n);
    cpu.setGr(1, 0x3_0050n);
    cpu.setGr(2, DATA + 0x123n);
    expect(cpu.run('pfmf %r1,%r2').code).toBe(OPERATION);
    expect([DATA, DATA + 0xff8n].map((at) => cpu.get(at))).toEqual([0n, 0n]);
    expect([DATA - 8n, DATA + 0x1000n].map((at) => cpu.get(at))).toEqual([
      0xffff_ffff_ffff_ffffn,
      0xffff_ffff_ffff_ffffn,
    ]);
    expect([cpu.key(DATA), cpu.key(DATA + 0x1000n), cpu.gr(2)]).toEqual([0x50, 0, DATA + 0x123n]);
  });
  it('goes on to the end of a MiB', () => {
    cpu.setGr(1, 0x2_1060n);
    cpu.setGr(2, 0xf_e000n);
    expect(cpu.run('pfmf %r1,%r2').code).toBe(OPERATION);
    expect([0xf_d000n, 0xf_e000n, 0xf_f000n].map((at) => cpu.key(at))).toEqual([0, 0x60, 0x60]);
    expect(cpu.gr(2)).toBe(0x10_0000n);
  });
  it.each([
    ['a reserved bit', 0x4_0000n],
    ['bit 55', 0x100n],
    ['bit 63', 1n],
    ['frame size 3', 0x3000n],
  ])('is a specification exception with %s', (_, control) => {
    cpu.setGr(1, control);
    cpu.setGr(2, DATA);
    expect(cpu.run('pfmf %r1,%r2').code).toBe(6);
  });
});
