/** What a machine is made of. */
import type { CpuModel } from '@zarch/kvm';

export interface MachineOptions {
  /** Bytes of storage: whole MiB. */
  readonly memorySize: number;
  readonly cpus: number;
  readonly maximumCpus: number;
  readonly model: CpuModel;
  readonly name?: string;
  readonly uuid?: Uint8Array;
  readonly loadParameter?: string;
}
