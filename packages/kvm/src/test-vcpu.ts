/** A vCPU in this thread, for tests: runs an assembled program in real mode. */
import { CpuState, Lowcore } from '@zarch/arch';
import { assembleProgram } from '@zarch/isa';
import type { InstructionObserver } from './debugger.ts';
import { clearReset } from './reset.ts';
import { initializeVcpu, Vcpu } from './vcpu.ts';
import { Vm } from './vm.ts';

/** A PSW mask for 64-bit addressing. */
export const BITS64 = 0x1_8000_0000n;
/** Where programs are, and where program and supervisor-call interruptions go. */
export const CODE = 0x1_0000n;
export const PROGRAM_HANDLER = 0x2_0000n;
export const SVC_HANDLER = 0x2_1000n;

const model = { cpuId: 0x3906_8000n, facilities: new Set(Array.from({ length: 130 }, (_, i) => i)), ibc: 0 };
const options = { memorySize: 1 << 20, maximumCpus: 1, model };

export interface TestVcpu {
  readonly vm: Vm;
  readonly vcpu: Vcpu;
  /** The address of a label. */
  readonly at: (label: string) => bigint;
}

/** Assembles `source` at {@link CODE} and points the PSW at it. */
export function testVcpu(source: string, observer?: InstructionObserver): TestVcpu {
  const program = assembleProgram(source, { origin: CODE });
  if (!program.ok)
    throw new Error(program.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const vm = new Vm(options);
  const vcpu = new Vcpu(vm, 0, { clock: () => 1n << 60n, ...(observer ? { observer } : {}) });
  const { state } = vcpu;
  initializeVcpu(vm, state);
  clearReset(state);
  vm.load(Number(CODE), program.bytes);
  state.psw = { mask: BITS64, address: CODE };
  const area = state.lowcore();
  for (const [location, address] of [
    [Lowcore.programNewPsw, PROGRAM_HANDLER],
    [Lowcore.svcNewPsw, SVC_HANDLER],
  ] as const) {
    area.setU64(location, BITS64);
    area.setU64(location + 8, address);
  }
  vm.states.setState(0, CpuState.operating);
  const at = (label: string) => {
    const address = program.symbols.get(label);
    if (address === undefined) throw new Error(`no label ${label}`);
    return address;
  };
  return { vm, vcpu, at };
}
