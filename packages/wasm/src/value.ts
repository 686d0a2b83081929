/**
 * Typed expressions: what those of all types have in common. An expression is a tree that is evaluated where the
 * statement using it is emitted; use `FunctionBuilder.let` to fix the moment, or to use a value twice without computing
 * it twice.
 */

import type { Node } from './expression-node.ts';
import { F32, F64 } from './float.ts';
import { I32 } from './i32.ts';
import { I64 } from './i64.ts';
import { Pointer } from './pointer.ts';
import type { ValueType } from './types.ts';
import { V128 } from './v128.ts';

/** An expression of any type. The classes have no common base, so that making one is quick. */
export interface Value {
  readonly type: ValueType;
  readonly node: Node;
  /** The constant this expression is, or undefined. */
  readonly constant: number | bigint | undefined;
}

/** The expression class of each type. */
export interface ValueOf {
  readonly i32: I32;
  readonly i64: I64;
  readonly f32: F32;
  readonly f64: F64;
  readonly v128: V128;
  readonly ptr: Pointer;
}

/** Wraps a node of a known type. */
export function wrapNode<T extends ValueType>(type: T, node: Node): ValueOf[T] {
  return wrap(type, node) as ValueOf[T];
}

function wrap(type: ValueType, node: Node): Value {
  switch (type) {
    case 'i32':
      return new I32(node);
    case 'i64':
      return new I64(node);
    case 'ptr':
      return new Pointer(node);
    case 'f32':
      return new F32(node);
    case 'f64':
      return new F64(node);
    case 'v128':
      return new V128(node);
  }
}
