/**
 * The TLBs: where their entries are, the contexts in their tags, and what purges them (Principles of Operation, chapter 3,
 * "Translation-Lookaside Buffer").
 */
import { PSW, PSW_SHIFT } from '@zarch/arch';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import { loadControl } from './control-register.ts';
import { CONTEXT_SLOTS, mmuLayout, TLB_ENTRIES, TLB_ENTRY_SIZE, UNCACHED } from './mmu-layout.ts';

/** How storage is accessed: each kind has a TLB of its own. */
export const Access = { read: 0, write: 1, fetch: 2 } as const;

type Refresh = FunctionRef<readonly []>;

/** Offset in the block of the TLB for a kind of access. */
export function tlbOf(kind: number): number {
  return mmuLayout.readTlb + kind * TLB_ENTRIES * TLB_ENTRY_SIZE;
}

/** Offset of an address's entry within a TLB. */
export function tlbOffset(address: I64): Pointer {
  return address
    .wrap()
    .shrU(8)
    .and((TLB_ENTRIES - 1) * TLB_ENTRY_SIZE)
    .toPointer();
}

/** Where the context of an ASCE is kept, if it has one: the same place for all that have a table in common. */
function contextSlot(cpu: Pointer, asce: I64): Pointer {
  const hash = asce
    .shrU(14)
    .xor(asce.shrU(20))
    .wrap()
    .and(CONTEXT_SLOTS - 1);
  return cpu.add(hash.shl(4).toPointer());
}

/** The context of an ASCE and a key that the CPU remembers; 0 if it has none, and never one of an entry. */
function knownContext(f: FunctionBuilder, cpu: Pointer, asce: I64, key: I32): I64 {
  const slot = f.let(contextSlot(cpu, asce));
  const context = f.let(f.loadI64(slot, mmuLayout.contexts + 8));
  const isKnown = f.loadI64(slot, mmuLayout.contexts).eq(asce).and(context.ne(0));
  return f.select(isKnown, context.or(key.extendU()), I64.const(0));
}

/** The pointer of an access whose page is in the TLB at an offset in the block, under a context; otherwise 0. */
export function knownPointer(
  f: FunctionBuilder,
  cpu: Pointer,
  tlb: I32 | number,
  address: I64,
  context: I64,
): Pointer {
  const entry = f.let(cpu.add(I32.of(tlb).toPointer()).add(tlbOffset(address)));
  const isThere = f.loadI64(entry).eq(address.and(~0xfffn).or(context));
  return f.select(isThere, f.loadI32(entry, 8).sub(address.wrap()), I32.const(0)).toPointer();
}

/** The same by an ASCE and a key that need not be the PSW's. */
export function findEntry(
  f: FunctionBuilder,
  cpu: Pointer,
  tlb: I32,
  address: I64,
  asce: I64,
  key: I32,
): Pointer {
  const context = f.let(knownContext(f, cpu, asce, key));
  const known = knownPointer(f, cpu, tlb, address, context);
  return f.select(context.ne(0), known, I32.const(0).toPointer());
}

