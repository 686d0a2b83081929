/**
 * Builds the body of one function, statement by statement (core specification, section 2.4). Statements are
 * encoded as they come; expressions are evaluated where the statement that uses them stands.
 */
import { ByteWriter } from './byte-writer.ts';
import { encode, Form, Node, variable } from './expression-node.ts';
import { F32, F64 } from './float.ts';
import { I32 } from './i32.ts';
import { I64 } from './i64.ts';
import {
  type AtomicOperation,
  atomicAlignment,
  atomicCode,
  floatAccess,
  loadI32Code,
  loadI64Code,
  storeI32Code,
  storeI64Code,
  v128,
} from './opcodes.ts';
import type { Pointer } from './pointer.ts';
import { type AddressWidth, concrete, type FunctionType, type ValueType, valueTypeCode } from './types.ts';
import { V128 } from './v128.ts';
import { type Value, type ValueOf, wrapNode } from './value.ts';

/** A function that can be called: an import or a definition of the same module. */
export interface FunctionRef<R extends readonly ValueType[] = readonly ValueType[]> {
  readonly name: string;
  readonly index: number;
  readonly type: FunctionType & { readonly results: R };
}

/** A mutable or immutable global of the module. */
export interface GlobalRef<T extends ValueType = ValueType> {
  readonly index: number;
  readonly type: T;
}

/** A local variable; {@link get} reads it at the moment the expression is evaluated. */
export class Local<T extends ValueType = ValueType> {
  readonly type: T;
  readonly index: number;
  readonly #value: ValueOf[T];

  constructor(type: T, index: number) {
    this.type = type;
    this.index = index;
    this.#value = wrapNode(type, variable(0x20, index));
  }

  get(): ValueOf[T] {
    return this.#value;
  }
}

/** A structured control instruction that can be branched to: forward out of a block, back to a loop. */
export class Label {
  readonly depth: number;
  constructor(depth: number) {
    this.depth = depth;
  }
}

/** Which way a branch goes, as offset in its function's instructions. */
export interface BranchHint {
  readonly at: number;
  readonly likely: boolean;
}

export interface FunctionBody {
  readonly bytes: Uint8Array;
  readonly hints: readonly BranchHint[];
  /** What to add to the places of hints: they count from the declaration of the locals. */
  readonly start: number;
}

