/**
 * PERFORM LOCKED OPERATION (Principles of Operation, chapter 7): compare and load, swap, or swap and store, of words
 * to quadwords, under a lock. One vCPU executes at a time what is in here, so that nothing needs to be held.
 */
import { AddressSpaceControl, PSW, PSW_SHIFT } from '@zarch/arch';
import { Access } from '@zarch/memory';
import type { Assist, AssistContext, AssistStatus, Span } from '../assist.ts';
import type { DefinitionTable } from '../semantics.ts';
import { field4 } from './assist-operands.ts';
import { assistWith } from './storage-to-storage.ts';

export function definePerformLockedOperation(table: DefinitionTable): void {
  table.define('plo', (s) => {
    const [second, fourth] = [s.operand(2), s.operand(4)];
    assistWith(s, performLockedOperation, second.address, second.ar, fourth.address, fourth.ar);
  });
}

/** Function codes are four times one of these, plus a {@link variants} index. */
const Operation = {
  compareAndLoad: 0,
  compareAndSwap: 1,
  doubleCompareAndSwap: 2,
  compareAndSwapAndStore: 3,
  compareAndSwapAndDoubleStore: 4,
  compareAndSwapAndTripleStore: 5,
} as const;

const LAST_FUNCTION = 23;

/** Sizes of the operands, and whether the first and third are in the parameter list instead of registers. */
const variants = [
  { size: 4, inList: false },
  { size: 8, inList: true },
  { size: 8, inList: false },
  { size: 16, inList: true },
] as const;

/** 16-byte fields of the parameter list, in which operands are at the right. */
const Slot = { comparison: 0, replacement: 1, thirdComparison: 2, third: 3, fifth: 5, seventh: 7 } as const;
/** ALET and address of the fourth, sixth and eighth operand are in the second half of these. */
const addressSlots = { fourth: 4, sixth: 6, eighth: 8 } as const;

const LIST_LENGTH = 144;

/** What stops the operation: an exception that the context already has. */
class Stopped {
  readonly status: AssistStatus;
  constructor(status: AssistStatus) {
    this.status = status;
  }
}

const performLockedOperation: Assist = (context, text) => {
  const control = Number(context.gr(0) & 0xffff_ffffn);
  const code = control & 0xff;
  if (control >>> 9 !== 0) return context.specification();
  if ((control & 0x100) !== 0) {
    context.cc = code <= LAST_FUNCTION ? 0 : 3;
    return 0;
  }
  const variant = variants[code & 3];
  if (code > LAST_FUNCTION || !variant) return context.specification();
  const result = new LockedOperation(context, text, variant.size, variant.inList).perform(code >> 2);
  if (result instanceof Stopped) return result.status;
  context.cc = result;
  return 0;
};

class LockedOperation {
  readonly #context: AssistContext;
  readonly #r1: number;
  readonly #r3: number;
  readonly #size: 4 | 8 | 16;
  readonly #inList: boolean;

  constructor(context: AssistContext, text: bigint, size: 4 | 8 | 16, inList: boolean) {
    this.#context = context;
    this.#r1 = field4(text, 8);
    this.#r3 = field4(text, 12);
    this.#size = size;
    this.#inList = inList;
  }

