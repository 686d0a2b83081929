/** Expressions of vectors (core specification, section 2.4, "Vector Instructions"). */

import { type Node, vector } from './expression-node.ts';
import { I64 } from './i64.ts';
import { v128 } from './opcodes.ts';

/** A 128-bit vector. */
export class V128 {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get type(): 'v128' {
    return 'v128';
  }
  /** The constant this expression is, or undefined. */
  get constant(): undefined {
    return undefined;
  }

  static splat(value: I64): V128 {
    return new V128(vector(v128.splatI64, value.node, undefined, []));
  }

  /** Picks 16 bytes of this vector (0 to 15) and `other` (16 to 31), the first lane first. */
  shuffle(other: V128, lanes: readonly number[]): V128 {
    return new V128(vector(v128.shuffle, this.node, other.node, lanes));
  }
  /** The 64-bit lane `lane`, 0 or 1. */
  extractI64(lane: 0 | 1): I64 {
    return new I64(vector(v128.extractI64, this.node, undefined, [lane]));
  }
  /** This vector with the 64-bit lane `lane` replaced. */
  replaceI64(lane: 0 | 1, value: I64): V128 {
    return new V128(vector(v128.replaceI64, this.node, value.node, [lane]));
  }
}
