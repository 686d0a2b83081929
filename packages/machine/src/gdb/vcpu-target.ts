/** A vCPU as the GDB stub's target. */
import { AddressSpaceControl, absolute, PSW, PSW_SHIFT } from '@zarch/arch';
import { cpuLayout } from '@zarch/cpu';
import type { DebugSettings, VcpuState } from '@zarch/kvm';
import { Access, accessMode, type StorageView } from '@zarch/memory';
import { registerDump } from '../register-dump.ts';
import type { GdbFeature, GdbTarget } from './target.ts';
import { s390Features } from './target-description.ts';

/** Who runs the vCPU. */
export interface VcpuControl {
  pause(): void;
  resume(): void;
  step(): void;
  debug(settings: DebugSettings): void;
  quit(): void;
}

/** A register's value, as a number of so many bytes. */
interface Cell {
  readonly bytes: number;
  readonly read: () => bigint;
  readonly write: (value: bigint) => void;
}

const sixteen = (make: (number: number) => Cell) => Array.from({ length: 16 }, (_, number) => make(number));

export class VcpuTarget implements GdbTarget {
  readonly features: readonly GdbFeature[];
  readonly #state: VcpuState;
  readonly #control: VcpuControl;
  readonly #cells: readonly Cell[];

  constructor(state: VcpuState, control: VcpuControl) {
    this.#state = state;
    this.#control = control;
    const hasVectors = state.vm.model.facilities.has(129);
    this.features = s390Features(hasVectors);
    this.#cells = cellsOf(state, hasVectors);
  }

  readRegister(number: number): Uint8Array {
    const cell = this.#cells[number];
    if (!cell) throw new RangeError(`no register ${number}`);
    return bytesOf(cell.read(), cell.bytes);
  }
  writeRegister(number: number, value: Uint8Array): boolean {
    const cell = this.#cells[number];
    if (cell?.bytes !== value.length) return false;
    cell.write(value.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n));
    return true;
  }

  readMemory(address: bigint, length: number): Uint8Array {
    const pieces = this.#pieces(address, length);
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece.bytes(), at);
      at += piece.length;
    }
    return bytes;
  }
  writeMemory(address: bigint, bytes: Uint8Array): boolean {
    const pieces = this.#pieces(address, bytes.length);
    if (pieces.reduce((sum, piece) => sum + piece.length, 0) < bytes.length) return false;
    let at = 0;
    for (const piece of pieces) {
      piece.setBytes(0, bytes.subarray(at, at + piece.length));
      at += piece.length;
    }
    return true;
  }

  setProgramCounter(address: bigint): void {
    this.#state.psw = { ...this.#state.psw, address };
  }
  setStops(stops: DebugSettings): void {
    this.#control.debug(stops);
  }
  resume(): void {
    this.#control.resume();
  }
  step(): void {
    this.#control.step();
  }
  interrupt(): void {
    this.#control.pause();
  }
  kill(): void {
    this.#control.quit();
  }
  command(text: string): string | undefined {
    if (text === 'info registers') return `${registerDump(this.#state)}\n`;
    return text === 'help' ? 'info registers\n' : undefined;
  }

  /**
   * The storage behind logical addresses, page by page up to the first one that has no translation. Protection
   * does not hold a debugger up, and nothing is recorded in storage keys.
   */
  #pieces(address: bigint, length: number): readonly StorageView[] {
    const { exports, block, vm } = this.#state;
    this.#state.synchronize();
    const { mask } = this.#state.psw;
    const current = Number((mask & PSW.addressSpace) >> BigInt(PSW_SHIFT.addressSpace));
    const space = current === AddressSpaceControl.accessRegister ? AddressSpaceControl.primary : current;
    const [asce] = exports.spaceAsce(block.address, space, 0);
    const mode =
      (Access.read << accessMode.access) |
      (1 << accessMode.noRecording) |
      ((mask & PSW.dat ? 1 : 0) << accessMode.dat) |
      (space << accessMode.space);
    const pieces: StorageView[] = [];
    for (let offset = 0; offset < length; ) {
      const at = BigInt.asUintN(64, address + BigInt(offset));
      const count = Math.min(length - offset, 4096 - Number(at & 0xfffn));
      const place = BigInt.asIntN(64, exports.resolve(block.address, BigInt.asIntN(64, at), asce, mode));
      const view = place < 0n ? undefined : vm.storage.view(absolute(Number(place)), count);
      if (!view) break;
      pieces.push(view);
      offset += count;
    }
    return pieces;
  }
}

/** The registers in the order of {@link s390Features}. */
function cellsOf(state: VcpuState, hasVectors: boolean): readonly Cell[] {
  const { block } = state;
  const half = (offset: number): Cell => ({
    bytes: 8,
    read: () => block.u64(offset),
    write: (value) => block.setU64(offset, value),
  });
  const vector = (number: number) => cpuLayout.vr + 16 * number;
  const whole = (number: number): Cell => ({
    bytes: 16,
    read: () => (block.u64(vector(number) + 8) << 64n) | block.u64(vector(number)),
    write: (value) => {
      block.setU64(vector(number) + 8, value >> 64n);
      block.setU64(vector(number), BigInt.asUintN(64, value));
    },
  });
  const vectors = hasVectors ? [...sixteen((n) => half(vector(n))), ...sixteen((n) => whole(16 + n))] : [];
  return [
    { bytes: 8, read: () => state.psw.mask, write: (mask) => (state.psw = { ...state.psw, mask }) },
    { bytes: 8, read: () => state.psw.address, write: (address) => (state.psw = { ...state.psw, address }) },
    ...sixteen((n) => ({ bytes: 8, read: () => state.gr(n), write: (value) => state.setGr(n, value) })),
    ...sixteen((n) => ({
      bytes: 4,
      read: () => BigInt(block.ar(n)),
      write: (value) => block.setAr(n, Number(value)),
    })),
    { bytes: 4, read: () => BigInt(block.fpc), write: (value) => (block.fpc = Number(value)) },
    ...sixteen((n) => ({ bytes: 8, read: () => block.fpr(n), write: (value) => block.setFpr(n, value) })),
    ...vectors,
    ...sixteen((n) => ({
      bytes: 8,
      read: () => state.control(n),
      write: (value) => {
        state.setControl(n, value);
        state.exports.purge(block.address);
      },
    })),
  ];
}

function bytesOf(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn));
}