  /** The condition code. */
  perform(operation: number): number | Stopped {
    const context = this.#context;
    const oddPair =
      (operation !== Operation.compareAndLoad && this.#r1 % 2 !== 0) ||
      (operation === Operation.doubleCompareAndSwap && this.#r3 % 2 !== 0);
    if (!this.#inList && oddPair) return this.#specification();

    const stores = operation >= Operation.compareAndSwapAndDoubleStore;
    const needsList = this.#inList || stores;
    let list: Span | undefined;
    if (needsList) {
      const [address, ar] = [context.scratch(2), Number(context.scratch(3))];
      if (address % 8n !== 0n) return this.#specification();
      list = context.span(address, LIST_LENGTH, ar, this.#inList ? Access.write : Access.read);
      if (!list) return new Stopped(context.accessException());
    }
    const swaps = operation !== Operation.compareAndLoad;
    const second = this.#operand(context.scratch(0), Number(context.scratch(1)), swaps);
    if (second instanceof Stopped) return second;

    const current = this.#load(second);
    if (current !== this.#first(list, Slot.comparison)) {
      this.#setFirst(list, Slot.comparison, current);
      return 1;
    }
    if (operation === Operation.compareAndSwap) {
      this.#store(second, this.#first(list, Slot.replacement));
      return 0;
    }
    const fourth = needsList && list ? this.#listed(list, addressSlots.fourth, swaps) : this.#direct(swaps);
    if (fourth instanceof Stopped) return fourth;
    if (operation === Operation.compareAndLoad) {
      this.#setFirst(list, Slot.thirdComparison, this.#load(fourth));
      return 0;
    }
    if (operation === Operation.doubleCompareAndSwap) {
      const other = this.#load(fourth);
      if (other !== this.#first(list, Slot.thirdComparison)) {
        this.#setFirst(list, Slot.thirdComparison, other);
        return 2;
      }
      this.#store(second, this.#first(list, Slot.replacement));
      this.#store(fourth, this.#first(list, Slot.third));
      return 0;
    }
    const targets: [Span, bigint][] = [[second, this.#first(list, Slot.replacement)]];
    const third = stores ? this.#field(list, Slot.third) : this.#first(list, this.#inList ? Slot.third : 2);
    targets.push([fourth, third]);
    if (stores && list) {
      const sixth = this.#listed(list, addressSlots.sixth, true);
      if (sixth instanceof Stopped) return sixth;
      targets.push([sixth, this.#field(list, Slot.fifth)]);
    }
    if (operation === Operation.compareAndSwapAndTripleStore && list) {
      const eighth = this.#listed(list, addressSlots.eighth, true);
      if (eighth instanceof Stopped) return eighth;
      targets.push([eighth, this.#field(list, Slot.seventh)]);
    }
    // All operands are known to be accessible, so all stores happen or none.
    for (const [target, value] of targets) this.#store(target, value);
    return 0;
  }

  #specification(): Stopped {
    return new Stopped(this.#context.specification());
  }

  #operand(address: bigint, ar: number, write: boolean): Span | Stopped {
    const context = this.#context;
    if (address % BigInt(this.#size) !== 0n) return this.#specification();
    const span = context.span(address, this.#size, ar, write ? Access.write : Access.read);
    return span ?? new Stopped(context.accessException());
  }
  /** The fourth operand where the instruction itself designates it. */
  #direct(write: boolean): Span | Stopped {
    return this.#operand(this.#context.scratch(2), Number(this.#context.scratch(3)), write);
  }
  /** An operand whose address, and in the access-register mode whose ALET, is in the parameter list. */
  #listed(list: Span, slot: number, write: boolean): Span | Stopped {
    const context = this.#context;
    const psw = context.pswMask;
    const space = Number((psw >> BigInt(PSW_SHIFT.addressSpace)) & 3n);
    if ((psw & PSW.dat) !== 0n && space === AddressSpaceControl.accessRegister) {
      if (this.#r3 === 0) return this.#specification();
      context.setAr(this.#r3, Number(load(list, 16 * slot + 4, 4)));
    }
    const address = load(list, 16 * slot + 8, 8) & context.addressMask;
    return this.#operand(address, this.#r3, write);
  }

  #load(span: Span): bigint {
    return load(span, 0, this.#size);
  }
  #store(span: Span, value: bigint): void {
    store(span, 0, this.#size, value);
  }
  #field(list: Span | undefined, slot: number): bigint {
    return list ? load(list, 16 * slot + 16 - this.#size, this.#size) : 0n;
  }

  /** A first or third operand: in the list, or in R1, R1 + 1, R3 and R3 + 1 for slots 0 to 3. */
  #first(list: Span | undefined, slot: number): bigint {
    if (this.#inList) return this.#field(list, slot);
    const value = this.#context.gr(this.#register(slot));
    return this.#size === 4 ? value & 0xffff_ffffn : value;
  }
  #setFirst(list: Span | undefined, slot: number, value: bigint): void {
    if (this.#inList) {
      if (list) store(list, 16 * slot + 16 - this.#size, this.#size, value);
      return;
    }
    const register = this.#register(slot);
    const kept = this.#size === 4 ? this.#context.gr(register) & ~0xffff_ffffn : 0n;
    this.#context.setGr(register, kept | value);
  }
  #register(slot: number): number {
    return slot < 2 ? this.#r1 + slot : this.#r3 + slot - 2;
  }
}

function load(span: Span, offset: number, size: number): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(span.get(offset + i));
  return value;
}

function store(span: Span, offset: number, size: number, value: bigint): void {
  for (let i = 0; i < size; i++) {
    span.set(offset + i, Number((value >> BigInt(8 * (size - 1 - i))) & 0xffn));
  }
}
