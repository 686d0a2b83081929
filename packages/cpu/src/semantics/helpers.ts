/** Functions of the CPU module that definitions call, beside those of address translation. */
import type { Mmu } from '@zarch/memory';
import type { FunctionRef } from '@zarch/wasm';
import type { ConditionHelper } from './condition-helper.ts';
import type { InterruptionHelpers } from './control/interruption-helpers.ts';
import type { MoveHelpers } from './control/move-helpers.ts';
import type { PswHelpers } from './control/psw-helpers.ts';
import type { ArithmeticHelpers } from './general/arithmetic-helpers.ts';
import type { StorageHelpers } from './general/storage-helpers.ts';
import type { WindowHelper } from './window-helper.ts';

export interface Helpers
  extends Mmu,
    PswHelpers,
    InterruptionHelpers,
    MoveHelpers,
    StorageHelpers,
    ArithmeticHelpers,
    WindowHelper,
    ConditionHelper {
  /** `() -> host TOD`: the host's clock in TOD-clock units, never going back. */
  readonly clock: FunctionRef<readonly ['i64']>;
  /** `(cpu, assist, instruction) -> status`: work done in JavaScript; see `assist.ts`. */
  readonly assist: FunctionRef<readonly ['i32']>;
}
