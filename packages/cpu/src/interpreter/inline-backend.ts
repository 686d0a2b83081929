/**
 * The interpreter's backend for the instructions that are part of its main loop. The instruction address is kept as
 * a host pointer into the current page, the condition code in a local; both go to the vCPU's block when the loop
 * is left.
 */
import type { FieldName, Instruction } from '@zarch/isa';
import { type FunctionBuilder, I32, type I64, type Label, type Local, type Pointer } from '@zarch/wasm';
import type { Backend } from '../semantics/backend.ts';
import { type ConditionCode, conditionCodeValue } from '../semantics/condition-code.ts';
import { BlockBackend } from './block-backend.ts';

/** The main loop's locals. */
export interface LoopState {
  /** Host pointer of the instruction, less 15: the byte at offset i is 15 - i further on. */
  readonly pointer: Local<'i32'>;
  /** The pointer of an instruction at the last offset at which any instruction lies wholly in the page. */
  readonly lowest: Local<'i32'>;
  /** Instruction address plus pointer. */
  readonly bias: Local<'i64'>;
  readonly cc: Local<'i32'>;
  readonly breakingEvent: Local<'i64'>;
  /** An instruction address whose page must be looked up. */
  readonly address: Local<'i64'>;
  /** An instruction that EXECUTE put together. */
  readonly text: Local<'i64'>;
  /** Bytes from the pointer to the next instruction, when the loop is left. */
  readonly length: Local<'i32'>;
  readonly exit: Local<'i32'>;
}

/** Where the main loop goes on. */
export interface LoopLabels {
  /** With the instruction at the pointer, whose page is to be checked. */
  readonly next: Label;
  /** With the instruction at the pointer, which is in the page, after a branch. */
  readonly branched: Label;
  /** With the instruction at the address, whose page must be looked up. */
  readonly lookup: Label;
  readonly leave: Label;
  /** With the instruction at the pointer, by the function for it. */
  readonly call: Label;
  /** With the EXECUTE at the pointer: its target's address and the modifier, as text, are in the state. */
  readonly execute: Label;
}

/** Offsets in a page below this hold whole instructions only. */
export const WHOLE_INSTRUCTIONS = 4091;

/** The address of the instruction at the pointer. */
export function currentAddress(state: LoopState): I64 {
  return state.bias.get().sub(state.pointer.get().extendU());
}

export class InlineBackend extends BlockBackend implements Backend {
  readonly #row: Instruction;
  readonly #state: LoopState;
  readonly #labels: LoopLabels;
  readonly #host: Pointer;
  #word: I32 | undefined;

  constructor(f: FunctionBuilder, cpu: Pointer, row: Instruction, state: LoopState, labels: LoopLabels) {
    super(f, cpu);
    this.#row = row;
    this.#state = state;
    this.#labels = labels;
    this.#host = state.pointer.get().toPointer();
    // The first four bytes serve nearly every field; a short instruction may end before them.
    this.#word = row.operands.length > 0 ? f.let(f.loadI32(this.#host, 12)) : undefined;
  }

  field(name: FieldName): I32 {
    const field = this.#row.format.fields.find((candidate) => candidate.name === name);
    if (!field || !this.#word) throw new Error(`${this.#row.mnemonic} has no field ${name}`);
    const { start, length } = field;
    if (length === 32) return this.f.loadI32(this.#host, 16 - start / 8 - 4);
    const mask = 2 ** length - 1;
    if (start + length <= 32) return this.#word.shrU(32 - start - length).and(mask);
    return this.f
      .loadI32(this.#host, 8)
      .shrU(64 - start - length)
      .and(mask);
  }
  displacement(number: 1 | 2 | 3 | 4): I32 {
    const has = this.#row.format.fields.some((field) => field.name === `D${number}`);
    if (has) return this.field(`D${number}` as FieldName);
    const high = this.f.loadI32(this.#host, 11, 8, true);
    return high.shl(12).or(this.field(`DL${number}` as FieldName));
  }
  readCc(): I32 {
    return this.#state.cc.get();
  }
  writeCc(cc: ConditionCode): void {
    this.f.set(this.#state.cc, conditionCodeValue(this.f, cc));
  }
  nextAddress(): I64 {
    return currentAddress(this.#state).add(this.#row.length).and(this.addressMask());
  }
  instructionAddress(): I64 {
    return currentAddress(this.#state);
  }
  branchRelative(halfwords: I32): void {
    const { f } = this;
    const state = this.#state;
    const count = f.let(halfwords);
    const target = f.let(state.pointer.get().sub(count.shl(1)));
    // A far target may come back to the page in 32 bits.
    const near = count.add(4096).ltU(8192);
    const inPage = near.and(target.sub(state.lowest.get()).ltU(WHOLE_INSTRUCTIONS));
    f.set(state.breakingEvent, currentAddress(state));
    f.if(inPage, () => {
      f.set(state.pointer, target);
      f.br(this.#labels.branched);
    });
    f.set(state.address, currentAddress(state).add(count.extendS().shl(1)).and(this.addressMask()));
    f.br(this.#labels.lookup);
  }
  branch(target: I64): void {
    const { f } = this;
    const state = this.#state;
    f.set(state.breakingEvent, currentAddress(state));
    f.set(state.address, target);
    f.br(this.#labels.lookup);
  }
  leave(exit: number): void {
    this.f.set(this.#state.exit, I32.const(exit));
    this.f.set(this.#state.length, I32.const(this.#row.length));
    this.f.br(this.#labels.leave);
  }
  slowly(): void {
    this.f.br(this.#labels.call);
  }
  refetch(): void {
    this.f.set(this.#state.address, this.nextAddress());
    this.f.br(this.#labels.lookup);
  }
  execute(address: I64, modifier: I32): void {
    this.f.set(this.#state.address, address);
    this.f.set(this.#state.text, modifier.and(0xff).extendU());
    this.f.set(this.#state.length, I32.const(this.#row.length));
    this.f.br(this.#labels.execute);
  }
}
