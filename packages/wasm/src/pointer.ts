/** Expressions of addresses: integers that are as wide as the addresses of the module's memory. */

import { constant, Form, formed, Node } from './expression-node.ts';
import { I32 } from './i32.ts';
import { I64 } from './i64.ts';
import { i32, i64 } from './opcodes.ts';

/** An address of the module's memory: 32 or 64 bits wide, as the module says. */
export class Pointer {
  readonly node: Node;

  constructor(node: Node) {
    this.node = node;
  }

  get type(): 'ptr' {
    return 'ptr';
  }
  /** The constant this expression is, or undefined. */
  get constant(): number | bigint | undefined {
    return this.node.constant;
  }

  static const(value: number): Pointer {
    return new Pointer(constant(Form.constPointer, 0x41, value));
  }

  static of(value: Pointer | number): Pointer {
    return typeof value === 'number' ? Pointer.const(value) : value;
  }

  add(o: Pointer | number): Pointer {
    return o === 0 ? this : new Pointer(binaryPointer(i32.add, this, o));
  }
  sub(o: Pointer | number): Pointer {
    return o === 0 ? this : new Pointer(binaryPointer(i32.sub, this, o));
  }
  eq(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.eq, this, o));
  }
  ne(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.ne, this, o));
  }
  ltU(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.ltU, this, o));
  }
  geU(o: Pointer | number): I32 {
    return new I32(binaryPointer(i32.geU, this, o));
  }

  /** The address as an unsigned 64-bit integer. */
  toI64(): I64 {
    return new I64(formed(Form.pointerOf32, i64.extendI32U, this.node));
  }
  /** The rightmost 32 bits of the address. */
  toI32(): I32 {
    return new I32(formed(Form.pointerOf64, i32.wrapI64, this.node));
  }
}

function binaryPointer(code: number, a: Pointer, other: Pointer | number): Node {
  return new Node(Form.pointer, code, a.node, Pointer.of(other).node, 0, undefined);
}
