/**
 * Operands of up to 128 bytes that an instruction reads or writes register by register, as LOAD MULTIPLE and STORE
 * MULTIPLE do (Principles of Operation, chapter 5, "Storage-Operand Consistency"): one pointer serves all of it.
 * One that crosses a page is joined in the block's bounce area.
 */
import { type FunctionBuilder, type FunctionRef, I32, type ModuleBuilder, type Pointer } from '@zarch/wasm';
import type { Mmu } from './mmu.ts';
import { mmuLayout } from './mmu-layout.ts';
import { Access } from './tlb.ts';

export interface Spans {
  /**
   * `(cpu, address, size, ar) -> host pointer` to store at, or 0 after a fault. For an operand that crosses a page
   * it is in the bounce area: {@link commitSpan} then stores what has been put there.
   */
  readonly storeSpan: FunctionRef<readonly ['ptr']>;
  /** `(cpu, pointer, address, size, ar)` with what {@link storeSpan} gave. */
  readonly commitSpan: FunctionRef<readonly []>;
}

/** The pointer of the first of `size` bytes in the bounce area. */
function bouncePointer(cpu: Pointer, size: I32): Pointer {
  return cpu.add(mmuLayout.bounce - 16).add(size.toPointer());
}

export function defineSpans(module: ModuleBuilder, mmu: Pick<Mmu, 'access'>): Spans {
  const storeSpan = module.function('storeSpan', ['ptr', 'i64', 'i32', 'i32'], ['ptr'], (f) => {
    const { cpu, address, size, ar, inPage, next } = operands(f, 1);
    f.store(cpu, mmuLayout.accessSize, size);
    const write = I32.const(Access.write);
    const first = f.let(f.callValue(mmu.access, cpu, address, ar, write));
    f.if(first.eq(0).or(size.leU(inPage)), () => f.return(first));
    const second = f.let(f.callValue(mmu.access, cpu, next(), ar, write));
    f.if(second.eq(0), () => f.return(second));
    f.return(bouncePointer(cpu, size));
  });
  const commitSpan = module.function('commitSpan', ['ptr', 'ptr', 'i64', 'i32', 'i32'], [], (f) => {
    const pointer = f.param(1, 'ptr').get();
    const { cpu, address, size, ar, inPage, next } = operands(f, 2);
    f.if(pointer.ne(bouncePointer(cpu, size)), () => f.return());
    const write = I32.const(Access.write);
    const rest = f.let(size.sub(inPage));
    const bounce = f.let(cpu.add(mmuLayout.bounce));
    const put = (to: Pointer, from: Pointer, count: I32) =>
      f.memoryCopy(to.add(16).sub(count.toPointer()), from, count.toPointer());
    const first = f.let(f.callValue(mmu.access, cpu, address, ar, write));
    put(first, bounce.add(rest.toPointer()), inPage);
    const second = f.let(f.callValue(mmu.access, cpu, next(), ar, write));
    put(second, bounce, rest);
  });
  return { storeSpan, commitSpan };
}

/** The parameters address, size and ar from index `from` on, and what follows from them. */
function operands(f: FunctionBuilder, from: number) {
  const cpu = f.param(0, 'ptr').get();
  const address = f.param(from, 'i64').get();
  const inPage = f.let(I32.const(4096).sub(address.wrap().and(0xfff)));
  return {
    cpu,
    address,
    size: f.param(from + 1, 'i32').get(),
    ar: f.param(from + 2, 'i32').get(),
    /** Bytes from the address to the end of its page. */
    inPage,
    next: () => f.let(address.add(inPage.extendU()).and(f.loadI64(cpu, mmuLayout.addressMask))),
  };
}
