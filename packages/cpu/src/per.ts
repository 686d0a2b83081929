/** Program-event recording (Principles of Operation, chapter 4, "Program-Event Recording"). */
import { PSW, StateDescription as SD } from '@zarch/arch';
import { Access, mmuLayout, type StorageView } from '@zarch/memory';
import type { OperandAccess } from './accesses.ts';
import type { CpuBlock } from './block-view.ts';
import { cpuLayout, Exit } from './cpu-layout.ts';
import type { CpuExports } from './cpu-module.ts';

/** Event masks and controls of CR9, as the numbers that its bits 32-63 are. */
const Control = {
  successfulBranching: 0x8000_0000,
  instructionFetching: 0x4000_0000,
  storageAlteration: 0x2000_0000,
  storeUsingRealAddress: 0x0800_0000,
  nullification: 0x0100_0000,
  branchAddress: 0x0080_0000,
} as const;

/** The PER code: what happened. */
const Code = {
  successfulBranching: 0x80,
  instructionFetching: 0x40,
  storageAlteration: 0x20,
  storeUsingRealAddress: 0x08,
  nullification: 0x01,
} as const;

const SUPPORTED =
  Control.successfulBranching |
  Control.instructionFetching |
  Control.storageAlteration |
  Control.storeUsingRealAddress;

/** Not an instruction that can be fetched and executed: tells that fetching failed. */
const NO_INSTRUCTION = 0xffff_ffff_ffff_ffffn;

export interface PerEvent {
  readonly code: number;
  /** Addressing and translation mode at the instruction's start. */
  readonly atmid: number;
  /** Of the instruction, or of the EXECUTE that named it. */
  readonly address: bigint;
}

/** Watches one instruction for the events that CR9, CR10 and CR11 ask for. */
export class PerWatch {
  readonly #controls: number;
  readonly #start: bigint;
  readonly #end: bigint;
  readonly #address: bigint;
  readonly #mask: bigint;

  /** PER as it is for the next instruction; undefined when no event can happen. */
  static begin(block: CpuBlock, sd: StorageView): PerWatch | undefined {
    const mask = block.u64(mmuLayout.pswMask);
    if ((mask & PSW.per) === 0n) return undefined;
    const controls = Number(sd.u64(SD.controlRegisters + 72) & 0xffff_ffffn);
    if ((controls & SUPPORTED) === 0) return undefined;
    return new PerWatch(block, sd, mask, controls);
  }

  constructor(block: CpuBlock, sd: StorageView, mask: bigint, controls: number) {
    this.#controls = controls;
    this.#start = sd.u64(SD.controlRegisters + 80);
    this.#end = sd.u64(SD.controlRegisters + 88);
    this.#address = block.u64(cpuLayout.nextAddress);
    this.#mask = mask;
    block.setU32(cpuLayout.branchTaken, 0);
    block.setU64(cpuLayout.instruction, NO_INSTRUCTION);
  }

  /** Whether the instruction's stores must be recorded. */
  get recordsAccesses(): boolean {
    return this.#has(Control.storageAlteration);
  }

  /** Instruction-fetching nullification: the event, when the instruction must not be executed. */
  nullifies(block: CpuBlock, exports: CpuExports): PerEvent | undefined {
    if (!this.#has(Control.nullification) || !this.#has(Control.instructionFetching)) return undefined;
    if (!this.#inRange(this.#address, 1)) return undefined;
    const address = BigInt.asIntN(64, this.#address);
    // An exception of the fetch has priority, and is found by executing.
    if (this.#address & 1n || exports.access(block.address, address, 0, Access.fetch) === 0) return undefined;
    block.setU32(cpuLayout.length, 0);
    return this.#event(Code.instructionFetching | Code.nullification);
  }

  /** The event of the instruction that has been executed. */
  end(block: CpuBlock, exit: Exit, accesses: readonly OperandAccess[]): PerEvent | undefined {
    const text = block.u64(cpuLayout.instruction);
    if (text === NO_INSTRUCTION) return undefined;
    let code = 0;
    if (this.#has(Control.instructionFetching) && this.#inRange(this.#address, 1)) {
      code |= Code.instructionFetching;
    }
    if (exit !== Exit.program && this.#branched(block)) code |= Code.successfulBranching;
    if (this.#has(Control.storageAlteration)) {
      const realStore = [0xb246n, 0xb925n].includes(text >> 48n);
      if (realStore) {
        if (this.#has(Control.storeUsingRealAddress) && exit !== Exit.program)
          code |= Code.storeUsingRealAddress;
      } else if (accesses.some((each) => each.kind === 'write' && this.#inRange(each.address, each.length))) {
        code |= Code.storageAlteration;
      }
    }
    return code === 0 ? undefined : this.#event(code);
  }

  #has(control: number): boolean {
    return (this.#controls & control) !== 0;
  }

  #branched(block: CpuBlock): boolean {
    if (!this.#has(Control.successfulBranching) || block.u32(cpuLayout.branchTaken) === 0) return false;
    return !this.#has(Control.branchAddress) || this.#inRange(block.u64(cpuLayout.nextAddress), 1);
  }

  /** Whether bytes are in the range, which wraps when it ends before it starts. */
  #inRange(address: bigint, length: number): boolean {
    const last = address + BigInt(length - 1);
    if (this.#start <= this.#end) return address <= this.#end && last >= this.#start;
    return last >= this.#start || address <= this.#end;
  }

  #event(code: number): PerEvent {
    const bit = (psw: bigint, value: number) => ((this.#mask & psw) === 0n ? 0 : value);
    const valid = 0x40;
    const space = Number((this.#mask & PSW.addressSpace) >> 46n) << 2;
    const atmid =
      bit(PSW.extendedAddressing, 0x80) | valid | bit(PSW.basicAddressing, 0x20) | bit(PSW.dat, 0x10) | space;
    return { code, atmid, address: this.#address };
  }
}
