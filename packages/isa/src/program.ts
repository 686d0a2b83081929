/**
 * From a program of many lines to bytes: labels, symbols and the placement of code, in two passes.
 * Principles of Operation, appendix "Assembler-Instruction Formats", for the instructions in it.
 */
import { assembleStatement, findOperation } from './assemble.ts';
import { dataSize, isDataDirective } from './data.ts';
import { evaluate, parseLine, type Scope, type SourceError, type Statement } from './statement.ts';

export interface ProgramOptions {
  /** The address of the first byte; 0 if absent. */
  readonly origin?: bigint;
}

/** An error in a line of the source; the first line is 1. */
export interface ProgramError extends SourceError {
  readonly line: number;
}

export type ProgramResult =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** Addresses of the labels, and values of `.equ` symbols. */
      readonly symbols: ReadonlyMap<string, bigint>;
    }
  | { readonly ok: false; readonly errors: readonly ProgramError[] };

/** A program may not be longer than this, so that a stray `.org` does not use up the host's memory. */
export const programLimit = 1 << 26;

/** A statement that gives bytes, and where. */
interface Placed {
  readonly line: number;
  readonly position: number;
  readonly statement: Statement;
}

class Layout {
  readonly symbols = new Map<string, bigint>();
  readonly placed: Placed[] = [];
  readonly errors: ProgramError[] = [];
  readonly origin: bigint;
  position = 0;

  constructor(origin: bigint) {
    this.origin = origin;
  }

  get address(): bigint {
    return this.origin + BigInt(this.position);
  }

  get scope(): Scope {
    return { address: this.address, lookup: (name) => this.symbols.get(name) };
  }

  addLine(line: number, source: string): void {
    const { labels, statement } = parseLine(source);
    for (const label of labels) this.report(line, this.define(label, this.address));
    if (statement === undefined) return;
    const place = placements.get(statement.operation);
    this.report(line, place === undefined ? this.addBytes(line, statement) : place(this, statement));
  }

  /** Undefined, or what is wrong. */
  define(name: string, value: bigint): string | undefined {
    if (this.symbols.has(name)) return `symbol "${name}" is defined twice`;
    this.symbols.set(name, value);
    return undefined;
  }

  /** Moves to a later position; the bytes between are zero. */
  moveTo(address: bigint): string | undefined {
    const position = address - this.origin;
    if (position < this.position) return `address ${address} is before the current one, ${this.address}`;
    if (position > programLimit) return `the program is longer than ${programLimit} bytes`;
    this.position = Number(position);
    return undefined;
  }

  private addBytes(line: number, statement: Statement): string | undefined {
    const size = isDataDirective(statement.operation)
      ? dataSize(statement)
      : (findOperation(statement.operation)?.instruction.length ??
        `"${statement.operation}" is neither an instruction nor a directive`);
    if (typeof size === 'string') return size;
    if (this.address % 2n !== 0n && !isDataDirective(statement.operation)) {
      return 'an instruction must be at an even address';
    }
    const { position } = this;
    const problem = this.moveTo(this.address + BigInt(size));
    if (problem === undefined) this.placed.push({ line, position, statement });
    return problem;
  }

  report(line: number, message: string | undefined): void {
    if (message !== undefined) this.errors.push({ line, message, operand: undefined });
  }
}

type Placement = (layout: Layout, statement: Statement) => string | undefined;

/** Evaluates the only operand; symbols in it must have been defined before. */
function withValue(
  layout: Layout,
  statement: Statement,
  use: (value: bigint) => string | undefined,
): string | undefined {
  const [text, another] = statement.operands;
  if (text === undefined || another !== undefined) return `${statement.operation} takes one operand`;
  const value = evaluate(text, layout.scope);
  return typeof value === 'string' ? value : use(value);
}

const align: Placement = (layout, statement) =>
  withValue(layout, statement, (value) => {
    if (value < 1n || (value & (value - 1n)) !== 0n) return `${value} is not a power of two`;
    return layout.moveTo((layout.address + value - 1n) & -value);
  });

const equate: Placement = (layout, statement) => {
  const [name = '', text, another] = statement.operands;
  if (text === undefined || another !== undefined) return `${statement.operation} takes a name and a value`;
  if (!/^[A-Za-z_.$][\w.$]*$/.test(name)) return `"${name}" is not a symbol`;
  const value = evaluate(text, layout.scope);
  return typeof value === 'string' ? value : layout.define(name, value);
};

/** Directives that give no bytes of their own. */
const placements: ReadonlyMap<string, Placement> = new Map<string, Placement>([
  ['.align', align],
  ['.balign', align],
  ['.org', (layout, statement) => withValue(layout, statement, (value) => layout.moveTo(value))],
  ['.skip', (layout, statement) => withValue(layout, statement, (by) => layout.moveTo(layout.address + by))],
  ['.equ', equate],
  ['.set', equate],
]);

/**
 * Assembles a program: a statement per line as for `assemble`, labels (`name:`), comments (`#` or `;` to the
 * end of the line), and the directives
 *
 * - `.byte`, `.short`, `.long`, `.quad` with values, `.ascii`, `.asciz` with strings;
 * - `.align n` to a multiple of n bytes, `.org address`, `.skip n`: the bytes between are zero;
 * - `.equ name,value`, whose value may only use symbols defined before it.
 *
 * Instructions may use labels defined after them. Returns the bytes from `origin` on and the symbols, or all
 * errors found.
 */
export function assembleProgram(source: string, options: ProgramOptions = {}): ProgramResult {
  const layout = new Layout(options.origin ?? 0n);
  for (const [index, text] of source.split('\n').entries()) layout.addLine(index + 1, text);
  const { errors, symbols } = layout;
  const bytes = new Uint8Array(layout.position);
  for (const { line, position, statement } of layout.placed) {
    const address = layout.origin + BigInt(position);
    const result = assembleStatement(statement, { address, lookup: (name) => symbols.get(name) });
    if (result.ok) bytes.set(result.bytes, position);
    else errors.push({ line, ...result.error });
  }
  if (errors.length > 0) return { ok: false, errors: errors.sort((a, b) => a.line - b.line) };
  return { ok: true, bytes, symbols };
}
