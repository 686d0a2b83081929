/** Reading and setting the clocks (Principles of Operation, chapter 4, "Timing"). */
import { StateDescription } from '@zarch/arch';
import { stateField } from '@zarch/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import { DATA, OPERATION, TestControlCpu } from './test-control-cpu.ts';

let cpu: TestControlCpu;
beforeEach(() => {
  cpu = new TestControlCpu();
});

describe('clocks', () => {
  it('STCK never stores a value twice', () => {
    cpu.setDoubleword(cpuLayout.lastClock, 1n << 61n);
    cpu.setCc(3);
    expect(cpu.run('stck 0(%r10)\n stck 8(%r10)')).toMatchObject({ code: OPERATION, cc: 0 });
    expect([cpu.get(DATA), cpu.get(DATA + 8n)]).toEqual([(1n << 61n) + 1n, (1n << 61n) + 2n]);
  });
  it('STCK adds the epoch', () => {
    cpu.run('stckf 0(%r10)');
    cpu.view.setBigUint64(cpu.description + stateField(StateDescription.epoch, 8), 1n << 40n, true);
    cpu.run('stckf 8(%r10)');
    const difference = cpu.get(DATA + 8n) - cpu.get(DATA) - (1n << 40n);
    expect(difference > 0n && difference < 100n).toBe(true);
  });
  it('STPT stores what SPT set, less what has passed', () => {
    cpu.put(DATA, 1000n);
    expect(cpu.run('spt 0(%r10)').exit).toBe(Exit.check);
    expect(cpu.run('stpt 8(%r10)').code).toBe(OPERATION);
    expect(cpu.get(DATA + 8n) < 1000n && cpu.get(DATA + 8n) > 900n).toBe(true);
  });
  it('STCKC stores what SCKC set', () => {
    cpu.put(DATA, 0x1234_5678_9abc_def0n);
    expect(cpu.run('sckc 0(%r10)').exit).toBe(Exit.check);
    expect(cpu.run('stckc 8(%r10)').code).toBe(OPERATION);
    expect(cpu.get(DATA + 8n)).toBe(0x1234_5678_9abc_def0n);
  });
});
