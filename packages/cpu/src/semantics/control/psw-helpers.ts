/**
 * Loading a PSW and exchanging PSWs on an interruption (Principles of Operation, chapter 4, "Program-Status Word",
 * and chapter 6, "Interruption Action").
 */
import { ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import { type Mmu, mmuLayout, noteStore } from '@zarch/memory';
import { type FunctionRef, I32, I64, type ModuleBuilder } from '@zarch/wasm';
import { cpuLayout } from '../../cpu-layout.ts';

export interface PswHelpers {
  /** `(cpu, mask, address) -> code`: loads a PSW; specification (6) when it is not valid, with length 0. */
  readonly loadPsw: FunctionRef<readonly ['i32']>;
  /** `(cpu) -> mask`: bits 0-63 of the current PSW, with the condition code. */
  readonly currentMask: FunctionRef<readonly ['i64']>;
  /** `(cpu, old, new) -> code`: exchanges PSWs at offsets in the prefix area; the code as for loadPsw. */
  readonly exchangePsw: FunctionRef<readonly ['i32']>;
}

export function definePswHelpers(module: ModuleBuilder, mmu: Mmu): PswHelpers {
  const loadPsw = module.function('loadPsw', ['ptr', 'i64', 'i64'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const mask = f.param(1, 'i64').get();
    const address = f.param(2, 'i64').get();
    f.store(cpu, cpuLayout.cc, mask.shrU(PSW_SHIFT.conditionCode).wrap().and(3));
    f.store(cpu, mmuLayout.pswMask, mask.and(~PSW.conditionCode), 64);
    f.store(cpu, cpuLayout.nextAddress, address, 64);
    f.call(mmu.refresh, cpu);
    const extended = mask.and(PSW.extendedAddressing).ne(0);
    const basic = mask.and(PSW.basicAddressing).ne(0);
    const beyond = address.and(f.loadI64(cpu, mmuLayout.addressMask).xor(-1n)).ne(0);
    const invalid = mask.and(PSW.unassigned).ne(0).or(extended.and(basic.eqz())).or(beyond);
    f.if(invalid, () => {
      f.store(cpu, mmuLayout.faultCode, I32.const(ProgramInterruption.specification));
      f.store(cpu, cpuLayout.length, I32.const(0));
      f.return(I32.const(ProgramInterruption.specification));
    });
    f.return(I32.const(0));
  });
  const currentMask = module.function('currentMask', ['ptr'], ['i64'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const cc = f.loadI32(cpu, cpuLayout.cc).extendU().shl(PSW_SHIFT.conditionCode);
    f.return(f.loadI64(cpu, mmuLayout.pswMask).or(cc));
  });
  const exchangePsw = module.function('exchangePsw', ['ptr', 'i32', 'i32'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const [oldOffset, newOffset] = [f.param(1, 'i32').get(), f.param(2, 'i32').get()];
    // An interruption stores into both blocks of the prefix area.
    for (const block of [0, 4096]) {
      noteStore(f, cpu, f.loadI32(cpu, mmuLayout.prefix).add(block).extendU());
    }
    // The operand at offset o of the prefix area is at `area - o`, less its size.
    const area = f.let(f.loadI32(cpu, mmuLayout.top).sub(f.loadI32(cpu, mmuLayout.prefix)).sub(16));
    const old = f.let(area.sub(oldOffset).toPointer());
    f.store(old, 8, f.callValue(currentMask, cpu), 64);
    f.store(old, 0, f.loadI64(cpu, cpuLayout.nextAddress), 64);
    const fresh = f.let(area.sub(newOffset).toPointer());
    f.return(f.callValue(loadPsw, cpu, f.loadI64(fresh, 8), f.loadI64(fresh)));
  });
  return { loadPsw, currentMask, exchangePsw };
}

/** The PSW that a short-format PSW (LPSW) stands for: mask and address. */
export function expandShortPsw(short: I64): { readonly mask: I64; readonly address: I64 } {
  return {
    mask: short.and(~0x7fff_ffffn).xor(PSW.shortFormat),
    address: short.and(I64.const(0x7fff_ffff)),
  };
}
