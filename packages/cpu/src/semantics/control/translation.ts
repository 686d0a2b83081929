/** Purging translations, and looking through them (Principles of Operation, chapter 10). */
import { InterceptionControl, ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import { Access, accessMode, applyPrefix, mmuLayout, noteStore, pageEntry, tableEntry } from '@zarch/memory';
import { I32, I64, type Pointer } from '@zarch/wasm';
import { Exit } from '../../cpu-layout.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { interceptIf } from './psw.ts';

export function defineTranslation(table: DefinitionTable): void {
  table.define(['ptlb', 'palb'], (s) => {
    s.requireSupervisor();
    s.f.call(s.helpers.purge, s.cpu);
    s.backend.refetch();
  });
  defineInvalidate(table);
  defineCompareAndSwapPurge(table);
  defineCompareAndReplace(table);
  defineLoadReal(table);
  defineRealStorage(table);
  defineTestProtection(table);
}

/** A pointer to `size` bytes of absolute storage, or an addressing exception. */
export function absolutePointer(s: Semantics, absolute: I64): Pointer {
  const { f, cpu } = s;
  const outside = absolute.geU(f.loadI32(cpu, mmuLayout.size).extendU());
  s.programIf(outside, ProgramInterruption.addressing);
  // It may be stored into.
  noteStore(f, cpu, absolute);
  return f.let(f.loadI32(cpu, mmuLayout.top).sub(16).sub(absolute.wrap()).toPointer());
}

/** A pointer to a real address. */
export function realPointer(s: Semantics, address: I64): Pointer {
  return absolutePointer(s, s.f.let(applyPrefix(s.f, s.cpu, address)));
}

function defineInvalidate(table: DefinitionTable): void {
  table.define('ipte', (s) => {
    const { f, cpu } = s;
    s.requireSupervisor();
    const origin = f.let(s.gr64('R1').and(tableEntry.pageTableOrigin));
    const address = f.local('i64');
    f.set(address, s.gr64('R2'));
    const count = f.local('i32');
    // With the IPTE-range facility R3 gives the number of further pages, in bits 56-63.
    f.set(count, f.select(s.field('R3').ne(0).and(s.facility(13)), s.gr32('R3').and(0xff), I32.const(0)));
    s.programIf(
      address.get().shrU(12).wrap().and(0xff).add(count.get()).gtU(0xff),
      ProgramInterruption.specification,
    );
    f.loop((again) => {
      const entry = f.let(origin.add(address.get().shrU(12).and(0xff).shl(3)));
      const pointer = realPointer(s, entry);
      f.store(pointer, 8, f.loadI64(pointer, 8).or(pageEntry.invalid), 64);
      f.call(s.helpers.purgePage, cpu, address.get());
      f.set(address, address.get().add(4096));
      f.set(count, count.get().sub(1));
      f.brIf(count.get().geS(0), again);
    });
    s.backend.refetch();
  });
  table.define('idte', (s) => {
    const { f, cpu } = s;
    s.requireSupervisor();
    // R2 has the address whose entry is invalidated, and in bits 53-63 how many more; bit 52 asks for clearing only.
    // Bits 44-51 must be zero. Clearing only is by the ASCE in R3; with an invalidation R3 would narrow the purge.
    const operand = f.let(s.gr64('R2'));
    s.programIf(operand.and(0xff000n).ne(0), ProgramInterruption.specification);
    f.if(operand.and(0x800).eqz(), () => {
      const asce = f.let(s.gr64('R1'));
      const level = f.let(asce.shrU(2).wrap().and(3));
      const address = operand;
      const shift = f.let(I32.const(20).add(level.mul(11)).extendU());
      const count = f.local('i32');
      f.set(count, operand.wrap().and(0x7ff));
      const entry = f.local('i64');
      f.set(entry, asce.and(tableEntry.origin).add(address.shrU(shift).and(0x7ff).shl(3)));
      f.loop((again) => {
        const pointer = realPointer(s, entry.get());
        f.store(pointer, 8, f.loadI64(pointer, 8).or(tableEntry.invalid), 64);
        f.set(entry, entry.get().add(8));
        f.set(count, count.get().sub(1));
        f.brIf(count.get().geS(0), again);
      });
    });
    f.if(
      operand.and(0x800).ne(0).and(s.field('R3').ne(0)),
      () => f.call(s.helpers.purgeSpace, cpu, s.gr64('R3')),
      () => f.call(s.helpers.purge, cpu),
    );
    s.backend.refetch();
  });
}

/** CSP and CSPG: compare and swap in storage, then purge when bit 63 of the second operand asks for it. */
function defineCompareAndSwapPurge(table: DefinitionTable): void {
  const swap = (bits: 32 | 64) => (s: Semantics) => {
    const { f } = s;
    s.requireSupervisor();
    s.requireEven('R1');
    const size = bits / 8;
    const second = f.let(s.gr64('R2'));
    const address = f.let(s.wrap(second.and(~BigInt(size - 1))));
    const pointer = s.updatePointer({ address, ar: s.field('R2') }, size).add(16 - size);
    const finish = (same: I32) => {
      s.setCc(same.eqz());
      f.if(same.and(second.wrap().and(3).ne(0)), () => {
        f.call(s.helpers.purge, s.cpu);
        s.backend.refetch();
      });
    };
    if (bits === 32) {
      const expected = f.let(s.gr32('R1'));
      const old = f.let(f.atomic('i32', 'cmpxchg', 32, pointer, expected, s.gr32('R1', 1)));
      s.setGr32('R1', old);
      finish(f.let(old.eq(expected)));
    } else {
      const expected = f.let(s.gr64('R1'));
      const old = f.let(f.atomic('i64', 'cmpxchg', 64, pointer, expected, s.gr64('R1', 1)));
      s.setGr64('R1', old);
      finish(f.let(old.eq(expected)));
    }
  };
  table.define('csp', swap(32));
  table.define('cspg', swap(64));
}

/**
 * CRDTE: compares and replaces the table entry by which an address is translated. R2 designates the table: its
 * origin, and in bits 59-61 its type, with 0 a page table; the address is in the register after it.
 */
function defineCompareAndReplace(table: DefinitionTable): void {
  table.define('crdte', (s) => {
    const { f } = s;
    s.requireSupervisor();
    s.requireEven('R1', 'R2');
    const designation = f.let(s.gr64('R2'));
    const type = f.let(designation.shrU(2).wrap().and(7));
    s.programIf(type.ne(0).and(type.ltU(4)), ProgramInterruption.specification);
    const address = f.let(s.gr64('R2', 1));
    const isPage = f.let(type.eqz());
    // Indexes have 8 bits in a page table and 11 in the others, 11 bits further left for each level.
    const shift = f.let(f.select(isPage, I32.const(12), type.and(3).mul(11).add(20)).extendU());
    const mask = f.select(isPage, I64.const(0xff), I64.const(0x7ff));
    const origin = f.select(isPage, I64.const(tableEntry.pageTableOrigin), I64.const(tableEntry.origin));
    const entry = f.let(designation.and(origin).add(address.shrU(shift).and(mask).shl(3)));
    const pointer = f.let(realPointer(s, entry).add(8));
    const expected = f.let(s.gr64('R1'));
    const old = f.let(f.atomic('i64', 'cmpxchg', 64, pointer, expected, s.gr64('R1', 1)));
    s.setGr64('R1', old);
    s.setCc(old.ne(expected));
    f.if(old.eq(expected), () => {
      f.call(s.helpers.purge, s.cpu);
      s.backend.refetch();
    });
  });
}

/** The address space that LRA and TPROT look through: the PSW's, whether DAT is on or not. */
function translateOperand(s: Semantics): { readonly result: I64; readonly status: I32; readonly asce: I64 } {
  const { f, cpu } = s;
  const operand = s.operand(2);
  const space = f.let(s.psw().shrU(PSW_SHIFT.addressSpace).wrap().and(3));
  const [asce, code] = f.call(s.helpers.spaceAsce, cpu, space, operand.ar) as [I64, I32];
  const result = f.local('i64');
  const status = f.local('i32');
  f.set(status, code);
  f.if(code.eqz(), () => {
    const [value, state] = f.call(s.helpers.translate, cpu, operand.address, asce) as [I64, I32];
    f.set(result, value);
    f.set(status, state);
  });
  return { result: result.get(), status: f.let(status.get().and(0xffff)), asce };
}

/** LRA and LRAG: cc 0 translated, 1 segment-table entry invalid, 2 page-table entry invalid, 3 other. */
function defineLoadReal(table: DefinitionTable): void {
  for (const mnemonic of ['lra', 'lray', 'lrag'] as const) {
    table.define(mnemonic, (s) => {
      const { f } = s;
      s.requireSupervisor();
      const { result, status } = translateOperand(s);
      const set = (value: I64) => {
        if (mnemonic === 'lrag') s.setGr64('R1', value);
        else
          f.if(
            s.is64(),
            () => s.setGr64('R1', value),
            () => s.setGr32('R1', value.wrap()),
          );
      };
      f.if(
        status.eqz(),
        () => {
          // A 31-bit result cannot hold more: cc 3 with the exception code in bits 48-63.
          const tooLarge = mnemonic === 'lrag' ? I32.const(0) : s.is64().eqz().and(result.gtU(0x7fff_ffff));
          f.if(
            tooLarge,
            () => {
              s.setGr32('R1', I32.const(0x8000_0000 | 0).or(ProgramInterruption.addressing));
              s.setCc(3);
            },
            () => {
              set(result);
              s.setCc(0);
            },
          );
        },
        () => {
          const severe = status
            .eq(ProgramInterruption.addressing)
            .or(status.eq(ProgramInterruption.translationSpecification));
          f.if(severe, () => s.program(status));
          // An invalid segment- or page-table entry is told by its address, everything else by the exception's code.
          const entry = f.let(f.loadI64(s.cpu, mmuLayout.invalidEntry));
          const page = status.eq(ProgramInterruption.pageTranslation);
          const segment = status.eq(ProgramInterruption.segmentTranslation).and(entry.ne(0));
          f.if(
            page.or(segment),
            () => {
              set(entry);
              s.setCc(page.add(1));
            },
            () => {
              s.setGr32('R1', status.or(0x8000_0000 | 0));
              s.setCc(3);
            },
          );
        },
      );
    });
  }
  table.define('strag', (s) => {
    s.requireSupervisor();
    const first = s.operand(1);
    s.requireAligned(first, 8);
    const { f } = s;
    const space = f.let(s.psw().shrU(PSW_SHIFT.addressSpace).wrap().and(3));
    const second = s.operand(2);
    const [asce, code] = f.call(s.helpers.spaceAsce, s.cpu, space, second.ar) as [I64, I32];
    f.if(code, () => s.program(code));
    const [result, status] = f.call(s.helpers.translate, s.cpu, second.address, asce) as [I64, I32];
    f.if(status.and(0xffff), () => s.program(status));
    s.store64(first, result);
  });
}

/** LURA, LURAG, STURA and STURG: storage by real address, with the protection that applies to it. */
function defineRealStorage(table: DefinitionTable): void {
  const access = (s: Semantics, size: number, kind: number): Pointer => {
    const { f, cpu } = s;
    s.requireSupervisor();
    const address = f.let(s.wrap(s.gr64('R2')));
    s.programIf(address.wrap().and(size - 1), ProgramInterruption.specification);
    const key = s.psw().shrU(PSW_SHIFT.key).wrap().and(15);
    const mode = key.shl(accessMode.key).or(kind);
    const absolute = f.let(f.callValue(s.helpers.resolve, cpu, address, I64.const(0), mode));
    f.if(absolute.eq(-1n), () => s.backend.leave(Exit.program));
    return f.let(f.loadI32(cpu, mmuLayout.top).sub(16).sub(absolute.wrap()).toPointer());
  };
  table.define('lura', (s) => s.setGr32('R1', s.f.loadI32(access(s, 4, Access.read), 12)));
  table.define('lurag', (s) => s.setGr64('R1', s.f.loadI64(access(s, 8, Access.read), 8)));
  table.define('stura', (s) => s.f.store(access(s, 4, Access.write), 12, s.gr32('R1')));
  table.define('sturg', (s) => s.f.store(access(s, 8, Access.write), 8, s.gr64('R1'), 64));
}

/** TPROT: cc 0 fetch and store permitted, 1 fetch only, 2 neither, 3 no translation. */
function defineTestProtection(table: DefinitionTable): void {
  table.define('tprot', (s) => {
    const { f, cpu } = s;
    s.requireSupervisor();
    interceptIf(s, InterceptionControl.tprot);
    const first = s.operand(1);
    const key = f.let(s.addressValue(2).shrU(4).wrap().and(15));
    const dat = f.let(s.psw().and(PSW.dat).ne(0));
    const space = f.let(f.select(dat, s.psw().shrU(PSW_SHIFT.addressSpace).wrap().and(3), I32.const(0)));
    const [asce, code] = f.call(s.helpers.spaceAsce, cpu, space, first.ar) as [I64, I32];
    f.block((done) => {
      const unavailable = () => {
        s.setCc(3);
        f.br(done);
      };
      f.if(dat.and(code.ne(0)), unavailable);
      const attempt = (kind: number) => {
        const mode = I32.const(kind)
          .or(key.shl(accessMode.key))
          .or(dat.shl(accessMode.dat))
          .or(space.shl(accessMode.space));
        return f.let(f.callValue(s.helpers.testAccess, cpu, first.address, asce, mode));
      };
      const store = attempt(Access.write);
      f.if(store.eqz(), () => {
        s.setCc(0);
        f.br(done);
      });
      const fetch = attempt(Access.read);
      f.if(fetch.eqz(), () => {
        s.setCc(1);
        f.br(done);
      });
      f.if(fetch.eq(ProgramInterruption.protection), () => {
        s.setCc(2);
        f.br(done);
      });
      f.if(fetch.eq(ProgramInterruption.addressing), () => s.program(ProgramInterruption.addressing));
      f.if(fetch.eq(ProgramInterruption.translationSpecification), () =>
        s.program(ProgramInterruption.translationSpecification),
      );
      unavailable();
    });
  });
}
