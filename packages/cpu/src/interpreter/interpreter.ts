/**
 * The interpreter: one function that runs guest instructions, made from the instruction definitions. Frequent
 * instructions are part of its loop; the others are functions of their own, called through a table.
 */
import { ProgramInterruption } from '@zarch/arch';
import { type Instruction, instructions } from '@zarch/isa';
import { Access, instructionLength, mmuLayout, tlbOf, tlbOffset } from '@zarch/memory';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type Label,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import { cpuLayout, Exit } from '../cpu-layout.ts';
import type { Helpers } from '../semantics/helpers.ts';
import { type DefinitionTable, Semantics } from '../semantics/semantics.ts';
import { InlineBackend, type LoopLabels, type LoopState } from './inline-backend.ts';
import { Continue, OutlineBackend } from './outline-backend.ts';

export interface InterpreterOptions {
  /** Mnemonics whose definitions become part of the loop. */
  readonly hot: ReadonlySet<string>;
  /** Come back after every instruction, for PER, single step and traces. */
  readonly step: boolean;
}

/** `run(cpu, slice) -> exit`: executes until something is to be done, at most `slice` branches or calls. */
export type RunFunction = FunctionRef<readonly ['i32']>;

/** Instructions by first byte and, under it, by extension. */
interface OpcodeTree {
  readonly firstByte: number;
  readonly rows: readonly Instruction[];
}

/** Defines one function per instruction, and the function that finds and calls it: `(cpu, text) -> status`. */
export function defineOutlined(
  module: ModuleBuilder,
  definitions: DefinitionTable,
  helpers: Helpers,
): FunctionRef<readonly ['i32']> {
  const entries = new Map<Instruction, FunctionRef<readonly ['i32']>>();
  for (const row of instructions) {
    const definition = definitions.get(row.mnemonic);
    if (!definition) continue;
    const ref = module.function(row.mnemonic, ['ptr', 'i64'], ['i32'], (f) => {
      const semantics = new Semantics(row, new OutlineBackend(f, row), helpers);
      if (row.facility !== undefined) semantics.requireFacility(row.facility);
      definition(semantics);
      f.return(I32.const(Continue.next));
    });
    entries.set(row, ref);
  }
  const type = module.typeIndex(['ptr', 'i64'], ['i32']);
  const undefinedCode = module.function('operationException', ['ptr', 'i64'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    f.store(cpu, mmuLayout.faultCode, I32.const(ProgramInterruption.operation));
    f.return(I32.const(Exit.program));
  });
  const place = new Map([...entries].map(([row, ref]) => [row, module.tableEntry(ref)]));
  const nowhere = module.tableEntry(undefinedCode);

  return module.function('outlined', ['ptr', 'i64'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const text = f.param(1, 'i64').get();
    const slot = f.local('i32');
    f.set(slot, I32.const(nowhere));
    f.block((found) => {
      forEachOpcode(f, text, [...entries.keys()], (row) => {
        f.set(slot, I32.const(place.get(row) ?? nowhere));
        f.br(found);
      });
    });
    f.return(f.callIndirect(type, 'i32', slot.get(), cpu, text));
  });
}

/**
 * Branches on the operation code to what `emit` makes for each row, which must branch away; other codes fall
 * through to the end.
 */
function forEachOpcode(
  f: FunctionBuilder,
  text: I64,
  rows: readonly Instruction[],
  emit: (row: Instruction) => void,
): void {
  const trees = Map.groupBy(rows, (row) => row.firstByte);
  const groups = [...trees].map(([firstByte, group]): OpcodeTree => ({ firstByte, rows: group }));
  switchOn(
    f,
    text.shrU(56).wrap(),
    256,
    groups,
    (group) => group.firstByte,
    (group, none) => {
      const [first] = group.rows;
      if (!first) return;
      const extension = first.extension;
      if (!extension) {
        emit(first);
        return;
      }
      const { start, length } = extension;
      const value = text
        .shrU(64 - start - length)
        .wrap()
        .and(2 ** length - 1);
      switchOn(f, value, 2 ** length, group.rows, (row) => row.extension?.value ?? 0, emit);
      f.br(none);
    },
  );
}

