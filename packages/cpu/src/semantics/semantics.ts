/**
 * The vocabulary in which instructions are defined. A definition is a function over {@link Semantics}; what its
 * operand fields and registers are is up to the backend. Read at run time they make the interpreter, constant and
 * in locals they make specialised code.
 */
import { CR0, ProgramInterruption, PSW } from '@zarch/arch';
import type { FieldName, Instruction } from '@zarch/isa';
import { loadControl, mmuLayout } from '@zarch/memory';
import { I32, I64, type Pointer } from '@zarch/wasm';
import { cpuLayout, Exit } from '../cpu-layout.ts';
import { type Assist, registerAssist } from './assist.ts';
import type { Backend, StorageOperand, Sum } from './backend.ts';
import type { Helpers } from './helpers.ts';
import { StorageAccess } from './storage-access.ts';

export class Semantics extends StorageAccess {
  readonly row: Instruction;

  constructor(row: Instruction, backend: Backend, helpers: Helpers) {
    super(backend, helpers);
    this.row = row;
  }

  // Operand fields

  /** An operand field as an unsigned number. */
  field(name: FieldName): I32 {
    return this.backend.field(name);
  }
  hasField(name: FieldName): boolean {
    return this.row.format.fields.some((field) => field.name === name);
  }
  /** A signed immediate, extended to 64 bits. */
  signed(name: FieldName): I64 {
    const bits = this.#bits(name);
    const value = this.field(name);
    if (bits === 8) return value.extend8S().extendS();
    if (bits === 16) return value.extend16S().extendS();
    return value
      .shl(32 - bits)
      .shrS(32 - bits)
      .extendS();
  }
  /** An unsigned immediate of at most 32 bits, extended to 64 bits. */
  unsigned(name: FieldName): I64 {
    return this.field(name).extendU();
  }
  /** The address a relative-immediate operand designates. */
  relative(name: FieldName): I64 {
    return this.wrap(this.backend.instructionAddress().add(this.signed(name).shl(1)));
  }
  #bits(name: FieldName): number {
    const field = this.row.format.fields.find((candidate) => candidate.name === name);
    if (!field) throw new Error(`${this.row.mnemonic} has no field ${name}`);
    return field.length;
  }

  // Registers. A number or a field names the register; pairs take the next one.

  #number(register: FieldName | number | I32, next = 0): I32 {
    if (register instanceof I32) return next ? register.add(next).and(15) : register;
    if (typeof register === 'number') return I32.const((register + next) & 15);
    const number = this.field(register);
    return next ? number.add(next).and(15) : number;
  }
  gr64(register: FieldName | number | I32, next = 0): I64 {
    return this.backend.readGr(this.#number(register, next));
  }
  gr32(register: FieldName | number | I32, next = 0): I32 {
    return this.backend.readGr32(this.#number(register, next));
  }
  /** Bits 0-31 of a general register. */
  grHigh(register: FieldName | number | I32): I32 {
    return this.gr64(register).shrU(32).wrap();
  }
  setGr64(register: FieldName | number | I32, value: I64, next = 0): void {
    this.backend.writeGr(this.#number(register, next), value);
  }
  setGr32(register: FieldName | number | I32, value: I32, next = 0): void {
    this.backend.writeGr32(this.#number(register, next), value);
  }
  setGrHigh(register: FieldName | number | I32, value: I32): void {
    const number = this.f.let(this.#number(register));
    const low = this.backend.readGr(number).and(0xffff_ffff);
    this.backend.writeGr(number, value.extendU().shl(32).or(low));
  }
  /** A register that holds an address: 32 bits are replaced in the 24- and 31-bit modes. */
  setGrAddress(register: FieldName | number | I32, value: I64, next = 0): void {
    this.f.if(
      this.is64(),
      () => this.setGr64(register, value, next),
      () => this.setGr32(register, value.wrap(), next),
    );
  }
  ar(register: FieldName | I32): I32 {
    return this.f.loadI32(this.#offset(this.#number(register), 2), mmuLayout.accessRegisters);
  }
  setAr(register: FieldName | I32, value: I32): void {
    this.f.store(this.#offset(this.#number(register), 2), mmuLayout.accessRegisters, value);
  }
  fpr64(register: FieldName | I32, next = 0): I64 {
    return this.f.loadI64(this.#offset(this.#number(register, next), 4), cpuLayout.vr + 8);
  }
  fpr32(register: FieldName | I32): I32 {
    return this.f.loadI32(this.#offset(this.#number(register), 4), cpuLayout.vr + 12);
  }
  setFpr64(register: FieldName | I32, value: I64, next = 0): void {
    this.f.store(this.#offset(this.#number(register, next), 4), cpuLayout.vr + 8, value, 64);
  }
  setFpr32(register: FieldName | I32, value: I32): void {
    this.f.store(this.#offset(this.#number(register), 4), cpuLayout.vr + 12, value);
  }
  #offset(number: I32, scale: number): Pointer {
    return this.cpu.add(number.shl(scale).toPointer());
  }
  control(number: number): I64 {
    return loadControl(this.f, this.cpu, number);
  }

  // Condition code and program mask

  cc(): I32 {
    return this.backend.readCc();
  }
  setCc(value: I32 | number): void {
    this.backend.writeCc({ kind: 'value', a: I32.of(value) });
  }
  /** 0 zero, 1 negative, 2 positive. */
  setCcSigned(value: I32 | I64): void {
    this.backend.writeCc({ kind: 'sign', a: this.f.let(value) });
  }
  /** 0 zero, 1 not zero. */
  setCcNonZero(value: I32 | I64): void {
    this.backend.writeCc({ kind: 'nonZero', a: this.f.let(value) });
  }
  /** 3 and, with the mask bit on, a fixed-point-overflow interruption; otherwise as {@link setCcSigned}. */
  setCcOverflow(value: I32 | I64, overflow: I32): void {
    this.setCcSigned(value);
    this.f.if(
      overflow,
      () => {
        this.setCc(3);
        if (this.backend.overflowMasked) return;
        this.programIf(this.psw().and(PSW.fixedPointOverflow).ne(0), ProgramInterruption.fixedPointOverflow);
      },
      undefined,
      false,
    );
  }
  /** As {@link setCcOverflow}, of the sum or difference `value` whose second operand was `b`. */
  setCcSum<T extends I32 | I64>(kind: 'add' | 'subtract', { value, overflow }: Sum<T>, b: T): void {
    if (this.backend.overflowMasked) this.backend.writeCc({ kind, a: value, b });
    else this.setCcOverflow(value, this.f.let(overflow));
  }
  /** Of unsigned arithmetic: a carry, or no borrow, counts 2, a result that is not zero 1. */
  setCcLogical<T extends I32 | I64>(kind: 'addLogical' | 'subtractLogical', a: T, b: T): void {
    this.backend.writeCc({ kind, a, b });
  }
  /** 0 equal, 1 first low, 2 first high. */
  setCcCompareSigned<T extends I32 | I64>(first: T, second: T): void {
    this.backend.writeCc({ kind: 'compareSigned', a: this.f.let(first), b: this.f.let(second) });
  }
  setCcCompareUnsigned<T extends I32 | I64>(first: T, second: T): void {
    this.backend.writeCc({ kind: 'compareUnsigned', a: this.f.let(first), b: this.f.let(second) });
  }
  /** Whether a four-bit mask selects the condition code. */
  ccSelected(mask: I32): I32 {
    return this.backend.ccSelected(mask);
  }

  // Addresses

  is64(): I32 {
    return this.backend.is64();
  }
  psw(): I64 {
    return this.f.loadI64(this.cpu, mmuLayout.pswMask);
  }
  /** The storage operand `number`: base, index if the format has one, and displacement. */
  operand(number: 1 | 2 | 3 | 4): StorageOperand {
    const base = this.field(`B${number}` as FieldName);
    const indexed =
      this.hasField(`X${number}` as FieldName) && this.field(`X${number}` as FieldName).constant !== 0;
    const place = base.constant && !indexed ? { number, offset: 0 } : undefined;
    return { address: this.f.let(this.wrap(this.#sum(number))), ar: base, place };
  }
  /** The second-operand address as a plain number: shift amounts, addresses that are not accessed. */
  addressValue(number: 1 | 2 | 3 | 4): I64 {
    return this.f.let(this.wrap(this.#sum(number)));
  }
  #sum(number: 1 | 2 | 3 | 4): I64 {
    const index = `X${number}` as FieldName;
    const base = this.#addend(`B${number}` as FieldName);
    const displacement = this.backend.displacement(number).extendS();
    return (this.hasField(index) ? base.add(this.#addend(index)) : base).add(displacement);
  }
  /** Register 0 as base or index stands for zero, and is not read where that is known. */
  #addend(name: FieldName): I64 {
    const number = this.field(name);
    if (number.constant === 0) return I64.const(0);
    return this.f.select(number, this.backend.readGr(number), I64.const(0));
  }
  /** A storage operand whose address is in a register, as MVCL and CU12 have them. */
  registerOperand(register: FieldName): StorageOperand {
    return { address: this.f.let(this.wrap(this.gr64(register))), ar: this.field(register) };
  }
  /** An operand of the instruction itself, addressed relative to it: never by an access register. */
  relativeOperand(name: FieldName): StorageOperand {
    return { address: this.f.let(this.relative(name)), ar: I32.const(0) };
  }

  // Exceptions and control

  /** Ends in a program interruption; the PSW address follows from the code. */
  program(code: number | I32, dxc?: number): void {
    this.f.store(this.cpu, mmuLayout.faultCode, I32.of(code));
    if (dxc !== undefined) this.#setDxc(dxc);
    this.backend.leave(Exit.program);
  }
  /** A DXC is put into the FPC too, bits 16-23, while the AFP-register control is one (chapter 6). */
  #setDxc(dxc: number): void {
    const { f, cpu } = this;
    f.store(cpu, cpuLayout.dxc, I32.const(dxc));
    const afp = this.control(0).and(CR0.afpRegister).ne(0);
    f.if(afp, () => f.store(cpu, cpuLayout.fpc + 1, I32.const(dxc), 8));
  }
  programIf(condition: I32, code: number, dxc?: number): void {
    this.f.if(condition, () => this.program(code, dxc), undefined, false);
  }
  /** A data exception with its code. */
  dataExceptionIf(condition: I32, dxc: number): void {
    this.programIf(condition, ProgramInterruption.data, dxc);
  }
  /** A register pair's first number must be even. */
  requireEven(...names: FieldName[]): void {
    for (const name of names) this.programIf(this.field(name).and(1), ProgramInterruption.specification);
  }
  requireAligned(operand: StorageOperand, size: number): void {
    this.programIf(operand.address.wrap().and(size - 1), ProgramInterruption.specification);
  }
  /** A privileged instruction in the problem state is a privileged-operation exception. */
  requireSupervisor(): void {
    this.programIf(this.psw().and(PSW.problem).ne(0), ProgramInterruption.privilegedOperation);
  }
  /** Floating-point registers beyond 0, 2, 4, 6 and the FPC need the AFP-register control. */
  requireAfp(dxc: number): void {
    this.dataExceptionIf(this.control(0).and(CR0.afpRegister).eqz(), dxc);
  }
  /** An operand or function that the guest's facilities lack. */
  requireFacility(number: number, code: number = ProgramInterruption.operation): void {
    this.programIf(this.facility(number).eqz(), code);
  }
  /** Whether the guest is offered a facility. */
  facility(number: number): I32 {
    const word = cpuLayout.facilities + 8 * Math.floor(number / 64);
    return this.f
      .loadI64(this.cpu, word)
      .shrU(63 - (number % 64))
      .wrap()
      .and(1);
  }
  /** The instruction is left to the hypervisor, with an instruction interception. */
  intercept(): void {
    this.backend.leave(Exit.intercept);
  }
  /** Leaves a number for an assist. */
  setScratch(index: number, value: I64): void {
    this.f.store(this.cpu, cpuLayout.scratch + 8 * index, value, 64);
  }
  /** Does all of the instruction in a way that is not worth its code where speed counts. */
  slowly(body: () => void): void {
    this.backend.slowly(body);
  }
  /** Does the rest of the instruction in JavaScript. */
  assist(assist: Assist): void {
    const { f, cpu } = this;
    const text = f.loadI64(cpu, cpuLayout.instruction);
    const number = I32.const(registerAssist(this.row, assist));
    const status = f.let(f.callValue(this.helpers.assist, cpu, number, text));
    for (const exit of [Exit.program, Exit.check, Exit.intercept, Exit.partial]) {
      f.if(status.eq(exit), () => this.backend.leave(exit));
    }
  }
  /**
   * Ends a unit of an interruptible instruction: the PSW goes back to it, or to the EXECUTE that named it. Not for
   * instructions in the interpreter's loop.
   */
  repeat(): void {
    const length = this.f.loadI32(this.cpu, cpuLayout.length).extendU();
    const address = this.wrap(this.backend.nextAddress().sub(length));
    this.f.store(this.cpu, cpuLayout.nextAddress, address, 64);
    this.backend.leave(Exit.partial);
  }
  branch(target: I64): void {
    this.backend.branch(target);
  }
  /** Branches to what a relative-immediate operand designates. */
  branchRelative(name: FieldName): void {
    this.backend.branchRelative(this.signed(name).wrap());
  }
  /** The rightmost 64 bits of `next` as link information in the current addressing mode. */
  linkAddress(): I64 {
    const next = this.backend.nextAddress();
    const basic = this.psw().and(PSW.basicAddressing).ne(0);
    return this.f.select(this.is64(), next, this.f.select(basic, next.or(0x8000_0000), next));
  }
}

/** What an instruction means. */
export type Definition = (s: Semantics) => void;

/** Definitions by mnemonic. */
export class DefinitionTable {
  readonly #table = new Map<string, Definition>();

  define(mnemonics: string | readonly string[], definition: Definition): void {
    for (const mnemonic of typeof mnemonics === 'string' ? [mnemonics] : mnemonics) {
      if (this.#table.has(mnemonic)) throw new Error(`${mnemonic} is defined twice`);
      this.#table.set(mnemonic, definition);
    }
  }
  get(mnemonic: string): Definition | undefined {
    return this.#table.get(mnemonic);
  }
  mnemonics(): readonly string[] {
    return [...this.#table.keys()];
  }
}
