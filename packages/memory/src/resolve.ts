/**
 * Resolving one access to an absolute address: DAT, prefixing, protection, and the recording of reference and change
 * (Principles of Operation, chapter 3). Address space and access key are given, and need not be the PSW's.
 */
import { CR0, ProgramInterruption } from '@zarch/arch';
import { type FunctionBuilder, I32, I64, type ModuleBuilder, type Pointer } from '@zarch/wasm';
import { codeFrame, hasCode, noteCodeWrite } from './code-stores.ts';
import { loadControl } from './control-register.ts';
import { type TranslateFunction, translationFlag } from './dat.ts';
import { fault } from './fault.ts';
import type { Mmu } from './mmu.ts';
import { CODE_WRITE, CodeWrite, mmuFacility, mmuLayout, TLB_ENTRIES, TLB_ENTRY_SIZE } from './mmu-layout.ts';
import { Access, findEntry, tlbOf } from './tlb.ts';

/**
 * Fields of the `mode` parameter of `resolve`: an access that need not be the PSW's own (MVCP, MVCOS, MEM_OP).
 * The space is an {@link AddressSpaceControl} value; the access register identifies it in AR mode.
 */
export const accessMode = {
  access: 0,
  noRecording: 3,
  key: 4,
  dat: 8,
  space: 9,
  accessRegister: 12,
} as const;

export function defineResolve(module: ModuleBuilder, translate: TranslateFunction): Mmu['resolve'] {
  return module.function('resolve', ['ptr', 'i64', 'i64', 'i32'], ['i64'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const asce = f.param(2, 'i64').get();
    const mode = f.param(3, 'i32').get();
    const field = (name: keyof typeof accessMode, mask: number) => mode.shrU(accessMode[name]).and(mask);
    const kind = f.let(field('access', 3));
    const write = kind.eq(Access.write);
    const facilities = f.let(f.loadI32(cpu, mmuLayout.facilities));
    const has = (facility: number) => facilities.and(facility).ne(0);
    const cr0 = f.let(loadControl(f, cpu, 0));
    const dat = f.let(field('dat', 1));

    const indication = f.select(
      has(mmuFacility.fetchStoreIndication),
      f.select(write, I64.const(0x400), I64.const(0x800)),
      I64.const(0),
    );
    const teid = f.let(address.and(~0xfffn).or(indication).or(field('space', 3).extendU()));
    const fail = (code: number | I32, bits: I64 | number = 0) => {
      fault(f, cpu, code, teid.or(bits));
      f.store(cpu, mmuLayout.faultAccess, field('accessRegister', 15));
      f.return(I64.const(-1n));
    };

    const privateSpace = dat.and(asce.shrU(8).wrap().and(1));
    const lowAddress = address.and(~0x11ffn).eqz().and(cr0.and(CR0.lowAddressProtection).ne(0));
    f.if(write.and(lowAddress).and(privateSpace.eqz()), () =>
      fail(
        ProgramInterruption.protection,
        f.select(has(mmuFacility.suppressionOnProtection2), I64.const(0x80), I64.const(0)),
      ),
    );

    const realAddress = f.local('i64');
    const isAbsolute = f.local('i32');
    f.set(realAddress, address);
    f.set(isAbsolute, I32.const(0));
    f.if(dat, () => {
      const [translated, status] = f.call(translate, cpu, address, asce) as [I64, I32];
      f.if(status.and(0xffff), () => fail(status));
      f.if(write.and(status.and(translationFlag.protected).ne(0)), () =>
        fail(ProgramInterruption.protection, 0x4),
      );
      const noExecute = has(mmuFacility.instructionExecutionProtection)
        .and(cr0.and(CR0.instructionExecutionProtection).ne(0))
        .and(kind.eq(Access.fetch))
        .and(status.and(translationFlag.noExecute).ne(0));
      f.if(noExecute, () => fail(ProgramInterruption.protection, 0x84));
      f.set(realAddress, translated);
      f.set(isAbsolute, status.and(translationFlag.absolute));
    });

    const prefixed = applyPrefix(f, cpu, realAddress.get());
    const absolute = f.let(f.select(isAbsolute.get(), realAddress.get(), prefixed));
    f.if(absolute.geU(f.loadI32(cpu, mmuLayout.size).extendU()), () => fail(ProgramInterruption.addressing));

    const keyAddress = f.let(f.loadI32(cpu, mmuLayout.keys).toPointer().add(absolute.shrU(12).toPointer()));
    const storageKey = f.let(f.loadI32(keyAddress, 0, 8));
    const key = f.let(field('key', 15));
    f.if(key.ne(0).and(storageKey.shrU(4).ne(key)), () => {
      const overridden = cr0.and(CR0.storageProtectionOverride).ne(0).and(storageKey.shrU(4).eq(9));
      const lowFetch = cr0
        .and(CR0.fetchProtectionOverride)
        .ne(0)
        .and(address.ltU(2048))
        .and(privateSpace.eqz());
      const allowed = f.select(write, overridden, storageKey.and(0x08).eqz().or(lowFetch).or(overridden));
      f.if(allowed.eqz(), () =>
        fail(
          ProgramInterruption.protection,
          f.select(has(mmuFacility.suppressionOnProtection2), I64.const(0x08), I64.const(0x4)),
        ),
      );
    });

    const record = f.let(field('noRecording', 1).eqz());
    f.if(write.and(record), () => {
      const frame = codeFrame(f, cpu, absolute);
      f.if(hasCode(f, frame), () => {
        f.if(f.loadI32(cpu, mmuLayout.codeWrite).eq(CodeWrite.fail), () => fail(CODE_WRITE));
        noteCodeWrite(f, cpu, frame);
      });
    });
    const recorded = f.let(f.select(write, I32.const(0x06), I32.const(0x04)));
    f.if(record.and(storageKey.and(recorded).ne(recorded)), () =>
      f.drop(f.atomic('i32', 'or', 8, keyAddress, recorded)),
    );
    f.return(absolute);
  });
}

