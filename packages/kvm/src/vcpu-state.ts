/**
 * A vCPU that is not executing, as exit handlers, debuggers and resets see it: its registers, wherever they live,
 * its storage as it addresses it, and interruptions that are presented at once. Any thread may use it while the
 * vCPU waits.
 */
import {
  type AbsoluteAddress,
  applyPrefix,
  Lowcore,
  nullifyingInterruptions,
  PSW,
  real,
  StateDescription as SD,
} from '@zarch/arch';
import { CpuBlock, type CpuExports, cpuLayout } from '@zarch/cpu';
import { Access, mmuLayout, NO_ACCESS_REGISTER, STATE_DESCRIPTION_SIZE, StorageView } from '@zarch/memory';
import type { GuestPsw, InterceptedOperand } from './exits.ts';
import type { VcpuPlace, Vm } from './vm.ts';

/** An access that failed: the exception that the guest would get. */
export interface AccessFailure {
  readonly code: number;
}

export class VcpuState {
  readonly vm: Vm;
  readonly place: VcpuPlace;
  readonly block: CpuBlock;
  readonly sd: StorageView;
  readonly exports: CpuExports;

  constructor(vm: Vm, cpuAddress: number, exports: CpuExports) {
    const place = vm.places[cpuAddress];
    if (!place) throw new RangeError(`no CPU ${cpuAddress}`);
    this.vm = vm;
    this.place = place;
    this.exports = exports;
    this.block = new CpuBlock(vm.host, place.block);
    const end = place.stateDescription + STATE_DESCRIPTION_SIZE;
    this.sd = new StorageView(vm.host.memory.buffer, end, STATE_DESCRIPTION_SIZE);
  }

  gr(number: number): bigint {
    if (number === 14) return this.sd.u64(SD.gr14);
    if (number === 15) return this.sd.u64(SD.gr15);
    return this.block.gr(number);
  }
  setGr(number: number, value: bigint): void {
    const bits = BigInt.asUintN(64, value);
    if (number === 14) this.sd.setU64(SD.gr14, bits);
    else if (number === 15) this.sd.setU64(SD.gr15, bits);
    else this.block.setGr(number, bits);
  }
  /** Replaces bits 32-63. */
  setGr32(number: number, value: number): void {
    this.setGr(number, (this.gr(number) & ~0xffff_ffffn) | BigInt(value >>> 0));
  }
  control(number: number): bigint {
    return this.sd.u64(SD.controlRegisters + 8 * number);
  }
  setControl(number: number, value: bigint): void {
    this.sd.setU64(SD.controlRegisters + 8 * number, BigInt.asUintN(64, value));
  }
  get psw(): GuestPsw {
    return { mask: this.sd.u64(SD.psw), address: this.sd.u64(SD.psw + 8) };
  }
  set psw({ mask, address }: GuestPsw) {
    this.sd.setU64(SD.psw, mask);
    this.sd.setU64(SD.psw + 8, address);
  }
  setCc(cc: number): void {
    const { mask, address } = this.psw;
    this.psw = { mask: (mask & ~PSW.conditionCode) | (BigInt(cc) << 44n), address };
  }
  get prefix(): number {
    return (this.sd.u32(SD.prefix) >>> 13) * 8192;
  }
  /** @param prefix - A multiple of 8 KiB below 2 GiB. */
  set prefix(prefix: number) {
    this.sd.setU32(SD.prefix, ((prefix / 8192) << 13) | (this.sd.u32(SD.prefix) & 0x1fff));
  }
  get cpuFlags(): number {
    return this.sd.u32(SD.cpuFlags);
  }
  set cpuFlags(flags: number) {
    this.sd.setU32(SD.cpuFlags, flags);
  }

  /** The prefix area, where interruptions are recorded. */
  lowcore(): StorageView {
    return new StorageView(this.vm.host.memory.buffer, this.vm.host.top - this.prefix, 8192);
  }

  /** Applies prefixing; undefined outside the storage. */
  realToAbsolute(address: bigint): AbsoluteAddress | undefined {
    const result = applyPrefix(real(address), this.prefix);
    return result < this.vm.storage.size ? result : undefined;
  }

