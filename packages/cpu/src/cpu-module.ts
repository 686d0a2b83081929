/** The CPU's WebAssembly module: translation, helpers, every instruction, and the interpreter over them. */
import { type Instruction, instructions } from '@zarch/isa';
import { defineMmu, type HostStorage } from '@zarch/memory';
import { type FunctionRef, I32, ModuleBuilder } from '@zarch/wasm';
import { cpuLayout, Exit } from './cpu-layout.ts';
import { hotInstructions } from './interpreter/hot.ts';
import { defineRun } from './interpreter/interpreter.ts';
import { defineInstruction, defineOutlined } from './interpreter/outlined.ts';
import { prebuiltModule } from './prebuilt-module.ts';
import { type Assist, AssistContext, findAssist } from './semantics/assist.ts';
import { defineConditionHelper } from './semantics/condition-helper.ts';
import { defineInterruptionHelpers } from './semantics/control/interruption-helpers.ts';
import { defineMoveHelpers } from './semantics/control/move-helpers.ts';
import { definePswHelpers } from './semantics/control/psw-helpers.ts';
import { createDefinitions } from './semantics/definitions.ts';
import { defineArithmeticHelpers } from './semantics/general/arithmetic-helpers.ts';
import { defineStorageHelpers } from './semantics/general/storage-helpers.ts';
import type { Helpers } from './semantics/helpers.ts';
import type { DefinitionTable } from './semantics/semantics.ts';
import { defineWindowHelper } from './semantics/window-helper.ts';

/** 64 KiB pages of the largest memory with 32-bit addresses. */
const MOST_PAGES = 65_536;

/** Facilities with frequent instructions, up to those of the z14. */
const USUAL: ReadonlySet<number> = new Set([18, 21, 34, 35, 41, 45, 49, 53, 58]);

/** The module's functions, for the engine that runs a vCPU. Addresses and tags are 64-bit integers. */
export interface CpuExports {
  /** Executes at most `slice` branches and calls; gives an `Exit`. */
  run(cpu: number, slice: number): number;
  /** Executes one instruction. */
  step(cpu: number, slice: number): number;
  /** Loads a PSW; 6 when it is not valid, which is a specification exception. */
  loadPsw(cpu: number, mask: bigint, address: bigint): number;
  /** Bits 0-63 of the current PSW. */
  currentMask(cpu: number): bigint;
  /** Exchanges PSWs at offsets of the prefix area; result as for loadPsw. */
  exchangePsw(cpu: number, oldOffset: number, newOffset: number): number;
  /** Delivers the supervisor call, or the program interruption, that the block records; result as for loadPsw. */
  deliverSupervisorCall(cpu: number): number;
  deliverProgram(cpu: number): number;
  refresh(cpu: number): void;
  purge(cpu: number): void;
  purgePage(cpu: number, address: bigint): void;
  translate(cpu: number, address: bigint, asce: bigint): [bigint, number];
  resolve(cpu: number, address: bigint, asce: bigint, mode: number): bigint;
  spaceAsce(cpu: number, space: number, ar: number): [bigint, number];
  access(cpu: number, address: bigint, ar: number, kind: number): number;
  /** Purges the entries by which blocks with translated code could be stored into. */
  protectCode(cpu: number): void;
  /** Functions that are called by a number: the interpreter's own, and translated code. */
  readonly table: WebAssembly.Table;
  /** Stands in the table for code that is not translated: goes on there by way of the interpreter. */
  readonly untranslated: CallableFunction;
}

/** What the module needs from the outside. */
export interface CpuImports {
  /** The host's clock in TOD-clock units (2^-12 microseconds), never going back. */
  readonly clock: () => bigint;
  /** Access-register translation of an ALET other than 0 and 1: the ASCE, or an exception code. */
  readonly translateAccessRegister: (cpu: number, register: number) => readonly [bigint, number];
}

/**
 * The module, in the binary format.
 *
 * @param facilities - The facilities that guests are usually offered: instructions of others are not put into the
 *   interpreter's loop. What a guest is really offered is in its block.
 */
export function buildCpuModule(facilities: (bit: number) => boolean): Uint8Array<ArrayBuffer> {
  const ahead = isBuiltAhead(facilities) ? prebuiltModule() : undefined;
  return ahead ?? makeCpuModule(({ facility }) => facility === undefined || facilities(facility));
}

/** Whether guests with these facilities have the module that is part of the built package. */
export function isBuiltAhead(facilities: (bit: number) => boolean): boolean {
  return instructions
    .filter(({ mnemonic }) => hotInstructions.has(mnemonic))
    .every((row) => (row.facility === undefined || facilities(row.facility)) === isUsuallyOffered(row));
}

