/** What runs on the threads of a machine, apart from what makes it: they load no more than they need. */
export type { HostClock } from './clock.ts';
export { TranslatorLoop, type TranslatorLoopHost, type TranslatorWorkerData } from './translator-loop.ts';
export { runVcpu, type VcpuLoopHost } from './vcpu-loop.ts';
export type { VcpuMessage, VcpuWorkerData } from './vcpu-protocol.ts';
