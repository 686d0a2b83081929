/** Storage keys (Principles of Operation, chapter 10, "INSERT STORAGE KEY EXTENDED" to "SET STORAGE KEY EXTENDED"). */
import { CR0, InterceptionControl, ProgramInterruption, PSW } from '@zarch/arch';
import { applyPrefix, mmuLayout, noteStore } from '@zarch/memory';
import { I32, I64, type Pointer } from '@zarch/wasm';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { interceptIf } from './psw.ts';

/** The key of the 4 KiB block at an absolute address. */
function keyPointer(s: Semantics, absolute: I64): Pointer {
  const { f, cpu } = s;
  s.programIf(absolute.geU(f.loadI32(cpu, mmuLayout.size).extendU()), ProgramInterruption.addressing);
  return f.let(f.loadI32(cpu, mmuLayout.keys).toPointer().add(absolute.shrU(12).toPointer()));
}

/** The key of the block at the real address in R2. */
function realKeyPointer(s: Semantics): Pointer {
  const address = s.f.let(s.wrap(s.gr64('R2')));
  return keyPointer(s, s.f.let(applyPrefix(s.f, s.cpu, address)));
}

/** A changed key may make cached translations too generous. */
function purge(s: Semantics): void {
  s.f.call(s.helpers.purge, s.cpu);
}

export function defineKeys(table: DefinitionTable): void {
  table.define('iske', (s) => {
    s.requireSupervisor();
    interceptIf(s, InterceptionControl.iske);
    const key = s.f.let(s.f.loadI32(realKeyPointer(s), 0, 8));
    s.setGr32('R1', s.gr32('R1').and(~0xff).or(key));
  });
  table.define('ivsk', (s) => {
    s.programIf(s.psw().and(PSW.dat).eqz(), ProgramInterruption.specialOperation);
    const barred = s
      .psw()
      .and(PSW.problem)
      .ne(0)
      .and(
        s
          .control(0)
          .shrU(63 - 36)
          .wrap()
          .and(1)
          .eqz(),
      );
    s.programIf(barred, ProgramInterruption.privilegedOperation);
    const pointer = s.readPointer({ address: s.f.let(s.wrap(s.gr64('R2'))), ar: s.field('R2') }, 1);
    const absolute = s.f.loadI32(s.cpu, mmuLayout.top).sub(16).sub(pointer.toI32()).extendU();
    const key = s.f.let(s.f.loadI32(keyPointer(s, s.f.let(absolute)), 0, 8).and(0xf8));
    s.setGr32('R1', s.gr32('R1').and(~0xff).or(key));
  });
  table.define('rrbe', (s) => {
    s.requireSupervisor();
    interceptIf(s, InterceptionControl.rrbe);
    const old = s.f.let(s.f.atomic('i32', 'and', 8, realKeyPointer(s), I32.const(~0x04 & 0xff)));
    s.setCc(old.shrU(1).and(3));
    purge(s);
    s.backend.refetch();
  });
  defineSet(table);
  definePerformFrameManagement(table);
}

/** Bits of the M3 field of SSKE. */
const SetKey = { nonquiescing: 8, referenceBypass: 4, changeBypass: 2, multipleBlock: 1 } as const;

/**
 * Sets one key as SSKE's conditional facility does: when the access part is right and reference and change need
 * not be set, nothing happens. Gives the old key and whether it was set.
 */
function setConditionally(s: Semantics, pointer: Pointer, fresh: I32, mask: I32): { old: I32; set: I32 } {
  const { f } = s;
  const old = f.let(f.loadI32(pointer, 0, 8));
  const bypass = mask.and(SetKey.referenceBypass | SetKey.changeBypass);
  // Of the bits 0x06, those whose bypass mask bit is one do not count.
  const ignored = f.let(
    f
      .select(mask.and(SetKey.referenceBypass), I32.const(0x04), I32.const(0))
      .or(f.select(mask.and(SetKey.changeBypass), I32.const(0x02), I32.const(0))),
  );
  const same = old.xor(fresh).and(0xfe).and(ignored.xor(-1)).eqz();
  const set = f.let(bypass.eqz().or(same.eqz()));
  f.if(set, () => f.store(pointer, 0, fresh.and(0xfe), 8));
  return { old, set };
}