/** What the module that is built ahead has in its loop: what the default CPU model offers of {@link hotInstructions}. */
export function isUsuallyOffered({ facility }: Instruction): boolean {
  return facility === undefined || USUAL.has(facility);
}

/** Makes the module, with what `isOffered` in the interpreter's loop. */
export function makeCpuModule(isOffered: (row: Instruction) => boolean): Uint8Array<ArrayBuffer> {
  const { module, helpers, definitions } = beginModule();
  const outlined = defineOutlined(module, definitions, helpers);
  const hot = new Set(
    instructions
      .filter(({ mnemonic }) => hotInstructions.has(mnemonic) && definitions.get(mnemonic))
      .filter(isOffered)
      .map(({ mnemonic }) => mnemonic),
  );
  module.export('run', defineRun(module, definitions, helpers, outlined, { hot, step: false }));
  module.export('step', defineRun(module, definitions, helpers, outlined, { hot: new Set(), step: true }));
  // Translated code calls them all.
  for (const [name, helper] of Object.entries(helpers)) module.export(name, helper);
  module.export('outlined', outlined.call);
  module.export('untranslated', defineUntranslated(module));
  module.exportTable('table');
  return module.finish();
}

function defineUntranslated(module: ModuleBuilder): FunctionRef {
  return module.function('untranslated', ['ptr', 'i64'], ['i32'], (f) => {
    const [cpu, address] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
    f.store(cpu, cpuLayout.nextAddress, address, 64);
    f.store(cpu, cpuLayout.instructionAddress, address, 64);
    f.store(cpu, cpuLayout.length, I32.const(0));
    f.return(I32.const(0));
  });
}

/** Imports the host's storage, whatever size it has. */
export function importHostMemory(module: ModuleBuilder): void {
  const size = { initialPages: 1, maximumPages: MOST_PAGES };
  module.importMemory({ module: 'host', name: 'memory', ...size, shared: true });
}

/** A module with its imports and helpers, and the definitions to go into it. */
export function beginModule(): {
  readonly module: ModuleBuilder;
  readonly helpers: Helpers;
  readonly definitions: DefinitionTable;
} {
  const module = new ModuleBuilder();
  importHostMemory(module);
  const art = module.importFunction('host', 'translateAccessRegister', ['ptr', 'i32'], ['i64', 'i32']);
  const clock = module.importFunction('host', 'clock', [], ['i64']);
  const assist = module.importFunction('host', 'assist', ['ptr', 'i32', 'i64'], ['i32']);
  const mmu = defineMmu(module, art);
  const psw = definePswHelpers(module, mmu);
  const helpers: Helpers = {
    ...mmu,
    ...defineStorageHelpers(module, mmu),
    ...defineArithmeticHelpers(module),
    ...psw,
    ...defineInterruptionHelpers(module, psw),
    ...defineMoveHelpers(module, mmu),
    ...defineWindowHelper(module, mmu),
    ...defineConditionHelper(module),
    clock,
    assist,
  };
  return { module, helpers, definitions: createDefinitions() };
}

/**
 * The assist of a number. A thread that got the module from another one has not made the definitions, so it makes the
 * one in question.
 */
function assistOf(number: number): Assist {
  const known = findAssist(number);
  if (known) return known;
  const row = instructions[number];
  const { module, helpers, definitions } = beginModule();
  if (row) defineInstruction(module, row, definitions, helpers);
  const made = findAssist(number);
  if (!made) throw new Error(`instruction ${number} has no assist`);
  return made;
}

/** Assists between two looks at clock and kicks. */
const ASSISTS = 32;

/** Instantiates the module over a host storage. */
export function instantiateCpu(
  module: WebAssembly.Module,
  host: HostStorage,
  imports: CpuImports,
): CpuExports {
  let exports: CpuExports | undefined;
  const contexts = new Map<number, AssistContext>();
  let assists = 0;
  const assist = (cpu: number, number: number, text: bigint): number => {
    let context = contexts.get(cpu);
    if (!context) {
      if (!exports) throw new Error('an assist before the module is instantiated');
      context = new AssistContext(host.memory.buffer, cpu, exports);
      contexts.set(cpu, context);
    }
    const status = assistOf(number)(context, BigInt.asUintN(64, text));
    // A slice counts branches, between which an assist may take a millisecond.
    return status === 0 && ++assists % ASSISTS === 0 ? Exit.partial : status;
  };
  const instance = new WebAssembly.Instance(module, {
    host: {
      memory: host.memory,
      clock: () => BigInt.asIntN(64, imports.clock()),
      translateAccessRegister: imports.translateAccessRegister,
      assist,
    },
  });
  exports = instance.exports as unknown as CpuExports;
  return exports;
}

/** Bytes of host storage that one vCPU's block takes. */
export const CPU_BLOCK_SIZE = cpuLayout.end;
