/**
 * Directives that define data: `.byte`, `.short`, `.long`, `.quad`, `.ascii`, `.asciz`. Big-endian, as all of
 * z/Architecture (Principles of Operation, "Organization and Addressing", section "Information Formats").
 */
import { evaluate, type Scope, type Statement } from './statement.ts';

/** The size in bytes of each value. */
const integerSizes: ReadonlyMap<string, number> = new Map([
  ['.byte', 1],
  ['.short', 2],
  ['.long', 4],
  ['.quad', 8],
]);

/** What follows each string. */
const stringEnds: ReadonlyMap<string, readonly number[]> = new Map([
  ['.ascii', []],
  ['.asciz', [0]],
]);

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '\\': 0x5c, '"': 0x22, '0': 0 };

/** Whether an operation is one of these directives. */
export function isDataDirective(operation: string): boolean {
  return integerSizes.has(operation) || stringEnds.has(operation);
}

function integerBytes(text: string, size: number, scope: Scope): number[] | string {
  const value = evaluate(text, scope);
  if (typeof value === 'string') return value;
  const bits = BigInt(8 * size);
  if (value < -(1n << (bits - 1n)) || value >= 1n << bits) return `${value} does not fit in ${size} bytes`;
  return Array.from({ length: size }, (_, index) => {
    return Number(BigInt.asUintN(8, value >> (bits - 8n * BigInt(index + 1))));
  });
}

/** The characters of a string literal, which must be ASCII, with the escapes \\n \\t \\r \\0 \\" \\\\. */
function stringBytes(text: string): number[] | string {
  const literal = /^"((?:[^"\\]|\\.)*)"$/.exec(text);
  if (literal?.[1] === undefined) return `${text} is not a string in double quotes`;
  const bytes: number[] = [];
  for (const [piece] of literal[1].matchAll(/\\.|[^\\]/gu)) {
    const code = piece.length > 1 && piece.startsWith('\\') ? escapes[piece.charAt(1)] : piece.codePointAt(0);
    if (code === undefined) return `${piece} is not an escape sequence`;
    if (code > 127) return `"${piece}" is not an ASCII character`;
    bytes.push(code);
  }
  return bytes;
}

/** The bytes of a data directive, or what is wrong with it. */
export function assembleData(statement: Statement, scope: Scope): Uint8Array | string {
  const size = integerSizes.get(statement.operation);
  const end = stringEnds.get(statement.operation) ?? [];
  const bytes: number[] = [];
  if (statement.operands.length === 0) return `${statement.operation} needs a value`;
  for (const text of statement.operands) {
    const piece = size === undefined ? stringBytes(text) : integerBytes(text, size, scope);
    if (typeof piece === 'string') return piece;
    for (const byte of piece) bytes.push(byte);
    if (size === undefined) bytes.push(...end);
  }
  return Uint8Array.from(bytes);
}

/** How many bytes a data directive gives, which does not depend on the values of symbols; or what is wrong. */
export function dataSize(statement: Statement): number | string {
  const size = integerSizes.get(statement.operation);
  if (size !== undefined) return size * statement.operands.length;
  const bytes = assembleData(statement, { address: 0n, lookup: () => undefined });
  return typeof bytes === 'string' ? bytes : bytes.length;
}
