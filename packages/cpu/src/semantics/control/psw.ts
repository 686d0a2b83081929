/** Instructions that load or change the PSW (Principles of Operation, chapter 10). */
import { CR0, InterceptionControl, ProgramInterruption, PSW, PSW_SHIFT, StateDescription } from '@zarch/arch';
import { mmuLayout, stateField } from '@zarch/memory';
import { I32, type I64 } from '@zarch/wasm';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { expandShortPsw } from './psw-helpers.ts';

export function definePsw(table: DefinitionTable): void {
  table.define('lpswe', (s) => {
    s.requireSupervisor();
    interceptIf(s, InterceptionControl.loadPsw);
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const mask = s.load64(operand);
    load(s, mask, s.load64(s.displaced(operand, 8)));
  });
  table.define('lpsw', (s) => {
    s.requireSupervisor();
    interceptIf(s, InterceptionControl.loadPsw);
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const { mask, address } = expandShortPsw(s.load64(operand));
    load(s, s.f.let(mask), s.f.let(address));
  });
  table.define('epsw', (s) => {
    const mask = s.f.let(s.f.callValue(s.helpers.currentMask, s.cpu));
    s.setGr32('R1', mask.shrU(32).wrap());
    s.f.if(s.field('R2'), () => s.setGr32('R2', mask.wrap()));
  });
  defineKey(table);
  defineSpace(table);
}

/** An optional instruction interception. */
export function interceptIf(s: Semantics, control: number): void {
  const description = s.f.loadI32(s.cpu, mmuLayout.stateDescription).toPointer();
  const controls = s.f.loadI32(description, stateField(StateDescription.ictl, 4));
  s.f.if(controls.and(control), () => s.intercept());
}

/** Goes on with a PSW that has taken the place of the one with the mask `old`. */
export function goOn(s: Semantics, old: I64): void {
  const exit = s.f.callValue(s.helpers.pswChange, s.cpu, old);
  s.f.if(exit, () => s.backend.leave(Exit.check));
  s.backend.refetch();
}

function load(s: Semantics, mask: I64, address: I64): void {
  const { f, cpu } = s;
  const old = f.let(s.psw());
  const next = s.backend.nextAddress();
  f.store(cpu, cpuLayout.breakingEvent, next.sub(f.loadI32(cpu, cpuLayout.length).extendU()), 64);
  const code = f.let(f.callValue(s.helpers.loadPsw, cpu, mask, address));
  f.if(code, () => s.backend.leave(Exit.program));
  goOn(s, old);
}

/** A key is allowed in the problem state when the PSW-key mask (CR3 bits 32-47) has its bit. */
export function requireKeyAuthority(s: Semantics, key: I32): void {
  const mask = s.control(3).shrU(16).wrap();
  const allowed = mask.shrU(I32.const(15).sub(key)).and(1);
  s.programIf(s.psw().and(PSW.problem).ne(0).and(allowed.eqz()), ProgramInterruption.privilegedOperation);
}

function defineKey(table: DefinitionTable): void {
  table.define('spka', (s) => {
    const key = s.f.let(s.addressValue(2).shrU(4).wrap().and(15));
    requireKeyAuthority(s, key);
    const mask = s.psw().and(~PSW.key).or(key.extendU().shl(PSW_SHIFT.key));
    s.f.store(s.cpu, mmuLayout.pswMask, mask, 64);
    s.f.call(s.helpers.refresh, s.cpu);
    s.backend.refetch();
  });
  table.define('ipk', (s) => {
    requireExtractionAuthority(s);
    const key = s
      .psw()
      .shrU(PSW_SHIFT.key - 4)
      .wrap()
      .and(0xf0);
    s.setGr32(2, s.gr32(2).and(~0xff).or(key));
  });
}

/** In the problem state the extraction-authority control of CR0 must be one. */
export function requireExtractionAuthority(s: Semantics): void {
  const barred = s.psw().and(PSW.problem).ne(0).and(s.control(0).and(CR0.extractionAuthority).eqz());
  s.programIf(barred, ProgramInterruption.privilegedOperation);
}

/** SAC, SACF and IAC: the code 0 primary, 1 secondary, 2 access-register, 3 home. */
function defineSpace(table: DefinitionTable): void {
  for (const mnemonic of ['sac', 'sacf']) {
    table.define(mnemonic, (s) => {
      const { f } = s;
      const code = f.let(s.addressValue(2).shrU(8).wrap().and(15));
      const special = ProgramInterruption.specialOperation;
      const secondary = s.control(0).and(CR0.secondarySpace).ne(0);
      s.programIf(s.psw().and(PSW.dat).eqz().or(secondary.eqz()), special);
      const problem = s.psw().and(PSW.problem).ne(0);
      s.programIf(problem.and(code.eq(3)), ProgramInterruption.privilegedOperation);
      s.programIf(code.gtU(3), ProgramInterruption.specification);
      // The PSW's encoding exchanges secondary and access-register mode.
      const space = f.select(code.eq(1), I32.const(2), f.select(code.eq(2), I32.const(1), code));
      const mask = s.psw().and(~PSW.addressSpace).or(space.extendU().shl(PSW_SHIFT.addressSpace));
      const old = f.let(s.psw());
      f.store(s.cpu, mmuLayout.pswMask, mask, 64);
      f.call(s.helpers.refresh, s.cpu);
      spaceSwitchEvent(s, old);
      s.backend.refetch();
    });
  }
  table.define('iac', (s) => {
    requireExtractionAuthority(s);
    s.programIf(s.psw().and(PSW.dat).eqz(), ProgramInterruption.specialOperation);
    const space = s.f.let(s.psw().shrU(PSW_SHIFT.addressSpace).wrap().and(3));
    s.setGr32('R1', s.gr32('R1').and(~0xff00).or(code(s, space).shl(8)));
    s.setCc(code(s, space));
  });
}

function code(s: Semantics, space: I32): I32 {
  return s.f.select(space.eq(1), I32.const(2), s.f.select(space.eq(2), I32.const(1), space));
}

/** Entering or leaving the home space with the ASCE's event control one ends in a space-switch event. */
function spaceSwitchEvent(s: Semantics, old: I64): void {
  const isHome = (mask: I64) => mask.shrU(PSW_SHIFT.addressSpace).wrap().and(3).eq(3);
  const changed = isHome(old).ne(isHome(s.psw()));
  const control = (number: number) => s.control(number).and(0x40n).ne(0);
  s.programIf(changed.and(control(1).or(control(13))), ProgramInterruption.spaceSwitchEvent);
}
