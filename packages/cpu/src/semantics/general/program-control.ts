/** Program mask, supervisor call and monitor call (Principles of Operation, chapter 7). */
import { ProgramInterruption, PSW, PSW_SHIFT } from '@zarch/arch';
import { mmuLayout } from '@zarch/memory';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import type { DefinitionTable } from '../semantics.ts';

/** Monitor masks are bits 48-63 of control register 8, one for each class. */
const MONITOR_CLASSES = 16;

export function defineProgramControl(table: DefinitionTable): void {
  table.define('ipm', (s) => {
    const mask = s.psw().shrU(PSW_SHIFT.programMask).wrap().and(15);
    const byte = s.cc().shl(4).or(mask);
    s.setGr32('R1', s.gr32('R1').and(0x00ff_ffff).or(byte.shl(24)));
  });
  table.define('spm', (s) => {
    const byte = s.f.let(s.gr32('R1').shrU(24));
    const mask = byte.and(15).extendU().shl(PSW_SHIFT.programMask);
    s.f.store(s.cpu, mmuLayout.pswMask, s.psw().and(~PSW.programMask).or(mask), 64);
    s.setCc(byte.shrU(4).and(3));
  });
  table.define('svc', (s) => {
    s.f.store(s.cpu, cpuLayout.svcCode, s.field('I1'));
    s.backend.leave(Exit.supervisorCall);
  });
  table.define('mc', (s) => {
    const { f, cpu } = s;
    const monitorClass = f.let(s.field('I2'));
    s.programIf(monitorClass.geU(MONITOR_CLASSES), ProgramInterruption.specification);
    const code = s.addressValue(1);
    f.if(s.control(8).wrap().shl(monitorClass).and(0x8000), () => {
      f.store(cpu, cpuLayout.monitorClass, monitorClass);
      f.store(cpu, cpuLayout.monitorCode, code, 64);
      s.program(ProgramInterruption.monitorEvent);
    });
  });
}
