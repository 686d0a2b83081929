/** TOD clock, clock comparator and CPU timer (Principles of Operation, chapter 4, "Timing"; chapters 7 and 10). */
import { ProgramInterruption, PSW, StateDescription } from '@zarch/arch';
import { mmuLayout, stateField } from '@zarch/memory';
import { I32, I64, type Pointer } from '@zarch/wasm';
import { cpuLayout, Exit } from '../../cpu-layout.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';

function description(s: Semantics): Pointer {
  return s.f.loadI32(s.cpu, mmuLayout.stateDescription).toPointer();
}

/** The guest's TOD clock: the host's, moved by the epoch. */
function guestClock(s: Semantics): I64 {
  const epoch = s.f.loadI64(description(s), stateField(StateDescription.epoch, 8));
  return s.f.let(s.f.callValue(s.helpers.clock).add(epoch));
}

/** A clock value greater than any stored before: STCK values are unique. */
function uniqueClock(s: Semantics): I64 {
  const { f, cpu } = s;
  const now = guestClock(s);
  const last = f.let(f.loadI64(cpu, cpuLayout.lastClock));
  const value = f.let(f.select(now.gtU(last), now, last.add(1)));
  f.store(cpu, cpuLayout.lastClock, value, 64);
  return value;
}

export function defineTiming(table: DefinitionTable): void {
  table.define('stck', (s) => {
    s.store64(s.operand(2), uniqueClock(s));
    s.setCc(0);
  });
  table.define('stckf', (s) => {
    s.store64(s.operand(2), guestClock(s));
    s.setCc(0);
  });
  // Epoch index, 104 bits of clock, programmable field.
  table.define('stcke', (s) => {
    const operand = s.operand(2);
    s.checkStore(operand, 16);
    const clock = uniqueClock(s);
    const field = s.f.loadI64(s.cpu, cpuLayout.todProgrammable).and(0xffff);
    s.store64(operand, clock.shrU(8));
    s.store64(s.displaced(operand, 8), clock.shl(56).or(I64.const(1).shl(16)).or(field));
    s.setCc(0);
  });
  defineComparator(table);
  defineCpuTimer(table);
  definePtff(table);
}

function defineComparator(table: DefinitionTable): void {
  table.define('sckc', (s) => {
    s.requireSupervisor();
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const value = s.load64(operand);
    s.f.store(description(s), stateField(StateDescription.clockComparator, 8), value, 64);
    s.backend.leave(Exit.check);
  });
  table.define('stckc', (s) => {
    s.requireSupervisor();
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    s.store64(operand, s.f.loadI64(description(s), stateField(StateDescription.clockComparator, 8)));
  });
}

/** The CPU timer is kept as the host time at which it reaches zero. */
function cpuTimer(s: Semantics): I64 {
  return s.f.let(s.f.loadI64(s.cpu, cpuLayout.cpuTimerZero).sub(s.f.callValue(s.helpers.clock)));
}

function defineCpuTimer(table: DefinitionTable): void {
  table.define('spt', (s) => {
    s.requireSupervisor();
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    const value = s.load64(operand);
    s.f.store(s.cpu, cpuLayout.cpuTimerZero, s.f.callValue(s.helpers.clock).add(value), 64);
    s.backend.leave(Exit.check);
  });
  table.define('stpt', (s) => {
    s.requireSupervisor();
    const operand = s.operand(2);
    s.requireAligned(operand, 8);
    s.store64(operand, cpuTimer(s));
  });
  table.define('ectg', (s) => {
    const first = s.load64(s.operand(1));
    const second = s.load64(s.operand(2));
    const third = { address: s.f.let(s.wrap(s.gr64('R3'))), ar: s.field('R3') };
    const loaded = s.load64(third);
    s.setGr64(0, first.sub(cpuTimer(s)));
    s.setGr64(1, second);
    s.setGr64('R3', loaded);
  });
}

/** Functions of PTFF that need no steering authority; the function code is in register 0. */
const PtffFunction = {
  queryAvailable: 0,
  queryTodOffset: 1,
  querySteering: 2,
  queryPhysicalClock: 3,
} as const;

function definePtff(table: DefinitionTable): void {
  table.define('ptff', (s) => {
    const { f } = s;
    const function_ = f.let(s.gr32(0).and(0x7f));
    s.programIf(s.gr32(0).and(0x80), ProgramInterruption.specification);
    const block = { address: f.let(s.wrap(s.gr64(1))), ar: I32.const(1) };
    const put = (values: readonly I64[]) => {
      s.checkStore(block, 8 * values.length);
      for (const [i, value] of values.entries()) s.store64(s.displaced(block, 8 * i), value);
      s.setCc(0);
    };
    const epoch = () => f.loadI64(description(s), stateField(StateDescription.epoch, 8));
    const zero = I64.const(0);
    // Control functions, codes 64 and up, are for the supervisor.
    s.programIf(
      function_.geU(64).and(s.psw().and(PSW.problem).ne(0)),
      ProgramInterruption.privilegedOperation,
    );
    f.block((done) => {
      f.if(function_.eq(PtffFunction.queryAvailable), () => {
        put([I64.const(0xf000_0000_0000_0000n), zero]);
        f.br(done);
      });
      f.if(function_.eq(PtffFunction.queryTodOffset), () => {
        const host = f.let(f.callValue(s.helpers.clock));
        put([host, epoch(), epoch(), epoch()]);
        f.br(done);
      });
      // No steering: rates and offsets are zero.
      f.if(function_.eq(PtffFunction.querySteering), () => {
        put([f.let(f.callValue(s.helpers.clock)), zero, zero, zero, zero, zero, zero]);
        f.br(done);
      });
      f.if(function_.eq(PtffFunction.queryPhysicalClock), () => {
        put([f.let(f.callValue(s.helpers.clock))]);
        f.br(done);
      });
      s.setCc(3);
    });
  });
}
