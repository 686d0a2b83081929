export type { OperandAccess } from './accesses.ts';
export { CpuBlock } from './block-view.ts';
export { CodeCache, type CodeCacheOptions } from './code-cache.ts';
export type { CodeCacheCounters } from './code-counters.ts';
export { cpuLayout, Exit } from './cpu-layout.ts';
export {
  buildCpuModule,
  CPU_BLOCK_SIZE,
  type CpuExports,
  type CpuImports,
  instantiateCpu,
  isBuiltAhead,
} from './cpu-module.ts';
export type { EngineDebug, InterruptionKind } from './debug.ts';
export { Engine, type EngineCounters, type EngineOptions } from './engine.ts';
export { interceptedInstructions } from './semantics/control/intercepted.ts';
export { createDefinitions } from './semantics/definitions.ts';
export { TOD_PER_MICROSECOND, TOD_UNIX_EPOCH, todFromUnix, todToMilliseconds } from './tod.ts';
export { LocalTranslator } from './translator/local-translator.ts';
export { Preparation } from './translator/preparation.ts';
export { Rehearsal } from './translator/rehearsal.ts';
export type {
  KeptTranslations,
  Translation,
  TranslationRequest,
  TranslatorAnswer,
  TranslatorPort,
} from './translator/translation.ts';
export {
  type ReadPart,
  type StoreLimits,
  TranslationStore,
} from './translator/translation-store.ts';
export { type CompileRegions, Translator, type TranslatorOptions } from './translator/translator.ts';
