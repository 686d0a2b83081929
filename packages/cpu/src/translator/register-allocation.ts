/**
 * Which of the general registers a region keeps in locals, and how wide. A register that the region knows only the right
 * half of takes a 32-bit local, and its left half stays in the vCPU's block; so no instruction has to put halves together.
 */
import type { FunctionBuilder, I32, Local, Pointer } from '@zarch/wasm';
import { cpuLayout } from '../cpu-layout.ts';
import type { Region } from './region.ts';

export type RegisterLocal =
  | { readonly kind: 'narrow'; readonly low: Local<'i32'> }
  /** `low` is there for registers of which 32 bits are written, to keep those until the halves must be one. */
  | { readonly kind: 'wide'; readonly whole: Local<'i64'>; readonly low: Local<'i32'> | undefined };

export class RegisterLocals {
  readonly #locals: readonly (RegisterLocal | undefined)[];
  /** Registers that the region writes. */
  readonly #written: number;

  constructor(f: FunctionBuilder, region: Region) {
    let [whole, right, low, written] = [0, 0, 0, 0];
    for (const block of region.blocks.values()) {
      for (const { effects, how } of block.instructions) {
        // What is called uses the block; its registers need not be in locals.
        if (how === 'call') continue;
        whole |= effects.read64 | effects.write64;
        right |= effects.read32 | effects.write32;
        low |= effects.write32;
        written |= effects.write32 | effects.write64;
      }
    }
    this.#written = written;
    const locals: (RegisterLocal | undefined)[] = [];
    for (let bit = 1; bit < 1 << 16; bit <<= 1) {
      if (whole & bit) {
        locals.push({ kind: 'wide', whole: f.local('i64'), low: low & bit ? f.local('i32') : undefined });
      } else {
        locals.push(right & bit ? { kind: 'narrow', low: f.local('i32') } : undefined);
      }
    }
    this.#locals = locals;
  }

  /** @throws {Error} For a register that no instruction of the region was found to use. */
  of(number: I32): RegisterLocal {
    const register = this.#locals[Number(number.constant)];
    if (!register) throw new Error('a register that the region does not use');
    return register;
  }
  at(number: number): RegisterLocal | undefined {
    return this.#locals[number];
  }

  /** Reads all locals from the vCPU's block. */
  load(f: FunctionBuilder, cpu: Pointer): void {
    for (let number = 0; number < 16; number++) {
      const register = this.#locals[number];
      const at = cpuLayout.gr + 8 * number;
      if (register?.kind === 'wide') f.set(register.whole, f.loadI64(cpu, at));
      else if (register) f.set(register.low, f.loadI32(cpu, at));
    }
  }
  /** Writes the locals that the region may have changed. */
  store(f: FunctionBuilder, cpu: Pointer): void {
    for (let number = 0; number < 16; number++) {
      const register = this.#locals[number];
      if (!register || (this.#written & (1 << number)) === 0) continue;
      const at = cpuLayout.gr + 8 * number;
      if (register.kind === 'wide') f.store(cpu, at, register.whole.get(), 64);
      else f.store(cpu, at, register.low.get());
    }
  }
}
