/** The storage operands of one instruction, recorded while it is stepped, for watchpoints and PER. */
import { ACCESS_RECORD_SIZE, Access, mmuLayout, UNCACHED } from '@zarch/memory';
import type { CpuBlock } from './block-view.ts';
import { cpuLayout } from './cpu-layout.ts';
import type { CpuExports } from './cpu-module.ts';

/** Bytes that an instruction fetched or stored, by logical address. */
export interface OperandAccess {
  readonly address: bigint;
  readonly length: number;
  readonly kind: 'read' | 'write';
}

/** Has the next instruction's accesses recorded: none of them finds its page in a TLB. */
export function startRecording(block: CpuBlock): void {
  block.setU64(mmuLayout.dataContext, UNCACHED);
  block.setU32(mmuLayout.accessSize, 0);
  block.setU32(mmuLayout.accessRecord, 1);
}

/**
 * What was recorded. The length of operands of register-specified length (MVCL and the like) is not known: they
 * count to the end of their page.
 */
export function stopRecording(block: CpuBlock, exports: CpuExports): OperandAccess[] {
  const count = block.u32(mmuLayout.accessRecord) - 1;
  block.setU32(mmuLayout.accessRecord, 0);
  exports.refresh(block.address);
  const accesses: OperandAccess[] = [];
  for (let i = 0; i < count; i++) {
    const record = mmuLayout.accesses + i * ACCESS_RECORD_SIZE;
    const address = block.u64(record);
    accesses.push({
      address,
      length: block.u32(record + 12) || unknownLength(block, address),
      kind: block.u32(record + 8) === Access.write ? 'write' : 'read',
    });
  }
  return accesses;
}

/** Most that an access without a size can have covered: the length field of an SS instruction, up to a page's end. */
function unknownLength(block: CpuBlock, address: bigint): number {
  const left = 4096 - Number(address & 0xfffn);
  const text = block.u64(cpuLayout.instruction);
  const logical = text >> 60n === 0xdn;
  return logical ? Math.min(left, Number((text >> 48n) & 0xffn) + 1) : left;
}
