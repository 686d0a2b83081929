import { CpuState, Lowcore } from '@zarch/arch';
import { assembleProgram } from '@zarch/isa';
import { clearReset, initializeVcpu, Vcpu, Vm } from '@zarch/kvm';
import { describe, expect, it } from 'vitest';
import { cpuModel, DEFAULT_MODEL } from './cpu-models.ts';
import { registerDump } from './register-dump.ts';
import { InstructionTrace, type TraceItems } from './trace.ts';

const PROGRAM = `
       lghi %r1,2
loop:  aghi %r1,-1
       brctg %r1,loop
       exrl %r0,target
       brc 15,over
target: lr %r2,%r3
over:  svc 5
`;

/** Runs the program up to its first exit. */
function run(items: Partial<TraceItems>): { readonly lines: readonly string[]; readonly vcpu: Vcpu } {
  const model = cpuModel(DEFAULT_MODEL);
  const program = assembleProgram(PROGRAM, { origin: 0x1_0000n });
  if (!model || !program.ok) throw new Error('the test is wrong');
  const lines: string[] = [];
  const all = { in_asm: false, exec: false, cpu: false, int: false, ...items };
  const observer = new InstructionTrace(all, (line) => lines.push(line));
  const vm = new Vm({ memorySize: 1 << 20, maximumCpus: 1, model });
  const vcpu = new Vcpu(vm, 0, { clock: () => 1n << 60n, observer });
  initializeVcpu(vm, vcpu.state);
  clearReset(vcpu.state);
  vm.load(0x1_0000, program.bytes);
  vm.load(0x2_0000, Uint8Array.of(0x83, 0, 0x05, 0));
  vcpu.state.psw = { mask: 0x1_8000_0000n, address: 0x1_0000n };
  vcpu.state.setGr(3, 0x1234n);
  vcpu.state.lowcore().setU64(Lowcore.svcNewPsw, 0x1_8000_0000n);
  vcpu.state.lowcore().setU64(Lowcore.svcNewPsw + 8, 0x2_0000n);
  vm.states.setState(0, CpuState.operating);
  expect(vcpu.run().reason).toBe('diagnose');
  return { lines, vcpu };
}

describe('an instruction trace', () => {
  it('of cpu has every instruction and the registers that it changed', () => {
    expect(run({ cpu: true }).lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
      '0000000000010000: a7190002 lghi %r1,2 r1=0000000000000002',
      '0000000000010004: a71bffff aghi %r1,-1 r1=0000000000000001 cc=2',
      '0000000000010008: a717fffe brctg %r1,0x10004 r1=0000000000000000',
      '000000000001000c: 1823 lr %r2,%r3 (executed at 0000000000010016) r2=0000000000001234',
      '0000000000010012: a7f40003 j 0x10018',
      '0000000000010018: 0a05 svc 5',
      '-- cc=0',
      '0000000000020000: 83000500 diag %r0,%r0,1280',
    ]);
  });

  it('of int has interruptions', () => {
    expect(run({ int: true }).lines).toEqual(['-- supervisor-call interruption, code 0005']);
  });

  it.each<[keyof TraceItems, number]>([
    ['exec', 7],
    ['in_asm', 7],
  ])('of %s has no registers', (item, count) => {
    const { lines } = run({ [item]: true });
    expect(lines).toHaveLength(count);
    expect(lines[0]).toBe('0000000000010000: a7190002     lghi %r1,2');
  });

  it('is the same in every run', () => {
    expect(run({ cpu: true, int: true }).lines).toEqual(run({ cpu: true, int: true }).lines);
  });
});

describe('registerDump', () => {
  it('has PSW, general, floating-point, access and control registers', () => {
    const lines = registerDump(run({ int: true }).vcpu.state).split('\n');
    expect(lines[0]).toMatch(/^PSW=mask 0000000180000000 addr 0000000000020004 cc 0$/);
    expect(lines[1]).toMatch(/^R00=0{16} R01=0{16} R02=0{12}1234 R03=0{12}1234$/);
    expect(lines.at(-4)).toMatch(/^C00=[0-9a-f]{16} C01=/);
    expect(lines).toHaveLength(1 + 4 + 4 + 1 + 2 + 4);
  });
});
