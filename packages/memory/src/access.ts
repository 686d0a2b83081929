/**
 * Accesses as the PSW says: by its address space and under its key, with access registers in access-register mode
 * (Principles of Operation, chapter 3, "Address Spaces"; chapter 5, "Access-Register Mode"). They fill the TLBs.
 */
import { ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import { FETCH_ONLY } from './access-register-translation.ts';
import { codeFrame, hasCode } from './code-stores.ts';
import { loadControl } from './control-register.ts';
import { fault } from './fault.ts';
import type { Mmu } from './mmu.ts';
import {
  ACCESS_RECORD_SIZE,
  ACCESS_RECORDS,
  HELD,
  HELD_PAGES,
  Hold,
  LOW_PAGE,
  LOW_PROTECTED,
  mmuLayout,
  TLB_ENTRIES,
  TLB_ENTRY_SIZE,
  UNCACHED,
} from './mmu-layout.ts';
import { accessMode } from './resolve.ts';
import { Access, tlbOf, tlbOffset } from './tlb.ts';

/** The access register to give where an operand has none, or its base register is 0. */
export const NO_ACCESS_REGISTER = 0;

/** `(cpu, access register) -> (asce, code)` of access-register translation; `code` 0 is success. */
export type AccessRegisterTranslation = FunctionRef<readonly ['i64', 'i32']>;

export function defineSpaceAsce(module: ModuleBuilder, art: AccessRegisterTranslation): Mmu['spaceAsce'] {
  return module.function('spaceAsce', ['ptr', 'i32', 'i32'], ['i64', 'i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const space = f.param(1, 'i32').get();
    const ar = f.param(2, 'i32').get();
    f.store(cpu, mmuLayout.fetchOnly, I32.const(0));
    const give = (control: number) => f.return(loadControl(f, cpu, control), I32.const(0));
    f.if(space.eqz(), () => give(1));
    f.if(space.eq(2), () => give(7));
    f.if(space.eq(3), () => give(13));
    f.if(ar.eqz(), () => give(1));
    const at = cpu.add(ar.shl(2).toPointer());
    const alet = f.let(f.loadI32(at, mmuLayout.accessRegisters));
    f.if(alet.eqz(), () => give(1));
    f.if(alet.eq(1), () => give(7));
    const [asce, code] = f.call(art, cpu, ar) as [I64, I32];
    f.store(cpu, mmuLayout.fetchOnly, code.and(FETCH_ONLY));
    f.return(asce, code.and(0xffff));
  });
}

/** TEID of access-list-controlled protection: a store, in AR mode, with the bits of enhanced suppression. */
const PROTECTED_BY_ACCESS_LIST = 0x40dn;

export function defineAccess(
  module: ModuleBuilder,
  resolve: Mmu['resolve'],
  spaceAsce: Mmu['spaceAsce'],
): Mmu['access'] {
  return module.function('access', ['ptr', 'i64', 'i32', 'i32'], ['ptr'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const ar = f.param(2, 'i32').get();
    const kind = f.param(3, 'i32').get();
    const holds = f.let(f.loadI32(cpu, mmuLayout.holds));
    const held = f.local('i32');
    f.if(holds, () => f.set(held, isHeld(f, cpu, address)));
    f.if(held.get().and(holds.eq(Hold.fail)), () => {
      fault(f, cpu, HELD, I64.const(0));
      f.return(I32.const(0).toPointer());
    });

    f.if(address.ltU(8192).and(kind.eq(Access.write)).and(held.get().eqz()), () =>
      useLowPage(f, cpu, address),
    );
    f.store(cpu, mmuLayout.misses, f.loadI64(cpu, mmuLayout.misses).add(1), 64);

    const psw = f.let(f.loadI64(cpu, mmuLayout.pswMask));
    const dat = f.let(psw.and(PSW.dat).ne(0));
    const space = f.local('i32');
    f.set(space, psw.shrU(PSW_SHIFT.addressSpace).wrap().and(3));
    // Instructions come from the home space in home mode and from the primary one otherwise.
    f.if(kind.eq(Access.fetch).and(space.get().ne(3)), () => f.set(space, I32.const(0)));
    const asce = f.local('i64');
    f.if(dat, () => {
      const [value, code] = f.call(spaceAsce, cpu, space.get(), ar) as [I64, I32];
      f.if(code, () => {
        fault(f, cpu, code, address.and(~0xfffn).or(1));
        f.store(cpu, mmuLayout.faultAccess, ar);
        f.return(I32.const(0).toPointer());
      });
      f.set(asce, value);
      // Access-list-controlled protection.
      f.if(kind.eq(Access.write).and(f.loadI32(cpu, mmuLayout.fetchOnly).ne(0)), () => {
        const identification = address.and(~0xfffn).or(PROTECTED_BY_ACCESS_LIST);
        fault(f, cpu, ProgramInterruption.protection, identification);
        f.store(cpu, mmuLayout.faultAccess, ar);
        f.return(I32.const(0).toPointer());
      });
    });
    const key = psw.shrU(PSW_SHIFT.key).wrap().and(15);
    const mode = kind
      .or(key.shl(accessMode.key))
      .or(dat.shl(accessMode.dat))
      .or(f.select(dat, space.get(), I32.const(0)).shl(accessMode.space))
      .or(ar.shl(accessMode.accessRegister));
    const absolute = f.let(f.callValue(resolve, cpu, address, asce.get(), mode));
    f.if(absolute.eq(-1n), () => f.return(I32.const(0).toPointer()));
    recordAccess(f, cpu, address, kind);
    const pointer = f.let(f.loadI32(cpu, mmuLayout.top).sub(16).sub(absolute.wrap()));

    const context = f.let(
      f.select(
        kind.eq(Access.fetch),
        f.loadI64(cpu, mmuLayout.fetchContext),
        f.loadI64(cpu, mmuLayout.dataContext),
      ),
    );
    // Low-address protection and fetch-protection override cover parts of the first two pages only.
    const low = f.let(address.ltU(8192));
    const lowWrite = low.and(kind.eq(Access.write));
    const lowRead = low.and(kind.ne(Access.write)).and(key.ne(0));
    const code = kind.eq(Access.write).and(hasCode(f, codeFrame(f, cpu, absolute)).ne(0));
    f.if(lowRead.or(code).or(context.eq(UNCACHED)).or(held.get()).eqz(), () => {
      const size = TLB_ENTRIES * TLB_ENTRY_SIZE;
      const entry = f.let(cpu.add(kind.extendU().mul(size).toPointer()).add(tlbOffset(address)));
      const tagged = f.select(lowWrite, I64.const(LOW_PAGE), context);
      f.store(entry, tlbOf(Access.read), address.and(~0xfffn).or(tagged), 64);
      f.store(entry, tlbOf(Access.read) + 8, pointer.add(address.wrap()));
      f.store(entry, tlbOf(Access.read) + 12, context.wrap());
    });
    f.return(pointer.toPointer());
  });
}

/** Returns the pointer for a store into page 0 or 1, beyond what is protected in it, if its translation is known. */
function useLowPage(f: FunctionBuilder, cpu: Pointer, address: I64): void {
  const entry = f.let(cpu.add(tlbOffset(address)));
  const isKnown = f
    .loadI64(entry, tlbOf(Access.write))
    .eq(address.and(~0xfffn).or(LOW_PAGE))
    .and(f.loadI32(entry, tlbOf(Access.write) + 12).eq(f.loadI64(cpu, mmuLayout.dataContext).wrap()));
  const isOpen = address.wrap().and(0xfff).geU(LOW_PROTECTED);
  f.if(isKnown.and(isOpen), () => {
    recordAccess(f, cpu, address, I32.const(Access.write));
    f.return(
      f
        .loadI32(entry, tlbOf(Access.write) + 8)
        .sub(address.wrap())
        .toPointer(),
    );
  });
}

/** Whether the page of an address is one of those that are held. */
function isHeld(f: FunctionBuilder, cpu: Pointer, address: I64): I32 {
  const page = f.let(
    address
      .shrU(12)
      .wrap()
      .and(HELD_PAGES - 1),
  );
  const bits = f.loadI32(cpu.add(page.shrU(3).toPointer()), mmuLayout.heldPages, 8);
  return bits.shrU(page.and(7)).and(1);
}

/** Notes an operand's access when someone wants to know. */
function recordAccess(f: FunctionBuilder, cpu: Pointer, address: I64, kind: I32): void {
  const number = f.let(f.loadI32(cpu, mmuLayout.accessRecord));
  // Zero becomes the largest number.
  f.if(number.sub(1).ltU(ACCESS_RECORDS).and(kind.ne(Access.fetch)), () => {
    const record = f.let(cpu.add(number.sub(1).mul(ACCESS_RECORD_SIZE).toPointer()));
    f.store(record, mmuLayout.accesses, address, 64);
    f.store(record, mmuLayout.accesses + 8, kind);
    f.store(record, mmuLayout.accesses + 12, f.loadI32(cpu, mmuLayout.accessSize));
    f.store(cpu, mmuLayout.accessRecord, number.add(1));
  });
  f.store(cpu, mmuLayout.accessSize, I32.const(0));
}
