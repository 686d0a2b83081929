/** How a failed access is told: its exception code and its TEID are left in the block. */
import { type FunctionBuilder, I32, type I64, type Pointer } from '@zarch/wasm';
import { mmuLayout } from './mmu-layout.ts';

/** Leaves the exception of an access in the block. */
export function fault(f: FunctionBuilder, cpu: Pointer, code: number | I32, teid: I64): void {
  f.store(cpu, mmuLayout.faultCode, I32.of(code));
  f.store(cpu, mmuLayout.faultTeid, teid, 64);
}
