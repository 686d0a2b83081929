/** What floating-point instructions check first (Principles of Operation, chapter 9, "Registers and Controls"). */
import { CR0, ProgramInterruption } from '@zarch/arch';
import type { FieldName } from '@zarch/isa';
import { I32 } from '@zarch/wasm';
import type { Semantics } from '../semantics.ts';

/** Data-exception codes of instructions that need the AFP-register control (chapter 6). */
export const AfpDxc = { register: 1, bfpInstruction: 2, dfpInstruction: 3 } as const;

/** Facility bit of the floating-point extension, which added fields to older instructions. */
export const FLOATING_POINT_EXTENSION = 37;

/** Without the AFP-register control only floating-point registers 0, 2, 4 and 6 can be used. */
export function requireFloatingPointRegisters(s: Semantics, ...names: FieldName[]): void {
  const additional = names.reduce((all, name) => all.or(s.field(name)), I32.const(0)).and(9);
  s.f.if(s.control(0).and(CR0.afpRegister).eqz(), () => s.dataExceptionIf(additional, AfpDxc.register));
}

/** An extended operand is in a register pair: 0 and 2, 1 and 3, 4 and 6, up to 13 and 15. */
export function requireExtended(s: Semantics, ...names: FieldName[]): void {
  for (const name of names) s.programIf(s.field(name).and(2), ProgramInterruption.specification);
}
