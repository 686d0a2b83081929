/** SET SYSTEM MASK, STORE THEN AND SYSTEM MASK and STORE THEN OR SYSTEM MASK (Principles of Operation, chapter 10). */
import { ProgramInterruption, PSW, StateDescription } from '@zarch/arch';
import { mmuLayout, stateField } from '@zarch/memory';
import { I32, type I64 } from '@zarch/wasm';
import { cpuLayout } from '../../cpu-layout.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { goOn } from './psw.ts';
import { INTERVENTIONS } from './psw-helpers.ts';

/** Bits of the system mask that must be zero. */
const UNASSIGNED = 0xb8;

export function defineSystemMask(table: DefinitionTable): void {
  table.define('ssm', (s) => {
    quickly(s, {
      byte: () => s.load8(s.operand(2)),
      allowed: () => isSuppressed(s).eqz(),
      otherwise: () => {
        s.requireSupervisor();
        s.programIf(isSuppressed(s), ProgramInterruption.specialOperation);
        setSystemMask(s, s.load8(s.operand(2)));
      },
    });
  });
  for (const [mnemonic, change] of [
    ['stnsm', (mask: I32, byte: I32) => mask.and(byte)],
    ['stosm', (mask: I32, byte: I32) => mask.or(byte)],
  ] as const) {
    table.define(mnemonic, (s) => {
      const byte = () => s.f.let(change(systemMask(s), s.field('I2')));
      const store = () => s.store8(s.operand(1), systemMask(s));
      quickly(s, {
        byte,
        store,
        otherwise: () => {
          s.requireSupervisor();
          store();
          setSystemMask(s, byte());
        },
      });
    });
  }
}

interface Change {
  /** The system mask to be. */
  readonly byte: () => I32;
  /** What is stored before. */
  readonly store?: () => void;
  /** Whether the supervisor may do it. */
  readonly allowed?: () => I32;
  /** All of the instruction, whatever it does. */
  readonly otherwise: () => void;
}

/** Nearly always nothing but the masks of I/O and external interruptions changes, and none of those waits. */
function quickly(s: Semantics, { byte, store, allowed, otherwise }: Change): void {
  const { f, cpu } = s;
  f.block((done) => {
    f.block((slow) => {
      const old = f.let(s.psw());
      const may = allowed ? old.and(PSW.problem).eqz().and(allowed()) : old.and(PSW.problem).eqz();
      f.brIf(may.eqz(), slow, false);
      const fresh = f.let(withSystemMask(old, byte()));
      const others = old
        .xor(fresh)
        .and(~(PSW.io | PSW.external))
        .ne(0);
      f.brIf(others.or(waiting(s)), slow, false);
      store?.();
      f.store(cpu, mmuLayout.pswMask, fresh, 64);
      f.br(done);
    });
    s.slowly(otherwise);
  });
}

/** Whether CR0 forbids SET SYSTEM MASK. */
function isSuppressed(s: Semantics): I32 {
  return s
    .control(0)
    .shrU(63 - 33)
    .wrap()
    .and(1);
}

/** Whether something may wait for a mask. */
function waiting(s: Semantics): I32 {
  const description = s.f.loadI32(s.cpu, mmuLayout.stateDescription).toPointer();
  const flags = s.f.loadI32(description, stateField(StateDescription.cpuFlags, 4));
  return flags.and(INTERVENTIONS).or(s.f.loadI32(s.cpu, cpuLayout.attention)).ne(0);
}

function systemMask(s: Semantics): I32 {
  return s.psw().shrU(56).wrap();
}

function withSystemMask(mask: I64, byte: I32): I64 {
  return mask.and((1n << 56n) - 1n).or(byte.extendU().shl(56));
}

function setSystemMask(s: Semantics, byte: I32): void {
  const { f, cpu } = s;
  const old = f.let(s.psw());
  const mask = f.let(withSystemMask(old, byte));
  f.store(cpu, mmuLayout.pswMask, mask, 64);
  f.if(mask.xor(old).and(PSW.dat).ne(0), () => f.call(s.helpers.refresh, cpu));
  f.if(byte.and(UNASSIGNED), () => {
    // Like an invalid PSW that an interruption loads, this is found before the next instruction.
    f.store(cpu, cpuLayout.length, I32.const(0));
    s.program(ProgramInterruption.specification);
  });
  goOn(s, old);
}
