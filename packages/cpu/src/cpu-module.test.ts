import { assembleProgram } from '@zarch/isa';
import { expect, it } from 'vitest';
import { cpuLayout, Exit } from './cpu-layout.ts';
import { CODE, TestCpu } from './test-cpu.ts';

it('a loop of instructions that may take long comes back before its branches are counted down', () => {
  const cpu = new TestCpu();
  const program = assembleProgram('again: cuse %r2,%r4\n ahi %r6,1\n j again', { origin: CODE });
  if (!program.ok) throw new Error('the program is wrong');
  // What is translated at first sight comes back for that.
  cpu.setWord(cpuLayout.hotThreshold, 0);
  cpu.setBytes(CODE, program.bytes);
  cpu.setWord(cpuLayout.nextAddress, Number(CODE));
  for (let visits = 1; visits <= 3; visits++) {
    expect(cpu.exports.run(cpu.cpu, 1_000_000)).toBe(Exit.partial);
    const rounds = cpu.gr(6);
    expect(rounds).toBeLessThan(64n * BigInt(visits));
    // It goes on behind the instruction, which is done.
    expect(cpu.exports.run(cpu.cpu, 2)).toBe(Exit.slice);
    expect(cpu.gr(6)).toBeGreaterThan(rounds);
  }
});
