/** What modules of regions have in common: they import the host's storage, and what regions call, and nothing else. */
import { type FunctionRef, ModuleBuilder } from '@zarch/wasm';
import { beginModule, importHostMemory } from '../cpu-module.ts';
import type { Helpers } from '../semantics/helpers.ts';
import type { DefinitionTable } from '../semantics/semantics.ts';
import { EffectsTable } from './effects.ts';
import type { RegionCalls } from './emit-region.ts';

/** Definitions, and the functions that regions import, with their types. */
export interface RegionBasics {
  readonly definitions: DefinitionTable;
  readonly helpers: Helpers;
  readonly effects: EffectsTable;
}
let made: RegionBasics | undefined;

export function regionBasics(): RegionBasics {
  if (!made) {
    const { helpers, definitions } = beginModule();
    made = { helpers, definitions, effects: new EffectsTable(definitions, helpers) };
  }
  return made;
}

export interface RegionImports {
  readonly module: ModuleBuilder;
  readonly calls: Omit<RegionCalls, 'placeOf'>;
}

export function importForRegions({ definitions, helpers }: RegionBasics): RegionImports {
  const module = new ModuleBuilder();
  importHostMemory(module);
  const imported = ([name, ref]: [string, FunctionRef]) => [
    name,
    module.importFunction('cpu', name, ref.type.params, ref.type.results),
  ];
  const calls = {
    definitions,
    helpers: Object.fromEntries(Object.entries(helpers).map(imported)) as Helpers,
    outlined: module.importFunction('cpu', 'outlined', ['ptr', 'i64'], ['i32']),
    type: module.typeIndex(['ptr', 'i64'], ['i32']),
  };
  module.importTable('cpu', 'table');
  return { module, calls };
}
