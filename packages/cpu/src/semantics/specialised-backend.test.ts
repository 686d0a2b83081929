import { assemble, decode } from '@zarch/isa';
import { mmuLayout } from '@zarch/memory';
import { describe, expect, it } from 'vitest';
import { cpuLayout, Exit } from '../cpu-layout.ts';
import { beginModule } from '../cpu-module.ts';
import { CODE, TestCpu } from '../test-cpu.ts';
import { Semantics } from './semantics.ts';
import { SpecialisedBackend } from './specialised-backend.ts';

/** One function for one instruction: operand fields constant, registers in locals. */
function specialise(cpu: TestCpu, source: string): { run: (block: number) => number; size: number } {
  const assembled = assemble(source, { address: CODE });
  if (!assembled.ok) throw new Error(assembled.error.message);
  const row = decode(assembled.bytes);
  if (!row) throw new Error(source);
  const { module, helpers, definitions } = beginModule(cpu.host.pages);
  const ref = module.function('specialised', ['ptr'], ['i32'], (f) => {
    const block = f.param(0, 'ptr').get();
    const registers = Array.from({ length: 16 }, () => f.local('i64'));
    const [cc, exit] = [f.local('i32'), f.local('i32')];
    for (const [i, register] of registers.entries()) f.set(register, f.loadI64(block, cpuLayout.gr + 8 * i));
    f.set(cc, f.loadI32(block, cpuLayout.cc));
    f.block((leave) => {
      const state = { registers, cc, exit, leave };
      const backend = new SpecialisedBackend(f, row, assembled.bytes, CODE, state);
      definitions.get(row.mnemonic)?.(new Semantics(row, backend, helpers));
      f.store(block, cpuLayout.nextAddress, backend.nextAddress(), 64);
    });
    for (const [i, register] of registers.entries()) f.store(block, cpuLayout.gr + 8 * i, register.get(), 64);
    f.store(block, cpuLayout.cc, cc.get());
    f.return(exit.get());
  });
  module.export('specialised', ref);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), {
    host: {
      memory: cpu.host.memory,
      clock: () => 0n,
      assist: () => 0,
      translateAccessRegister: () => [0n, 0],
    },
  });
  return { run: instance.exports['specialised'] as (block: number) => number, size: assembled.bytes.length };
}

describe('specialised code and the interpreter, from the same definition, agree', () => {
  it.each([
    ['agr %r1,%r2', 5n, -7n],
    ['ahi %r1,-1', 0x1_8000_0000n, 0n],
    ['sgr %r1,%r2', 1n << 63n, 1n],
    ['risbg %r1,%r2,8,171,12', -1n, 0x1234_5678_9abc_def0n],
    ['lg %r1,16(%r3,%r2)', 0n, 8n],
    ['stg %r1,-8(%r3)', 0x1122_3344_5566_7788n, 0n],
    ['cgij %r1,4,8,.+20', 4n, 0n],
    ['cgij %r1,4,8,.+20', 5n, 0n],
    ['sllg %r1,%r2,3(%r3)', 0n, 0x123n],
    ['lgb %r1,1(%r3)', 0n, 0n],
    ['mvi 5(%r3),42', 0n, 0n],
    ['ltgr %r1,%r2', 0n, -1n],
  ])('%s', (source, first, second) => {
    const observe = (execute: (cpu: TestCpu) => void) => {
      const cpu = new TestCpu();
      cpu.setBytes(
        0x4000,
        Array.from({ length: 64 }, (_, i) => 0xf0 - 3 * i),
      );
      cpu.setGr(1, first);
      cpu.setGr(2, second);
      cpu.setGr(3, 0x4010n);
      execute(cpu);
      return {
        registers: Array.from({ length: 16 }, (_, i) => cpu.gr(i)),
        cc: cpu.word(cpuLayout.cc),
        next: cpu.word(cpuLayout.nextAddress),
        storage: cpu.bytes(0x4000, 64),
      };
    };
    const specialised = observe((cpu) => {
      const { run } = specialise(cpu, source);
      expect(run(cpu.cpu)).toBe(Exit.slice);
    });
    const interpreted = observe((cpu) => {
      // Both ways on end in an operation exception, which leaves the next address behind its halfword of zeros.
      cpu.setBytes(CODE, new Uint8Array(64));
      const end = cpu.run(source);
      expect(end.code).toBe(1);
      cpu.setWord(cpuLayout.nextAddress, Number(end.nextAddress) - 2);
    });
    expect(specialised).toEqual(interpreted);
  });

  it('a load that fails leaves with its exception', () => {
    const cpu = new TestCpu();
    cpu.setGr(3, 1n << 40n);
    expect(specialise(cpu, 'lg %r1,0(%r3)').run(cpu.cpu)).toBe(Exit.program);
    expect(cpu.word(mmuLayout.faultCode)).toBe(5);
  });
});
