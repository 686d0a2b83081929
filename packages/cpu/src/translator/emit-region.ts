/**
 * Makes a function of a region: `(cpu, address of the entry) -> status`, an exit or zero to go on at the next address.
 * Registers are in locals between its beginning and its end; whatever leaves it goes by one place that writes them back.
 */
import { Access, mmuLayout, tlbOf, tlbOffset } from '@zarch/memory';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type Label,
  type Local,
  type Pointer,
} from '@zarch/wasm';
import { cpuLayout, Exit } from '../cpu-layout.ts';
import type { ConditionCode } from '../semantics/condition-code.ts';
import type { Helpers } from '../semantics/helpers.ts';
import { type DefinitionTable, Semantics } from '../semantics/semantics.ts';
import { chainTo } from './chain.ts';
import { type ConditionLife, conditionLives } from './condition-lives.ts';
import type { ConditionKind } from './effects.ts';
import { Exits } from './exits.ts';
import { apartAt } from './halves.ts';
import { History, OWN_LOCAL } from './history.ts';
import { loopConditions } from './loop-conditions.ts';
import { MODE } from './mode.ts';
import { PageCaches } from './page-caches.ts';
import { type Block, pageOf, type Region, type RegionInstruction } from './region.ts';
import { RegionBackend, type RegionExits } from './region-backend.ts';
import { type ConditionLocals, RegionState } from './region-state.ts';
import { RegisterLocals } from './register-allocation.ts';
import { type Structure, structureOfRegion } from './structure.ts';

/** What regions call, beside the helpers of the definitions. */
export interface RegionCalls {
  readonly definitions: DefinitionTable;
  readonly helpers: Helpers;
  /** The type of the functions made of regions. */
  readonly type: number;
  /** The place in the module's table of the code at a host pointer. */
  readonly placeOf: (pointer: number) => number;
  /** `(cpu, text) -> status`: the interpreter's function of an instruction. */
  readonly outlined: FunctionRef<readonly ['i32']>;
}

export function emitRegion(f: FunctionBuilder, region: Region, calls: RegionCalls): void {
  new RegionEmitter(f, region, calls).emit();
}

