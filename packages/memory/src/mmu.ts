/**
 * Access to storage by logical address: address spaces, protection, storage keys and the TLBs (Principles of
 * Operation, chapter 3, "Protection", "Reference Recording", "Change Recording", "Translation-Lookaside Buffer").
 *
 * A TLB tag is a page address and a context; a context stands for an ASCE (or real addressing) and an access key.
 * Forgetting an ASCE's context purges all its entries at once, since its number is not given out again until the
 * TLBs are cleared.
 *
 * A host pointer here always means "host address of the byte, less 15": an operand of s bytes is then at offset
 * 16 - s, whatever its size.
 */
import { CR0, ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import { FETCH_ONLY } from './access-register-translation.ts';
import { CodeFrame, CodeFrames } from './code-frames.ts';
import { loadControl } from './control-register.ts';
import { defineTranslate, type TranslateFunction, translationFlag } from './dat.ts';
import {
  ACCESS_RECORD_SIZE,
  ACCESS_RECORDS,
  CODE_WRITE,
  CodeWrite,
  HELD,
  HELD_PAGES,
  Hold,
  LOW_PAGE,
  LOW_PROTECTED,
  mmuFacility,
  mmuLayout,
  TLB_ENTRIES,
  TLB_ENTRY_SIZE,
  UNCACHED,
} from './mmu-layout.ts';
import {
  Access,
  definePurge,
  definePurgePage,
  definePurgeSpace,
  defineRefresh,
  findEntry,
  tlbOf,
  tlbOffset,
} from './tlb.ts';

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

/** The access register to give where an operand has none, or its base register is 0. */
export const NO_ACCESS_REGISTER = 0;

export interface Mmu {
  readonly translate: TranslateFunction;
  /** `(cpu, address, asce, mode) -> absolute address`, or -1 with the fault in the block. Fills no TLB. */
  readonly resolve: FunctionRef<readonly ['i64']>;
  /**
   * `(cpu, address, asce, mode) -> host pointer`, or 0 with the fault in the block: as `resolve`, by way of the TLBs where
   * they know the page.
   */
  readonly locate: FunctionRef<readonly ['ptr']>;
  /** As `resolve`, but gives 0 or the code of the exception that the access would meet, and records nothing. */
  readonly testAccess: FunctionRef<readonly ['i32']>;
  /** `(cpu, space, ar) -> (asce, code)`: the ASCE of an address space, or an exception code of ART. */
  readonly spaceAsce: FunctionRef<readonly ['i64', 'i32']>;
  /** `(cpu, address, ar, access) -> host pointer` of one byte in the PSW's mode, or 0; fills the TLB. */
  readonly access: FunctionRef<readonly ['ptr']>;
  /** `(cpu, address, size, ar) -> host pointer`, or 0; at most 16 bytes, which may cross a page. */
  readonly loadSlow: FunctionRef<readonly ['ptr']>;
  /** `(cpu, address, value, size, ar) -> 0, or 1 after a fault`; 1 to 8 bytes. */
  readonly storeSlow: FunctionRef<readonly ['i32']>;
  /** `(cpu, address) -> (instruction left-aligned, 1)`, or `(0, 0)` after a fault; fills the fetch TLB. */
  readonly fetchSlow: FunctionRef<readonly ['i64', 'i32']>;
  /** `(cpu)`: derives the contexts and the address mask from PSW and control registers. */
  readonly refresh: FunctionRef<readonly []>;
  /** `(cpu)`: purges the entries by which blocks with translated code could be stored into. */
  readonly protectCode: FunctionRef<readonly []>;
  /** `(cpu)`: purges all TLB entries. */
  readonly purge: FunctionRef<readonly []>;
  /** `(cpu, asce)`: purges the entries of the spaces whose tables begin where those of an ASCE do. */
  readonly purgeSpace: FunctionRef<readonly []>;
  /** `(cpu, address)`: purges the entries of a page index, in every space. */
  readonly purgePage: FunctionRef<readonly []>;
}

/** `(cpu, access register) -> (asce, code)` of access-register translation; `code` 0 is success. */
export type AccessRegisterTranslation = FunctionRef<readonly ['i64', 'i32']>;

/** Defines the functions in a module; `art` is called for an ALET that is neither 0 nor 1. */
export function defineMmu(module: ModuleBuilder, art: AccessRegisterTranslation): Mmu {
  const translate = defineTranslate(module);
  const resolve = defineResolve(module, translate);
  const spaceAsce = defineSpaceAsce(module, art);
  const refresh = defineRefresh(module);
  const access = defineAccess(module, resolve, spaceAsce);
  return {
    translate,
    resolve,
    spaceAsce,
    access,
    locate: defineLocate(module, resolve),
    refresh,
    testAccess: defineTestAccess(module, resolve),
    loadSlow: defineLoadSlow(module, access),
    storeSlow: defineStoreSlow(module, access),
    fetchSlow: defineFetchSlow(module, access),
    protectCode: defineProtectCode(module),
    purge: definePurge(module, refresh),
    purgeSpace: definePurgeSpace(module, refresh),
    purgePage: definePurgePage(module),
  };
}

function fault(f: FunctionBuilder, cpu: Pointer, code: number | I32, teid: I64): void {
  f.store(cpu, mmuLayout.faultCode, I32.of(code));
  f.store(cpu, mmuLayout.faultTeid, teid, 64);
}

function defineResolve(module: ModuleBuilder, translate: TranslateFunction): Mmu['resolve'] {
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

function defineLocate(module: ModuleBuilder, resolve: Mmu['resolve']): Mmu['locate'] {
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
      f.if(pointer, () => f.return(pointer.toPointer()));
    });
    const absolute = f.let(f.callValue(resolve, cpu, address, asce, mode));
    f.if(absolute.eq(-1n), () => f.return(I32.const(0).toPointer()));
    f.return(f.loadI32(cpu, mmuLayout.top).sub(16).sub(absolute.wrap()).toPointer());
  });
}

