/**
 * Interruption action of external interruptions, and what the hypervisor is told of intercepted program interruptions
 * (Principles of Operation, chapter 6). Those that are not intercepted: `semantics/control/interruption-helpers.ts`.
 */
import { Lowcore, StateDescription as SD } from '@zarch/arch';
import { type HostStorage, mmuLayout, StorageView } from '@zarch/memory';
import type { CpuBlock } from './block-view.ts';
import { cpuLayout } from './cpu-layout.ts';
import type { CpuExports } from './cpu-module.ts';

/** The parameters of a program interruption that is intercepted, into the state description. */
export function programParameters(block: CpuBlock, sd: StorageView): void {
  sd.setU16(SD.programLength, block.u32(cpuLayout.length));
  sd.setU16(SD.programCode, block.u32(mmuLayout.faultCode));
  sd.setU32(SD.dxc, block.u32(cpuLayout.dxc));
  sd.setU16(SD.monitorClass, block.u32(cpuLayout.monitorClass));
  sd.setU64(SD.teid, block.u64(mmuLayout.faultTeid));
  sd.setU8(SD.exceptionAccess, block.u32(mmuLayout.faultAccess));
}

export interface ExternalInterruption {
  readonly code: number;
  readonly cpuAddress: number;
  readonly parameter: number;
}

/** @returns true when the new PSW is not valid: an early specification exception. */
export function deliverExternal(
  host: HostStorage,
  block: CpuBlock,
  exports: CpuExports,
  { code, cpuAddress, parameter }: ExternalInterruption,
): boolean {
  const area = new StorageView(host.memory.buffer, host.top - block.u32(mmuLayout.prefix), 8192);
  area.setU16(Lowcore.externalCode, code);
  area.setU16(Lowcore.externalCpuAddress, cpuAddress);
  area.setU32(Lowcore.externalParameter, parameter);
  return exports.exchangePsw(block.address, Lowcore.externalOldPsw, Lowcore.externalNewPsw) !== 0;
}
