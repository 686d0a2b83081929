/** Looks up the translation of a piece of storage that several accesses are in, for translated code. */
import { type Mmu, mmuLayout, TLB_ENTRIES, TLB_ENTRY_SIZE, tlbOf, tlbOffset } from '@zarch/memory';
import { type FunctionRef, I32, type ModuleBuilder } from '@zarch/wasm';

export interface WindowHelper {
  /**
   * `(cpu, address, size, ar, kind) -> host pointer` of at least one byte, or 0 where that cannot be used for all of them:
   * across pages, after an access exception, which is not presented, and where every access must be looked at.
   */
  readonly window: FunctionRef<readonly ['ptr']>;
}

export function defineWindowHelper(module: ModuleBuilder, { access }: Mmu): WindowHelper {
  return {
    window: module.function('window', ['ptr', 'i64', 'i32', 'i32', 'i32'], ['ptr'], (f) => {
      const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
      const [size, ar, kind] = [f.param(2, 'i32').get(), f.param(3, 'i32').get(), f.param(4, 'i32').get()];
      const none = I32.const(0).toPointer();
      f.if(address.wrap().and(0xfff).add(size).gtU(4096), () => f.return(none));
      const pointer = f.let(f.callValue(access, cpu, address, ar, kind));
      f.if(pointer.eq(0), () => f.return(none));
      // What is not in the TLB holds for one access.
      const tlb = kind.mul(TLB_ENTRIES * TLB_ENTRY_SIZE).toPointer();
      const entry = f.let(cpu.add(tlb).add(tlbOffset(address)));
      const tag = address.and(~0xfffn).or(f.loadI64(cpu, mmuLayout.dataContext));
      f.return(f.select(f.loadI64(entry, tlbOf(0)).eq(tag), pointer, none));
    }),
  };
}
