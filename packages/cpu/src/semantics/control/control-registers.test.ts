/** LOAD CONTROL and STORE CONTROL (Principles of Operation, chapter 10). */
import { StateDescription } from '@zarch/arch';
import { stateField } from '@zarch/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { Exit } from '../../cpu-layout.ts';
import { DATA, OPERATION, TestControlCpu } from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('control registers', () => {
  it('are loaded and stored as doublewords', () => {
    cpu.put(DATA, 0x1111_2222_3333_4444n, 0x5555_6666_7777_8888n);
    expect(cpu.run('lctlg 4,5,0(%r10)\n stctg 4,5,16(%r10)\n stctl 5,5,32(%r10)').code).toBe(OPERATION);
    expect(cpu.get(DATA + 16n)).toBe(0x1111_2222_3333_4444n);
    expect(cpu.get(DATA + 24n)).toBe(0x5555_6666_7777_8888n);
    expect(cpu.get(DATA + 32n)).toBe(0x7777_8888_0000_0000n);
  });
  it('keep their left halves with LCTL', () => {
    cpu.setControl(4, 0xaaaa_bbbb_cccc_ddddn);
    cpu.put(DATA, 0x1111_2222_0000_0000n);
    expect(cpu.run('lctl 4,4,0(%r10)\n stctg 4,4,0(%r10)').code).toBe(OPERATION);
    expect(cpu.get(DATA)).toBe(0xaaaa_bbbb_1111_2222n);
  });
  it('wrap from 15 to 0', () => {
    cpu.setControl(15, 15n);
    cpu.setControl(0, 7n);
    cpu.setControl(1, 1n);
    expect(cpu.run('stctg 15,1,0(%r10)').code).toBe(OPERATION);
    expect([0n, 8n, 16n, 24n].map((at) => cpu.get(DATA + at))).toEqual([15n, 7n, 1n, 0n]);
  });
  it.each([
    [0, Exit.check],
    [4, Exit.program],
    [6, Exit.check],
    [9, Exit.check],
  ])('%i loaded exits with %i', (number, exit) => {
    expect(cpu.run(`lctlg ${number},${number},0(%r10)`).exit).toBe(exit);
  });
  it.each(['lctlg 4,4,4(%r10)', 'stctg 4,4,4(%r10)', 'lctl 4,4,2(%r10)', 'stctl 4,4,2(%r10)'])(
    '%s needs a boundary',
    (source) => {
      expect(cpu.run(source).code).toBe(6);
    },
  );
  it('are intercepted as the state description asks', () => {
    cpu.view.setUint16(cpu.description + stateField(StateDescription.lctl, 2), 0x8000 >> 5, true);
    expect(cpu.run('lctlg 4,4,0(%r10)').exit).toBe(Exit.program);
    expect(cpu.run('lctlg 4,5,0(%r10)').exit).toBe(Exit.intercept);
  });
});
