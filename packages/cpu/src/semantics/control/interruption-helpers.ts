/**
 * Interruption action of supervisor calls and program interruptions: what is stored in the prefix area before PSWs are
 * exchanged (Principles of Operation, chapter 6). Guest code goes on in the handler without leaving the module, where
 * nothing outside wants to know.
 */
import {
  InterceptionControl,
  Lowcore,
  nullifyingInterruptions,
  ProgramInterruption,
  StateDescription,
} from '@zarch/arch';
import { hasCodeAt, mmuLayout, stateField } from '@zarch/memory';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import { cpuLayout, Delivery, Exit } from '../../cpu-layout.ts';
import { isInvalidPsw, type PswHelpers } from './psw-helpers.ts';

export interface InterruptionHelpers {
  /** `(cpu) -> code`: the supervisor call that the block records; the code as for exchangePsw. */
  readonly deliverSupervisorCall: FunctionRef<readonly ['i32']>;
  /**
   * `(cpu) -> code`: the program interruption that the block records, with the PER event there if its code is not zero;
   * the result as for exchangePsw.
   */
  readonly deliverProgram: FunctionRef<readonly ['i32']>;
  /**
   * `(cpu, exit) -> exit`: after a supervisor call or a program exception, delivers it where that is allowed. 0 to go on
   * with the new PSW; otherwise what is to be done outside, with nothing delivered if it is the exit that was given.
   */
  readonly deliver: FunctionRef<readonly ['i32']>;
}

const translationFaults: readonly number[] = [0x10, 0x11, 0x38, 0x39, 0x3a, 0x3b];
const accessRegisterFaults: readonly number[] = [0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d];

/** MOVE PAGE, whose operands may fail in the same way: it is told which by the numbers of its two registers. */
const MOVE_PAGE = 0xb254;

/** Whether an interruption code without its PER bit is one of `codes`, all of them below 64. */
function isOneOf(code: I32, codes: Iterable<number>): I32 {
  const set = [...codes].reduce((bits, each) => bits | (1n << BigInt(each)), 0n);
  return code.ltU(64).and(I64.const(BigInt.asIntN(64, set)).shrU(code.extendU()).wrap().and(1));
}

/** Where operands of the prefix area are: that of s bytes at offset o is at 16 - s from `operand(o)`. */
function prefixArea(f: FunctionBuilder, cpu: Pointer): (offset: number) => Pointer {
  const area = f.let(f.loadI32(cpu, mmuLayout.top).sub(f.loadI32(cpu, mmuLayout.prefix)).sub(16));
  return (offset) => area.sub(offset).toPointer();
}

function count(f: FunctionBuilder, cpu: Pointer, counter: number): void {
  f.store(cpu, counter, f.loadI64(cpu, counter).add(1), 64);
}

export function defineInterruptionHelpers(module: ModuleBuilder, psw: PswHelpers): InterruptionHelpers {
  const deliverSupervisorCall = defineSupervisorCall(module, psw);
  const deliverProgram = defineProgram(module, psw);
  return {
    deliverSupervisorCall,
    deliverProgram,
    deliver: defineDeliver(module, psw, deliverSupervisorCall, deliverProgram),
  };
}

function defineSupervisorCall(
  module: ModuleBuilder,
  { exchangePsw }: PswHelpers,
): InterruptionHelpers['deliverSupervisorCall'] {
  return module.function('deliverSupervisorCall', ['ptr'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    count(f, cpu, cpuLayout.supervisorCalls);
    const operand = prefixArea(f, cpu);
    f.store(operand(Lowcore.svcLength), 14, f.loadI32(cpu, cpuLayout.length), 16);
    f.store(operand(Lowcore.svcCode), 14, f.loadI32(cpu, cpuLayout.svcCode), 16);
    const [oldPsw, newPsw] = [I32.const(Lowcore.svcOldPsw), I32.const(Lowcore.svcNewPsw)];
    f.return(f.callValue(exchangePsw, cpu, oldPsw, newPsw));
  });
}

