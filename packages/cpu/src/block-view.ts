/** A vCPU's block and its state description as JavaScript sees them. */
import { type HostStorage, mmuLayout, STATE_DESCRIPTION_SIZE, StorageView } from '@zarch/memory';
import { cpuLayout } from './cpu-layout.ts';

/** Registers and working state of a vCPU that is not running, or runs on this thread. */
export class CpuBlock {
  readonly address: number;
  readonly #view: DataView;
  readonly #host: HostStorage;

  constructor(host: HostStorage, address: number) {
    this.#host = host;
    this.address = address;
    this.#view = new DataView(host.memory.buffer, address, cpuLayout.regions);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }
  setU32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, true);
  }
  u64(offset: number): bigint {
    return this.#view.getBigUint64(offset, true);
  }
  setU64(offset: number, value: bigint): void {
    this.#view.setBigUint64(offset, BigInt.asUintN(64, value), true);
  }

  gr(number: number): bigint {
    return this.u64(cpuLayout.gr + 8 * number);
  }
  setGr(number: number, value: bigint): void {
    this.setU64(cpuLayout.gr + 8 * number, value);
  }
  ar(number: number): number {
    return this.u32(mmuLayout.accessRegisters + 4 * number);
  }
  setAr(number: number, value: number): void {
    this.setU32(mmuLayout.accessRegisters + 4 * number, value);
  }
  /** Bits 0-63 of vector register `number`: floating-point register `number`, below 16. */
  fpr(number: number): bigint {
    return this.u64(cpuLayout.vr + 16 * number + 8);
  }
  setFpr(number: number, value: bigint): void {
    this.setU64(cpuLayout.vr + 16 * number + 8, value);
  }
  get fpc(): number {
    return this.u32(cpuLayout.fpc);
  }
  set fpc(value: number) {
    this.setU32(cpuLayout.fpc, value);
  }
  get cc(): number {
    return this.u32(cpuLayout.cc);
  }
  set cc(value: number) {
    this.setU32(cpuLayout.cc, value);
  }

  /** The state description the block runs by. */
  stateDescription(): StorageView {
    const start = this.u32(mmuLayout.stateDescription);
    return new StorageView(this.#host.memory.buffer, start + STATE_DESCRIPTION_SIZE, STATE_DESCRIPTION_SIZE);
  }
}
