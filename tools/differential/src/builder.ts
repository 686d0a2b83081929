/** A case under construction: registers, storage and the fields of the instruction, and what is already spoken for. */

import type { Random } from '@zarch/arch/testing';
import type { FieldName, Instruction } from '@zarch/isa';
import type { AddressingMode } from './case.ts';
import { CROSSING_WINDOW, EDGE_WINDOW, PEER_STACK, PROLOGUE, RECORD, SLOT, WINDOWS } from './layout.ts';
import { integer } from './values.ts';

export class CaseBuilder {
  readonly random: Random;
  readonly row: Instruction;
  readonly bytes: Uint8Array;
  readonly gr = new BigUint64Array(16);
  readonly fpr = new BigUint64Array(16);
  readonly ar = new Uint32Array(16);
  readonly windows: Uint8Array;
  readonly mode: AddressingMode;
  /** Where the instruction is that takes effect. */
  readonly instructionAddress: number;
  readonly slotAddress: number;
  /** General registers that hold an address or a length already. */
  readonly #taken = new Set<number>();
  #lastTarget: number | undefined;

  constructor(
    random: Random,
    row: Instruction,
    mode: AddressingMode,
    windows: Uint8Array,
    addresses: { readonly slot: number; readonly instruction: number },
  ) {
    this.random = random;
    this.row = row;
    this.mode = mode;
    this.windows = windows;
    this.slotAddress = addresses.slot;
    this.instructionAddress = addresses.instruction;
    this.bytes = new Uint8Array(row.length);
    this.bytes[0] = row.firstByte;
    if (row.extension) this.#setBits(row.extension.start, row.extension.length, row.extension.value);
    for (let i = 0; i < 16; i++) {
      this.gr[i] = i > 0 && random.chance(15) ? (this.gr[i - 1] ?? 0n) : integer(random);
      this.fpr[i] = random.bits(64);
      this.ar[i] = random.chance(70) ? random.below(3) : random.next();
    }
  }

