/**
 * The backend for instructions inside a region: operand fields are constants, general registers and what the condition
 * code comes from are in locals.
 */
import type { FieldName } from '@zarch/isa';
import { type FunctionBuilder, I32, I64, type Local, type Pointer } from '@zarch/wasm';
import type { AccessWindow, Backend, PageCache, StorageOperand } from '../semantics/backend.ts';
import { type ConditionCode, conditionCodeValue, conditionSelectedBy } from '../semantics/condition-code.ts';
import { constantField } from './constant-fields.ts';
import type { PageCaches } from './page-caches.ts';
import type { RegionInstruction } from './region.ts';
import { type ConditionLocals, insertLow, joinHalves, RegionState } from './region-state.ts';
import type { RegisterLocals } from './register-allocation.ts';
import { placeOf, type Window, WindowLocals, windowOf } from './windows.ts';

/** Where an instruction may go; the emitter of the region knows how. */
export interface RegionExits {
  /** Leaves the region with the exit of an instruction that has ended. */
  leave(instruction: RegionInstruction, exit: number): void;
  /** Has the interpreter's function do the instruction, and goes on. */
  call(instruction: RegionInstruction): void;
  /** Goes on at an offset that is known. */
  edge(instruction: RegionInstruction, target: number): void;
  /** Goes on at an address that is known only now. */
  indirect(instruction: RegionInstruction, target: I64): void;
}

export class RegionBackend implements Backend {
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  readonly overflowMasked = true;
  readonly #registers: RegisterLocals;
  readonly #condition: ConditionLocals;
  readonly #base: Local<'i64'>;
  readonly #context: Local<'i64'>;
  readonly #pages: PageCaches;
  readonly #exits: RegionExits;
  readonly #windows: WindowLocals;
  /** Registers that the instruction has written up to now. */
  #written = 0;
  state = new RegionState();
  /** The nesting at which what the instruction does is unconditional. */
  depth = 0;
  #instruction: RegionInstruction | undefined;
  /** What follows the instruction, as far as it is known. */
  ahead: () => Iterable<RegionInstruction> = () => [];

  constructor(
    f: FunctionBuilder,
    cpu: Pointer,
    locals: {
      readonly registers: RegisterLocals;
      readonly condition: ConditionLocals;
      /** Address of the page of the region's entry. */
      readonly base: Local<'i64'>;
      /** The context of data in the TLBs. */
      readonly context: Local<'i64'>;
      readonly pages: PageCaches;
    },
    exits: RegionExits,
  ) {
    this.f = f;
    this.cpu = cpu;
    this.#registers = locals.registers;
    this.#condition = locals.condition;
    this.#base = locals.base;
    this.#context = locals.context;
    this.#pages = locals.pages;
    this.#exits = exits;
    this.#windows = new WindowLocals(f);
  }

  /** The instruction being translated. */
  get instruction(): RegionInstruction | undefined {
    return this.#instruction;
  }
  set instruction(instruction: RegionInstruction | undefined) {
    this.#instruction = instruction;
    this.#written = 0;
  }

