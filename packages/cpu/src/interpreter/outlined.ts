/** Instructions as functions of their own, and how an instruction's function is found. */
import { ProgramInterruption, PSW } from '@zarch/arch';
import { type Instruction, instructions } from '@zarch/isa';
import { Access, mmuLayout, tlbOf, tlbOffset } from '@zarch/memory';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type Label,
  type ModuleBuilder,
} from '@zarch/wasm';
import { cpuLayout, Exit } from '../cpu-layout.ts';
import type { Helpers } from '../semantics/helpers.ts';
import { type DefinitionTable, Semantics } from '../semantics/semantics.ts';
import { Continue, OutlineBackend } from './outline-backend.ts';

/** Instructions by first byte and, under it, by extension. */
interface OpcodeTree {
  readonly firstByte: number;
  readonly rows: readonly Instruction[];
}

/** Defines an instruction's function; undefined when it has no definition. */
export function defineInstruction(
  module: ModuleBuilder,
  row: Instruction,
  definitions: DefinitionTable,
  helpers: Helpers,
): FunctionRef<readonly ['i32']> | undefined {
  const definition = definitions.get(row.mnemonic);
  if (!definition) return undefined;
  return module.function(row.mnemonic, ['ptr', 'i64'], ['i32'], (f) => {
    const semantics = new Semantics(row, new OutlineBackend(f, row), helpers);
    if (row.facility !== undefined) semantics.requireFacility(row.facility);
    definition(semantics);
    f.return(I32.const(Continue.next));
  });
}

export interface Outlined {
  /** `(cpu, text) -> status`: does an instruction, and what it executes. */
  readonly call: FunctionRef<readonly ['i32']>;
  /** `(cpu, address, modifier) -> (text, exit)`: the target of EXECUTE with bits 8-15 modified; the next address stays. */
  readonly target: FunctionRef<readonly ['i64', 'i32']>;
}

/** Defines one function per instruction, and those that find and call it. */
export function defineOutlined(
  module: ModuleBuilder,
  definitions: DefinitionTable,
  helpers: Helpers,
): Outlined {
  const one = defineDispatch(module, definitions, helpers);
  const target = defineTarget(module, helpers);
  const call = module.function('outlined', ['ptr', 'i64'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const status = f.let(f.callValue(one, cpu, f.param(1, 'i64').get()));
    f.if(status.ne(Continue.execute), () => f.return(status));
    const modifier = f.loadI32(cpu, cpuLayout.scratch).and(0xff).extendU();
    const [text, exit] = f.call(target, cpu, f.loadI64(cpu, cpuLayout.executed), modifier) as [I64, I32];
    f.if(exit, () => f.return(exit));
    const result = f.let(f.callValue(one, cpu, text));
    // Translated code does not look for changes of the mapping after EXECUTE.
    const first = f.let(text.shrU(56).wrap());
    const mayPurge = first.eq(0xb2).or(first.eq(0xb9));
    const supervisor = f.loadI64(cpu, mmuLayout.pswMask).and(PSW.problem).eqz();
    f.if(result.eqz().and(mayPurge).and(supervisor), () => f.return(I32.const(Exit.partial)));
    f.return(result);
  });
  return { call, target };
}

function defineDispatch(
  module: ModuleBuilder,
  definitions: DefinitionTable,
  helpers: Helpers,
): FunctionRef<readonly ['i32']> {
  const entries = new Map<Instruction, FunctionRef<readonly ['i32']>>();
  for (const row of instructions) {
    const ref = defineInstruction(module, row, definitions, helpers);
    if (!ref) continue;
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

  return module.function('dispatch', ['ptr', 'i64'], ['i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const text = f.param(1, 'i64').get();
    const slot = f.local('i32');
    f.set(slot, I32.const(nowhere));
    f.block((found) => {
      const byte = (index: number) =>
        text
          .shrU(56 - 8 * index)
          .wrap()
          .and(0xff);
      forEachOpcode(f, byte, [...entries.keys()], (row) => {
        f.set(slot, I32.const(place.get(row) ?? nowhere));
        f.br(found);
      });
    });
    f.return(f.callIndirect(type, 'i32', slot.get(), cpu, text));
  });
}

function defineTarget(module: ModuleBuilder, helpers: Helpers): Outlined['target'] {
  return module.function('executeTarget', ['ptr', 'i64', 'i64'], ['i64', 'i32'], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const address = f.param(1, 'i64').get();
    const modifier = f.param(2, 'i64').get();
    const fail = () => f.return(I64.const(0), I32.const(Exit.program));
    const failWith = (code: number) => {
      f.store(cpu, mmuLayout.faultCode, I32.const(code));
      fail();
    };
    f.if(address.wrap().and(1), () => failWith(ProgramInterruption.specification));
    const text = f.local('i64');
    const entry = f.let(cpu.add(tlbOffset(address)));
    const tag = address.add(5).and(~0xfffn).or(f.loadI64(cpu, mmuLayout.fetchContext));
    f.if(
      f.loadI64(entry, tlbOf(Access.fetch)).eq(tag),
      () => {
        const host = f.loadI32(entry, tlbOf(Access.fetch) + 8).sub(address.wrap());
        f.set(text, f.loadI64(host.toPointer(), 8));
      },
      () => {
        const [fetched, ok] = f.call(helpers.fetchSlow, cpu, address) as [I64, I32];
        f.if(ok.eqz(), fail);
        f.set(text, fetched);
      },
    );
    f.set(text, text.get().or(modifier.shl(48)));
    // The modified bits may be part of the operation code.
    const first = f.let(text.get().shrU(48).wrap());
    const isExecute = first.and(0xff00).eq(0x4400).or(first.and(0xff0f).eq(0xc600));
    f.if(isExecute, () => failWith(ProgramInterruption.execute));
    f.store(cpu, cpuLayout.instruction, text.get(), 64);
    f.store(cpu, cpuLayout.instructionAddress, address, 64);
    f.return(text.get(), I32.const(0));
  });
}

/**
 * Branches on the operation code to what `emit` makes for each row, which must branch away; other codes fall
 * through to the end.
 *
 * @param byte - Gives the instruction's byte at an index.
 */
export function forEachOpcode(
  f: FunctionBuilder,
  byte: (index: number) => I32,
  rows: readonly Instruction[],
  emit: (row: Instruction) => void,
): void {
  const trees = Map.groupBy(rows, (row) => row.firstByte);
  const groups = [...trees].map(([firstByte, group]): OpcodeTree => ({ firstByte, rows: group }));
  const firstByteOf = (group: OpcodeTree) => group.firstByte;
  switchOn(f, byte(0), 256, groups, firstByteOf, (group, none) => {
    const [first] = group.rows;
    if (!first) return;
    const extension = first.extension;
    if (!extension) {
      emit(first);
      return;
    }
    const { start, length } = extension;
    const value = byte(Math.floor(start / 8)).shrU(8 - (start % 8) - length);
    const key = value.and(2 ** length - 1);
    switchOn(f, key, 2 ** length, group.rows, (row) => row.extension?.value ?? 0, emit);
    f.br(none);
  });
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
