/**
 * Loading a PSW and exchanging PSWs on an interruption (Principles of Operation, chapter 4, "Program-Status Word",
 * and chapter 6, "Interruption Action").
 */
import { CpuFlag, ProgramInterruption, PSW, PSW_SHIFT, StateDescription } from '@zarch/arch';
import { type Mmu, mmuLayout, noteStore, stateField } from '@zarch/memory';
import { type FunctionBuilder, type FunctionRef, I32, I64, type ModuleBuilder } from '@zarch/wasm';
import { cpuLayout, Exit } from '../../cpu-layout.ts';

export interface PswHelpers {
  /** `(cpu, mask, address) -> code`: loads a PSW; specification (6) when it is not valid, with length 0. */
  readonly loadPsw: FunctionRef<readonly ['i32']>;
  /** `(cpu) -> mask`: bits 0-63 of the current PSW, with the condition code. */
  readonly currentMask: FunctionRef<readonly ['i64']>;
  /** `(cpu, old, new) -> code`: exchanges PSWs at offsets in the prefix area; the code as for loadPsw. */
  readonly exchangePsw: FunctionRef<readonly ['i32']>;
  /**
   * `(cpu, old mask) -> exit`: 0, or `Exit.check` when the PSW that has taken the place of another one waits, has PER on,
   * or opens a mask for which something waits.
   */
  readonly pswChange: FunctionRef<readonly ['i32']>;
}

/** Intervention requests in the state description, whatever mask they wait for. */
export const INTERVENTIONS =
  CpuFlag.stopRequest | CpuFlag.ioRequest | CpuFlag.externalRequest | CpuFlag.externalCallPending;

const interruptionMasks = PSW.io | PSW.external | PSW.machineCheck | PSW.per;

/** Whether loading a PSW is an early specification exception. */
export function isInvalidPsw(f: FunctionBuilder, mask: I64, address: I64): I32 {
  const bits = f.let(mask);
  const extended = f.let(bits.and(PSW.extendedAddressing).ne(0));
  const basic = f.let(bits.and(PSW.basicAddressing).ne(0));
  const beyond = f.select(
    extended,
    I64.const(0),
    address.shrU(f.select(basic, I64.const(31), I64.const(24))),
  );
  return bits.and(PSW.unassigned).ne(0).or(extended.and(basic.eqz())).or(beyond.ne(0));
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
    f.if(isInvalidPsw(f, mask, address), () => {
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
  return { loadPsw, currentMask, exchangePsw, pswChange: definePswChange(module) };
}

function definePswChange(module: ModuleBuilder): PswHelpers['pswChange'] {
  return module.function('pswChange', ['ptr', 'i64'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const old = f.param(1, 'i64').get();
    const mask = f.let(f.loadI64(cpu, mmuLayout.pswMask));
    f.if(mask.and(PSW.wait | PSW.per).ne(0), () => f.return(I32.const(Exit.check)));
    f.if(mask.and(old.xor(-1n)).and(interruptionMasks).ne(0), () => {
      const description = f.loadI32(cpu, mmuLayout.stateDescription).toPointer();
      const flags = f.loadI32(description, stateField(StateDescription.cpuFlags, 4));
      const waits = flags.and(INTERVENTIONS).or(f.loadI32(cpu, cpuLayout.attention));
      f.if(waits, () => f.return(I32.const(Exit.check)));
    });
    f.return(I32.const(0));
  });
}

/** The PSW that a short-format PSW (LPSW) stands for: mask and address. */
export function expandShortPsw(short: I64): { readonly mask: I64; readonly address: I64 } {
  return {
    mask: short.and(~0x7fff_ffffn).xor(PSW.shortFormat),
    address: short.and(I64.const(0x7fff_ffff)),
  };
}
