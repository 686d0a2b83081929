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

/** What the machine needs of its host. */
export interface MachineHost {
  /** The host's clock in TOD-clock units, never going back: the channel subsystem measures with it. */
  readonly clock?: () => bigint;
  /** Has work done later, not before others had a turn. */
  readonly defer?: (work: () => void) => void;
}