export function defineLocate(module: ModuleBuilder, resolve: Mmu['resolve']): Mmu['locate'] {
  return module.function('locate', ['ptr', 'i64', 'i64', 'i32'], ['ptr'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const [asce, mode] = [f.param(2, 'i64').get(), f.param(3, 'i32').get()];
    const field = (name: keyof typeof accessMode, mask: number) => mode.shrU(accessMode[name]).and(mask);
    // In access-register mode an access list may forbid stores.
    const cached = field('dat', 1).and(field('space', 3).ne(1));
    f.if(cached, () => {
      const tlb = field('access', 3)
        .mul(TLB_ENTRIES * TLB_ENTRY_SIZE)
        .add(tlbOf(Access.read));
      const pointer = f.let(findEntry(f, cpu, tlb, address, asce, field('key', 15)));
      f.if(pointer.ne(0), () => f.return(pointer));
    });
    const absolute = f.let(f.callValue(resolve, cpu, address, asce, mode));
    f.if(absolute.eq(-1n), () => f.return(I32.const(0).toPointer()));
    f.return(f.loadI32(cpu, mmuLayout.top).sub(16).sub(absolute.wrap()).toPointer());
  });
}

export function defineTestAccess(module: ModuleBuilder, resolve: Mmu['resolve']): Mmu['testAccess'] {
  return module.function('testAccess', ['ptr', 'i64', 'i64', 'i32'], ['i32'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const [asce, mode] = [f.param(2, 'i64').get(), f.param(3, 'i32').get()];
    const absolute = f.callValue(resolve, cpu, address, asce, mode.or(1 << accessMode.noRecording));
    f.if(absolute.ne(-1n), () => f.return(I32.const(0)));
    f.return(f.loadI32(cpu, mmuLayout.faultCode));
  });
}

/** Prefixing: real to absolute, or back (chapter 3, "Prefixing"). */
export function applyPrefix(f: FunctionBuilder, cpu: Pointer, address: I64): I64 {
  const prefix = f.let(f.loadI32(cpu, mmuLayout.prefix).extendU());
  const value = f.let(address);
  const block = f.let(value.and(~0x1fffn));
  const swapped = block.eqz().or(block.eq(prefix));
  return f.select(swapped, value.xor(prefix), value);
}