  get #current(): RegionInstruction {
    if (!this.#instruction) throw new Error('no instruction is being translated');
    return this.#instruction;
  }
  get #nested(): boolean {
    return this.f.depth > this.depth;
  }

  field(name: FieldName): I32 {
    const { text, executed } = this.#current;
    const value = constantField(text, name);
    if (!executed?.register || name !== 'L1') return value;
    return value.or(this.readGr32(I32.const(executed.register)).and(0xff));
  }
  displacement(number: 1 | 2 | 3 | 4): I32 {
    return I32.const(this.#current.text.displacement(number));
  }
  dataContext(): I64 {
    return this.#context.get();
  }

  readGr(number: I32): I64 {
    const register = this.#registers.of(number);
    if (register.kind === 'narrow') throw new Error('a register that is kept in 32 bits');
    const bit = 1 << Number(number.constant);
    if (this.state.pending & bit) {
      joinHalves(this.f, this.#registers, Number(number.constant));
      if (!this.#nested) this.state.pending &= ~bit;
    }
    return register.whole.get();
  }
  readGr32(number: I32): I32 {
    const register = this.#registers.of(number);
    if (register.kind === 'narrow') return register.low.get();
    const known = (this.state.pending | this.state.valid) & (1 << Number(number.constant));
    return known && register.low ? register.low.get() : register.whole.get().wrap();
  }
  /** Notes that a register changes. */
  #writes(number: I32): void {
    const { state } = this;
    this.#written |= 1 << Number(number.constant);
    if (state.windows.length === 0) return;
    state.windows = state.windows.filter(({ base }) => base !== Number(number.constant));
  }
  writeGr(number: I32, value: I64): void {
    const { f, state } = this;
    this.#writes(number);
    const register = this.#registers.of(number);
    if (register.kind === 'narrow') throw new Error('a register that is kept in 32 bits');
    const bit = 1 << Number(number.constant);
    if (this.#nested && state.pending & bit && register.low) {
      // It stays pending on the other path, and so on this one.
      f.set(register.whole, value);
      f.set(register.low, register.whole.get().wrap());
      return;
    }
    f.set(register.whole, value);
    state.pending &= ~bit;
    state.valid &= ~bit;
  }
  writeGr32(number: I32, value: I32): void {
    const { f, state } = this;
    this.#writes(number);
    const register = this.#registers.of(number);
    if (register.kind === 'narrow') {
      f.set(register.low, value);
      return;
    }
    const bit = 1 << Number(number.constant);
    if (!register.low) throw new Error('a register of which no half is written');
    if (!this.#nested) {
      f.set(register.low, value);
      state.pending |= bit;
      state.valid |= bit;
    } else if (state.pending & bit) {
      f.set(register.low, value);
    } else {
      f.set(register.whole, insertLow(register.whole.get(), value));
      state.valid &= ~bit;
    }
  }

  readCc(): I32 {
    const { f, state } = this;
    const { value } = this.#condition;
    if (state.cc || state.handed) {
      f.set(value, state.ccValue(f, this.#condition));
      if (!this.#nested) state.forgetCc();
    }
    return value.get();
  }
  writeCc(cc: ConditionCode): void {
    const { f, state } = this;
    if (this.#nested || this.#current.effects.writesCcNested) {
      f.set(this.#condition.value, conditionCodeValue(f, cc));
      state.forgetCc();
    } else {
      state.setCc(f, this.#condition, cc);
    }
  }
  ccSelected(mask: I32): I32 {
    const { state } = this;
    if (state.guarded || state.handed) this.readCc();
    const known = (!state.guarded && state.cc) || { kind: 'value', a: this.#condition.value.get() };
    return conditionSelectedBy(this.f, known, mask);
  }

  is64(): I32 {
    return I32.const(1);
  }
  pageCache(base: I32, kind: number): PageCache | undefined {
    return this.#pages.of(this.#current, base, kind);
  }
  window(operand: StorageOperand, size: number | I32, kind: number): AccessWindow | undefined {
    if (!operand.place || typeof size !== 'number') return undefined;
    const { text } = this.#current;
    const place = placeOf(text, { ...operand.place, size, kind });
    // The address was made of what the register held before.
    if (this.#written & (1 << place.base)) return undefined;
    const known = windowOf(this.state.windows, place);
    if (known) return inWindow(known, place.low, false);
    if (this.#nested) return undefined;
    const opened = this.#windows.open(this.state.windows, place, this.ahead());
    if (!opened) return undefined;
    this.state.windows = opened.windows;
    return inWindow(opened.window, place.low, true);
  }
  addressMask(): I64 {
    return I64.const(-1n);
  }
  /** The address of an offset in the region. */
  addressOf(at: number): I64 {
    return this.#base.get().add(at);
  }
  nextAddress(): I64 {
    const { at, length } = this.#current;
    return this.addressOf(at + length);
  }
  instructionAddress(): I64 {
    const { at, executed } = this.#current;
    return this.addressOf(executed?.targetAt ?? at);
  }
  branch(target: I64): void {
    this.#exits.indirect(this.#current, target);
  }
  branchRelative(_halfwords: I32): void {
    const { target } = this.#current;
    if (target === undefined) throw new Error('a relative branch without a target');
    this.#exits.edge(this.#current, target);
  }
  leave(exit: number): void {
    this.#exits.leave(this.#current, exit);
  }
  slowly(): void {
    this.#exits.call(this.#current);
  }
  refetch(): void {
    throw new Error('an instruction that ends its region is part of it');
  }
  execute(): void {
    this.refetch();
  }
}

function inWindow({ pointer, low, high }: Window, at: number, isNew: boolean): AccessWindow {
  return { pointer, before: at - low, size: high - low, isNew };
}
