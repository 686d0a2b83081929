/**
 * Builds the body of one function, statement by statement (core specification, section 2.4). Statements are
 * encoded as they come; expressions are evaluated where the statement that uses them stands.
 */
import { ByteWriter } from './byte-writer.ts';
import { type AccessWidth, atomicOpcode, encode, encodeMemArg, type Node, opcode } from './node.ts';
import type { AtomicOperation } from './opcodes.ts';
import { type AddressWidth, concrete, type FunctionType, type ValueType, valueTypeCode } from './types.ts';
import {
  type F32,
  type F64,
  I32,
  type I64,
  type Pointer,
  type V128,
  type Value,
  type ValueOf,
  wrapNode,
} from './value.ts';

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

  constructor(type: T, index: number) {
    this.type = type;
    this.index = index;
  }

  get(): ValueOf[T] {
    return wrapNode(this.type, { op: 'local', type: this.type, index: this.index });
  }
}

/** A structured control instruction that can be branched to: forward out of a block, back to a loop. */
export class Label {
  readonly depth: number;
  constructor(depth: number) {
    this.depth = depth;
  }
}

/** Which way a branch goes, as offset in its function's body. */
export interface BranchHint {
  readonly at: number;
  readonly likely: boolean;
}

export interface FunctionBody {
  readonly bytes: Uint8Array;
  readonly hints: readonly BranchHint[];
}

const storeName = { 8: 'store8', 16: 'store16', 32: 'store32', 64: 'store64', 128: 'store' } as const;
/** All of a value, and parts that are extended with zeros or with their sign. */
const loadName = {
  8: ['load8', 'load8U', 'load8S'],
  16: ['load16', 'load16U', 'load16S'],
  32: ['load32', 'load32U', 'load32S'],
  64: ['load64', 'load64U', 'load64S'],
  128: ['load', 'load', 'load'],
} as const;

export class FunctionBuilder {
  readonly width: AddressWidth;
  readonly #type: FunctionType;
  readonly #out = new ByteWriter();
  readonly #locals: ValueType[] = [];
  readonly #hints: BranchHint[] = [];
  readonly #free = new Map<ValueType, Local[]>();
  #scopeLocals: Local[] = [];
  #depth = 0;

