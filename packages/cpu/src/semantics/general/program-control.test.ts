import { describe, expect, it } from 'vitest';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import { CODE, TestCpu } from '../../test-cpu.ts';

describe.each([false, true])('program control, stepping %s', (stepping) => {
  const cpu = new TestCpu();
  cpu.stepping = stepping;

  it('SPM sets condition code and program mask, IPM inserts them', () => {
    cpu.setGr(1, 0x2500_0000n);
    cpu.setGr(2, 0xaaaa_aaaa_bbcc_ddeen);
    expect(cpu.run('spm %r1\n ipm %r2').cc).toBe(2);
    expect(cpu.gr(2)).toBe(0xaaaa_aaaa_25cc_ddeen);
    cpu.setGr(1, 0n);
    expect(cpu.run('spm %r1').cc).toBe(0);
  });

  it('SVC leaves with its code and the next address', () => {
    expect(cpu.run('svc 142')).toMatchObject({ exit: Exit.supervisorCall, nextAddress: CODE + 2n });
    expect(cpu.word(cpuLayout.svcCode)).toBe(142);
  });

  it('MC is an event only if control register 8 says so for its class', () => {
    cpu.setControl(8, 0x2000n);
    expect(cpu.run('mc 0x123,1').code).toBe(1);
    expect(cpu.run('mc 0x123,2').code).toBe(0x40);
    expect(cpu.word(cpuLayout.monitorClass)).toBe(2);
    expect(cpu.word(cpuLayout.monitorCode)).toBe(0x123);
    expect(cpu.run('mc 0,16').code).toBe(6);
    cpu.setControl(8, 0n);
  });
});