export function defineRefresh(module: ModuleBuilder): Refresh {
  const contextOf = module.function('contextOf', ['ptr', 'i64'], ['i64'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const asce = f.param(1, 'i64').get();
    const slot = f.let(contextSlot(cpu, asce));
    const known = f.let(f.loadI64(slot, mmuLayout.contexts + 8));
    f.if(known.ne(0).and(f.loadI64(slot, mmuLayout.contexts).eq(asce)), () => f.return(known));
    const used = f.let(f.loadI32(cpu, mmuLayout.contextsUsed).add(1));
    f.store(cpu, mmuLayout.contextsUsed, used);
    const context = f.let(used.shl(4).extendU());
    f.store(slot, mmuLayout.contexts, asce, 64);
    f.store(slot, mmuLayout.contexts + 8, context, 64);
    f.return(context);
  });

  return module.function('refresh', ['ptr'], [], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const psw = f.let(f.loadI64(cpu, mmuLayout.pswMask));
    const mask = f.select(
      psw.and(PSW.extendedAddressing).ne(0),
      I64.const(-1n),
      f.select(psw.and(PSW.basicAddressing).ne(0), I64.const(0x7fff_ffff), I64.const(0xff_ffff)),
    );
    f.store(cpu, mmuLayout.addressMask, mask, 64);
    const key = f.let(psw.shrU(PSW_SHIFT.key).and(15));

    // Contexts are below 0xff0; there must be room for the three that follow.
    f.if(f.loadI32(cpu, mmuLayout.contextsUsed).geU(0xfb), () => {
      const tlbs = mmuLayout.end - mmuLayout.readTlb;
      f.memoryFill(cpu.add(mmuLayout.readTlb), I32.const(0), I32.const(tlbs).toPointer());
      forgetContexts(f, cpu);
      f.store(cpu, mmuLayout.contextsUsed, I32.const(0));
    });
    f.if(f.loadI32(cpu, mmuLayout.realContext).eqz(), () => {
      const used = f.let(f.loadI32(cpu, mmuLayout.contextsUsed).add(1));
      f.store(cpu, mmuLayout.contextsUsed, used);
      f.store(cpu, mmuLayout.realContext, used.shl(4));
    });
    const use = (data: I64, fetch: I64) => {
      f.store(cpu, mmuLayout.dataContext, data, 64);
      f.store(cpu, mmuLayout.fetchContext, fetch, 64);
      f.return();
    };
    f.if(psw.and(PSW.dat).eqz(), () => {
      const context = f.let(f.loadI32(cpu, mmuLayout.realContext).extendU().or(key));
      use(context, context);
    });
    const context = (control: number) =>
      f.let(f.callValue(contextOf, cpu, loadControl(f, cpu, control)).or(key));
    const space = f.let(psw.shrU(PSW_SHIFT.addressSpace).wrap().and(3));
    f.if(space.eqz(), () => {
      const primary = context(1);
      use(primary, primary);
    });
    f.if(space.eq(1), () => use(I64.const(UNCACHED), context(1)));
    f.if(space.eq(2), () => {
      const secondary = context(7);
      use(secondary, context(1));
    });
    const home = context(13);
    use(home, home);
  });
}

function forgetContexts(f: FunctionBuilder, cpu: Pointer): void {
  f.memoryFill(cpu.add(mmuLayout.contexts), I32.const(0), I32.const(CONTEXT_SLOTS * 16).toPointer());
  f.store(cpu, mmuLayout.realContext, I32.const(0));
}

export function definePurge(module: ModuleBuilder, refresh: Refresh): FunctionRef<readonly []> {
  return module.function('purge', ['ptr'], [], (f) => {
    const cpu = f.param(0, 'ptr').get();
    forgetContexts(f, cpu);
    f.call(refresh, cpu);
  });
}

export function definePurgeSpace(module: ModuleBuilder, refresh: Refresh): FunctionRef<readonly []> {
  return module.function('purgeSpace', ['ptr', 'i64'], [], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const asce = f.param(1, 'i64').get();
    const slot = f.let(contextSlot(cpu, asce));
    f.if(f.loadI64(slot, mmuLayout.contexts).xor(asce).and(~0xfffn).eqz(), () =>
      f.store(slot, mmuLayout.contexts + 8, I64.const(0), 64),
    );
    f.call(refresh, cpu);
  });
}

export function definePurgePage(module: ModuleBuilder): FunctionRef<readonly []> {
  return module.function('purgePage', ['ptr', 'i64'], [], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const index = f.param(1, 'i64').get().shrU(12).wrap().and(0xff);
    // IPTE names a page by its index in a page table: 8 of the TLB index's 12 bits.
    const offset = f.local('i32');
    f.set(offset, index.mul(TLB_ENTRY_SIZE));
    f.loop((again) => {
      const entry = f.let(cpu.add(offset.get().toPointer()));
      for (const kind of Object.values(Access)) f.store(entry, tlbOf(kind), I64.const(0), 64);
      f.set(offset, offset.get().add(256 * TLB_ENTRY_SIZE));
      f.brIf(offset.get().ltU(TLB_ENTRIES * TLB_ENTRY_SIZE), again);
    });
  });
}
