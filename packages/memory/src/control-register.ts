/** Control registers, which are in the state description, as code for a vCPU reads them. */
import type { FunctionBuilder, I64, Pointer } from '@zarch/wasm';
import { controlRegister, mmuLayout } from './mmu-layout.ts';

/** Reads control register `number` of the state description. */
export function loadControl(f: FunctionBuilder, cpu: Pointer, number: number): I64 {
  return f.loadI64(f.loadI32(cpu, mmuLayout.stateDescription).toPointer(), controlRegister(number));
}
