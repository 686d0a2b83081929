/**
 * A backend for code made for one instruction at one address: operand fields are constants, general registers and
 * the condition code are locals. It is how the translator will use the definitions; the test beside it holds the
 * result against the interpreter's.
 */
import { type FieldName, fieldValue, type Instruction } from '@zarch/isa';
import { mmuLayout } from '@zarch/memory';
import { type FunctionBuilder, I32, I64, type Label, type Local, type Pointer } from '@zarch/wasm';
import { cpuLayout } from '../cpu-layout.ts';
import type { Backend } from './semantics.ts';

/** Locals that hold what is architected while the code runs. */
export interface SpecialisedState {
  readonly registers: readonly Local<'i64'>[];
  readonly cc: Local<'i32'>;
  readonly exit: Local<'i32'>;
  /** Writes the locals back and returns. */
  readonly leave: Label;
}

export class SpecialisedBackend implements Backend {
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  readonly #row: Instruction;
  readonly #bytes: Uint8Array;
  readonly #address: bigint;
  readonly #state: SpecialisedState;

  constructor(
    f: FunctionBuilder,
    row: Instruction,
    bytes: Uint8Array,
    address: bigint,
    state: SpecialisedState,
  ) {
    this.f = f;
    this.cpu = f.param(0, 'ptr').get();
    this.#row = row;
    this.#bytes = bytes;
    this.#address = address;
    this.#state = state;
  }

  field(name: FieldName): I32 {
    return I32.const(fieldValue(this.#row, name, this.#bytes));
  }
  displacement(number: 1 | 2 | 3 | 4): I32 {
    const has = this.#row.format.fields.some((field) => field.name === `D${number}`);
    if (has) return this.field(`D${number}` as FieldName);
    const high = fieldValue(this.#row, `DH${number}` as FieldName, this.#bytes);
    return I32.const(((high << 24) >> 12) | fieldValue(this.#row, `DL${number}` as FieldName, this.#bytes));
  }
  readGr(number: I32): I64 {
    return this.#register(number).get();
  }
  readGr32(number: I32): I32 {
    return this.readGr(number).wrap();
  }
  writeGr(number: I32, value: I64): void {
    this.f.set(this.#register(number), value);
  }
  writeGr32(number: I32, value: I32): void {
    const register = this.#register(number);
    this.f.set(register, register.get().and(~0xffff_ffffn).or(value.extendU()));
  }
  readCc(): I32 {
    return this.#state.cc.get();
  }
  writeCc(value: I32): void {
    this.f.set(this.#state.cc, value);
  }
  addressMask(): I64 {
    return this.f.loadI64(this.cpu, mmuLayout.addressMask);
  }
  nextAddress(): I64 {
    return I64.const(this.#address + BigInt(this.#row.length));
  }
  instructionAddress(): I64 {
    return I64.const(this.#address);
  }
  branch(target: I64): void {
    this.f.store(this.cpu, cpuLayout.nextAddress, target, 64);
    this.f.br(this.#state.leave);
  }
  branchRelative(halfwords: I32): void {
    this.branch(this.instructionAddress().add(halfwords.extendS().shl(1)));
  }
  leave(exit: number): void {
    this.f.store(this.cpu, cpuLayout.length, I32.const(this.#row.length));
    this.f.set(this.#state.exit, I32.const(exit));
    this.f.br(this.#state.leave);
  }
  refetch(): void {
    this.f.br(this.#state.leave);
  }
  execute(): void {
    throw new Error('EXECUTE is not specialised: the interpreter runs it');
  }

  #register(number: I32): Local<'i64'> {
    const index = number.constant;
    const register = index === undefined ? undefined : this.#state.registers[Number(index)];
    if (!register) throw new Error('a register number that is not constant');
    return register;
  }
}
