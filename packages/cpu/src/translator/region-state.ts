/**
 * What is put off while a region's code runs: the condition code is remembered by what it comes from, and 32-bit results
 * are not joined with their registers' left halves, until someone needs them. All of it is known when the code is made.
 */
import { type FunctionBuilder, type FunctionRef, I32, type I64, type Local } from '@zarch/wasm';
import { type ConditionCode, conditionCodeValue } from '../semantics/condition-code.ts';
import { type HandedCondition, type History, hasOperand, OWN_LOCAL, packed, unpacked } from './history.ts';
import type { RegisterLocals } from './register-allocation.ts';
import type { Window } from './windows.ts';

/** Locals that hold what a condition code is computed from. */
export interface ConditionLocals {
  readonly value: Local<'i32'>;
  /** Tells where a code comes from that is {@link RegionState.guarded} or {@link RegionState.handed}. */
  readonly history: History;
  readonly narrow: readonly [Local<'i32'>, Local<'i32'>];
  readonly wide: readonly [Local<'i64'>, Local<'i64'>];
  /** Computes one that is handed on. */
  readonly conditionOf: FunctionRef<readonly ['i32']>;
}

/** What becomes of the condition code where paths meet. */
export type HandedOn =
  /** Likely nobody asks: see {@link RegionState.handed}. */
  | 'handed'
  /** A loop begins its second turn with it: see {@link RegionState.guarded}. */
  | 'guarded'
  /** It is in its own local, though the loop can begin with one that is guarded. */
  | 'own'
  /** It is in its own local, or dead. */
  | 'nothing';

export class RegionState {
  /** What the code comes from; undefined when it is in its own local. */
  cc: ConditionCode | undefined = undefined;
  /** It comes from there only in a loop's second turn; before that it is in its own local. */
  guarded = false;
  /** Where it comes from is known at run time only, as several paths meet, and likely nobody asks. */
  handed = false;
  /** The offset of the last branch that was taken, and one; undefined when {@link ConditionLocals.history} has it. */
  branch: number | undefined = undefined;
  /** Registers whose right half is in `low` only, and those whose `low` is also right. */
  pending = 0;
  valid = 0;
  /** Storage whose translation is known. */
  windows: readonly Window[] = [];

  /** The same for states that put off the same. */
  get key(): string {
    const { cc } = this;
    if (!cc) return `${this.pending} ${this.handed}`;
    // What is not constant is in the local for its place and type.
    const operand = (value: I32 | I64) => (value.constant === undefined ? value.type : value.constant);
    const second = 'b' in cc ? operand(cc.b) : '';
    const third = cc.kind === 'testMask' && cc.leftmost;
    return `${this.pending} ${this.guarded} ${cc.kind} ${cc.a.type} ${operand(cc.a)} ${second} ${third}`;
  }

  copy(): RegionState {
    const copy = new RegionState();
    copy.cc = this.cc;
    copy.guarded = this.guarded;
    copy.handed = this.handed;
    copy.branch = this.branch;
    copy.pending = this.pending;
    copy.valid = this.valid;
    copy.windows = this.windows;
    return copy;
  }

  /** Remembers a condition code, with its operands where no later instruction overwrites them. */
  setCc(f: FunctionBuilder, locals: ConditionLocals, cc: ConditionCode): void {
    this.guarded = false;
    this.handed = false;
    if (cc.kind === 'value') {
      this.cc = cc.a.constant === undefined ? undefined : cc;
      if (!this.cc) f.set(locals.value, cc.a);
      return;
    }
    const keep = <T extends I32 | I64>(value: T, place: 0 | 1): T => {
      if (value.constant !== undefined) return value;
      const local = value instanceof I32 ? locals.narrow[place] : locals.wide[place];
      f.set(local as Local<T['type']>, value as never);
      return local.get() as T;
    };
    const a = keep(cc.a, 0);
    this.cc = ('b' in cc ? { ...cc, a, b: keep(cc.b, 1) } : { ...cc, a }) as ConditionCode;
  }

  /** From now on the condition code is in its own local. */
  forgetCc(): void {
    this.cc = undefined;
    this.guarded = false;
    this.handed = false;
  }

