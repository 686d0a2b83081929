/** Moves between address spaces and with keys (Principles of Operation, chapter 10). */
import { CR0, PSW } from '@zarch/arch';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  DATA,
  MODE,
  OPERATION,
  OTHER,
  PAGE_TABLE,
  SEGMENT_TABLE,
  TestControlCpu,
} from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('MVCP and MVCS', () => {
  const run = (mnemonic: string) => cpu.run(`${mnemonic} 0(%r1,%r10),0(%r11),%r3`);
  it.each([
    [8n, 0],
    [256n, 0],
    [257n, 3],
  ])('moves %i bytes, cc %i', (length, cc) => {
    cpu.translate();
    cpu.setBytes(DATA, new Uint8Array(300).fill(7));
    cpu.setGr(11, DATA);
    cpu.setBytes(OTHER, new Uint8Array(300).fill(9));
    cpu.setGr(10, 0x4_0000n);
    cpu.setGr(1, length);
    // The secondary space has OTHER at DATA.
    expect(run('mvcp')).toMatchObject({ code: OPERATION, cc });
    const moved = cpu.bytes(0x4_0000n, 300);
    expect(moved.filter((byte) => byte === 9).length).toBe(Math.min(Number(length), 256));
    expect(moved.includes(7)).toBe(false);
  });
  it('MVCS moves to the secondary space', () => {
    cpu.translate();
    cpu.put(OTHER, 0n);
    cpu.put(0x4_0000n, 0x1234n);
    cpu.setGr(11, 0x4_0000n);
    cpu.setGr(1, 8n);
    expect(run('mvcs').code).toBe(OPERATION);
    expect([cpu.get(DATA), cpu.get(OTHER)]).toEqual([0n, 0x1234n]);
  });
  it('uses the key in R3 for the secondary space', () => {
    cpu.translate();
    cpu.setKey(OTHER, 0x58);
    cpu.setGr(11, DATA);
    cpu.setGr(10, 0x4_0000n);
    cpu.setGr(1, 8n);
    cpu.setGr(3, 0x40n);
    expect(run('mvcp').code).toBe(4);
    cpu.setGr(3, 0x50n);
    expect(run('mvcp').code).toBe(OPERATION);
  });
  it.each([
    ['without DAT', 0n, CR0.secondarySpace],
    ['without the secondary-space control', PSW.dat, 0n],
  ])('is a special operation %s', (_, dat, control) => {
    cpu.translate(0n, control);
    cpu.setPsw(MODE | dat);
    expect(run('mvcp').code).toBe(0x13);
  });
  it('needs authority for the key in the problem state', () => {
    cpu.translate(PSW.problem);
    expect(run('mvcp').code).toBe(2);
    cpu.setControl(3, 1n << 31n);
    expect(run('mvcp').code).toBe(OPERATION);
  });
});

describe('MVCOS', () => {
  const run = () => cpu.run('mvcos 0(%r10),0(%r11),%r3');
  beforeEach(() => {
    cpu.setGr(10, 0x4_0000n);
    cpu.setGr(11, DATA);
    cpu.put(DATA, 0x1111n);
    cpu.put(OTHER, 0x2222n);
    cpu.setGr(3, 8n);
  });
  it.each([
    ["the PSW's space", 0n, 0x1111n],
    ['the primary space', 0x0001n, 0x1111n],
    ['the secondary space', 0x0081n, 0x2222n],
    ['a space without the validity bit', 0x0080n, 0x1111n],
  ])('fetches from %s', (_, control, value) => {
    cpu.translate();
    cpu.setGr(0, control);
    expect(run()).toMatchObject({ code: OPERATION, cc: 0 });
    expect(cpu.get(0x4_0000n)).toBe(value);
  });
  it('stores into the secondary space', () => {
    cpu.translate();
    cpu.setGr(0, 0x81_0000n);
    cpu.setGr(10, DATA);
    cpu.setGr(11, 0x4_0000n);
    expect(run().code).toBe(OPERATION);
    expect([cpu.get(DATA), cpu.get(OTHER)]).toEqual([0x1111n, 0n]);
  });
  it.each([
    ['the right key', 0x5002n, OPERATION],
    ['another key', 0x4002n, 4],
    ['a key without the validity bit', 0x4000n, OPERATION],
  ])('fetches with %s', (_, control, code) => {
    cpu.translate();
    cpu.setKey(DATA, 0x58);
    cpu.setGr(0, control);
    expect(run().code).toBe(code);
  });
  it.each([
    ['home space in the problem state', 0x00c1n, PSW.problem, CR0.secondarySpace, 0x13],
    ['secondary space without the control', 0x0081n, 0n, 0n, 0x13],
    ['a key without authority', 0x5002n, PSW.problem, CR0.secondarySpace, 2],
  ])('refuses %s', (_, control, mask, cr0, code) => {
    cpu.translate(mask, cr0);
    cpu.setGr(0, control);
    expect(run().code).toBe(code);
  });
  it.each([
    ['is there', 'nopr', OPERATION],
    ['has been invalidated', 'ipte %r5,%r10', 0x11],
    ['belongs to a space that was purged', 'stg %r7,0(%r6)\n idte %r0,%r4,%r2', 0x11],
    ['has another key', 'spka 0x50(%r0)', 4],
  ])('uses what the CPU knows of a page that %s', (_, change, code) => {
    cpu.translate();
    cpu.setKey(DATA, 0x38);
    cpu.setGr(0, 0n);
    cpu.setGr(2, 0x800n);
    cpu.setGr(4, SEGMENT_TABLE);
    cpu.setGr(5, PAGE_TABLE);
    cpu.setGr(6, PAGE_TABLE + 8n * (DATA >> 12n));
    cpu.setGr(7, DATA | 0x400n);
    const [from, to] = [DATA, 0x4_0000n];
    cpu.put(from, 0x77n);
    cpu.setGr(10, from);
    cpu.setGr(11, to);
    // Both pages are known by then.
    const move = 'mvcos 0(%r11),0(%r10),%r3';
    expect(cpu.run(`lg %r1,0(%r10)\n stg %r1,8(%r11)\n ${change}\n ${move}`).code).toBe(code);
    expect([cpu.get(to), cpu.get(to + 8n)]).toEqual([code === OPERATION ? 0x77n : 0n, 0x77n]);
  });
  it('does not store where only a fetch is known to be allowed', () => {
    cpu.translate();
    cpu.setGr(0, 0n);
    cpu.put(PAGE_TABLE + 8n * (DATA >> 12n), DATA | 0x200n);
    expect(cpu.run('lg %r1,0(%r11)\n mvcos 0(%r11),0(%r10),%r3').code).toBe(4);
  });
  it('moves at most 4096 bytes, with cc 3', () => {
    cpu.translate();
    cpu.setGr(0, 0n);
    cpu.setGr(3, 4097n);
    cpu.setBytes(DATA, new Uint8Array(4097).fill(5));
    expect(run()).toMatchObject({ code: OPERATION, cc: 3 });
    expect(cpu.bytes(0x4_0000n, 4097).lastIndexOf(5)).toBe(4095);
  });
});
