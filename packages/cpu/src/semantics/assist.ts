/**
 * Assists: instructions, or parts of them, whose work is done in JavaScript because it is long or rare. They see
 * the vCPU through {@link AssistContext} and answer like an instruction function: go on, or an exit.
 */

import { CR0, ProgramInterruption } from '@zarch/arch';
import { type Instruction, instructions } from '@zarch/isa';
import { Access, controlRegister, mmuLayout } from '@zarch/memory';
import { withDxc } from '../bfp/index.ts';
import { cpuLayout, Exit } from '../cpu-layout.ts';

/** The functions of the CPU module that assists call. */
export interface AssistExports {
  access(cpu: number, address: bigint, ar: number, kind: number): number;
}

/** 0 to go on with the next instruction, or an {@link Exit}. */
export type AssistStatus = number;

export type Assist = (context: AssistContext, text: bigint) => AssistStatus;

/** A vCPU as an assist sees it. Storage accesses that fail leave the fault in the block and return undefined. */
export class AssistContext {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #cpu: number;
  readonly #exports: AssistExports;

  constructor(buffer: ArrayBuffer | SharedArrayBuffer, cpu: number, exports: AssistExports) {
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
    this.#cpu = cpu;
    this.#exports = exports;
  }

  gr(number: number): bigint {
    return this.#view.getBigUint64(this.#cpu + cpuLayout.gr + 8 * (number & 15), true);
  }
  setGr(number: number, value: bigint): void {
    this.#view.setBigUint64(this.#cpu + cpuLayout.gr + 8 * (number & 15), BigInt.asUintN(64, value), true);
  }
  setAr(number: number, value: number): void {
    this.#view.setInt32(this.#cpu + mmuLayout.accessRegisters + 4 * number, value, true);
  }
  /** Bits 0-63 of vector register `number`, which are floating-point register `number`. */
  fpr(number: number): bigint {
    return this.#view.getBigUint64(this.#cpu + cpuLayout.vr + 16 * number + 8, true);
  }
  setFpr(number: number, value: bigint): void {
    this.#view.setBigUint64(this.#cpu + cpuLayout.vr + 16 * number + 8, BigInt.asUintN(64, value), true);
  }
  get fpc(): number {
    return this.#view.getUint32(this.#cpu + cpuLayout.fpc, true);
  }
  set fpc(value: number) {
    this.#view.setUint32(this.#cpu + cpuLayout.fpc, value, true);
  }
  get cc(): number {
    return this.#view.getInt32(this.#cpu + cpuLayout.cc, true);
  }
  set cc(value: number) {
    this.#view.setInt32(this.#cpu + cpuLayout.cc, value, true);
  }
  get pswMask(): bigint {
    return this.#view.getBigUint64(this.#cpu + mmuLayout.pswMask, true);
  }
  get addressMask(): bigint {
    return this.#view.getBigUint64(this.#cpu + mmuLayout.addressMask, true);
  }
  control(number: number): bigint {
    const description = this.#view.getUint32(this.#cpu + mmuLayout.stateDescription, true);
    return this.#view.getBigUint64(description + controlRegister(number), true);
  }
  /** A 64-bit operand that a definition left in the block's scratch area. */
  scratch(index: number): bigint {
    return this.#view.getBigUint64(this.#cpu + cpuLayout.scratch + 8 * index, true);
  }
  setScratch(index: number, value: bigint): void {
    this.#view.setBigUint64(this.#cpu + cpuLayout.scratch + 8 * index, BigInt.asUintN(64, value), true);
  }
  facility(number: number): boolean {
    const word = this.#cpu + cpuLayout.facilities + 8 * Math.floor(number / 64);
    return ((this.#view.getBigUint64(word, true) >> BigInt(63 - (number % 64))) & 1n) === 1n;
  }

  /** The guest's bytes at a logical address; `undefined` after an access exception. */
  load(address: bigint, length: number, ar: number): Uint8Array | undefined {
    const bytes = new Uint8Array(length);
    const done = this.#eachPage(address, length, ar, Access.read, (host, offset, count) => {
      for (let i = 0; i < count; i++) bytes[offset + i] = this.#bytes[host - i] ?? 0;
    });
    return done ? bytes : undefined;
  }
  /** Stores bytes after checking all pages, so that a failing store changes nothing. */
  store(address: bigint, bytes: Uint8Array, ar: number): boolean {
    const pages: [number, number, number][] = [];
    const collect = (host: number, offset: number, count: number) => pages.push([host, offset, count]);
    if (!this.#eachPage(address, bytes.length, ar, Access.write, collect)) return false;
    for (const [host, offset, count] of pages) {
      for (let i = 0; i < count; i++) this.#bytes[host - i] = bytes[offset + i] ?? 0;
    }
    return true;
  }

  /** The guest's own bytes, all of which can be accessed as `kind` says; `undefined` after an access exception. */
  span(address: bigint, length: number, ar: number, kind: number): Span | undefined {
    const first = Number(address & 0xfffn);
    const pages: number[] = [];
    const done = this.#eachPage(address, length, ar, kind, (host, offset) => {
      pages.push(offset === 0 ? host + first : host);
    });
    return done ? new Span(this.#bytes, pages, first) : undefined;
  }

