/** Moving storage between address spaces and under given access keys, for MVCP, MVCS, MVCOS, MVCK and MVPG. */
import { Access, accessMode, type Mmu, mmuLayout } from '@zarch/memory';
import { type FunctionRef, I32, I64, type ModuleBuilder } from '@zarch/wasm';

export interface MoveHelpers {
  /**
   * `(cpu, destination, its ASCE, its mode, source, its ASCE, its mode, length) -> 0, 1 or 2`: moves up to 4096
   * bytes. The modes are `accessMode` fields without the access kind. 1 is a fault in the destination, 2 in the
   * source; then nothing has been stored.
   */
  readonly moveBetween: FunctionRef<readonly ['i32']>;
}

export function defineMoveHelpers(module: ModuleBuilder, mmu: Mmu): MoveHelpers {
  const params = ['ptr', 'i64', 'i64', 'i32', 'i64', 'i64', 'i32', 'i64'] as const;
  const moveBetween = module.function('moveBetween', params, ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const destination = { asce: f.param(2, 'i64').get(), mode: f.param(3, 'i32').get(), kind: Access.write };
    const source = { asce: f.param(5, 'i64').get(), mode: f.param(6, 'i32').get(), kind: Access.read };
    const total = f.param(7, 'i64').get();
    const mask = f.let(f.loadI64(cpu, mmuLayout.addressMask));
    const offset = f.local('i64');
    const rest = (address: I64) => I64.const(4096).sub(address.and(0xfff));
    const locate = (address: I64, { asce, mode, kind }: typeof destination | typeof source) =>
      f.let(f.callValue(mmu.locate, cpu, address, asce, mode.or(kind << accessMode.access)));

    /** Walks the operands in pieces that lie in one page of each; stores in the pass that copies. */
    const walk = (copy: boolean) => {
      f.set(offset, I64.const(0));
      f.loop((again) => {
        const to = f.let(f.param(1, 'i64').get().add(offset.get()).and(mask));
        const from = f.let(f.param(4, 'i64').get().add(offset.get()).and(mask));
        const left = f.let(total.sub(offset.get()));
        const first = f.let(f.select(left.ltU(rest(to)), left, rest(to)));
        const count = f.let(f.select(first.ltU(rest(from)), first, rest(from)));
        const fromPointer = locate(from, source);
        f.if(fromPointer.eq(0), () => f.return(I32.const(2)));
        const toPointer = locate(to, destination);
        f.if(toPointer.eq(0), () => f.return(I32.const(1)));
        if (copy) {
          const size = count.wrap().toPointer();
          f.memoryCopy(toPointer.add(16).sub(size), fromPointer.add(16).sub(size), size);
        }
        f.set(offset, offset.get().add(count));
        f.brIf(offset.get().ltU(total), again);
      });
    };
    f.if(total.eqz(), () => f.return(I32.const(0)));
    // Operands that cross a page are walked first without storing, so that a fault leaves them as they are.
    const crosses = total.gtU(rest(f.param(1, 'i64').get())).or(total.gtU(rest(f.param(4, 'i64').get())));
    f.if(crosses, () => walk(false));
    walk(true);
    f.return(I32.const(0));
  });
  return { moveBetween };
}
