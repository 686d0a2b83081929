/**
 * How an instruction is done by the host's own floating-point arithmetic where that has the same outcome, all flags and
 * exceptions included, and by its full definition where it may not (Principles of Operation, chapter 9, "IEEE
 * Exceptions").
 */
import { CR0 } from '@zarch/arch';
import { type FunctionBuilder, I32, type Label, type Pointer } from '@zarch/wasm';
import { FPC_FLAG_SHIFT, FPC_MASK } from '../../bfp/index.ts';
import { cpuLayout } from '../../cpu-layout.ts';
import type { Definition, Semantics } from '../semantics.ts';
import { AfpDxc } from './checks.ts';

const INEXACT = FPC_MASK.inexact >>> FPC_FLAG_SHIFT;
const ROUNDING_MODE = 7;

/** An instruction whose result is computed already and not delivered. */
export interface Attempt {
  /** What must hold for it to be delivered. */
  readonly requires?: readonly I32[];
  /** What nearly always holds; with it the result can be delivered. */
  readonly usual: readonly I32[];
  /** Whether the result can be delivered though something is not as usual. */
  readonly otherwise?: () => I32;
  readonly deliver: () => void;
}

/** Delivers what `attempt` has computed, or does what `full` says. */
export function quickly(s: Semantics, full: Definition, attempt: () => Attempt): void {
  const { f, row } = s;
  const storage = s.hasField('B2');
  // An access exception must not be found first.
  if (storage) s.requireAfp(AfpDxc.bfpInstruction);
  f.block((done) => {
    const { requires = [], usual, otherwise, deliver } = attempt();
    const required = [...requires];
    if (!storage) required.push(s.control(0).and(CR0.afpRegister).ne(0));
    if (row.facility !== undefined) required.push(s.facility(row.facility));
    f.block((good) => {
      f.block((unusual) => {
        for (const condition of [...required, ...usual]) unless(f, condition, unusual);
        f.br(good);
      });
      if (otherwise) {
        const still = otherwise();
        f.brIf(
          required.reduce((all, condition) => condition.and(all), still),
          good,
        );
      }
      s.slowly(() => full(s));
      f.br(done);
    });
    deliver();
  });
}

function unless(f: FunctionBuilder, condition: I32, label: Label): void {
  if (condition.constant === undefined) f.brIf(condition.eqz(), label, false);
  else if (!condition.constant) f.br(label);
}

export function loadFpc(f: FunctionBuilder, cpu: Pointer): I32 {
  return f.loadI32(cpu, cpuLayout.fpc);
}

/** What of the FPC decides whether the host's result will do. */
export interface FpcMode {
  /** Inexact results change nothing more: the flag is one, and nothing traps or rounds otherwise. */
  readonly settled: I32;
  /** Exact results change nothing. */
  readonly plain: I32;
}

/**
 * For results in the range of normal numbers or exact: overflow, invalid operation and division by zero cannot happen,
 * whatever their masks are.
 */
export function fpcMode({ f, cpu }: Semantics): FpcMode {
  const relevant = FPC_MASK.underflow | FPC_MASK.inexact | INEXACT | ROUNDING_MODE;
  const mode = f.let(loadFpc(f, cpu).and(relevant));
  return { settled: mode.eq(INEXACT), plain: mode.and(~INEXACT).eqz() };
}

/** Whether an inexact integer changes nothing but the target: by the FPC's rounding mode only if that is the default. */
export function inexactIsSettled({ f, cpu }: Semantics, usesMode: I32): I32 {
  const relevant = FPC_MASK.inexact | INEXACT;
  const mask = f.select(usesMode, I32.const(relevant | ROUNDING_MODE), I32.const(relevant));
  return loadFpc(f, cpu).and(mask).eq(INEXACT);
}

/** Whether the rounding mode is to the nearest, ties to even. */
export function roundsToEven({ f, cpu }: Semantics): I32 {
  return loadFpc(f, cpu).and(ROUNDING_MODE).eqz();
}
