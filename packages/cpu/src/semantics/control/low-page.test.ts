/** Stores into the first two pages, parts of which low-address protection covers (Principles of Operation, chapter 3). */
import { CR0 } from '@zarch/arch';
import { beforeEach, describe, expect, it } from 'vitest';
import { MODE, OPERATION, OTHER, PAGE_TABLE, SEGMENT_TABLE, TestControlCpu } from './test-control-cpu.ts';

const PROTECTION = 4;

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
  cpu.setControl(0, CR0.lowAddressProtection);
  cpu.setGr(1, 0x0102_0304_0506_0708n);
});

describe('stores into the first two pages', () => {
  it.each([
    ['behind what is protected', 'stg %r1,0x200(%r2)', OPERATION, 0x200],
    ['behind what is protected in the other page', 'stg %r1,0x200(%r3)', OPERATION, 0x1200],
    ['at its end', 'stg %r1,0x1f8(%r2)', PROTECTION, 0x1f8],
    ['at its end in the other page', 'stg %r1,0x1f8(%r3)', PROTECTION, 0x11f8],
    ['beyond its end', 'stg %r1,0x1fc(%r2)', PROTECTION, 0x1fc],
    ['into the other page', 'stg %r1,0xffc(%r2)', PROTECTION, 0xffc],
    ['of many bytes beyond its end', 'mvc 0x1f0(40,%r2),0x400(%r2)', PROTECTION, 0x1f0],
    ['of one byte', 'oi 0x1ff(%r2),1', PROTECTION, 0x1ff],
  ])('%s', (_, store, code, at) => {
    cpu.setGr(3, 0x1000n);
    const before = cpu.bytes(at, 8);
    // The pages are known by then.
    const result = cpu.run(`stg %r1,0x800(%r2)\n stg %r1,0x808(%r2)\n stg %r1,0x800(%r3)\n ${store}`);
    expect(result.code).toBe(code);
    const stored = [1, 2, 3, 4, 5, 6, 7, 8];
    expect([...cpu.bytes(at, 8)]).toEqual(code === OPERATION ? stored : [...before]);
    expect([...cpu.bytes(0x808, 8)]).toEqual(stored);
  });

  it('are not protected while the control is zero', () => {
    cpu.setControl(0, 0n);
    expect(cpu.run('stg %r1,0x800(%r2)\n stg %r1,0x100(%r2)').code).toBe(OPERATION);
    expect(cpu.bytes(0x100, 1)[0]).toBe(1);
  });

  it('go where the address space has them', () => {
    // The program itself turns translation on.
    cpu.translate(0n, CR0.lowAddressProtection);
    cpu.put(PAGE_TABLE, OTHER);
    cpu.setPsw(MODE);
    cpu.setGr(4, SEGMENT_TABLE);
    const store = 'stg %r1,0x800(%r2)';
    expect(cpu.run(`${store}\n stosm 0x900(%r2),4\n ${store}\n stosm 0x910(%r2),0`).code).toBe(OPERATION);
    expect(cpu.bytes(OTHER + 0x800n, 8)[7]).toBe(8);
    expect(cpu.bytes(OTHER + 0x910n, 1)[0]).toBe(4);
    expect(cpu.bytes(0x900, 1)[0]).toBe(0);
  });

  it('obey the key', () => {
    cpu.setControl(0, CR0.lowAddressProtection);
    cpu.setKey(0n, 0x30);
    expect(cpu.run('stg %r1,0x800(%r2)\n spka 0x50(%r0)\n stg %r1,0x808(%r2)').code).toBe(PROTECTION);
    expect(cpu.run('spka 0x30(%r0)\n stg %r1,0x808(%r2)').code).toBe(OPERATION);
  });

  it('are told from those that only look alike', () => {
    cpu.setPsw(MODE);
    expect(cpu.run('stg %r1,0x800(%r2)').code).toBe(OPERATION);
    cpu.setGr(2, 1n << 40n);
    expect(cpu.run('stg %r1,0x800(%r2)').code).toBe(5);
  });
});
