/**
 * Loads, stores and instruction fetches that the TLBs alone do not do: where a page is not known, or an operand or an
 * instruction crosses from one page into the next.
 */
import { ProgramInterruption } from '@zarch/arch';
import { type FunctionBuilder, I32, I64, type ModuleBuilder, type Pointer } from '@zarch/wasm';
import { NO_ACCESS_REGISTER } from './access.ts';
import { fault } from './fault.ts';
import type { Mmu } from './mmu.ts';
import { mmuLayout } from './mmu-layout.ts';
import { Access, tlbOf, tlbOffset } from './tlb.ts';

/** `address` in the block's addressing mode. */
function wrapAddress(f: FunctionBuilder, cpu: Pointer, address: I64): I64 {
  return address.and(f.loadI64(cpu, mmuLayout.addressMask));
}

export function defineLoadSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['loadSlow'] {
  return module.function('loadSlow', ['ptr', 'i64', 'i32', 'i32'], ['ptr'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const size = f.param(2, 'i32').get();
    const ar = f.param(3, 'i32').get();
    f.store(cpu, mmuLayout.accessSize, size);
    const first = f.let(f.callValue(access, cpu, address, ar, I32.const(Access.read)));
    const inPage = f.let(I32.const(4096).sub(address.wrap().and(0xfff)));
    f.if(first.eq(0).or(size.leU(inPage)), () => f.return(first));
    const next = wrapAddress(f, cpu, address.add(inPage.extendU()));
    f.store(cpu, mmuLayout.accessSize, I32.const(1));
    const second = f.let(f.callValue(access, cpu, next, ar, I32.const(Access.read)));
    f.if(second.eq(0), () => f.return(second));
    const bounce = f.let(cpu.add(mmuLayout.bounce));
    const rest = f.let(size.sub(inPage));
    const from = (pointer: Pointer, count: I32) => pointer.add(16).sub(count.toPointer());
    f.memoryCopy(bounce.add(rest.toPointer()), from(first, inPage), inPage.toPointer());
    f.memoryCopy(bounce, from(second, rest), rest.toPointer());
    f.return(bounce.sub(16).add(size.toPointer()));
  });
}

export function defineStoreSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['storeSlow'] {
  return module.function('storeSlow', ['ptr', 'i64', 'i64', 'i32', 'i32'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const value = f.param(2, 'i64').get();
    const size = f.param(3, 'i32').get();
    const ar = f.param(4, 'i32').get();
    f.store(cpu, mmuLayout.accessSize, size);
    const first = f.let(f.callValue(access, cpu, address, ar, I32.const(Access.write)));
    f.if(first.eq(0), () => f.return(I32.const(1)));
    const bounce = f.let(cpu.add(mmuLayout.bounce));
    const inPage = f.let(I32.const(4096).sub(address.wrap().and(0xfff)));
    const to = (pointer: Pointer, count: I32) => pointer.add(16).sub(count.toPointer());
    f.if(size.leU(inPage), () => {
      f.store(bounce, 0, value, 64);
      f.memoryCopy(to(first, size), bounce, size.toPointer());
      f.return(I32.const(0));
    });
    const next = wrapAddress(f, cpu, address.add(inPage.extendU()));
    f.store(cpu, mmuLayout.accessSize, I32.const(1));
    const second = f.let(f.callValue(access, cpu, next, ar, I32.const(Access.write)));
    f.if(second.eq(0), () => f.return(I32.const(1)));
    const rest = f.let(size.sub(inPage));
    f.store(bounce, 0, value, 64);
    f.memoryCopy(to(first, inPage), bounce.add(rest.toPointer()), inPage.toPointer());
    f.memoryCopy(to(second, rest), bounce, rest.toPointer());
    f.return(I32.const(0));
  });
}

export function defineFetchSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['fetchSlow'] {
  // Instructions at the end of a page come here though their page is known.
  const fetchPointer = module.function('fetchPointer', ['ptr', 'i64'], ['ptr'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const entry = f.let(cpu.add(tlbOffset(address)));
    const tag = address.and(~0xfffn).or(f.loadI64(cpu, mmuLayout.fetchContext));
    f.if(f.loadI64(entry, tlbOf(Access.fetch)).eq(tag), () =>
      f.return(
        f
          .loadI32(entry, tlbOf(Access.fetch) + 8)
          .sub(address.wrap())
          .toPointer(),
      ),
    );
    f.return(f.callValue(access, cpu, address, I32.const(NO_ACCESS_REGISTER), I32.const(Access.fetch)));
  });
  return module.function('fetchSlow', ['ptr', 'i64'], ['i64', 'i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const failed = () => f.return(I64.const(0), I32.const(0));
    f.if(address.wrap().and(1), () => {
      fault(f, cpu, ProgramInterruption.specification, I64.const(0));
      failed();
    });
    const first = f.let(f.callValue(fetchPointer, cpu, address));
    f.if(first.eq(0), failed);
    const inPage = f.let(I32.const(4096).sub(address.wrap().and(0xfff)));
    f.if(inPage.geU(6), () => f.return(f.loadI64(first, 8), I32.const(1)));
    // Two or four bytes are left in the page: the first byte tells whether the instruction ends there.
    const start = f.let(f.select(inPage.eq(2), f.loadI32(first, 14, 16).shl(16), f.loadI32(first, 12)));
    const length = instructionLength(start.shrU(24));
    const left = f.let(start.extendU().shl(32));
    f.if(length.leU(inPage), () => f.return(left, I32.const(1)));
    const next = wrapAddress(f, cpu, address.add(inPage.extendU()));
    const second = f.let(f.callValue(fetchPointer, cpu, next));
    f.if(second.eq(0), failed);
    const rest = f.loadI64(second, 8).shrU(inPage.shl(3).extendU());
    f.return(left.or(rest), I32.const(1));
  });
}

/** Bytes in an instruction, from its first byte (chapter 5, "Instruction Formats"). */
export function instructionLength(firstByte: I32): I32 {
  return firstByte.add(64).shrU(6).and(6).add(2).and(6);
}