/** A branch table over `items`; values without an item, and bodies that fall out, continue after it. */
function switchOn<T>(
  f: FunctionBuilder,
  value: I32,
  size: number,
  items: readonly T[],
  keyOf: (item: T) => number,
  body: (item: T, none: Label) => void,
): void {
  f.block((none) => {
    const nest = (index: number, labels: readonly Label[]): void => {
      const item = items[index];
      if (item === undefined) {
        const byKey = new Map(items.map((each, i) => [keyOf(each), labels[i] ?? none]));
        f.brTable(
          value,
          Array.from({ length: size }, (_, key) => byKey.get(key) ?? none),
          none,
        );
        return;
      }
      f.block((label) => nest(index + 1, [...labels, label]));
      body(item, none);
    };
    nest(0, []);
  });
}

export function defineRun(
  module: ModuleBuilder,
  definitions: DefinitionTable,
  helpers: Helpers,
  outlined: FunctionRef<readonly ['i32']>,
  { hot, step }: InterpreterOptions,
): RunFunction {
  return module.function(step ? 'step' : 'run', ['ptr', 'i32'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const slice = f.param(1, 'i32');
    const state: LoopState = {
      nextAddress: f.local('i64'),
      instructionAddress: f.local('i64'),
      text: f.local('i64'),
      word: f.local('i32'),
      length: f.local('i32'),
      cc: f.local('i32'),
      addressMask: f.local('i64'),
      codePage: f.local('i64'),
      codeLimit: f.local('i64'),
      breakingEvent: f.local('i64'),
      exit: f.local('i32'),
      executed: f.local('i64'),
      modifier: f.local('i32'),
    };
    const codeAddend = f.local('i32');
    const started = f.local('i32');
    reload(f, cpu, state);
    f.set(state.instructionAddress, f.loadI64(cpu, cpuLayout.instructionAddress));

    f.block((leave) => {
      f.loop((again) => {
        if (step) {
          f.brIf(started.get(), leave);
          f.set(started, I32.const(1));
        }
        fetch(f, cpu, state, codeAddend, helpers, leave);
        f.loop((dispatch) => {
          f.block((execute) => {
            f.block((branched) => {
              const labels: LoopLabels = { next: again, branched, leave, execute };
              const rows = instructions.filter((row) => hot.has(row.mnemonic));
              forEachOpcode(f, state.text.get(), rows, (row) => {
                const backend = new InlineBackend(f, cpu, row, state, labels);
                f.scope(() => definitions.get(row.mnemonic)?.(new Semantics(row, backend, helpers)));
                f.br(again);
              });
              callOutlined(f, cpu, state, outlined, labels);
            });
            // After a branch or a call, count down; code that comes back can be tiered up and interrupted.
            f.set(slice, slice.get().sub(1));
            f.brIf(slice.get().gtS(0), again);
            f.set(state.exit, I32.const(Exit.slice));
            f.br(leave);
          });
          fetchTarget(f, cpu, state, helpers, leave);
          f.br(dispatch);
        });
      });
    });
    spill(f, cpu, state);
    f.return(state.exit.get());
  });
}

/** Puts the instruction at the next address into the state and moves the next address past it. */
function fetch(
  f: FunctionBuilder,
  cpu: Pointer,
  state: LoopState,
  codeAddend: { get(): I32 } & Parameters<FunctionBuilder['set']>[0],
  helpers: Helpers,
  leave: Label,
): void {
  f.set(state.instructionAddress, state.nextAddress.get());
  const offset = state.instructionAddress.get().sub(state.codePage.get());
  f.if(
    offset.ltU(state.codeLimit.get()),
    () =>
      f.set(
        state.text,
        f.loadI64(codeAddend.get().sub(state.instructionAddress.get().wrap()).toPointer(), 8),
      ),
    () => {
      const address = state.instructionAddress.get();
      f.set(state.length, I32.const(2));
      const [text, ok] = f.call(helpers.fetchSlow, cpu, address) as [I64, I32];
      f.if(ok.eqz(), () => {
        f.set(state.nextAddress, address.add(2));
        f.set(state.exit, I32.const(Exit.program));
        f.br(leave);
      });
      f.set(state.text, text);
      const entry = f.let(cpu.add(tlbOffset(address)));
      const page = address.and(~0xfffn);
      const cached = f
        .loadI64(entry, tlbOf(Access.fetch))
        .eq(page.or(f.loadI64(cpu, mmuLayout.fetchContext)));
      f.set(state.codePage, page);
      f.set(state.codeLimit, f.select(cached, I64.const(4091), I64.const(0)));
      f.set(codeAddend, f.loadI32(entry, tlbOf(Access.fetch) + 8));
    },
  );
  f.set(state.word, state.text.get().shrU(32).wrap());
  f.set(state.length, instructionLength(state.word.get().shrU(24)));
  const next = state.instructionAddress.get().add(state.length.get().extendU());
  f.set(state.nextAddress, next.and(state.addressMask.get()));
}

