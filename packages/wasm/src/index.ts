export { ByteReader } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export { F32, F64, type Float } from './float.ts';
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
export { I32 } from './i32.ts';
export { I64 } from './i64.ts';
export type { MemoryImport } from './imports.ts';
export { ModuleBuilder } from './module-builder.ts';
export type { AccessWidth, AtomicOperation } from './opcodes.ts';
export { Pointer } from './pointer.ts';
export type { AddressWidth, FunctionType, ValueType } from './types.ts';
export { V128 } from './v128.ts';
export { type Value, type ValueOf, wrapNode } from './value.ts';
