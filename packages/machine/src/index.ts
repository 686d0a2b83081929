export { cpuModel, cpuModelNames, DEFAULT_MODEL } from './cpu-models.ts';
export { Watchdog, type WatchdogHost } from './diagnose-288.ts';
export type { IplRequest } from './diagnose-308.ts';
export { GdbStub } from './gdb/stub.ts';
export type { GdbFeature, GdbRegister, GdbTarget } from './gdb/target.ts';
export { s390Features, targetXml } from './gdb/target-description.ts';
export { type VcpuControl, VcpuTarget } from './gdb/vcpu-target.ts';
export { type LoadResult, loadProgram, type Program } from './ipl.ts';
export { type Crash, Machine, type Outcome } from './machine.ts';
export type { MachineHost, MachineOptions } from './options.ts';
export { registerDump } from './register-dump.ts';
export {
  type AttachResult,
  type DeviceAddress,
  type VirtioDeviceOptions,
  VirtioDevices,
} from './virtio-devices.ts';