  /** Ends in a program interruption. */
  program(code: number, dxc?: number): AssistStatus {
    this.#view.setInt32(this.#cpu + mmuLayout.faultCode, code, true);
    if (dxc !== undefined) {
      this.#view.setInt32(this.#cpu + cpuLayout.dxc, dxc, true);
      if (this.control(0) & CR0.afpRegister) this.fpc = withDxc(this.fpc, dxc);
    }
    return Exit.program;
  }
  specification(): AssistStatus {
    return this.program(ProgramInterruption.specification);
  }
  /** Ends in the access exception that {@link load} or {@link store} met. */
  accessException(): AssistStatus {
    return Exit.program;
  }

  #eachPage(
    address: bigint,
    length: number,
    ar: number,
    kind: number,
    each: (host: number, offset: number, count: number) => void,
  ): boolean {
    let offset = 0;
    while (offset < length) {
      const at = (address + BigInt(offset)) & this.addressMask;
      const pointer = this.#exports.access(this.#cpu, BigInt.asIntN(64, at), ar, kind) >>> 0;
      if (pointer === 0) return false;
      const count = Math.min(length - offset, 4096 - Number(at & 0xfffn));
      each(pointer + 15, offset, count);
      offset += count;
    }
    return true;
  }
}

/** Consecutive bytes of the guest, in as many pages as they take. */
export class Span {
  readonly #bytes: Uint8Array;
  readonly #pages: readonly number[];
  readonly #offset: number;

  /** @param pages - Host addresses of the first byte of each page. @param offset - Of the span in the first one. */
  constructor(bytes: Uint8Array, pages: readonly number[], offset: number) {
    this.#bytes = bytes;
    this.#pages = pages;
    this.#offset = offset;
  }

  get(index: number): number {
    return this.#bytes[this.#host(index)] ?? 0;
  }
  set(index: number, byte: number): void {
    this.#bytes[this.#host(index)] = byte;
  }
  #host(index: number): number {
    const at = this.#offset + index;
    return (this.#pages[at >> 12] ?? 0) - (at & 0xfff);
  }
}

/** By the number of their instruction: an instruction has one assist at most. */
const assists = new Map<number, Assist>();

const numbers = new Map(instructions.map((row, number) => [row.mnemonic, number]));

/** The number by which the module names an instruction's assist: the same in every thread. */
export function registerAssist(row: Instruction, assist: Assist): number {
  const number = numbers.get(row.mnemonic);
  if (number === undefined) throw new Error(`${row.mnemonic} is not an instruction`);
  assists.set(number, assist);
  return number;
}

/** The assist of a number; undefined in a thread that has not seen the instruction's definition. */
export function findAssist(number: number): Assist | undefined {
  return assists.get(number);
}