  /** Reads by logical address, as the vCPU would now; an exception code when it could not. */
  readLogical({ address, ar }: InterceptedOperand, length: number): Uint8Array | AccessFailure {
    const bytes = new Uint8Array(length);
    const failure = this.#eachPage(address, ar, length, Access.read, (view, offset) => {
      bytes.set(view.bytes(), offset);
    });
    return failure ?? bytes;
  }
  /** Writes by logical address; nothing is written when an exception is met. */
  writeLogical({ address, ar }: InterceptedOperand, bytes: Uint8Array): AccessFailure | undefined {
    const pieces: [StorageView, number][] = [];
    const failure = this.#eachPage(address, ar, bytes.length, Access.write, (view, offset) => {
      pieces.push([view, offset]);
    });
    if (failure) return failure;
    for (const [view, offset] of pieces) view.setBytes(0, bytes.subarray(offset, offset + view.length));
    return undefined;
  }

  /** Whether bytes could be written by logical address, without writing them. */
  testWrite({ address, ar }: InterceptedOperand, length: number): AccessFailure | undefined {
    return this.#eachPage(address, ar, length, Access.write, () => {});
  }

  #eachPage(
    address: bigint,
    ar: number,
    length: number,
    kind: number,
    each: (view: StorageView, offset: number) => void,
  ): AccessFailure | undefined {
    this.synchronize();
    const mask = BigInt.asUintN(64, this.block.u64(mmuLayout.addressMask));
    for (let offset = 0; offset < length; ) {
      const at = (address + BigInt(offset)) & mask;
      const pointer = this.exports.access(this.block.address, BigInt.asIntN(64, at), ar, kind) >>> 0;
      if (pointer === 0) return { code: this.block.u32(mmuLayout.faultCode) };
      const count = Math.min(length - offset, 4096 - Number(at & 0xfffn));
      each(new StorageView(this.vm.host.memory.buffer, pointer + 16, count), offset);
      offset += count;
    }
    return undefined;
  }

  /** The exception that the last access met. */
  get faultCode(): number {
    return this.block.u32(mmuLayout.faultCode);
  }

  /** Brings the block's PSW and prefix in line with the state description. */
  synchronize(): void {
    const { block, exports } = this;
    block.setU32(mmuLayout.stateDescription, this.place.stateDescription);
    if (block.u32(mmuLayout.prefix) !== this.prefix) {
      block.setU32(mmuLayout.prefix, this.prefix);
      exports.purge(block.address);
    }
    const { mask, address } = this.psw;
    exports.loadPsw(block.address, BigInt.asIntN(64, mask), BigInt.asIntN(64, address));
  }

  /** Presents a program interruption, with the access-exception parameters of the block when the code is one. */
  injectProgram(code: number): void {
    const area = this.lowcore();
    const length = this.interceptedLength();
    if (nullifyingInterruptions.has(code)) this.rewind(length);
    area.setU16(Lowcore.programLength, length);
    area.setU16(Lowcore.programCode, code | this.#presentPer(area));
    area.setU64(Lowcore.teid, this.block.u64(mmuLayout.faultTeid));
    area.setU8(Lowcore.exceptionAccess, this.block.u32(mmuLayout.faultAccess) || NO_ACCESS_REGISTER);
    area.setU64(Lowcore.breakingEvent, this.block.u64(cpuLayout.breakingEvent));
    this.exchangePsw(Lowcore.programOldPsw, Lowcore.programNewPsw);
  }

  /** Stores the PER event that the intercepted instruction has left, and gives its bit of the interruption code. */
  #presentPer(area: StorageView): number {
    const { sd } = this;
    const code = sd.u8(SD.perCode);
    if (code === 0) return 0;
    sd.setU8(SD.perCode, 0);
    area.setU8(Lowcore.perCode, code);
    area.setU8(Lowcore.perAtmid, sd.u8(SD.perAtmid));
    area.setU64(Lowcore.perAddress, sd.u64(SD.perAddress));
    return 0x80;
  }

  /**
   * Presents an I/O interruption.
   *
   * @param code - The 12-byte interruption code.
   */
  injectIo(code: Uint8Array): void {
    this.lowcore().setBytes(Lowcore.subchannelId, code);
    this.exchangePsw(Lowcore.ioOldPsw, Lowcore.ioNewPsw);
  }

  /** Exchanges PSWs in the prefix area. An invalid one is found when the vCPU is entered again. */
  exchangePsw(oldPsw: number, newPsw: number): void {
    const area = this.lowcore();
    const { mask, address } = this.psw;
    area.setU64(oldPsw, mask);
    area.setU64(oldPsw + 8, address);
    this.psw = { mask: area.u64(newPsw), address: area.u64(newPsw + 8) };
  }

  /** Bytes of the intercepted instruction, or of the EXECUTE that named it. */
  interceptedLength(): number {
    const status = this.sd.u8(SD.interceptionStatus);
    if (status & 1) return (status >> 4) & 6;
    const first = this.sd.u8(SD.ipa);
    return first < 0x40 ? 2 : first < 0xc0 ? 4 : 6;
  }
  /** Moves the PSW back, so that the intercepted instruction is executed again. */
  rewind(length = this.interceptedLength()): void {
    const { mask, address } = this.psw;
    const bits = mask & PSW.extendedAddressing ? 64 : mask & PSW.basicAddressing ? 31 : 24;
    this.psw = { mask, address: BigInt.asUintN(bits, address - BigInt(length)) };
  }
}
