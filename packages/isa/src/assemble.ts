/**
 * From one line of assembler source to bytes.
 * Principles of Operation, appendix "Assembler-Instruction Formats".
 */
import { type Alias, type AliasSetting, findAlias } from './aliases.ts';
import { assembleData, isDataDirective } from './data.ts';
import { displacementRange, encode, type OperandValue, operandRange, storagePart } from './encoding.ts';
import type { FieldOperand, Instruction, Operand, StorageOperand } from './instruction.ts';
import { findInstruction } from './instructions.ts';
import { registerLetter } from './registers.ts';
import { evaluate, parseLine, type Scope, type SourceError, type Statement } from './statement.ts';

export interface AssembleOptions {
  /** The address of the line, for relative operands and `.`; 0 if absent. */
  readonly address?: bigint;
  readonly symbols?: ReadonlyMap<string, bigint>;
}

/** The bytes, or what is wrong: `operand` is the operand's name (`R1`, `S2`) if the error is about one. */
export type AssembleResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly error: SourceError };

const fail = (message: string, operand?: string): AssembleResult => ({
  ok: false,
  error: { message: operand === undefined ? message : `operand ${operand}: ${message}`, operand },
});

/** A number in [min, max], or a message. */
function inRange(value: bigint, range: { readonly min: number; readonly max: number }): number | string {
  const { min, max } = range;
  if (value >= min && value <= max) return Number(value);
  return `${value} is not between ${min} and ${max}`;
}

/** A register: `%` and one of `letters` and the number, or the plain number. */
function parseRegister(text: string, letters: string, limit: number): number | string {
  const match = /^(?:%([a-z]))?(\d{1,2})$/i.exec(text);
  if (match?.[2] === undefined) return `"${text}" is not a register`;
  const letter = match[1]?.toLowerCase();
  if (letter !== undefined && !letters.includes(letter)) {
    return `"${text}" is not a %${letters.charAt(0)} register`;
  }
  const number = Number(match[2]);
  return number < limit ? number : `there is no register ${text}`;
}

function parseRelative(operand: FieldOperand, text: string, scope: Scope): number | string {
  const target = evaluate(text, scope);
  if (typeof target === 'string') return target;
  const distance = BigInt.asIntN(64, target - scope.address);
  if (distance % 2n !== 0n) return `the target is an odd number of bytes away (${distance})`;
  const { min, max } = operandRange(operand);
  const halfwords = distance / 2n;
  if (halfwords >= min && halfwords <= max) return Number(halfwords);
  return `the target is ${distance} bytes away, not between ${2 * min} and ${2 * max}`;
}

function parseField(operand: FieldOperand, text: string, scope: Scope): number | string {
  if (operand.kind === 'rel') return parseRelative(operand, text, scope);
  const letter = registerLetter(operand);
  if (letter !== undefined) {
    return letter === 'v' ? parseRegister(text, 'vf', 32) : parseRegister(text, letter, 16);
  }
  const value = evaluate(text, scope);
  return typeof value === 'string' ? value : inRange(value, operandRange(operand));
}

/** The two texts inside the parentheses of a storage operand: its other part, and its base. */
function splitParts(operand: StorageOperand, inside: string | undefined): readonly [string, string] | string {
  const part = storagePart(operand);
  const texts = inside === undefined ? [] : inside.split(',').map((text) => text.trim());
  if (texts.length > (part === undefined ? 1 : 2)) return 'too many parts inside the parentheses';
  const [first = '', second = ''] = texts;
  if (texts.length === 2) return [first, second];
  const aloneIsBase =
    part === undefined || part === 'index' || (part === 'vectorIndex' && !/^%v/i.test(first));
  return aloneIsBase ? ['', first] : [first, ''];
}

function parsePart(operand: StorageOperand, text: string, scope: Scope): number | string {
  const part = storagePart(operand);
  if (part === 'length' && operand.length !== undefined) {
    if (text === '') return 'the length is missing';
    const value = evaluate(text, scope);
    if (typeof value === 'string') return value;
    const length = inRange(value, { min: 1, max: 2 ** operand.length.length });
    return typeof length === 'string' ? `length: ${length}` : length - 1;
  }
  if (text === '') return part === 'register' ? 'the length register is missing' : 0;
  return part === 'vectorIndex' ? parseRegister(text, 'v', 32) : parseRegister(text, 'r', 16);
}

function parseStorage(operand: StorageOperand, text: string, scope: Scope): OperandValue | string {
  const match = /^([^()]*)(?:\(([^()]*)\))?$/.exec(text);
  if (match?.[1] === undefined) return `"${text}" is not a storage operand`;
  const offset = evaluate(match[1], scope);
  if (typeof offset === 'string') return offset;
  const displacement = inRange(offset, displacementRange(operand));
  if (typeof displacement === 'string') return `displacement: ${displacement}`;
  const parts = splitParts(operand, match[2]);
  if (typeof parts === 'string') return parts;
  const base = parts[1] === '' ? 0 : parseRegister(parts[1], 'r', 16);
  if (typeof base === 'string') return base;
  const part = storagePart(operand);
  if (part === undefined) return { base, displacement };
  const number = parsePart(operand, parts[0], scope);
  return typeof number === 'string' ? number : { base, displacement, [part]: number };
}