/** EXECUTE: replaces the instruction by its target, bits 8-15 modified; the next address stays. */
function fetchTarget(
  f: FunctionBuilder,
  cpu: Pointer,
  state: LoopState,
  helpers: Helpers,
  leave: Label,
): void {
  const address = state.executed.get();
  const fail = () => {
    f.set(state.exit, I32.const(Exit.program));
    f.br(leave);
  };
  const failWith = (code: number) => {
    f.store(cpu, mmuLayout.faultCode, I32.const(code));
    fail();
  };
  f.if(address.wrap().and(1), () => failWith(ProgramInterruption.specification));
  const entry = f.let(cpu.add(tlbOffset(address)));
  const tag = address.add(5).and(~0xfffn).or(f.loadI64(cpu, mmuLayout.fetchContext));
  f.if(
    f.loadI64(entry, tlbOf(Access.fetch)).eq(tag),
    () => {
      const host = f.loadI32(entry, tlbOf(Access.fetch) + 8).sub(address.wrap());
      f.set(state.text, f.loadI64(host.toPointer(), 8));
    },
    () => {
      const [text, ok] = f.call(helpers.fetchSlow, cpu, address) as [I64, I32];
      f.if(ok.eqz(), fail);
      f.set(state.text, text);
    },
  );
  const first = f.let(state.text.get().shrU(56).wrap());
  const isExecute = first.eq(0x44).or(state.text.get().shrU(48).wrap().and(0xff0f).eq(0xc600));
  f.if(isExecute, () => failWith(ProgramInterruption.execute));
  f.set(state.text, state.text.get().or(state.modifier.get().and(0xff).extendU().shl(48)));
  f.set(state.word, state.text.get().shrU(32).wrap());
  f.set(state.instructionAddress, address);
}

function callOutlined(
  f: FunctionBuilder,
  cpu: Pointer,
  state: LoopState,
  outlined: FunctionRef<readonly ['i32']>,
  labels: LoopLabels,
): void {
  spill(f, cpu, state);
  const status = f.let(f.callValue(outlined, cpu, state.text.get()));
  reload(f, cpu, state);
  f.if(status, () => {
    f.if(status.gtS(0), () => {
      f.set(state.exit, status);
      f.br(labels.leave);
    });
    f.if(status.eq(Continue.execute), () => {
      f.set(state.executed, f.loadI64(cpu, cpuLayout.executed));
      f.set(state.modifier, f.loadI32(cpu, cpuLayout.scratch));
      f.br(labels.execute);
    });
    f.set(state.codeLimit, I64.const(0));
  });
  f.br(labels.branched);
}

/** Writes what is in locals to the vCPU's block. */
function spill(f: FunctionBuilder, cpu: Pointer, state: LoopState): void {
  f.store(cpu, cpuLayout.nextAddress, state.nextAddress.get(), 64);
  f.store(cpu, cpuLayout.instructionAddress, state.instructionAddress.get(), 64);
  f.store(cpu, cpuLayout.instruction, state.text.get(), 64);
  f.store(cpu, cpuLayout.breakingEvent, state.breakingEvent.get(), 64);
  f.store(cpu, cpuLayout.length, state.length.get());
  f.store(cpu, cpuLayout.cc, state.cc.get());
}

/** Reads back what an instruction outside the loop may have changed. */
function reload(f: FunctionBuilder, cpu: Pointer, state: LoopState): void {
  f.set(state.nextAddress, f.loadI64(cpu, cpuLayout.nextAddress));
  f.set(state.breakingEvent, f.loadI64(cpu, cpuLayout.breakingEvent));
  f.set(state.addressMask, f.loadI64(cpu, mmuLayout.addressMask));
  f.set(state.cc, f.loadI32(cpu, cpuLayout.cc));
}
