/** The CPU's WebAssembly module: translation, helpers, every instruction, and the interpreter over them. */
import { defineMmu, type HostStorage } from '@zarch/memory';
import { ModuleBuilder } from '@zarch/wasm';
import { cpuLayout } from './cpu-layout.ts';
import { hotInstructions } from './interpreter/hot.ts';
import { defineOutlined, defineRun } from './interpreter/interpreter.ts';
import { AssistContext, assistByNumber } from './semantics/assist.ts';
import { createDefinitions } from './semantics/definitions.ts';
import type { Helpers } from './semantics/helpers.ts';

/** The module's functions, for the engine that runs a vCPU. Addresses and tags are 64-bit integers. */
export interface CpuExports {
  /** Executes at most `slice` branches and calls; gives an `Exit`. */
  run(cpu: number, slice: number): number;
  /** Executes one instruction. */
  step(cpu: number, slice: number): number;
  refresh(cpu: number): void;
  purge(cpu: number): void;
  purgePage(cpu: number, address: bigint): void;
  translate(cpu: number, address: bigint, asce: bigint): [bigint, number];
  resolve(cpu: number, address: bigint, asce: bigint, mode: number): bigint;
  spaceAsce(cpu: number, space: number, ar: number): [bigint, number];
  access(cpu: number, address: bigint, ar: number, kind: number): number;
}

/** What the module needs from the outside. */
export interface CpuImports {
  /** The host's clock in TOD-clock units (2^-12 microseconds), never going back. */
  readonly clock: () => bigint;
  /** Access-register translation of an ALET other than 0 and 1: the ASCE, or an exception code. */
  readonly translateAccessRegister: (cpu: number, register: number) => readonly [bigint, number];
}

/** Builds the module for a host storage of `pages` 64 KiB pages, in the binary format. */
export function buildCpuModule(pages: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.importMemory({
    module: 'host',
    name: 'memory',
    initialPages: pages,
    maximumPages: pages,
    shared: true,
  });
  const art = module.importFunction('host', 'translateAccessRegister', ['ptr', 'i32'], ['i64', 'i32']);
  const clock = module.importFunction('host', 'clock', [], ['i64']);
  const assist = module.importFunction('host', 'assist', ['ptr', 'i32', 'i64'], ['i32']);
  const mmu = defineMmu(module, art);
  const helpers: Helpers = { ...mmu, clock, assist };
  const definitions = createDefinitions();
  const outlined = defineOutlined(module, definitions, helpers);
  const hot = new Set([...hotInstructions].filter((mnemonic) => definitions.get(mnemonic)));
  module.export('run', defineRun(module, definitions, helpers, outlined, { hot, step: false }));
  module.export('step', defineRun(module, definitions, helpers, outlined, { hot: new Set(), step: true }));
  for (const name of [
    'refresh',
    'purge',
    'purgePage',
    'translate',
    'resolve',
    'spaceAsce',
    'access',
  ] as const) {
    module.export(name, mmu[name]);
  }
  return module.finish();
}

/** Instantiates the module over a host storage. */
export function instantiateCpu(
  module: WebAssembly.Module,
  host: HostStorage,
  imports: CpuImports,
): CpuExports {
  let exports: CpuExports | undefined;
  const contexts = new Map<number, AssistContext>();
  const assist = (cpu: number, number: number, text: bigint): number => {
    let context = contexts.get(cpu);
    if (!context) {
      if (!exports) throw new Error('an assist before the module is instantiated');
      context = new AssistContext(host.memory.buffer, cpu, exports);
      contexts.set(cpu, context);
    }
    return assistByNumber(number)(context, BigInt.asUintN(64, text));
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
