/**
 * Interruption action: what is stored in the prefix area before PSWs are exchanged (Principles of Operation,
 * chapter 6). Each function returns true when the new PSW is not valid: an early specification exception.
 */
import { Lowcore, nullifyingInterruptions, ProgramInterruption, StateDescription as SD } from '@zarch/arch';
import { type HostStorage, mmuLayout, StorageView } from '@zarch/memory';
import type { CpuBlock } from './block-view.ts';
import { cpuLayout } from './cpu-layout.ts';
import type { CpuExports } from './cpu-module.ts';
import type { PerEvent } from './per.ts';

function prefixArea(host: HostStorage, block: CpuBlock): StorageView {
  return new StorageView(host.memory.buffer, host.top - block.u32(mmuLayout.prefix), 8192);
}

function exchange(block: CpuBlock, exports: CpuExports, oldPsw: number, newPsw: number): boolean {
  return exports.exchangePsw(block.address, oldPsw, newPsw) !== 0;
}

const translationFaults: ReadonlySet<number> = new Set([0x10, 0x11, 0x38, 0x39, 0x3a, 0x3b]);
const alFaults: ReadonlySet<number> = new Set([0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d]);

/** A program interruption with the code and parameters that the block records, and a PER event if there is one. */
export function deliverProgram(
  host: HostStorage,
  block: CpuBlock,
  exports: CpuExports,
  per?: PerEvent,
): boolean {
  const area = prefixArea(host, block);
  const code = block.u32(mmuLayout.faultCode) | (per ? 0x80 : 0);
  const length = block.u32(cpuLayout.length);
  const base = code & 0x7f;
  if (nullifyingInterruptions.has(base) && length !== 0) {
    block.setU64(
      cpuLayout.nextAddress,
      (block.u64(cpuLayout.nextAddress) - BigInt(length)) & addressMask(block),
    );
  }
  area.setU16(Lowcore.programLength, length);
  area.setU16(Lowcore.programCode, code);
  if (per) {
    area.setU8(Lowcore.perCode, per.code);
    area.setU8(Lowcore.perAtmid, per.atmid);
    area.setU64(Lowcore.perAddress, per.address);
  }
  if (base === ProgramInterruption.data || base === ProgramInterruption.vectorProcessing) {
    area.setU32(Lowcore.dataExceptionCode, block.u32(cpuLayout.dxc));
  }
  if (base === ProgramInterruption.monitorEvent) {
    area.setU16(Lowcore.monitorClass, block.u32(cpuLayout.monitorClass));
    area.setU64(Lowcore.monitorCode, block.u64(cpuLayout.monitorCode));
  }
  if (base === ProgramInterruption.protection || translationFaults.has(base)) {
    area.setU64(Lowcore.teid, block.u64(mmuLayout.faultTeid));
    area.setU8(Lowcore.exceptionAccess, block.u32(mmuLayout.faultAccess));
    area.setU8(Lowcore.operandAccess, operandAccess(block));
  } else if (alFaults.has(base)) {
    area.setU8(Lowcore.exceptionAccess, block.u32(mmuLayout.faultAccess));
  }
  area.setU64(Lowcore.breakingEvent, block.u64(cpuLayout.breakingEvent));
  return exchange(block, exports, Lowcore.programOldPsw, Lowcore.programNewPsw);
}

/** For MOVE PAGE, whose operands may fail in the same way: the numbers of its two registers. */
function operandAccess(block: CpuBlock): number {
  const text = block.u64(cpuLayout.instruction);
  return text >> 48n === MOVE_PAGE ? Number((text >> 32n) & 0xffn) : 0;
}

const MOVE_PAGE = 0xb254n;

/** The same parameters in the state description, for a program interruption that is intercepted. */
export function programParameters(block: CpuBlock, sd: StorageView): void {
  sd.setU16(SD.programLength, block.u32(cpuLayout.length));
  sd.setU16(SD.programCode, block.u32(mmuLayout.faultCode));
  sd.setU32(SD.dxc, block.u32(cpuLayout.dxc));
  sd.setU16(SD.monitorClass, block.u32(cpuLayout.monitorClass));
  sd.setU64(SD.teid, block.u64(mmuLayout.faultTeid));
  sd.setU8(SD.exceptionAccess, block.u32(mmuLayout.faultAccess));
}

export function deliverSupervisorCall(host: HostStorage, block: CpuBlock, exports: CpuExports): boolean {
  const area = prefixArea(host, block);
  area.setU16(Lowcore.svcLength, block.u32(cpuLayout.length));
  area.setU16(Lowcore.svcCode, block.u32(cpuLayout.svcCode));
  return exchange(block, exports, Lowcore.svcOldPsw, Lowcore.svcNewPsw);
}

export interface ExternalInterruption {
  readonly code: number;
  readonly cpuAddress: number;
  readonly parameter: number;
}

export function deliverExternal(
  host: HostStorage,
  block: CpuBlock,
  exports: CpuExports,
  { code, cpuAddress, parameter }: ExternalInterruption,
): boolean {
  const area = prefixArea(host, block);
  area.setU16(Lowcore.externalCode, code);
  area.setU16(Lowcore.externalCpuAddress, cpuAddress);
  area.setU32(Lowcore.externalParameter, parameter);
  return exchange(block, exports, Lowcore.externalOldPsw, Lowcore.externalNewPsw);
}

function addressMask(block: CpuBlock): bigint {
  return block.u64(mmuLayout.addressMask);
}