export class FunctionBuilder {
  readonly width: AddressWidth;
  readonly #type: FunctionType;
  readonly #out: ByteWriter;
  readonly #locals: ValueType[] = [];
  readonly #hints: BranchHint[] = [];
  /** Locals that may be used again, by type. */
  readonly #free: Readonly<Record<ValueType, Local[]>> = {
    ...{ i32: [], i64: [], ptr: [] },
    ...{ f32: [], f64: [], v128: [] },
  };
  /** Locals of all scopes that are open, the innermost last. */
  readonly #scoped: Local[] = [];
  #depth = 0;

  /** @param out - An empty buffer for the instructions, which {@link finish} copies. */
  constructor(type: FunctionType, width: AddressWidth, out = new ByteWriter()) {
    this.#type = type;
    this.width = width;
    this.#out = out;
  }

  /** Structured control instructions that are open. */
  get depth(): number {
    return this.#depth;
  }

  /** The parameter at `index` as a local variable of the type it was declared with. */
  param<T extends ValueType>(index: number, type: T): Local<T> {
    if (this.#type.params[index] !== type) throw new Error(`parameter ${index} is not of type ${type}`);
    return new Local(type, index);
  }

  /** A new local variable, zero at function entry; inside {@link scope} it is reused afterwards. */
  local<T extends ValueType>(type: T): Local<T> {
    const reused = this.#free[type].pop() as Local<T> | undefined;
    const local = reused ?? new Local(type, this.#type.params.length + this.#locals.push(type) - 1);
    this.#scoped.push(local);
    return local;
  }

  /** Evaluates `value` now, once, and returns an expression that may be used any number of times. */
  let<V extends Value>(value: V): V {
    if (value.node.isConstant) return value;
    const local = this.local(value.type);
    this.set(local, value);
    return local.get() as unknown as V;
  }

  /** Locals made inside `body` are free for reuse after it. */
  scope<R>(body: () => R): R {
    const start = this.#scoped.length;
    const result = body();
    for (let i = start; i < this.#scoped.length; i++) {
      const local = this.#scoped[i];
      if (local) this.#free[local.type].push(local);
    }
    while (this.#scoped.length > start) this.#scoped.pop();
    return result;
  }

  set<T extends ValueType>(local: Local<T>, value: Value & { readonly type: T }): void {
    this.#emit(value);
    this.#out.u8u32(0x21, local.index);
  }

  global<T extends ValueType>(global: GlobalRef<T>): ValueOf[T] {
    return wrapNode(global.type, variable(0x23, global.index));
  }

  setGlobal<T extends ValueType>(global: GlobalRef<T>, value: Value & { readonly type: T }): void {
    this.#emit(value);
    this.#out.u8u32(0x24, global.index);
  }

  /** `condition != 0 ? whenTrue : whenFalse`; both are evaluated. */
  select<V extends Value>(condition: I32, whenTrue: V, whenFalse: V): V {
    if (condition.node.isConstant) return condition.node.immediate ? whenTrue : whenFalse;
    const node = new Node(Form.plain, 0x1b, whenTrue.node, whenFalse.node, 0, [condition.node]);
    return wrapNode(whenTrue.type, node) as unknown as V;
  }

  loadI32(address: Pointer, offset = 0, width: 8 | 16 | 32 = 32, signed = false): I32 {
    return new I32(memory(loadI32Code(width, signed), address, offset));
  }
  loadI64(address: Pointer, offset = 0, width: 8 | 16 | 32 | 64 = 64, signed = false): I64 {
    return new I64(memory(loadI64Code(width, signed), address, offset));
  }
  loadPointer(address: Pointer, offset = 0): Pointer {
    return this.width === 64
      ? this.loadI64(address, offset).toPointer()
      : this.loadI32(address, offset).toPointer();
  }
  loadF32(address: Pointer, offset = 0): F32 {
    return new F32(memory(floatAccess.loadF32, address, offset));
  }
  loadF64(address: Pointer, offset = 0): F64 {
    return new F64(memory(floatAccess.loadF64, address, offset));
  }
  loadV128(address: Pointer, offset = 0): V128 {
    return new V128(new Node(Form.vectorMemory, v128.load, address.node, undefined, offset, undefined));
  }

  /** Stores the rightmost `width` bits of an integer. */
  store(address: Pointer, offset: number, value: I32 | I64, width: 8 | 16 | 32 | 64 = 32): void {
    this.#store(value.type === 'i32' ? storeI32Code(width) : storeI64Code(width), address, offset, value);
  }
  storeF32(address: Pointer, offset: number, value: F32): void {
    this.#store(floatAccess.storeF32, address, offset, value);
  }
  storeF64(address: Pointer, offset: number, value: F64): void {
    this.#store(floatAccess.storeF64, address, offset, value);
  }
  storeV128(address: Pointer, offset: number, value: V128): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8u32(0xfd, v128.store);
    this.#out.u8u32(0, offset);
  }

  /** An atomic load; the address must be a multiple of the width. */
  atomicLoad<T extends 'i32' | 'i64'>(
    type: T,
    width: 8 | 16 | 32 | 64,
    address: Pointer,
    offset = 0,
  ): ValueOf[T] {
    return wrapNode(type, atomic(atomicCode(type, width, 'load'), address, offset));
  }
  /** An atomic read-modify-write that gives the old value; `cmpxchg` takes the expected and the new value. */
  atomic<T extends 'i32' | 'i64'>(
    type: T,
    operation: AtomicOperation,
    width: 8 | 16 | 32 | 64,
    address: Pointer,
    ...operands: ValueOf[T][]
  ): ValueOf[T] {
    return wrapNode(type, atomic(atomicCode(type, width, operation), address, 0, operands));
  }
  atomicStore(address: Pointer, offset: number, value: I32 | I64, width: 8 | 16 | 32 | 64): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8(0xfe);
    const code = atomicCode(value.type, width, 'store');
    this.#out.u32(code);
    this.#out.u8(atomicAlignment(code));
    this.#out.u32(offset);
  }
  atomicFence(): void {
    for (const byte of [0xfe, 0x03, 0x00]) this.#out.u8(byte);
  }

  /** Copies `length` bytes; source and destination may overlap. */
  memoryCopy(destination: Pointer, source: Pointer, length: Pointer): void {
    for (const value of [destination, source, length]) this.#emit(value);
    for (const byte of [0xfc, 0x0a, 0x00, 0x00]) this.#out.u8(byte);
  }
  memoryFill(destination: Pointer, byte: I32, length: Pointer): void {
    for (const value of [destination, byte, length]) this.#emit(value);
    for (const code of [0xfc, 0x0b, 0x00]) this.#out.u8(code);
  }

  /** A call as an expression of a function with one result. */
  callValue<T extends ValueType>(callee: FunctionRef<readonly [T]>, ...args: Value[]): ValueOf[T] {
    const [type] = callee.type.results;
    const nodes = args.map((arg) => arg.node);
    return wrapNode(type, new Node(Form.index, 0x10, undefined, undefined, callee.index, nodes));
  }
  /** A call as a statement; the results, if any, are returned as expressions that may be used repeatedly. */
  call(callee: FunctionRef, ...args: Value[]): readonly Value[] {
    for (const arg of args) this.#emit(arg);
    this.#out.u8u32(0x10, callee.index);
    const locals = callee.type.results.map((type) => this.local(type));
    for (const local of locals.toReversed()) {
      this.#out.u8u32(0x21, local.index);
    }
    return locals.map((local) => local.get());
  }
  /** A call through the module's table, as an expression. */
  callIndirect<T extends ValueType>(typeIndex: number, result: T, callee: I32, ...args: Value[]): ValueOf[T] {
    const nodes = [...args, callee].map((arg) => arg.node);
    return wrapNode(result, new Node(Form.callIndirect, 0x11, undefined, undefined, typeIndex, nodes));
  }

  /** Ends the function with a call through the table, which takes its frame; both have the same results. */
  returnCallIndirect(typeIndex: number, callee: I32, ...args: Value[]): void {
    for (const arg of args) this.#emit(arg);
    this.#emit(callee);
    this.#out.u8u32(0x13, typeIndex);
    this.#out.u32(0);
  }

  /** Evaluates and discards, for the effect. */
  drop(value: Value): void {
    this.#emit(value);
    this.#out.u8(0x1a);
  }

  block(body: (exit: Label) => void): void {
    this.#structured(0x02, body);
  }
  loop(body: (again: Label) => void): void {
    this.#structured(0x03, body);
  }

  /**
   * A branch whose condition is a constant leaves only the taken side.
   *
   * @param likely - Whether the condition is nearly always, or nearly never, met. The optimiser puts the rare side out of
   *   the way and keeps locals in registers on the other.
   */
  if(condition: I32, then: () => void, otherwise?: () => void, likely?: boolean): void {
    if (condition.node.isConstant) {
      if (condition.node.immediate) then();
      else otherwise?.();
      return;
    }
    this.#emit(condition);
    this.#hint(likely);
    this.#out.u8u32(0x04, 0x40);
    this.#depth++;
    this.scope(then);
    if (otherwise) {
      this.#out.u8(0x05);
      this.scope(otherwise);
    }
    this.#depth--;
    this.#out.u8(0x0b);
  }

  br(target: Label): void {
    this.#out.u8u32(0x0c, this.#depth - target.depth);
  }
  /** @param likely - As for {@link if}. */
  brIf(condition: I32, target: Label, likely?: boolean): void {
    if (condition.node.isConstant && condition.node.immediate === 0) return;
    this.#emit(condition);
    this.#hint(likely);
    this.#out.u8u32(0x0d, this.#depth - target.depth);
  }
  /** Branches to `targets[index]`, or to `otherwise` when `index`, unsigned, is beyond them. */
  brTable(index: I32, targets: readonly Label[], otherwise: Label): void {
    this.#emit(index);
    this.#out.u8u32(0x0e, targets.length);
    for (const target of [...targets, otherwise]) this.#out.u32(this.#depth - target.depth);
  }
  return(...values: Value[]): void {
    for (const value of values) this.#emit(value);
    this.#out.u8(0x0f);
  }
  unreachable(): void {
    this.#out.u8(0x00);
  }

  #hint(likely: boolean | undefined): void {
    if (likely !== undefined) this.#hints.push({ at: this.#out.length, likely });
  }

  /** The body in the binary format, with its size; the last value on the stack is the function's result. */
  finish(): FunctionBody {
    if (this.#depth !== 0) throw new Error('a block of the function is still open');
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    const head = new ByteWriter(32);
    head.u32(runs.length);
    for (const { type, count } of runs) {
      head.u32(count);
      head.u8(valueTypeCode[concrete(type, this.width)]);
    }
    // A function that produces values ends in an explicit return; what follows it is never reached.
    const unreachable = this.#type.results.length > 0;
    const size = head.length + this.#out.length + (unreachable ? 2 : 1);
    const body = new ByteWriter(size + 5);
    body.u32(size);
    body.bytes(head.view());
    body.bytes(this.#out.view());
    if (unreachable) body.u8(0x00);
    body.u8(0x0b);
    return { bytes: body.view(), hints: this.#hints, start: head.length };
  }

  #emit(value: Value): void {
    encode(value.node, this.#out, this.width);
  }

  #store(code: number, address: Pointer, offset: number, value: Value): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8(code);
    this.#out.u8u32(0, offset);
  }

  #structured(code: number, body: (label: Label) => void): void {
    this.#out.u8u32(code, 0x40);
    this.#depth++;
    const label = new Label(this.#depth);
    this.scope(() => body(label));
    this.#depth--;
    this.#out.u8(0x0b);
  }
}

function memory(code: number, address: Pointer, offset: number): Node {
  return new Node(Form.memory, code, address.node, undefined, offset, undefined);
}

function atomic(code: number, address: Pointer, offset: number, operands: readonly Value[] = []): Node {
  const [value, ...others] = operands.map((operand) => operand.node);
  return new Node(Form.atomic, code, address.node, value, offset, others);
}

/** The constant 0 or 1 as a condition. */
export function flag(value: boolean): I32 {
  return I32.const(value ? 1 : 0);
}