function defineSet(table: DefinitionTable): void {
  table.define('sske', (s) => {
    const { f } = s;
    s.requireSupervisor();
    interceptIf(s, InterceptionControl.sske);
    const allowed = f
      .select(s.facility(10), I32.const(SetKey.referenceBypass | SetKey.changeBypass), I32.const(0))
      .or(f.select(s.facility(8), I32.const(SetKey.multipleBlock), I32.const(0)));
    const mask = f.let(s.field('M3').and(allowed));
    const fresh = f.let(s.gr32('R1').and(0xfe));
    const conditional = f.let(mask.and(SetKey.referenceBypass | SetKey.changeBypass));
    f.if(
      mask.and(SetKey.multipleBlock),
      () => {
        // Absolute addresses up to the end of the 1 MiB block; the register advances, so an interruption may come.
        const address = f.local('i64');
        f.set(address, s.wrap(s.gr64('R2')).and(~0xfffn));
        f.loop((again) => {
          setConditionally(s, keyPointer(s, address.get()), fresh, mask);
          f.set(address, address.get().add(4096));
          f.brIf(address.get().wrap().and(0xf_ffff), again);
        });
        s.setGrAddress('R2', s.wrap(address.get()));
        f.if(conditional, () => s.setCc(3));
      },
      () => {
        const { old, set } = setConditionally(s, realKeyPointer(s), fresh, mask);
        f.if(conditional, () => {
          s.setGr32('R1', s.gr32('R1').and(~0xff00).or(old.shl(8)));
          s.setCc(set);
        });
      },
    );
    purge(s);
    s.backend.refetch();
  });
}

/** PFMF: clears frames and sets their keys, for one frame, 1 MiB or 2 GiB at a time. */
function definePerformFrameManagement(table: DefinitionTable): void {
  table.define('pfmf', (s) => {
    const { f, cpu } = s;
    s.requireSupervisor();
    const control = f.let(s.gr32('R1'));
    s.programIf(control.and(0xfffc_0101 | 0), ProgramInterruption.specification);
    const size = f.let(control.shrU(12).and(7));
    const huge = size.eq(2).and(s.facility(78).eqz());
    s.programIf(size.gtU(2).or(huge), ProgramInterruption.specification);
    const clear = f.let(control.and(0x0001_0000));
    const setKey = f.let(control.and(0x0002_0000));
    const fresh = f.let(control.and(0xfe));
    // The bypass controls are bits 53 and 54 of the register, one place further left than in SSKE's mask.
    const mask = f.let(control.shrU(8).and(SetKey.referenceBypass | SetKey.changeBypass));
    const address = f.local('i64');
    f.set(address, s.wrap(s.gr64('R2')).and(~0xfffn));
    // Clearing one frame is a store by real address; low-address protection covers parts of the first two.
    const low = size.eqz().and(clear.ne(0)).and(address.get().ltU(8192));
    const protectedLow = low.and(s.control(0).and(CR0.lowAddressProtection).ne(0));
    f.store(cpu, mmuLayout.faultTeid, I64.const(0), 64);
    s.programIf(protectedLow, ProgramInterruption.protection);
    // One frame is a real address; more are absolute.
    f.if(size.eqz(), () => f.set(address, applyPrefix(f, cpu, address.get())));
    const end = f.local('i64');
    f.set(end, address.get().add(4096));
    f.if(size.eq(1), () => f.set(end, address.get().or(0xf_ffff).add(1)));
    f.if(size.eq(2), () => f.set(end, address.get().or(0x7fff_ffffn).add(1)));
    f.loop((again) => {
      const pointer = keyPointer(s, address.get());
      f.if(clear, () => {
        // The frame's bytes end, going down, at the host address of its last one.
        const last = f.loadI32(cpu, mmuLayout.top).sub(address.get().wrap()).sub(4096);
        noteStore(f, cpu, address.get());
        f.memoryFill(last.toPointer(), I32.const(0), I32.const(4096).toPointer());
      });
      f.if(setKey, () => setConditionally(s, pointer, fresh, mask));
      f.set(address, address.get().add(4096));
      f.if(size, () => s.setGrAddress('R2', s.wrap(address.get())));
      f.brIf(address.get().ltU(end.get()), again);
    });
    f.if(setKey, () => purge(s));
    s.backend.refetch();
  });
}
