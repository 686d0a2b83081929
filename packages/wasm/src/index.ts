export { ByteReader } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export {
  type BranchHint,
  type FunctionBody,
  FunctionBuilder,
  type FunctionRef,
  flag,
  type GlobalRef,
  Label,
  Local,
} from './function-builder.ts';
export type { MemoryImport } from './imports.ts';
export { ModuleBuilder } from './module-builder.ts';
export type { AccessWidth, AtomicOperation } from './opcodes.ts';
export type { AddressWidth, FunctionType, ValueType } from './types.ts';
export {
  F32,
  F64,
  type Float,
  I32,
  I64,
  Pointer,
  V128,
  type Value,
  type ValueOf,
  wrapNode,
} from './value.ts';