/** Which operands the source gives, in order, and which of those may be missing. */
function expectedOperands(
  insn: Instruction,
  alias: Alias | undefined,
): { operand: Operand; optional: boolean }[] {
  return insn.operands.flatMap((operand) => {
    const setting = alias?.settings.get(operand.name);
    if (setting?.how === 'fixed' || setting?.how === 'same as') return [];
    const made = setting?.how === 'optional' || (setting?.how === 'or' && setting.optional);
    return [{ operand, optional: made || (operand.optional && alias?.full !== true) }];
  });
}

/** The operands that `count` texts stand for: optional ones are missing from the last on. */
function presentOperands(
  insn: Instruction,
  alias: Alias | undefined,
  count: number,
): readonly Operand[] | string {
  const expected = expectedOperands(insn, alias);
  const needed = expected.filter(({ optional }) => !optional).length;
  if (count < needed || count > expected.length) {
    const range = needed === expected.length ? `${needed}` : `${needed} to ${expected.length}`;
    const names = expected.map(({ operand, optional }) => operand.name + (optional ? '?' : '')).join(',');
    return `takes ${range} operands${names === '' ? '' : ` (${names})`}, not ${count}`;
  }
  let excess = expected.length - count;
  return expected
    .reverse()
    .filter(({ optional }) => !(optional && excess-- > 0))
    .map(({ operand }) => operand)
    .reverse();
}

/** What an operand is that the source does not give, or gives in part. */
function settle(
  given: OperandValue | undefined,
  operand: Operand,
  setting: AliasSetting | undefined,
  values: ReadonlyMap<string, OperandValue>,
): OperandValue {
  if (setting?.how === 'fixed') return setting.value;
  if (setting?.how === 'same as') return values.get(setting.operand) ?? 0;
  const value = given ?? (operand.kind === 'mem' ? { base: 0, displacement: 0 } : 0);
  return setting?.how === 'or' && typeof value === 'number' ? value | setting.value : value;
}

/** The instruction that an operation names, by its basic or an extended mnemonic. */
export function findOperation(
  name: string,
): { readonly instruction: Instruction; readonly alias: Alias | undefined } | undefined {
  const insn = findInstruction(name);
  if (insn !== undefined) return { instruction: insn, alias: undefined };
  const alias = findAlias(name);
  return alias && { instruction: alias.instruction, alias };
}

/** Assembles a statement that is an instruction or a data directive (`.byte`, `.short`, `.long`, `.quad`...). */
export function assembleStatement(statement: Statement, scope: Scope): AssembleResult {
  if (isDataDirective(statement.operation)) {
    const bytes = assembleData(statement, scope);
    return typeof bytes === 'string' ? fail(bytes) : { ok: true, bytes };
  }
  const found = findOperation(statement.operation);
  if (found === undefined) return fail(`"${statement.operation}" is not an instruction`);
  const { instruction: insn, alias } = found;
  const present = presentOperands(insn, alias, statement.operands.length);
  if (typeof present === 'string') return fail(`${statement.operation} ${present}`);
  const values = new Map<string, OperandValue>();
  for (const [index, operand] of present.entries()) {
    const text = statement.operands[index] ?? '';
    const value =
      operand.kind === 'mem' ? parseStorage(operand, text, scope) : parseField(operand, text, scope);
    if (typeof value === 'string') return fail(value, operand.name);
    values.set(operand.name, value);
  }
  const settled = insn.operands.map((operand) =>
    settle(values.get(operand.name), operand, alias?.settings.get(operand.name), values),
  );
  return { ok: true, bytes: encode(insn, settled) };
}

/**
 * Assembles one line: `lg %r1,16(%r2,%r3)`, or a data directive (`.byte`, `.short`, `.long`, `.quad`,
 * `.ascii`, `.asciz`). A comment or an empty line gives no bytes; labels are for `assembleProgram`.
 *
 * Operands are as for the GNU assembler: registers with their prefix or as plain numbers, `disp(index,base)`,
 * `disp(length,base)` with the true length, relative operands as the target address, numbers as sums of
 * decimal, 0x, 0b and octal (0...) numbers, symbols and `.`. Extended mnemonics are known. A register that is
 * not the first of a pair is accepted where the instruction needs one: it is a specification exception only
 * when it runs.
 */
export function assemble(source: string, options: AssembleOptions = {}): AssembleResult {
  const { address = 0n, symbols } = options;
  if (source.includes('\n')) return fail('more than one line');
  const { labels, statement } = parseLine(source);
  if (labels.length > 0) return fail(`label "${labels[0]}" in a single line`);
  if (statement === undefined) return { ok: true, bytes: new Uint8Array(0) };
  return assembleStatement(statement, { address, lookup: (name) => symbols?.get(name) });
}