  constructor(type: FunctionType, width: AddressWidth) {
    this.#type = type;
    this.width = width;
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
    const reused = this.#free.get(type)?.pop();
    const local =
      (reused as Local<T> | undefined) ??
      new Local(type, this.#type.params.length + this.#locals.push(type) - 1);
    this.#scopeLocals.push(local);
    return local;
  }

  /** Evaluates `value` now, once, and returns an expression that may be used any number of times. */
  let<V extends Value>(value: V): V {
    if (value.constant !== undefined) return value;
    const local = this.local(value.type);
    this.set(local, value);
    return local.get() as unknown as V;
  }

  /** Locals made inside `body` are free for reuse after it. */
  scope<R>(body: () => R): R {
    const outer = this.#scopeLocals;
    this.#scopeLocals = [];
    const result = body();
    for (const local of this.#scopeLocals) {
      const pool = this.#free.get(local.type);
      if (pool) pool.push(local);
      else this.#free.set(local.type, [local]);
    }
    this.#scopeLocals = outer;
    return result;
  }

  set<T extends ValueType>(local: Local<T>, value: Value & { readonly type: T }): void {
    this.#emit(value);
    this.#out.u8(0x21);
    this.#out.u32(local.index);
  }

  global<T extends ValueType>(global: GlobalRef<T>): ValueOf[T] {
    return wrapNode(global.type, { op: 'global', type: global.type, index: global.index });
  }

  setGlobal<T extends ValueType>(global: GlobalRef<T>, value: Value & { readonly type: T }): void {
    this.#emit(value);
    this.#out.u8(0x24);
    this.#out.u32(global.index);
  }

  /** `condition != 0 ? whenTrue : whenFalse`; both are evaluated. */
  select<V extends Value>(condition: I32, whenTrue: V, whenFalse: V): V {
    if (condition.constant !== undefined) return condition.constant ? whenTrue : whenFalse;
    const node: Node = {
      op: 'select',
      type: whenTrue.type,
      operands: [whenTrue.node, whenFalse.node, condition.node],
    };
    return wrapNode(whenTrue.type, node) as unknown as V;
  }

  loadI32(address: Pointer, offset = 0, width: 8 | 16 | 32 = 32, signed = false): I32 {
    return this.#load('i32', address, offset, width, signed, width === 32);
  }
  loadI64(address: Pointer, offset = 0, width: 8 | 16 | 32 | 64 = 64, signed = false): I64 {
    return this.#load('i64', address, offset, width, signed, width === 64);
  }
  loadPointer(address: Pointer, offset = 0): Pointer {
    const bits = this.width;
    return wrapNode(
      'ptr',
      bits === 64
        ? this.loadI64(address, offset).toPointer().node
        : this.loadI32(address, offset).toPointer().node,
    );
  }
  loadF32(address: Pointer, offset = 0): F32 {
    return this.#load('f32', address, offset, 32, false, true);
  }
  loadF64(address: Pointer, offset = 0): F64 {
    return this.#load('f64', address, offset, 64, false, true);
  }
  loadV128(address: Pointer, offset = 0): V128 {
    return this.#load('v128', address, offset, 128, false, true);
  }

  /** Stores the rightmost `width` bits of an integer. */
  store(address: Pointer, offset: number, value: I32 | I64, width: 8 | 16 | 32 | 64 = 32): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8(opcode(value.type, storeName[width]));
    encodeMemArg(width, offset, this.#out, false);
  }
  storeF32(address: Pointer, offset: number, value: F32): void {
    this.#storeFloat(address, offset, value, 32);
  }
  storeF64(address: Pointer, offset: number, value: F64): void {
    this.#storeFloat(address, offset, value, 64);
  }
  #storeFloat(address: Pointer, offset: number, value: F32 | F64, width: 32 | 64): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8(opcode(value.type, storeName[width]));
    encodeMemArg(width, offset, this.#out, false);
  }
  storeV128(address: Pointer, offset: number, value: V128): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8(0xfd);
    this.#out.u32(0x0b);
    encodeMemArg(128, offset, this.#out, false);
  }

  /** An atomic load; the address must be a multiple of the width. */
  atomicLoad<T extends 'i32' | 'i64'>(
    type: T,
    width: 8 | 16 | 32 | 64,
    address: Pointer,
    offset = 0,
  ): ValueOf[T] {
    return this.#atomic(type, 'load', width, address, offset, []);
  }
  /** An atomic read-modify-write that gives the old value; `cmpxchg` takes the expected and the new value. */
  atomic<T extends 'i32' | 'i64'>(
    type: T,
    operation: AtomicOperation,
    width: 8 | 16 | 32 | 64,
    address: Pointer,
    ...operands: ValueOf[T][]
  ): ValueOf[T] {
    return this.#atomic(type, operation, width, address, 0, operands);
  }
  atomicStore(address: Pointer, offset: number, value: I32 | I64, width: 8 | 16 | 32 | 64): void {
    this.#emit(address);
    this.#emit(value);
    this.#out.u8(0xfe);
    this.#out.u32(atomicOpcode(value.type, width, 'store'));
    encodeMemArg(width, offset, this.#out, true);
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
    return wrapNode(type, { op: 'call', type, index: callee.index, args: nodes });
  }
  /** A call as a statement; the results, if any, are returned as expressions that may be used repeatedly. */
  call(callee: FunctionRef, ...args: Value[]): readonly Value[] {
    for (const arg of args) this.#emit(arg);
    this.#out.u8(0x10);
    this.#out.u32(callee.index);
    const locals = callee.type.results.map((type) => this.local(type));
    for (const local of locals.toReversed()) {
      this.#out.u8(0x21);
      this.#out.u32(local.index);
    }
    return locals.map((local) => local.get());
  }
  /** A call through the module's table, as an expression. */
  callIndirect<T extends ValueType>(typeIndex: number, result: T, callee: I32, ...args: Value[]): ValueOf[T] {
    const nodes = args.map((arg) => arg.node);
    return wrapNode(result, {
      op: 'callIndirect',
      type: result,
      typeIndex,
      args: nodes,
      callee: callee.node,
    });
  }

  /** Ends the function with a call through the table, which takes its frame; both have the same results. */
  returnCallIndirect(typeIndex: number, callee: I32, ...args: Value[]): void {
    for (const arg of args) this.#emit(arg);
    this.#emit(callee);
    this.#out.u8(0x13);
    this.#out.u32(typeIndex);
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
    if (condition.constant !== undefined) {
      if (condition.constant) then();
      else otherwise?.();
      return;
    }
    this.#emit(condition);
    this.#hint(likely);
    this.#out.u8(0x04);
    this.#out.u8(0x40);
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
    this.#out.u8(0x0c);
    this.#out.u32(this.#depth - target.depth);
  }
  /** @param likely - As for {@link if}. */
  brIf(condition: I32, target: Label, likely?: boolean): void {
    if (condition.constant === 0) return;
    this.#emit(condition);
    this.#hint(likely);
    this.#out.u8(0x0d);
    this.#out.u32(this.#depth - target.depth);
  }
  /** Branches to `targets[index]`, or to `otherwise` when `index`, unsigned, is beyond them. */
  brTable(index: I32, targets: readonly Label[], otherwise: Label): void {
    this.#emit(index);
    this.#out.u8(0x0e);
    this.#out.u32(targets.length);
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
    const body = new ByteWriter();
    body.u32(runs.length);
    for (const { type, count } of runs) {
      body.u32(count);
      body.u8(valueTypeCode[concrete(type, this.width)]);
    }
    // A hint's place counts from the declaration of the locals.
    const hints = this.#hints.map(({ at, likely }) => ({ at: at + body.length, likely }));
    body.bytes(this.#out.view());
    // A function that produces values ends in an explicit return; what follows it is never reached.
    if (this.#type.results.length > 0) body.u8(0x00);
    body.u8(0x0b);
    const sized = new ByteWriter();
    sized.u32(body.length);
    sized.bytes(body.view());
    return { bytes: sized.view(), hints };
  }

  #emit(value: Value): void {
    encode(value.node, this.#out, this.width);
  }

  #structured(code: number, body: (label: Label) => void): void {
    this.#out.u8(code);
    this.#out.u8(0x40);
    this.#depth++;
    const label = new Label(this.#depth);
    this.scope(() => body(label));
    this.#depth--;
    this.#out.u8(0x0b);
  }

  #load<T extends 'i32' | 'i64' | 'f32' | 'f64' | 'v128'>(
    type: T,
    address: Pointer,
    offset: number,
    width: AccessWidth,
    signed: boolean,
    full: boolean,
  ): ValueOf[T] {
    const name = loadName[width][full ? 0 : signed ? 2 : 1];
    return wrapNode(type, { op: 'load', type, name, width, address: address.node, offset });
  }

  #atomic<T extends 'i32' | 'i64'>(
    type: T,
    operation: AtomicOperation | 'load',
    width: AccessWidth,
    address: Pointer,
    offset: number,
    operands: readonly Value[],
  ): ValueOf[T] {
    const nodes = operands.map((operand) => operand.node);
    const node: Node = {
      op: 'atomic',
      type,
      operation,
      width,
      address: address.node,
      offset,
      operands: nodes,
    };
    return wrapNode(type, node);
  }
}

/** The constant 0 or 1 as a condition. */
export function flag(value: boolean): I32 {
  return I32.const(value ? 1 : 0);
}