class RegionEmitter implements RegionExits {
  readonly #f: FunctionBuilder;
  readonly #cpu: Pointer;
  readonly #region: Region;
  readonly #calls: RegionCalls;
  readonly #structure: Structure;
  readonly #registers: RegisterLocals;
  readonly #condition: ConditionLocals;
  readonly #pages: PageCaches;
  readonly #backend: RegionBackend;
  readonly #locals: {
    readonly base: Local<'i64'>;
    readonly context: Local<'i64'>;
    readonly fuel: Local<'i32'>;
    /** Set on the way out: the place in the table of the code at the next address, if it is known; else 0. */
    readonly place: Local<'i32'>;
  };
  readonly #exits: Exits;
  /** Where merges and loop heads are reached. */
  readonly #labels = new Map<number, Label>();
  /** Blocks by their last instruction. */
  readonly #ends = new Map<RegionInstruction, Block>();
  /** By block, registers whose halves are apart where paths meet. */
  readonly #apart: ReadonlyMap<number, number>;
  /** By loop head, what its condition code comes from after a turn. */
  readonly #conditions: ReadonlyMap<number, ConditionKind>;
  /** By block, who sees the condition code that it begins with. */
  readonly #lives: ReadonlyMap<number, ConditionLife>;
  #leave: Label | undefined;

  constructor(f: FunctionBuilder, region: Region, calls: RegionCalls) {
    this.#f = f;
    this.#cpu = f.param(0, 'ptr').get();
    this.#region = region;
    this.#calls = calls;
    this.#structure = structureOfRegion(region);
    for (const block of region.blocks.values()) {
      const last = block.instructions.at(-1);
      if (last) this.#ends.set(last, block);
    }
    this.#registers = new RegisterLocals(f, region);
    this.#apart = apartAt(region);
    this.#conditions = loopConditions(region, this.#structure);
    this.#lives = conditionLives(region, this.#structure);
    const pair = <T extends 'i32' | 'i64'>(type: T) => [f.local(type), f.local(type)] as const;
    this.#condition = {
      ...{ value: f.local('i32'), history: new History(f), narrow: pair('i32'), wide: pair('i64') },
      conditionOf: calls.helpers.conditionOf,
    };
    const locals = {
      ...{ base: f.local('i64'), context: f.local('i64'), fuel: f.local('i32') },
      place: f.local('i32'),
    };
    this.#locals = locals;
    const { base, context } = locals;
    const exitLocals = { exit: f.local('i64'), next: f.local('i64'), base };
    this.#exits = new Exits(f, exitLocals, this.#condition, this.#registers);
    const pages = new PageCaches(f, region, this.#structure.inLoops);
    this.#pages = pages;
    const backendLocals = { registers: this.#registers, condition: this.#condition, base, context, pages };
    this.#backend = new RegionBackend(f, this.#cpu, backendLocals, this);
  }

  emit(): void {
    const f = this.#f;
    const cpu = this.#cpu;
    const { base, fuel } = this.#locals;
    f.set(base, f.param(1, 'i64').get().sub(this.#region.entry));
    f.set(fuel, f.loadI32(cpu, cpuLayout.fuel));
    this.#load();
    f.block((leave) => {
      this.#leave = leave;
      const { entry } = this.#region;
      if (this.#structure.isLoop(entry)) this.#arrive(new RegionState(), entry);
      this.#tree(entry, new RegionState());
      // Every path ends in a branch: none may come out where another one begins.
      f.unreachable();
    });
    this.#exits.settle();
    this.#store();
    const next = f.let(this.#exits.nextAddress());
    const status = f.let(this.#exits.status());
    chainTo(f, cpu, next, { ...this.#locals, status, type: this.#calls.type });
    const length = f.let(this.#exits.length());
    f.store(cpu, cpuLayout.fuel, fuel.get());
    f.store(cpu, cpuLayout.nextAddress, next, 64);
    f.store(cpu, cpuLayout.instructionAddress, next.sub(length.extendU()), 64);
    f.store(cpu, cpuLayout.length, length);
    f.return(status);
  }

  #load(): void {
    const f = this.#f;
    this.#registers.load(f, this.#cpu);
    f.set(this.#condition.value, f.loadI32(this.#cpu, cpuLayout.cc));
    f.set(this.#locals.context, f.loadI64(this.#cpu, mmuLayout.dataContext));
  }
  #store(): void {
    this.#registers.store(this.#f, this.#cpu);
    this.#f.store(this.#cpu, cpuLayout.cc, this.#condition.value.get());
    const branch = this.#condition.history.branch();
    const address = this.#locals.base.get().add(branch).sub(1);
    const store = () => this.#f.store(this.#cpu, cpuLayout.breakingEvent, address, 64);
    this.#f.if(branch.ne(0), store);
  }

  /** A block with all that it dominates. */
  #tree(block: number, state: RegionState): void {
    const f = this.#f;
    const merges = this.#structure.children(block).filter((child) => this.#structure.isMerge(child));
    if (!this.#structure.isLoop(block)) {
      this.#within(block, merges, state);
      return;
    }
    f.loop((again) => {
      this.#labels.set(block, again);
      const { fuel } = this.#locals;
      const { state: outer } = this.#backend;
      const state = this.#stateAt(block);
      this.#backend.state = state;
      f.set(fuel, fuel.get().sub(1));
      f.if(fuel.get().ltS(0), () => this.#out(block, 0, Exit.slice), undefined, false);
      this.#backend.state = outer;
      this.#within(block, merges, state);
    });
  }

  /** The block inside a nest of blocks, behind each of which stands one of its merges. */
  #within(block: number, merges: readonly number[], state: RegionState): void {
    const merge = merges.at(-1);
    if (merge === undefined) {
      const body = this.#region.blocks.get(block);
      if (!body) throw new Error('a block that is not in the region');
      this.#body(body, state);
      return;
    }
    this.#f.block((label) => {
      this.#labels.set(merge, label);
      this.#within(block, merges.slice(0, -1), state);
      this.#f.unreachable();
    });
    this.#tree(merge, this.#stateAt(merge));
  }

  #body(block: Block, state: RegionState): void {
    const backend = this.#backend;
    const { state: outerState, depth, instruction: outerInstruction, ahead } = backend;
    const outer = { state: outerState, depth, instruction: outerInstruction, ahead };
    backend.state = state;
    backend.depth = this.#f.depth;
    let falls = true;
    for (const [index, instruction] of block.instructions.entries()) {
      backend.instruction = instruction;
      backend.ahead = () => this.#ahead(block, index + 1);
      const { at, crosses } = instruction;
      this.#guardAfter(block.instructions[index - 1], at);
      // By way of the engine, as a region that begins here would only come back here.
      if (crosses) this.#guard(pageOf(at) + 1, at, Exit.partial);
      this.#f.scope(() => {
        if (instruction.how === 'call') {
          this.call(instruction);
          backend.state = new RegionState();
        } else this.#inline(instruction);
      });
      falls = instruction.effects.branches !== 'always';
    }
    if (falls && block.next !== undefined) this.#follow(block, block.next, false);
    Object.assign(backend, outer);
  }

  /** The instructions that come next while no branch is taken, up to where paths meet. */
  *#ahead(start: Block, from: number): Generator<RegionInstruction> {
    yield* start.instructions.slice(from);
    for (let block = start; block.next !== undefined; ) {
      const next = this.#region.blocks.get(block.next);
      if (!next || !this.#structure.children(block.at).includes(next.at)) return;
      if (this.#structure.isMerge(next.at) || this.#structure.isLoop(next.at)) return;
      yield* next.instructions;
      block = next;
    }
  }

  #inline({ text }: RegionInstruction): void {
    const definition = this.#calls.definitions.get(text.row.mnemonic);
    if (!definition) throw new Error(`${text.row.mnemonic} has no definition`);
    definition(new Semantics(text.row, this.#backend, this.#calls.helpers));
  }

  /** Makes everything that was put off true, without forgetting that it was. */
  #settle(state: RegionState, needsCc: boolean): void {
    state.write(this.#f, this.#condition, this.#registers, needsCc);
  }

  /** What is put off at a block where paths meet. */
  #stateAt(block: number): RegionState {
    const state = RegionState.apart(this.#registers, this.#apart.get(block) ?? 0);
    const condition = this.#conditions.get(block);
    if (this.#lives.get(block) === 'cold') state.handed = true;
    else if (condition) {
      const [a, b] = this.#operands(condition).map((local) => local.get());
      state.cc = { kind: condition.kind, a, b } as ConditionCode;
      state.guarded = true;
    }
    return state;
  }
  #operands({ type }: ConditionKind): readonly Local[] {
    return type === 'i32' ? this.#condition.narrow : this.#condition.wide;
  }

  /** Makes true what is expected at a block where paths meet. */
  #arrive(state: RegionState, target: number): void {
    const f = this.#f;
    const apart = RegionState.apart(this.#registers, this.#apart.get(target) ?? 0).pending;
    const life = this.#lives.get(target);
    if (life !== 'hot') {
      state.write(f, this.#condition, this.#registers, false, apart);
      state.handOn(f, this.#condition, life === 'cold' ? 'handed' : 'nothing');
      return;
    }
    const condition = this.#conditions.get(target);
    const { cc } = state;
    const fits = condition && cc?.kind === condition.kind && cc.a.type === condition.type;
    state.write(f, this.#condition, this.#registers, !fits, apart);
    const otherwise = condition ? 'own' : 'nothing';
    state.handOn(f, this.#condition, fits ? 'guarded' : otherwise);
  }

  /** Goes from a block to an offset, in the region or out of it. */
  #follow(block: Block, target: number, taken: boolean): void {
    const f = this.#f;
    const backend = this.#backend;
    const last = block.instructions.at(-1);
    if (taken && last) this.#breaksAt(last);
    const inside = this.#region.blocks.has(target) && block.successors.includes(target);
    const kind = inside ? this.#structure.edge(block.at, target) : 'irreducible';
    const from = pageOf(last?.at ?? block.at);
    if (kind === 'irreducible') {
      // Within a page it is known where the target is.
      const page = pageOf(target) === from ? this.#region.pages.get(from) : undefined;
      const place = page ? this.#calls.placeOf(page.pointer - (target & 0xfff)) : 0;
      this.#out(target, 0, 0, place);
      return;
    }
    if (pageOf(target) !== from) this.#guard(pageOf(target), target);
    if (kind === 'forward' && !this.#structure.isMerge(target)) {
      if (this.#structure.isLoop(target)) this.#arrive(backend.state, target);
      this.#tree(target, backend.state.copy());
      return;
    }
    const label = this.#labels.get(target);
    if (!label) throw new Error('an edge to a block that is not around it');
    this.#arrive(backend.state, target);
    f.br(label);
  }

  /** Looks at the page of an offset that is reached from the instruction before it, if that began in another one. */
  #guardAfter(before: RegionInstruction | undefined, at: number): void {
    if (before && pageOf(before.at) !== pageOf(at)) this.#guard(pageOf(at), at);
  }

  /** Leaves the region at `at` unless a page is mapped, and to where its code was found. */
  #guard(number: number, at: number, status = 0): void {
    const f = this.#f;
    const cpu = this.#cpu;
    const page = this.#region.pages.get(number);
    if (!page) throw new Error('a block in a page without code');
    const address = f.let(this.#backend.addressOf(4096 * number));
    const entry = f.let(cpu.add(tlbOffset(address)));
    const tag = f.let(address.or(f.loadI64(cpu, mmuLayout.fetchContext)));
    const addend = I32.const(page.pointer).add(address.wrap());
    const isThere = f
      .loadI64(entry, tlbOf(Access.fetch))
      .eq(tag)
      .and(f.loadI32(entry, tlbOf(Access.fetch) + 8).eq(addend));
    f.if(isThere.eqz(), () => this.#out(at, 0, status), undefined, false);
  }

  #breaksAt({ at }: RegionInstruction): void {
    this.#backend.state.branch = at + 1;
  }

  /** Leaves the region, to an offset or an address. */
  #out(next: number | I64, length: number, status: number, place = 0): void {
    const f = this.#f;
    const { state } = this.#backend;
    state.noteBranch(this.#condition.history);
    this.#exits.take(state, next, length, status);
    if (place) f.set(this.#locals.place, I32.const(place));
    if (!this.#leave) throw new Error('outside the region');
    f.br(this.#leave);
  }

  leave({ at, length }: RegionInstruction, exit: number): void {
    this.#out(at + length, length, exit);
  }

  /** Calls the interpreter's function with all state in the vCPU's block. */
  call({ at, length, text }: RegionInstruction): void {
    const f = this.#f;
    const cpu = this.#cpu;
    const backend = this.#backend;
    const { fuel } = this.#locals;
    const { history } = this.#condition;
    this.#settle(backend.state, true);
    backend.state.noteBranch(history);
    this.#store();
    const bytes = text.bytes.subarray(text.offset, text.offset + length);
    const value = bytes.reduce((sum, byte, i) => sum | (BigInt(byte) << BigInt(56 - 8 * i)), 0n);
    const next = f.let(backend.addressOf(at + length));
    f.store(cpu, cpuLayout.nextAddress, next, 64);
    f.store(cpu, cpuLayout.instructionAddress, backend.addressOf(at), 64);
    f.store(cpu, cpuLayout.instruction, I64.const(value), 64);
    f.store(cpu, cpuLayout.length, I32.const(length));
    // The branch is in the vCPU's block now, and the condition code in its local.
    history.note(0, OWN_LOCAL);
    f.store(cpu, cpuLayout.fuel, fuel.get());
    const context = f.let(f.loadI64(cpu, mmuLayout.fetchContext));
    const status = f.let(f.callValue(this.#calls.outlined, cpu, I64.const(value)));
    // Whatever changes where instructions come from goes on by way of the dispatcher, with a status of zero.
    const changed = status
      .or(f.loadI64(cpu, cpuLayout.nextAddress).ne(next))
      .or(f.loadI64(cpu, mmuLayout.fetchContext).ne(context))
      .or(f.loadI64(cpu, mmuLayout.pswMask).and(MODE.mask).ne(MODE.value));
    f.if(changed, () => f.return(status), undefined, false);
    this.#load();
    this.#pages.clear(f);
    for (const { pointer } of backend.state.windows) f.set(pointer, I32.const(0).toPointer());
    backend.state.reload(f, this.#registers);
  }

  edge(instruction: RegionInstruction, target: number): void {
    const block = this.#blockOf(instruction);
    const { state } = this.#backend;
    this.#backend.state = state.copy();
    this.#follow(block, target, true);
    this.#backend.state = state;
  }

  indirect(instruction: RegionInstruction, target: I64): void {
    const f = this.#f;
    const backend = this.#backend;
    const { state } = backend;
    backend.state = state.copy();
    this.#breaksAt(instruction);
    for (const place of this.#blockOf(instruction).returns) {
      f.if(target.eq(backend.addressOf(place)), () => this.edge(instruction, place));
    }
    this.#out(target, 0, 0);
    backend.state = state;
  }

  #blockOf(instruction: RegionInstruction): Block {
    const block = this.#ends.get(instruction);
    if (!block) throw new Error('a branch that does not end its block');
    return block;
  }
}
