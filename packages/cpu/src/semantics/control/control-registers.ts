/** LOAD CONTROL, STORE CONTROL and what reads or sets parts of control registers (chapter 10). */
import { InterceptionControl, StateDescription } from '@zarch/arch';
import { controlRegister, mmuLayout, stateField } from '@zarch/memory';
import { I32, type Pointer } from '@zarch/wasm';
import { Exit } from '../../cpu-layout.ts';
import { multiple } from '../general/load-store-multiple.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { interceptIf, requireExtractionAuthority } from './psw.ts';

/** Where control register `number`, known at run time, is in the state description. */
function place(s: Semantics, number: I32): Pointer {
  const description = s.f.loadI32(s.cpu, mmuLayout.stateDescription);
  return description.add(controlRegister(0)).sub(number.shl(3)).toPointer();
}

export function defineControlRegisters(table: DefinitionTable): void {
  table.define('lctlg', (s) => {
    loadControls(s, 8, (number, element) => s.f.store(place(s, number), 0, s.f.loadI64(element, 8), 64));
  });
  table.define('lctl', (s) => {
    loadControls(s, 4, (number, element) => s.f.store(place(s, number), 0, s.f.loadI32(element, 12)));
  });
  table.define('stctg', (s) => {
    const operand = storeOperand(s, 8);
    multiple(s, 8, operand, true, (number, element) =>
      s.f.store(element, 8, s.f.loadI64(place(s, number)), 64),
    );
  });
  table.define('stctl', (s) => {
    const operand = storeOperand(s, 4);
    multiple(s, 4, operand, true, (number, element) => s.f.store(element, 12, s.f.loadI32(place(s, number))));
  });
  table.define('epar', (s) => {
    requireExtractionAuthority(s);
    s.setGr32('R1', s.control(4).wrap().and(0xffff));
  });
  table.define('esar', (s) => {
    requireExtractionAuthority(s);
    s.setGr32('R1', s.control(3).wrap().and(0xffff));
  });
  table.define('epair', (s) => {
    requireExtractionAuthority(s);
    s.setGr64('R1', s.control(4));
  });
  table.define('esair', (s) => {
    requireExtractionAuthority(s);
    s.setGr64('R1', s.control(3));
  });
  table.define('lpp', (s) => {
    s.requireSupervisor();
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const value = s.load64(operand);
    const description = s.f.loadI32(s.cpu, mmuLayout.stateDescription).toPointer();
    s.f.store(description, stateField(StateDescription.programParameter, 8), value, 64);
  });
}

function storeOperand(s: Semantics, size: number) {
  s.requireSupervisor();
  interceptIf(s, InterceptionControl.storeControl);
  const operand = s.operand(2);
  s.requireAligned(operand, size);
  return operand;
}

/** Loads registers and derives what depends on them; registers whose bit in `lctl` is one are intercepted. */
function loadControls(s: Semantics, size: number, each: (number: I32, element: Pointer) => void): void {
  const { f, cpu } = s;
  s.requireSupervisor();
  const description = f.let(f.loadI32(cpu, mmuLayout.stateDescription).toPointer());
  const controls = f.loadI32(description, stateField(StateDescription.lctl, 2), 16);
  // Bit n of the rotated mask is set for registers R1 to R3.
  const first = f.let(s.field('R1'));
  const count = f.let(s.field('R3').sub(first).and(15).add(1));
  const run = f.let(I32.const(0xffff).shl(I32.const(16).sub(count)).and(0xffff));
  const selected = run
    .shrU(first)
    .or(run.shl(I32.const(16).sub(first)))
    .and(0xffff);
  f.if(controls.and(selected), () => s.intercept());
  const operand = s.operand(2);
  s.requireAligned(operand, size);
  multiple(s, size, operand, false, each);
  f.call(s.helpers.refresh, cpu);
  // Only the registers with interruption masks and the PER controls call for a look outside.
  f.if(selected.and(0x8270), () => s.backend.leave(Exit.check));
  s.backend.refetch();
}
