export { cpuModel, cpuModelNames, DEFAULT_MODEL } from './cpu-models.ts';
export { Watchdog, type WatchdogHost } from './diagnose-288.ts';
export type { IplRequest } from './diagnose-308.ts';
export { type LoadResult, loadProgram, type Program } from './ipl.ts';
export { type Crash, Machine, type Outcome } from './machine.ts';
export type { MachineOptions } from './options.ts';
export { clearReset, cpuReset, initialCpuReset } from './reset.ts';
