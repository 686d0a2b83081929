/** What instructions on constants give (core specification, section 4.3.2); undefined for those that are left as they are. */
import { Form, type Node } from './expression-node.ts';
import { i32, i64 } from './opcodes.ts';

/** @returns Any number: the result is its rightmost 32 bits. */
export function foldI32(code: number, a: number, b: number): number | undefined {
  switch (code) {
    case i32.add:
      return a + b;
    case i32.sub:
      return a - b;
    case i32.mul:
      return Math.imul(a, b);
    case i32.and:
      return a & b;
    case i32.or:
      return a | b;
    case i32.xor:
      return a ^ b;
    case i32.shl:
      return a << b;
    case i32.shrS:
      return a >> b;
    case i32.shrU:
      return a >>> b;
    case i32.eq:
      return Number(a === b);
    case i32.ne:
      return Number(a !== b);
    case i32.ltS:
      return Number(a < b);
    case i32.gtS:
      return Number(a > b);
    case i32.leS:
      return Number(a <= b);
    case i32.geS:
      return Number(a >= b);
    case i32.ltU:
      return Number(a >>> 0 < b >>> 0);
    case i32.gtU:
      return Number(a >>> 0 > b >>> 0);
    case i32.leU:
      return Number(a >>> 0 <= b >>> 0);
    case i32.geU:
      return Number(a >>> 0 >= b >>> 0);
    default:
      return undefined;
  }
}

/** @returns Any integer: the result is its rightmost 64 bits. */
export function foldI64(code: number, a: bigint, b: bigint): bigint | undefined {
  switch (code) {
    case i64.add:
      return a + b;
    case i64.sub:
      return a - b;
    case i64.mul:
      return a * b;
    case i64.and:
      return a & b;
    case i64.or:
      return a | b;
    case i64.xor:
      return a ^ b;
    case i64.shl:
      return a << (b & 63n);
    case i64.shrS:
      return a >> (b & 63n);
    case i64.shrU:
      return unsigned(a) >> (b & 63n);
    default:
      return undefined;
  }
}

/** @returns Whether the comparison of signed numbers holds. */
export function foldI64Compare(code: number, a: bigint, b: bigint): boolean {
  switch (code) {
    case i64.eq:
      return a === b;
    case i64.ne:
      return a !== b;
    case i64.ltS:
      return a < b;
    case i64.gtS:
      return a > b;
    case i64.leS:
      return a <= b;
    case i64.geS:
      return a >= b;
    case i64.ltU:
      return unsigned(a) < unsigned(b);
    case i64.gtU:
      return unsigned(a) > unsigned(b);
    case i64.leU:
      return unsigned(a) <= unsigned(b);
    case i64.geU:
      return unsigned(a) >= unsigned(b);
    default:
      throw new Error(`no comparison ${code}`);
  }
}

function unsigned(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** The one form of a 64-bit constant: a number, which is quick, if it has 32 bits, and otherwise a bigint. */
export function normal(value: bigint | number): number | bigint {
  if (typeof value === 'number' && (value | 0) === value) return value | 0;
  const wrapped = BigInt.asIntN(64, BigInt(value));
  const small = Number(wrapped);
  return (small | 0) === small ? small : wrapped;
}

/** A field of a number: `value >>> distance & mask`. */
interface ShiftedField {
  readonly value: Node;
  readonly distance: number;
  readonly mask: number;
}

/** (x >>> k & mask) << n is x >>> (k - n) & mask << n: one shift fewer for a field that scales an index. */
export function scaledField(
  { form, code, first: shifted, second: mask }: Node,
  count: number,
): ShiftedField | undefined {
  if (form !== Form.plain || code !== i32.and || !mask?.isConstant) return undefined;
  if (shifted?.form !== Form.plain || shifted.code !== i32.shrU) return undefined;
  const { first: value, second: by } = shifted;
  if (!value || !by?.isConstant) return undefined;
  const distance = (by.immediate as number) - count;
  return distance < 0 ? undefined : { value, distance, mask: (mask.immediate as number) << count };
}