  has(name: FieldName): boolean {
    return this.row.format.fields.some((field) => field.name === name);
  }
  field(name: FieldName): number {
    const field = this.row.format.fields.find((candidate) => candidate.name === name);
    if (!field) return 0;
    let value = 0;
    for (let bit = field.start; bit < field.start + field.length; bit++) {
      value = value * 2 + (((this.bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    }
    return value;
  }
  setField(name: FieldName, value: number): void {
    const field = this.row.format.fields.find((candidate) => candidate.name === name);
    if (!field) throw new Error(`${this.row.mnemonic} has no field ${name}`);
    this.#setBits(field.start, field.length, value);
  }

  /** The value of a register that an address or a length is expected in. */
  setRegister(number: number, value: bigint): void {
    this.gr[number & 15] = BigInt.asUintN(64, value);
    this.#taken.add(number & 15);
  }
  taken(number: number): boolean {
    return this.#taken.has(number);
  }

  /** An address for `size` bytes in a window, now and then so near its end that they do not fit. */
  target(size: number): number {
    const { random } = this;
    if (this.#lastTarget !== undefined && random.chance(35)) {
      // Overlapping operands, in either direction.
      const near = this.#lastTarget + random.below(33) - 16;
      if (this.#within(near, size)) return near;
    }
    const window = random.pick(WINDOWS);
    const room = Math.max(0, window.size - size);
    let offset = random.below(room + 1);
    if (window === EDGE_WINDOW && random.chance(30)) offset = Math.max(0, room - random.below(9));
    if (window === CROSSING_WINDOW && random.chance(40) && size < 240) offset = 256 - random.below(size + 9);
    if (window === EDGE_WINDOW && random.chance(10)) offset = room + random.below(size + 2);
    let address = window.address + offset;
    address &= random.pick([~15, ~15, ~3, ~0]);
    this.#lastTarget = address;
    return address;
  }

  /** An address in the window that `other` is not in. */
  targetApart(other: number, size: number): number {
    const inEdge = other >= EDGE_WINDOW.address && other < EDGE_WINDOW.address + 0x1000;
    for (;;) {
      const address = this.target(size);
      if (address < CROSSING_WINDOW.address - 0x1000 !== inEdge) return address;
    }
  }

  #within(address: number, size: number): boolean {
    return WINDOWS.some(
      (window) => address >= window.address && address + size <= window.address + window.size,
    );
  }

  /** The address with something in the bits that the addressing mode ignores. */
  dirty(address: number): bigint {
    const value = BigInt(address);
    if (this.mode === 64 || this.random.chance(40)) return value;
    return BigInt.asUintN(64, value | (this.random.bits(64) << BigInt(this.mode)));
  }

  /** Makes storage operand `number` designate `address`, if its registers are not taken. */
  pointOperand(number: 1 | 2 | 3 | 4, address: number): void {
    const { random } = this;
    const base = `B${number}` as FieldName;
    const index = `X${number}` as FieldName;
    const long = this.has(`DL${number}` as FieldName);
    let displacement = random.pick([0, random.below(16), random.below(4096)]);
    if (long) displacement = random.pick([displacement, -displacement, random.below(1 << 20) - (1 << 19)]);
    let registers = [random.below(16)];
    if (random.chance(85)) registers = [1 + random.below(15)];
    if (this.has(index)) registers.push(random.chance(60) ? 0 : random.below(16));
    const used = registers.filter((register) => register !== 0);
    const free = used.find((register) => !this.#taken.has(register));
    if (free !== undefined) {
      const others = used.filter((register) => register !== free);
      const sum = others.reduce((all, register) => all + (this.gr[register] ?? 0n), BigInt(displacement));
      // A register that is base and index counts twice.
      const times = used.filter((register) => register === free).length;
      const value = BigInt.asUintN(64, BigInt(address) - sum);
      if (times === 1)
        this.setRegister(free, others.length === 0 ? this.dirty(Number(BigInt.asIntN(64, value))) : value);
      else this.setRegister(free, value >> 1n);
    } else if (used.length > 0) {
      const sum = used.reduce((all, register) => all + (this.gr[register] ?? 0n), 0n);
      const wanted = BigInt.asIntN(64, BigInt(address) - sum);
      const limit = long ? 1n << 19n : 4096n;
      if (wanted >= (long ? -limit : 0n) && wanted < limit) displacement = Number(wanted);
    }
    this.setField(base, registers[0] ?? 0);
    if (this.has(index)) this.setField(index, registers[1] ?? 0);
    this.setDisplacement(number, displacement);
    // Not what only the runner has.
    const at = this.operandAddress(number);
    if (Math.floor(at / 0x1000) === RECORD / 0x1000) this.setDisplacement(number, 0);
    if (at >= PEER_STACK.start && at < PEER_STACK.end) {
      this.setField(base, 0);
      if (this.has(index)) this.setField(index, 0);
    }
  }

  setDisplacement(number: 1 | 2 | 3 | 4, displacement: number): void {
    if (this.has(`DL${number}` as FieldName)) {
      this.setField(`DL${number}` as FieldName, displacement & 0xfff);
      this.setField(`DH${number}` as FieldName, (displacement >> 12) & 0xff);
    } else {
      this.setField(`D${number}` as FieldName, displacement & 0xfff);
    }
  }

  /** The address that storage operand `number` designates. */
  operandAddress(number: 1 | 2 | 3 | 4): number {
    let displacement = this.field(`D${number}` as FieldName);
    if (this.has(`DL${number}` as FieldName)) {
      const high = (this.field(`DH${number}` as FieldName) << 24) >> 24;
      displacement = high * 4096 + this.field(`DL${number}` as FieldName);
    }
    const addend = (name: FieldName) => {
      const register = this.field(name);
      return register === 0 ? 0n : (this.gr[register] ?? 0n);
    };
    const sum = addend(`B${number}` as FieldName) + addend(`X${number}` as FieldName) + BigInt(displacement);
    return Number(BigInt.asUintN(this.mode, sum));
  }

  /** Puts bytes at an address as far as it is in a window. */
  poke(address: number, bytes: Uint8Array): void {
    let at = 0;
    for (const window of WINDOWS) {
      for (let i = 0; i < bytes.length; i++) {
        const offset = address + i - window.address;
        if (offset >= 0 && offset < window.size) this.windows[at + offset] = bytes[i] ?? 0;
      }
      at += window.size;
    }
  }
  pokeInteger(address: number, value: bigint, size: number): void {
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn);
    this.poke(address, bytes);
  }

  /** Where a branch may go: a place in the slot that holds no instruction, or one that is not mapped. */
  branchTarget(): number {
    const { random } = this;
    if (random.chance(8)) return 0x70_0000 + 2 * random.below(0x1000);
    return (
      this.slotAddress +
      (random.chance(50) ? 2 * random.below(PROLOGUE / 2 - 3) : SLOT - 26 + 2 * random.below(10))
    );
  }

  #setBits(start: number, length: number, value: number): void {
    for (let i = 0; i < length; i++) {
      const bit = start + i;
      const set = Math.floor(value / 2 ** (length - 1 - i)) & 1;
      const mask = 0x80 >> (bit & 7);
      const byte = this.bytes[bit >> 3] ?? 0;
      this.bytes[bit >> 3] = set ? byte | mask : byte & ~mask;
    }
  }
}
