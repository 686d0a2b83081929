/**
 * Dynamic address translation (Principles of Operation, chapter 3, "Translation Process"), as one WebAssembly
 * function that the CPU and, through MEM_OP, the hypervisor call.
 */
import { ASCE, CR0, ProgramInterruption } from '@zarch/arch';
import { type FunctionBuilder, type FunctionRef, I32, I64, type ModuleBuilder } from '@zarch/wasm';
import { controlRegister, mmuFacility, mmuLayout } from './mmu-layout.ts';

/** Bits of region- and segment-table entries (chapter 3, "Region-Table Entries", "Segment-Table Entries"). */
export const tableEntry = {
  origin: ~0xfffn,
  pageTableOrigin: ~0x7ffn,
  segmentFrame: ~0xf_ffffn,
  regionFrame: ~0x7fff_ffffn,
  accessValidity: 0x1_0000n,
  accessControl: 0xf000n,
  fetchProtection: 0x800n,
  formatControl: 0x400n,
  protection: 0x200n,
  instructionExecutionProtection: 0x100n,
  tableOffset: 0xc0n,
  invalid: 0x20n,
  commonSegment: 0x10n,
  /** Of a region-third-table entry, with EDAT-2. */
  commonRegion: 0x10n,
  tableType: 0xcn,
  tableLength: 0x3n,
} as const;

/** Bits of a page-table entry. */
export const pageEntry = {
  frame: ~0xfffn,
  reserved: 0x800n,
  invalid: 0x400n,
  protection: 0x200n,
  instructionExecutionProtection: 0x100n,
} as const;

/** Flags of a translation that succeeded, above the program-interruption codes of one that did not. */
export const translationFlag = { protected: 0x1_0000, noExecute: 0x2_0000, absolute: 0x4_0000 } as const;

/**
 * `translate(cpu, address, asce) -> (result, status)`. A status below 0x10000 and not zero is a
 * program-interruption code; otherwise the result is a real address, or with the flag an absolute one (to a frame of
 * 1 MiB or 2 GiB, prefixing does not apply), and the status holds flags.
 */
export type TranslateFunction = FunctionRef<readonly ['i64', 'i32']>;

const levels = [
  { type: 3, name: 'region-first', shift: 53, fault: ProgramInterruption.regionFirstTranslation },
  { type: 2, name: 'region-second', shift: 42, fault: ProgramInterruption.regionSecondTranslation },
  { type: 1, name: 'region-third', shift: 31, fault: ProgramInterruption.regionThirdTranslation },
  { type: 0, name: 'segment', shift: 20, fault: ProgramInterruption.segmentTranslation },
] as const;

