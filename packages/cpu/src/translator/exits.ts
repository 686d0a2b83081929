/**
 * The ways out of a region. There are several for each instruction with an operand in storage, and they are rarely taken:
 * each is one number, which says where the guest goes on and what has been put off until then.
 */
import { type FunctionBuilder, type I32, I64, type Label, type Local } from '@zarch/wasm';
import { type ConditionLocals, RegionState } from './region-state.ts';
import type { RegisterLocals } from './register-allocation.ts';

/** Fields of the number, from the right: status, length in halfwords, whether the next address is known only at run time. */
const STATUS_BITS = 3;
const LENGTH = 3;
const DYNAMIC = 5;
/** Which of the states is put into effect: {@link STATES} at most. */
const STATE = 6;
const STATES = 1024;
/** What remains is the offset of the next address. */
const OFFSET = 16;

export interface ExitLocals {
  /** The number; 0 until the region is left. */
  readonly exit: Local<'i64'>;
  /** The next address, where it is not an offset. */
  readonly next: Local<'i64'>;
  /** The address of the page of the region's entry. */
  readonly base: Local<'i64'>;
}

export class Exits {
  readonly #f: FunctionBuilder;
  readonly #locals: ExitLocals;
  readonly #condition: ConditionLocals;
  readonly #registers: RegisterLocals;
  readonly #states: RegionState[] = [new RegionState()];
  readonly #numbers = new Map([[new RegionState().key, 0]]);

  constructor(f: FunctionBuilder, locals: ExitLocals, condition: ConditionLocals, registers: RegisterLocals) {
    this.#f = f;
    this.#locals = locals;
    this.#condition = condition;
    this.#registers = registers;
  }

  /** Sets the number, for an instruction of `length` bytes and the exit `status`. */
  take(state: RegionState, next: number | I64, length: number, status: number): void {
    const f = this.#f;
    const { exit } = this.#locals;
    const dynamic = typeof next !== 'number';
    if (dynamic) f.set(this.#locals.next, next);
    const fields = (length << (LENGTH - 1)) | (dynamic ? 1 << DYNAMIC : 0) | status;
    const offset = dynamic ? 0n : BigInt(next);
    f.set(exit, I64.const((offset << BigInt(OFFSET)) | BigInt((this.#numberOf(state) << STATE) | fields)));
  }

  /** A number that puts the state into effect; it is done on the spot when there are too many. */
  #numberOf(state: RegionState): number {
    const known = this.#numbers.get(state.key);
    if (known !== undefined) return known;
    if (this.#states.length === STATES) {
      state.write(this.#f, this.#condition, this.#registers, true);
      return 0;
    }
    this.#numbers.set(state.key, this.#states.length);
    this.#states.push(state.copy());
    return this.#states.length - 1;
  }

  /** Does what was put off on the way out, whichever was taken. */
  settle(): void {
    if (this.#states.length === 1) return;
    const f = this.#f;
    const state = this.#locals.exit
      .get()
      .wrap()
      .shrU(STATE)
      .and(STATES - 1);
    f.block((done) => {
      const nest = (number: number, labels: readonly Label[]): void => {
        const each = this.#states[number];
        if (!each) {
          f.brTable(state, [done, ...labels], done);
          return;
        }
        f.block((label) => nest(number + 1, [...labels, label]));
        each.write(f, this.#condition, this.#registers, true);
        f.br(done);
      };
      nest(1, []);
    });
  }

  status(): I32 {
    return this.#locals.exit
      .get()
      .wrap()
      .and((1 << STATUS_BITS) - 1);
  }
  length(): I32 {
    return this.#locals.exit
      .get()
      .wrap()
      .shrU(LENGTH - 1)
      .and(6);
  }
  nextAddress(): I64 {
    const { exit, next, base } = this.#locals;
    const f = this.#f;
    const isDynamic = exit
      .get()
      .wrap()
      .and(1 << DYNAMIC);
    return f.select(isDynamic, next.get(), base.get().add(exit.get().shrS(OFFSET)));
  }
}
