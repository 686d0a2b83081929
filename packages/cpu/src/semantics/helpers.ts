/** Functions of the CPU module that definitions call, beside those of address translation. */
import type { Mmu } from '@zarch/memory';
import type { FunctionRef } from '@zarch/wasm';

export interface Helpers extends Mmu {
  /** `() -> host TOD`: the host's clock in TOD-clock units, never going back. */
  readonly clock: FunctionRef<readonly ['i64']>;
  /** `(cpu, assist, instruction) -> status`: work done in JavaScript; see `assist.ts`. */
  readonly assist: FunctionRef<readonly ['i32']>;
}
