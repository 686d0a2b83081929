/**
 * The interpreter's backend for the instructions that are part of its main loop: PSW, condition code and
 * instruction text are in locals and go to the vCPU's block when the loop is left.
 */
import type { FieldName, Instruction } from '@zarch/isa';
import { type FunctionBuilder, I32, I64, type Label, type Local, type Pointer } from '@zarch/wasm';
import type { Backend } from '../semantics/semantics.ts';
import { type InstructionText, readDisplacement, readField } from './instruction-fields.ts';
import { readGr, writeGr, writeGr32 } from './register-file.ts';

/** The main loop's locals. */
export interface LoopState {
  readonly nextAddress: Local<'i64'>;
  readonly instructionAddress: Local<'i64'>;
  readonly text: Local<'i64'>;
  readonly word: Local<'i32'>;
  readonly length: Local<'i32'>;
  readonly cc: Local<'i32'>;
  readonly addressMask: Local<'i64'>;
  /** The page that instructions are fetched from. */
  readonly codePage: Local<'i64'>;
  /** Instructions at offsets below this one lie wholly in the page; 0 when it must be looked up again. */
  readonly codeLimit: Local<'i64'>;
  readonly breakingEvent: Local<'i64'>;
  readonly exit: Local<'i32'>;
  readonly executed: Local<'i64'>;
  readonly modifier: Local<'i32'>;
}

/** Where the main loop goes on. */
export interface LoopLabels {
  readonly next: Label;
  readonly branched: Label;
  readonly leave: Label;
  readonly execute: Label;
}

export class InlineBackend implements Backend {
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  readonly #row: Instruction;
  readonly #state: LoopState;
  readonly #labels: LoopLabels;
  readonly #text: InstructionText;

  constructor(f: FunctionBuilder, cpu: Pointer, row: Instruction, state: LoopState, labels: LoopLabels) {
    this.f = f;
    this.cpu = cpu;
    this.#row = row;
    this.#state = state;
    this.#labels = labels;
    this.#text = { text: state.text.get(), word: state.word.get() };
  }

  field(name: FieldName): I32 {
    return readField(this.#row, this.#text, name);
  }
  displacement(number: 1 | 2 | 3 | 4): I32 {
    return readDisplacement(this.#row, this.#text, number);
  }
  readGr(number: I32): I64 {
    return readGr(this.f, this.cpu, number);
  }
  writeGr(number: I32, value: I64): void {
    writeGr(this.f, this.cpu, number, value);
  }
  writeGr32(number: I32, value: I32): void {
    writeGr32(this.f, this.cpu, number, value);
  }
  readCc(): I32 {
    return this.#state.cc.get();
  }
  writeCc(value: I32): void {
    this.f.set(this.#state.cc, value);
  }
  addressMask(): I64 {
    return this.#state.addressMask.get();
  }
  nextAddress(): I64 {
    return this.#state.nextAddress.get();
  }
  instructionAddress(): I64 {
    return this.#state.instructionAddress.get();
  }
  branch(target: I64, relative: boolean): void {
    const { f } = this;
    const state = this.#state;
    const length = state.length.get().extendU();
    f.set(state.breakingEvent, state.nextAddress.get().sub(length));
    f.set(state.nextAddress, target);
    // An odd address must come to the fetch that reports it.
    if (!relative) {
      f.if(state.nextAddress.get().wrap().and(1), () => f.set(state.codeLimit, I64.const(0)));
    }
    f.br(this.#labels.branched);
  }
  leave(exit: number): void {
    this.f.set(this.#state.exit, I32.const(exit));
    this.f.br(this.#labels.leave);
  }
  refetch(): void {
    this.f.set(this.#state.codeLimit, I64.const(0));
    this.f.br(this.#labels.next);
  }
  execute(address: I64, modifier: I32): void {
    this.f.set(this.#state.executed, address);
    this.f.set(this.#state.modifier, modifier);
    this.f.br(this.#labels.execute);
  }
}