export function defineTranslate(module: ModuleBuilder): TranslateFunction {
  const fetch = defineTableFetch(module);
  return module.function('translate', ['ptr', 'i64', 'i64'], ['i64', 'i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const asce = f.param(2, 'i64').get();
    const fail = (code: number) => f.return(I64.const(0), I32.const(code));
    // Enhanced DAT needs the facility and the control in CR0.
    const description = f.loadI32(cpu, mmuLayout.stateDescription).toPointer();
    const enabled = f.loadI64(description, controlRegister(0)).and(CR0.enhancedDat).ne(0);
    const installed = f.loadI32(cpu, mmuLayout.facilities);
    const facilities = f.let(f.select(enabled, installed, I32.const(0)));
    const has = (facility: number) => facilities.and(facility).ne(0);

    f.if(asce.and(ASCE.realSpace).ne(0), () => f.return(address, I32.const(0)));
    const type = f.let(asce.shrU(2).wrap().and(3));
    // With a designation of type t, the address bits left of the first index must be zero.
    const beyond = f.let(I64.const(31).add(type.mul(11).extendU()));
    f.if(type.ne(3).and(address.shrU(beyond).ne(0)), () => fail(ProgramInterruption.asceType));

    const table = f.local('i64');
    const first = f.local('i32');
    const last = f.local('i32');
    const flags = f.local('i32');
    const entry = f.local('i64');
    const entryAddress = f.local('i64');
    f.store(cpu, mmuLayout.invalidEntry, I64.const(0), 64);
    /** The entry's invalid bit is one: LRA tells where it is. */
    const invalid = (code: number) => {
      f.store(cpu, mmuLayout.invalidEntry, entryAddress.get(), 64);
      fail(code);
    };
    const fetchEntry = (at: I64) => {
      f.set(entryAddress, at);
      const [value, ok] = f.call(fetch, cpu, entryAddress.get());
      f.if((ok as I32).eqz(), () => fail(ProgramInterruption.addressing));
      f.set(entry, value as I64);
    };
    f.set(table, asce.and(tableEntry.origin));
    f.set(last, asce.wrap().and(3));

    for (const level of levels) {
      f.if(type.geU(level.type), () => {
        const index = f.let(address.shrU(level.shift).wrap().and(0x7ff));
        const quarter = f.let(index.shrU(9));
        f.if(quarter.ltU(first.get()).or(quarter.gtU(last.get())), () => fail(level.fault));
        fetchEntry(table.get().add(index.shl(3).extendU()));
        const bits = entry.get();
        f.if(bits.and(tableEntry.invalid).ne(0), () => invalid(level.fault));
        f.if(bits.and(tableEntry.tableType).ne(level.type << 2), () =>
          fail(ProgramInterruption.translationSpecification),
        );
        f.if(has(mmuFacility.edat1).and(bits.and(tableEntry.protection).ne(0)), () =>
          f.set(flags, flags.get().or(translationFlag.protected)),
        );
        if (level.type === 1) {
          const commonInPrivate = asce
            .and(ASCE.privateSpace)
            .ne(0)
            .and(bits.and(tableEntry.commonRegion).ne(0));
          f.if(has(mmuFacility.edat2).and(commonInPrivate), () =>
            fail(ProgramInterruption.translationSpecification),
          );
          largeFrame(f, has(mmuFacility.edat2), entry.get(), address, flags.get(), 31);
        }
        if (level.type === 0) {
          f.if(asce.and(ASCE.privateSpace).ne(0).and(bits.and(tableEntry.commonSegment).ne(0)), () =>
            fail(ProgramInterruption.translationSpecification),
          );
          largeFrame(f, has(mmuFacility.edat1), entry.get(), address, flags.get(), 20);
          f.if(bits.and(tableEntry.protection).ne(0), () =>
            f.set(flags, flags.get().or(translationFlag.protected)),
          );
        } else {
          f.set(table, bits.and(tableEntry.origin));
          f.set(first, bits.shrU(6).wrap().and(3));
          f.set(last, bits.wrap().and(3));
        }
      });
    }

    const pageIndex = address.shrU(12).and(0xff);
    fetchEntry(entry.get().and(tableEntry.pageTableOrigin).add(pageIndex.shl(3)));
    f.if(entry.get().and(pageEntry.invalid).ne(0), () => invalid(ProgramInterruption.pageTranslation));
    f.if(entry.get().and(pageEntry.reserved).ne(0), () => fail(ProgramInterruption.translationSpecification));
    f.if(entry.get().and(pageEntry.protection).ne(0), () =>
      f.set(flags, flags.get().or(translationFlag.protected)),
    );
    f.if(entry.get().and(pageEntry.instructionExecutionProtection).ne(0), () =>
      f.set(flags, flags.get().or(translationFlag.noExecute)),
    );
    f.return(entry.get().and(pageEntry.frame).or(address.and(0xfff)), flags.get());
  });
}

/** With format control one, the entry designates a frame of 2^shift bytes and translation ends here. */
function largeFrame(
  f: FunctionBuilder,
  installed: I32,
  entry: I64,
  address: I64,
  flags: I32,
  shift: 20 | 31,
): void {
  f.if(installed.and(entry.and(tableEntry.formatControl).ne(0)), () => {
    const frame = shift === 20 ? tableEntry.segmentFrame : tableEntry.regionFrame;
    const noExecute = entry.and(tableEntry.instructionExecutionProtection).ne(0);
    const execution = f.select(noExecute, I32.const(translationFlag.noExecute), I32.const(0));
    const all = execution.or(flags).or(translationFlag.absolute);
    f.return(entry.and(frame).or(address.and(~frame)), all);
  });
}

/** Fetches a table entry by absolute address; the second result is zero outside the storage. */
function defineTableFetch(module: ModuleBuilder): FunctionRef<readonly ['i64', 'i32']> {
  return module.function('fetchTableEntry', ['ptr', 'i64'], ['i64', 'i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const size = f.loadI32(cpu, mmuLayout.size).extendU();
    f.if(address.gtU(size.sub(8)), () => f.return(I64.const(0), I32.const(0)));
    const host = f.loadI32(cpu, mmuLayout.top).toPointer().sub(address.toPointer()).sub(8);
    f.return(f.loadI64(host), I32.const(1));
  });
}
