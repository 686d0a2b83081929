/** The first message to a vCPU's thread, and to its translator's. */
import type { TranslatorWorkerData, VcpuWorkerData } from '@zarch/session/threads';

export interface VcpuStart {
  readonly data: VcpuWorkerData;
  /** The way to the translator, if there is one. */
  readonly translator: MessagePort | undefined;
}

export interface TranslatorStart {
  readonly data: TranslatorWorkerData;
  /** The way to the vCPU. */
  readonly vcpu: MessagePort;
}