  /** The condition code as a number. */
  ccValue(f: FunctionBuilder, locals: ConditionLocals): I32 {
    const { history, value, narrow, wide } = locals;
    if (this.handed) {
      const [a32, a64] = [narrow[0].get(), wide[0].get()];
      const [b32, b64] = [history.operand(narrow[1].get()), history.wideOperand(wide[1].get())];
      return f.callValue(locals.conditionOf, history.number(), value.get(), a32, b32, a64, b64);
    }
    if (!this.cc) return value.get();
    const computed = conditionCodeValue(f, this.cc);
    return this.guarded ? f.select(history.number(), computed, value.get()) : computed;
  }

  /** Puts the last branch, and what the condition code comes from, where they are expected where paths meet. */
  handOn(f: FunctionBuilder, locals: ConditionLocals, how: HandedOn): void {
    locals.history.note(this.branch, this.#handOnCondition(f, locals, how));
  }

  #handOnCondition(f: FunctionBuilder, locals: ConditionLocals, how: HandedOn): HandedCondition | undefined {
    const { cc } = this;
    if (how === 'nothing') return this.branch === undefined ? undefined : OWN_LOCAL;
    if (how === 'own') return OWN_LOCAL;
    // What history says is right already.
    if (this.#handsOn) return undefined;
    if (!cc) return OWN_LOCAL;
    const condition = how === 'handed' ? packed(cc) : unpacked(cc);
    setOperands(f, locals, cc, hasOperand(condition));
    return condition;
  }

  /** Puts the last branch into history, for one who leaves or looks at it. */
  noteBranch(history: History): void {
    if (this.branch !== undefined) history.note(this.branch, this.#handsOn ? undefined : OWN_LOCAL);
  }
  get #handsOn(): boolean {
    return this.handed || this.guarded;
  }

  /**
   * Puts the condition code into its local, and halves together; what is known does not change.
   *
   * @param apart - Registers whose halves are to be apart.
   */
  write(
    f: FunctionBuilder,
    locals: ConditionLocals,
    registers: RegisterLocals,
    needsCc: boolean,
    apart = 0,
  ): void {
    if (needsCc && (this.cc || this.handed)) f.set(locals.value, this.ccValue(f, locals));
    for (let number = 0; number < 16; number++) {
      const bit = 1 << number;
      if (this.pending & ~apart & bit) joinHalves(f, registers, number);
      if (apart & ~(this.pending | this.valid) & bit) takeLow(f, registers, number);
    }
  }

  /** What holds at a place where several paths come with halves apart. */
  static apart(registers: RegisterLocals, apart: number): RegionState {
    const state = new RegionState();
    for (let number = 0; number < 16; number++) {
      const register = registers.at(number);
      if (apart & (1 << number) && register?.kind === 'wide' && register.low) state.pending |= 1 << number;
    }
    state.valid = state.pending;
    return state;
  }

  /** After the registers have been read from the vCPU's block: makes what is known of them true. */
  reload(f: FunctionBuilder, registers: RegisterLocals): void {
    for (let number = 0; number < 16; number++) {
      if ((this.pending | this.valid) & (1 << number)) takeLow(f, registers, number);
    }
  }
}

/** Puts operands that are known into their locals, where the others are; the second one unless it is elsewhere. */
function setOperands(
  f: FunctionBuilder,
  locals: ConditionLocals,
  cc: ConditionCode,
  secondIsElsewhere: boolean,
): void {
  if (cc.kind === 'value') {
    f.set(locals.value, cc.a);
    return;
  }
  const own: readonly Local[] = cc.a instanceof I32 ? locals.narrow : locals.wide;
  for (const [i, operand] of ('b' in cc && !secondIsElsewhere ? [cc.a, cc.b] : [cc.a]).entries()) {
    const local = own[i];
    if (local && operand.constant !== undefined) f.set(local, operand as never);
  }
}

function takeLow(f: FunctionBuilder, registers: RegisterLocals, number: number): void {
  const register = registers.at(number);
  if (register?.kind === 'wide' && register.low) f.set(register.low, register.whole.get().wrap());
}

export function joinHalves(f: FunctionBuilder, registers: RegisterLocals, number: number): void {
  const register = registers.at(number);
  if (register?.kind !== 'wide' || !register.low) return;
  f.set(register.whole, insertLow(register.whole.get(), register.low.get()));
}

/** `whole` with its right half replaced. */
export function insertLow(whole: I64, low: I32): I64 {
  return whole.and(~0xffff_ffffn).or(low.extendU());
}