function defineTestAccess(module: ModuleBuilder, resolve: Mmu['resolve']): Mmu['testAccess'] {
  return module.function('testAccess', ['ptr', 'i64', 'i64', 'i32'], ['i32'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    const [asce, mode] = [f.param(2, 'i64').get(), f.param(3, 'i32').get()];
    const absolute = f.callValue(resolve, cpu, address, asce, mode.or(1 << accessMode.noRecording));
    f.if(absolute.ne(-1n), () => f.return(I32.const(0)));
    f.return(f.loadI32(cpu, mmuLayout.faultCode));
  });
}

/** Host address of the word about translated code in the block of an absolute address. */
function codeFrame(f: FunctionBuilder, cpu: Pointer, absolute: I64): Pointer {
  const block = absolute.shrU(12).shl(2).toPointer();
  return f.let(f.loadI32(cpu, mmuLayout.codeFrames).toPointer().add(block));
}
/** Whether some CPU has translated code of the block. */
function hasCode(f: FunctionBuilder, frame: Pointer): I32 {
  return f.loadI32(frame, 0, 8);
}

/** Whether some CPU has translated code of the block of an absolute address. */
export function hasCodeAt(f: FunctionBuilder, cpu: Pointer, absolute: I64): I32 {
  return hasCode(f, codeFrame(f, cpu, absolute));
}

/** Notes a store to the block of an absolute address, if it has translated code. */
export function noteStore(f: FunctionBuilder, cpu: Pointer, absolute: I64): void {
  const frame = codeFrame(f, cpu, absolute);
  f.if(hasCode(f, frame), () => noteCodeWrite(f, cpu, frame));
}

/** Notes a store to a block with translated code, given by {@link codeFrame}. */
function noteCodeWrite(f: FunctionBuilder, cpu: Pointer, frame: Pointer): void {
  f.drop(f.atomic('i32', 'add', 32, frame, I32.const(CodeFrame.version)));
  const header = f.loadI32(cpu, mmuLayout.codeFrames).toPointer().sub(CodeFrames.HEADER);
  f.drop(f.atomic('i32', 'add', 32, header.add(CodeFrames.STORES), I32.const(1)));
}

/** Prefixing: real to absolute, or back (chapter 3, "Prefixing"). */
export function applyPrefix(f: FunctionBuilder, cpu: Pointer, address: I64): I64 {
  const prefix = f.let(f.loadI32(cpu, mmuLayout.prefix).extendU());
  const value = f.let(address);
  const block = f.let(value.and(~0x1fffn));
  const swapped = block.eqz().or(block.eq(prefix));
  return f.select(swapped, value.xor(prefix), value);
}

function defineSpaceAsce(module: ModuleBuilder, art: AccessRegisterTranslation): Mmu['spaceAsce'] {
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

function defineAccess(
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

/** `address` in the block's addressing mode. */
function wrapAddress(f: FunctionBuilder, cpu: Pointer, address: I64): I64 {
  return address.and(f.loadI64(cpu, mmuLayout.addressMask));
}

function defineLoadSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['loadSlow'] {
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

function defineStoreSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['storeSlow'] {
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

function defineFetchSlow(module: ModuleBuilder, access: Mmu['access']): Mmu['fetchSlow'] {
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

function defineProtectCode(module: ModuleBuilder): Mmu['protectCode'] {
  return module.function('protectCode', ['ptr'], [], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const offset = f.local('i32');
    f.set(offset, I32.const(0));
    f.loop((again) => {
      const entry = f.let(cpu.add(offset.get().toPointer()));
      const tag = f.let(f.loadI64(entry, tlbOf(Access.write)));
      f.if(tag.ne(0), () => {
        const pointer = f.loadI32(entry, tlbOf(Access.write) + 8).sub(tag.wrap().and(~0xfff));
        const absolute = f.loadI32(cpu, mmuLayout.top).sub(16).sub(pointer).extendU();
        f.if(hasCode(f, codeFrame(f, cpu, absolute)), () =>
          f.store(entry, tlbOf(Access.write), I64.const(0), 64),
        );
      });
      f.set(offset, offset.get().add(TLB_ENTRY_SIZE));
      f.brIf(offset.get().ltU(TLB_ENTRIES * TLB_ENTRY_SIZE), again);
    });
  });
}