function defineProgram(
  module: ModuleBuilder,
  { exchangePsw }: PswHelpers,
): InterruptionHelpers['deliverProgram'] {
  return module.function('deliverProgram', ['ptr'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    count(f, cpu, cpuLayout.programInterruptions);
    const code = f.let(f.loadI32(cpu, mmuLayout.faultCode));
    const length = f.let(f.loadI32(cpu, cpuLayout.length));
    const per = f.let(f.loadI32(cpu, cpuLayout.perCode));
    const operand = prefixArea(f, cpu);
    // The old PSW then points at the instruction.
    f.if(isOneOf(code, nullifyingInterruptions), () => {
      const address = f.loadI64(cpu, cpuLayout.nextAddress).sub(length.extendU());
      f.store(cpu, cpuLayout.nextAddress, address.and(f.loadI64(cpu, mmuLayout.addressMask)), 64);
    });
    const perBit = I32.const(ProgramInterruption.perEvent);
    f.store(operand(Lowcore.programLength), 14, length, 16);
    f.store(operand(Lowcore.programCode), 14, code.or(f.select(per, perBit, I32.const(0))), 16);
    f.if(per, () => {
      f.store(operand(Lowcore.perCode), 15, per, 8);
      f.store(operand(Lowcore.perAtmid), 15, f.loadI32(cpu, cpuLayout.perAtmid), 8);
      f.store(operand(Lowcore.perAddress), 8, f.loadI64(cpu, cpuLayout.perAddress), 64);
      f.store(cpu, cpuLayout.perCode, I32.const(0));
    });
    f.if(isOneOf(code, [ProgramInterruption.data, ProgramInterruption.vectorProcessing]), () =>
      f.store(operand(Lowcore.dataExceptionCode), 12, f.loadI32(cpu, cpuLayout.dxc)),
    );
    f.if(code.eq(ProgramInterruption.monitorEvent), () => {
      f.store(operand(Lowcore.monitorClass), 14, f.loadI32(cpu, cpuLayout.monitorClass), 16);
      f.store(operand(Lowcore.monitorCode), 8, f.loadI64(cpu, cpuLayout.monitorCode), 64);
    });
    const translation = f.let(isOneOf(code, [ProgramInterruption.protection, ...translationFaults]));
    f.if(translation, () => {
      const text = f.let(f.loadI64(cpu, cpuLayout.instruction));
      const registers = f.select(
        text.shrU(48).wrap().eq(MOVE_PAGE),
        text.shrU(32).wrap().and(0xff),
        I32.const(0),
      );
      f.store(operand(Lowcore.teid), 8, f.loadI64(cpu, mmuLayout.faultTeid), 64);
      f.store(operand(Lowcore.operandAccess), 15, registers, 8);
    });
    f.if(translation.or(isOneOf(code, accessRegisterFaults)), () =>
      f.store(operand(Lowcore.exceptionAccess), 15, f.loadI32(cpu, mmuLayout.faultAccess), 8),
    );
    f.store(operand(Lowcore.breakingEvent), 8, f.loadI64(cpu, cpuLayout.breakingEvent), 64);
    const [oldPsw, newPsw] = [I32.const(Lowcore.programOldPsw), I32.const(Lowcore.programNewPsw)];
    f.return(f.callValue(exchangePsw, cpu, oldPsw, newPsw));
  });
}

function defineDeliver(
  module: ModuleBuilder,
  { pswChange }: PswHelpers,
  deliverSupervisorCall: InterruptionHelpers['deliverSupervisorCall'],
  deliverProgram: InterruptionHelpers['deliverProgram'],
): InterruptionHelpers['deliver'] {
  return module.function('deliver', ['ptr', 'i32'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const exit = f.param(1, 'i32').get();
    const old = f.let(f.loadI64(cpu, mmuLayout.pswMask));
    const outside = () => f.return(exit);
    f.if(f.loadI32(cpu, cpuLayout.delivery).ne(Delivery.inside), outside);
    // What is stored may then change the instructions that follow.
    for (const block of [0, 4096]) {
      f.if(hasCodeAt(f, cpu, f.loadI32(cpu, mmuLayout.prefix).add(block).extendU()), outside);
    }
    f.if(exit.eq(Exit.supervisorCall), () => {
      f.if(f.callValue(deliverSupervisorCall, cpu), () => f.return(I32.const(Exit.program)));
      f.return(f.callValue(pswChange, cpu, old));
    });
    f.if(exit.ne(Exit.program), outside);

    const code = f.let(f.loadI32(cpu, mmuLayout.faultCode));
    const description = f.loadI32(cpu, mmuLayout.stateDescription).toPointer();
    const controls = f.let(f.loadI32(description, stateField(StateDescription.ictl, 4)));
    const isOperation = code.eq(ProgramInterruption.operation);
    const intercepted = f
      .select(
        isOperation,
        I32.const(InterceptionControl.operationException | InterceptionControl.programInterruption | 0),
        I32.const(InterceptionControl.programInterruption),
      )
      .and(controls);
    // Codes beyond are for the engine.
    f.if(code.gtU(0xff).or(intercepted), outside);
    const fresh = prefixArea(f, cpu)(Lowcore.programNewPsw);
    // A PSW that is not valid would interrupt for ever.
    f.if(isInvalidPsw(f, f.loadI64(fresh, 8), f.loadI64(fresh)), outside);
    f.drop(f.callValue(deliverProgram, cpu));
    f.return(f.callValue(pswChange, cpu, old));
  });
}
