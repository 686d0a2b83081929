/** Where guest code finds what the table of regions has for the code at a host pointer. */
import type { FunctionBuilder, I32, Pointer } from '@zarch/wasm';
import { REGION_SETS } from './cpu-layout.ts';

/** The set of a host pointer, less the place of the table in the block: `regionTable.setOf` in WebAssembly. */
export function regionSetOf(f: FunctionBuilder, cpu: Pointer, pointer: I32): Pointer {
  return f.let(
    cpu.add(
      pointer
        .shrU(1)
        .and(REGION_SETS - 1)
        .shl(4)
        .toPointer(),
    ),
  );
}
