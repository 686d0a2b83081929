/**
 * The interpreter's backend for instructions in functions of their own: `(cpu, instruction) -> status`. The
 * state is in the vCPU's block; the status is an {@link Exit}, or says to go on.
 */
import type { FieldName, Instruction } from '@zarch/isa';
import { type FunctionBuilder, I32, type I64 } from '@zarch/wasm';
import { cpuLayout } from '../cpu-layout.ts';
import type { Backend } from '../semantics/backend.ts';
import { type ConditionCode, conditionCodeValue } from '../semantics/condition-code.ts';
import { BlockBackend } from './block-backend.ts';
import { type InstructionText, readDisplacement, readField } from './instruction-fields.ts';

/** Statuses beside the exits. */
export const Continue = {
  /** Go on with the next instruction; its page is looked up. */
  next: 0,
  /** Execute the instruction now in the block (EXECUTE). */
  execute: -2,
} as const;

export class OutlineBackend extends BlockBackend implements Backend {
  readonly #row: Instruction;
  readonly #text: InstructionText;

  constructor(f: FunctionBuilder, row: Instruction) {
    super(f, f.param(0, 'ptr').get());
    this.#row = row;
    const text = f.param(1, 'i64').get();
    this.#text = { text, word: f.let(text.shrU(32).wrap()) };
  }

  field(name: FieldName): I32 {
    return readField(this.#row, this.#text, name);
  }
  displacement(number: 1 | 2 | 3 | 4): I32 {
    return readDisplacement(this.#row, this.#text, number);
  }
  readCc(): I32 {
    return this.f.loadI32(this.cpu, cpuLayout.cc);
  }
  writeCc(cc: ConditionCode): void {
    this.f.store(this.cpu, cpuLayout.cc, conditionCodeValue(this.f, cc));
  }
  nextAddress(): I64 {
    return this.f.loadI64(this.cpu, cpuLayout.nextAddress);
  }
  instructionAddress(): I64 {
    return this.f.loadI64(this.cpu, cpuLayout.instructionAddress);
  }
  branch(target: I64): void {
    const { f, cpu } = this;
    const length = f.loadI32(cpu, cpuLayout.length).extendU();
    f.store(cpu, cpuLayout.breakingEvent, this.nextAddress().sub(length), 64);
    f.store(cpu, cpuLayout.nextAddress, target, 64);
    f.store(cpu, cpuLayout.branchTaken, I32.const(1));
    f.return(I32.const(Continue.next));
  }
  branchRelative(halfwords: I32): void {
    const target = this.instructionAddress().add(halfwords.extendS().shl(1));
    this.branch(this.f.let(target.and(this.addressMask())));
  }
  leave(exit: number): void {
    this.f.return(I32.const(exit));
  }
  slowly(body: () => void): void {
    body();
  }
  refetch(): void {
    this.f.return(I32.const(Continue.next));
  }
  execute(address: I64, modifier: I32): void {
    const { f, cpu } = this;
    f.store(cpu, cpuLayout.executed, address, 64);
    f.store(cpu, cpuLayout.scratch, modifier);
    f.return(I32.const(Continue.execute));
  }
}
