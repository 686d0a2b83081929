/**
 * Instructions on the floating-point-control register (Principles of Operation, chapter 9, "EXTRACT FPC" to
 * "STORE FPC"). A value that is not valid is a specification exception.
 */
import { ProgramInterruption } from '@zarch/arch';
import type { I32 } from '@zarch/wasm';
import { bfpSetFpcAndSignal, bfpValidateFpc, type FpcFacilities } from '../../bfp/index.ts';
import { cpuLayout } from '../../cpu-layout.ts';
import type { AssistContext, AssistStatus } from '../assist.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { AfpDxc } from './checks.ts';

export function defineFpc(table: DefinitionTable): void {
  table.define('efpc', (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    s.setGr32('R1', fpc(s));
  });
  table.define('stfpc', (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    s.store32(s.operand(2), fpc(s));
  });
  table.define('sfpc', (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    passSource(s, s.gr32('R1'));
    s.assist(setFpc);
  });
  table.define('lfpc', (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    passSource(s, s.load32(s.operand(2)));
    s.assist(setFpc);
  });
  table.define('sfasr', (s) => {
    s.requireAfp(AfpDxc.dfpInstruction);
    passSource(s, s.gr32('R1'));
    s.assist(setFpcAndSignal);
  });
  table.define('lfas', (s) => {
    s.requireAfp(AfpDxc.dfpInstruction);
    passSource(s, s.load32(s.operand(2)));
    s.assist(setFpcAndSignal);
  });
  defineRoundingModes(table);
}

function defineRoundingModes(table: DefinitionTable): void {
  table.define('srnm', (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    setFpcField(s, 7, s.addressValue(2).wrap().and(3));
  });
  table.define('srnmb', (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    const mode = s.f.let(s.addressValue(2).wrap().and(0xff));
    s.programIf(mode.gtU(3).and(mode.ne(7)), ProgramInterruption.specification);
    setFpcField(s, 7, mode);
  });
  table.define('srnmt', (s) => {
    s.requireAfp(AfpDxc.dfpInstruction);
    setFpcField(s, 0x70, s.addressValue(2).wrap().and(7).shl(4));
  });
}

function fpc(s: Semantics): I32 {
  return s.f.loadI32(s.cpu, cpuLayout.fpc);
}

function setFpcField(s: Semantics, mask: number, value: I32): void {
  s.f.store(s.cpu, cpuLayout.fpc, fpc(s).and(~mask).or(value));
}

function passSource(s: Semantics, value: I32): void {
  s.f.store(s.cpu, cpuLayout.scratch, value.extendU(), 64);
}

function facilities(context: AssistContext): FpcFacilities {
  return { floatingPointExtension: context.facility(37), decimalFloatingPoint: context.facility(42) };
}

function setFpc(context: AssistContext): AssistStatus {
  const source = Number(context.scratch(0));
  if (!bfpValidateFpc(source, facilities(context))) return context.specification();
  context.fpc = source;
  return 0;
}

function setFpcAndSignal(context: AssistContext): AssistStatus {
  const result = bfpSetFpcAndSignal(context.fpc, Number(context.scratch(0)), facilities(context));
  if (result.kind === 'specification') return context.specification();
  context.fpc = result.fpc;
  return result.dxc === 0 ? 0 : context.program(ProgramInterruption.data, result.dxc);
}
