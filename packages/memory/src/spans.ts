/**
 * Operands of up to 128 bytes that an instruction reads or writes register by register, as LOAD MULTIPLE and STORE
 * MULTIPLE do (Principles of Operation, chapter 5, "Storage-Operand Consistency"): one pointer serves all of it.
 * One that crosses a page is joined in the block's bounce area.
 */
import { type FunctionBuilder, type FunctionRef, I32, type ModuleBuilder } from '@zarch/wasm';
import { bouncePointer, bytesInPage } from './bounce.ts';
import { mmuLayout } from './mmu-layout.ts';
import { type AcrossPages, wrapAddress } from './slow-paths.ts';
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

export function defineSpans(module: ModuleBuilder, { access, reach, part }: AcrossPages): Spans {
  const write = I32.const(Access.write);
  const storeSpan = module.function('storeSpan', ['ptr', 'i64', 'i32', 'i32'], ['ptr'], (f) => {
    const { cpu, address, size, ar, inPage, next } = operands(f, 1);
    f.store(cpu, mmuLayout.accessSize, size);
    f.if(size.leU(inPage), () => f.return(f.callValue(access, cpu, address, ar, write)));
    const first = f.let(f.callValue(reach, cpu, address, ar, write));
    f.if(first.eq(0), () => f.return(first));
    const second = f.let(f.callValue(reach, cpu, next(), ar, write));
    f.if(second.eq(0), () => f.return(second));
    f.return(bouncePointer(cpu, size));
  });
  const commitSpan = module.function('commitSpan', ['ptr', 'ptr', 'i64', 'i32', 'i32'], [], (f) => {
    const pointer = f.param(1, 'ptr').get();
    const { cpu, address, size, ar, inPage, next } = operands(f, 2);
    f.if(pointer.ne(bouncePointer(cpu, size)), () => f.return());
    const first = f.let(f.callValue(reach, cpu, address, ar, write));
    const second = f.let(f.callValue(reach, cpu, next(), ar, write));
    f.call(part, cpu, size, inPage, first, second);
  });
  return { storeSpan, commitSpan };
}

/** The parameters address, size and ar from index `from` on, and what follows from them. */
function operands(f: FunctionBuilder, from: number) {
  const cpu = f.param(0, 'ptr').get();
  const address = f.param(from, 'i64').get();
  const inPage = f.let(bytesInPage(address));
  return {
    cpu,
    address,
    size: f.param(from + 1, 'i32').get(),
    ar: f.param(from + 2, 'i32').get(),
    inPage,
    next: () => f.let(wrapAddress(f, cpu, address.add(inPage.extendU()))),
  };
}
