/** General registers as the interpreter has them: in the vCPU's block, by a number known at run time. */
import { type FunctionBuilder, type I32, I64, type Pointer } from '@zarch/wasm';
import { cpuLayout } from '../cpu-layout.ts';

export function readGr(f: FunctionBuilder, cpu: Pointer, number: I32): I64 {
  return f.loadI64(at(cpu, number), cpuLayout.gr);
}

/**
 * Bits 32-63. A load of 64 bits behind a store of 32 to the same register would have to wait for the store to reach
 * the cache.
 */
export function readGr32(f: FunctionBuilder, cpu: Pointer, number: I32): I32 {
  return f.loadI32(at(cpu, number), cpuLayout.gr);
}

export function writeGr(f: FunctionBuilder, cpu: Pointer, number: I32, value: I64): void {
  f.store(at(cpu, number), cpuLayout.gr, I64.of(value), 64);
}

export function writeGr32(f: FunctionBuilder, cpu: Pointer, number: I32, value: I32): void {
  f.store(at(cpu, number), cpuLayout.gr, value, 32);
}

function at(cpu: Pointer, number: I32): Pointer {
  return cpu.add(number.shl(3).toPointer());
}
