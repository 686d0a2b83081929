/**
 * Loads, stores and instruction fetches that the TLBs alone do not do: where a page is not known, or an operand or an
 * instruction crosses from one page into the next.
 */
import { ProgramInterruption } from '@zarch/arch';
import { type FunctionBuilder, I32, I64, type ModuleBuilder, type Pointer } from '@zarch/wasm';
import { NO_ACCESS_REGISTER } from './access.ts';
import { type Bounce, bouncePointer, bytesInPage } from './bounce.ts';
import { fault } from './fault.ts';
import type { Mmu } from './mmu.ts';
import { mmuLayout, TLB_ENTRIES, TLB_ENTRY_SIZE } from './mmu-layout.ts';
import { Access, knownPointer, tlbOf } from './tlb.ts';

/** `address` in the block's addressing mode. */
export function wrapAddress(f: FunctionBuilder, cpu: Pointer, address: I64): I64 {
  return address.and(f.loadI64(cpu, mmuLayout.addressMask));
}

/** What accesses to operands that cross a page are made of. */
export interface AcrossPages extends Bounce {
  readonly access: Mmu['access'];
  /** As {@link access}, by way of the TLB: it did not serve such an operand, but may know both pages. */
  readonly reach: Mmu['access'];
}

export function defineReach(module: ModuleBuilder, access: Mmu['access']): AcrossPages['reach'] {
  return module.function('reach', ['ptr', 'i64', 'i32', 'i32'], ['ptr'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const [ar, kind] = [f.param(2, 'i32').get(), f.param(3, 'i32').get()];
    const tlb = kind.mul(TLB_ENTRIES * TLB_ENTRY_SIZE).add(tlbOf(Access.read));
    const context = f.loadI64(cpu, mmuLayout.dataContext);
    const known = f.let(knownPointer(f, cpu, tlb, address, context));
    f.if(known.ne(0), () => f.return(known));
    f.return(f.callValue(access, cpu, address, ar, kind));
  });
}

export function defineLoadSlow(module: ModuleBuilder, { access, reach, join }: AcrossPages): Mmu['loadSlow'] {
  return module.function('loadSlow', ['ptr', 'i64', 'i32', 'i32'], ['ptr'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const [size, ar] = [f.param(2, 'i32').get(), f.param(3, 'i32').get()];
    const read = I32.const(Access.read);
    f.store(cpu, mmuLayout.accessSize, size);
    const inPage = f.let(bytesInPage(address));
    f.if(size.leU(inPage), () => f.return(f.callValue(access, cpu, address, ar, read)));
    const first = f.let(f.callValue(reach, cpu, address, ar, read));
    f.if(first.eq(0), () => f.return(first));
    const next = wrapAddress(f, cpu, address.add(inPage.extendU()));
    f.store(cpu, mmuLayout.accessSize, I32.const(1));
    const second = f.let(f.callValue(reach, cpu, next, ar, read));
    f.if(second.eq(0), () => f.return(second));
    f.call(join, cpu, size, inPage, first, second);
    f.return(bouncePointer(cpu, size));
  });
}

export function defineStoreSlow(
  module: ModuleBuilder,
  { access, reach, part }: AcrossPages,
): Mmu['storeSlow'] {
  return module.function('storeSlow', ['ptr', 'i64', 'i64', 'i32', 'i32'], ['i32'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const value = f.param(2, 'i64').get();
    const [size, ar] = [f.param(3, 'i32').get(), f.param(4, 'i32').get()];
    const write = I32.const(Access.write);
    const failed = (pointer: Pointer) => f.if(pointer.eq(0), () => f.return(I32.const(1)));
    f.store(cpu, mmuLayout.accessSize, size);
    // The value's rightmost bytes are the operand, whatever its size.
    f.store(cpu.add(mmuLayout.bounce), 0, value, 64);
    const inPage = f.let(bytesInPage(address));
    f.if(size.leU(inPage), () => {
      const pointer = f.let(f.callValue(access, cpu, address, ar, write));
      failed(pointer);
      f.call(part, cpu, size, size, pointer, pointer);
      f.return(I32.const(0));
    });
    const first = f.let(f.callValue(reach, cpu, address, ar, write));
    failed(first);
    const next = wrapAddress(f, cpu, address.add(inPage.extendU()));
    f.store(cpu, mmuLayout.accessSize, I32.const(1));
    const second = f.let(f.callValue(reach, cpu, next, ar, write));
    failed(second);
    f.call(part, cpu, size, inPage, first, second);
    f.return(I32.const(0));
  });
}

export function defineFetchSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['fetchSlow'] {
  // Instructions at the end of a page come here though their page is known.
  const fetchPointer = module.function('fetchPointer', ['ptr', 'i64'], ['ptr'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const context = f.loadI64(cpu, mmuLayout.fetchContext);
    const known = f.let(knownPointer(f, cpu, tlbOf(Access.fetch), address, context));
    f.if(known.ne(0), () => f.return(known));
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
    const inPage = f.let(bytesInPage(address));
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
