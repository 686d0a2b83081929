export { cpuImports } from './cpu-imports.ts';
export { type CpuModel, facilityBytes } from './cpu-model.ts';
export {
  type DebugEvent,
  Debugger,
  type DebugSettings,
  type InstructionObserver,
  type WatchKind,
  type Watchpoint,
} from './debugger.ts';
export type { GuestPsw, InstructionExit, InterceptedOperand, VcpuExit } from './exits.ts';
export { FloatingInterrupts, LocalInterrupts } from './interrupt-state.ts';
export { type IoEvent, IoEvents } from './io-events.ts';
export {
  type AbsoluteMemOp,
  type LogicalMemOp,
  MEM_OP_LIMIT,
  type MemOpOptions,
  memOpRead,
  memOpReadAbsolute,
  memOpWrite,
  memOpWriteAbsolute,
} from './mem-op.ts';
export { kickCpu, restartCpu } from './orders.ts';
export { ioSubclassMask } from './pending-interruptions.ts';
export { clearReset, cpuReset, initialCpuReset } from './reset.ts';
export { initializeVcpu, Vcpu, type VcpuHost } from './vcpu.ts';
export { type AccessFailure, VcpuState } from './vcpu-state.ts';
export { controlSize, maximumMemory, type VcpuPlace, Vm, type VmHandle, type VmOptions } from './vm.ts';
