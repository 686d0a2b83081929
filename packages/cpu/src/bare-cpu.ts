/** A CPU with some storage and no hypervisor around it: 64-bit addressing in real mode, and no facilities. */
import { PSW } from '@zarch/arch';
import { AbsoluteStorage, HostStorage, mmuLayout, STATE_DESCRIPTION_SIZE } from '@zarch/memory';
import { CPU_BLOCK_SIZE, type CpuExports, instantiateCpu } from './cpu-module.ts';

/** Room for the block and the state description, beside the storage. */
const CONTROL_SIZE = 2 * CPU_BLOCK_SIZE;

export class BareCpu {
  readonly host: HostStorage;
  readonly storage: AbsoluteStorage;
  readonly exports: CpuExports;
  /** Host address of its block. */
  readonly block: number;
  readonly view: DataView;

  /**
   * @param module - The CPU's.
   * @param size - Bytes of storage.
   * @param clock - In TOD-clock units.
   */
  constructor(module: WebAssembly.Module, size: number, clock: () => bigint = () => 0n) {
    this.host = new HostStorage(size, CONTROL_SIZE);
    this.storage = new AbsoluteStorage(this.host, size);
    this.view = new DataView(this.host.memory.buffer);
    const description = this.host.allocate(STATE_DESCRIPTION_SIZE, 512);
    this.block = this.host.allocate(CPU_BLOCK_SIZE, 4096);
    this.exports = instantiateCpu(module, this.host, {
      clock,
      translateAccessRegister: () => [0n, 0x28],
    });
    const words = [
      [mmuLayout.stateDescription, description],
      [mmuLayout.top, this.host.top],
      [mmuLayout.size, size],
      [mmuLayout.keys, this.storage.keys],
      [mmuLayout.codeFrames, this.storage.codeFrames.address],
    ] as const;
    for (const [at, value] of words) this.view.setInt32(this.block + at, value, true);
    this.setPswMask(PSW.extendedAddressing | PSW.basicAddressing);
  }

  /** Sets bits 0-63 of the PSW; the condition code is apart. */
  setPswMask(mask: bigint): void {
    this.view.setBigUint64(this.block + mmuLayout.pswMask, mask, true);
    this.exports.refresh(this.block);
  }
}
