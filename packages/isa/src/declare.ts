/**
 * Reads the tables of instructions in `rows/`.
 *
 * A table has one line per instruction:
 *
 *     mnemonic opcode format generation facility privilege operands | description
 *
 * - opcode: `5a`; `b904`; `a7.4`, whose extension is in bits 12-15; `e3..04`, whose extension is in bits 40-47.
 * - generation: the first machine, `?` if unknown. facility: STFLE bit, or `-`.
 * - privilege: `-`, `priv`, `semi`, `cond` (depends on the function code), or `?` if unknown.
 * - operands, in assembler order, or `-`: `R1:gr64` is field R1 of the format as a 64-bit general register.
 *   V, M and RI fields need no kind. `S2(X2)` is a storage operand of base B2, displacement D2 (or DL2 and DH2)
 *   and index X2. A trailing `?` marks an operand that assembler source may leave out.
 */
import { type Field, type Format, findField, format } from './format.ts';
import type { FieldOperand, Instruction, OpcodeExtension, Operand, Privilege } from './instruction.ts';

const kinds: ReadonlySet<string> = new Set(
  'gr gr32 gr64 grh32 gr128 fpr32 fpr64 fpr128 vr ar cr mask u s rel'.split(' '),
);

const kindsByFieldName: Readonly<Record<string, FieldOperand['kind']>> = { V: 'vr', M: 'mask', RI: 'rel' };

const privileges: Readonly<Record<string, Privilege>> = {
  '-': 'no',
  priv: 'yes',
  semi: 'semi',
  cond: 'conditional',
  '?': 'undetermined',
};

/** RXB's bits 36 to 39 belong to the vector-register fields at bits 8, 12, 16 and 32. */
const extensionBits: Readonly<Record<number, number>> = { 8: 36, 12: 37, 16: 38, 32: 39 };

function extensionOf(field: Field | undefined): Field | undefined {
  if (field === undefined || !field.name.startsWith('V')) return undefined;
  const start = extensionBits[field.start];
  if (start === undefined) throw new Error(`no RXB bit for ${field.name} at bit ${field.start}`);
  return { name: 'RXB', start, length: 1 };
}

function fieldIn(of: Format, name: string): Field {
  const field = findField(of, name);
  if (field === undefined) throw new Error(`format ${of.name} has no field ${name}`);
  return field;
}

function parseStorage(of: Format, number: string, part: string | undefined): Operand {
  const partField = part === undefined ? undefined : fieldIn(of, part);
  const at = (letter: string): Field | undefined => (part?.startsWith(letter) ? partField : undefined);
  const high = findField(of, `DH${number}`);
  return {
    name: `S${number}` as 'S1',
    kind: 'mem',
    base: fieldIn(of, `B${number}`),
    displacement: fieldIn(of, high === undefined ? `D${number}` : `DL${number}`),
    displacementHigh: high,
    index: at('X'),
    length: at('L'),
    register: at('R'),
    vectorIndex: at('V'),
    extension: extensionOf(at('V')),
    optional: false,
  };
}

function parseOperand(of: Format, text: string): Operand {
  const storage = /^S([1-4])(?:\(([XLRV]\d)\))?$/.exec(text);
  if (storage?.[1] !== undefined) return parseStorage(of, storage[1], storage[2]);
  const match = /^(([RVMI]|RI)\d)(?::(\w+))?(\?)?$/.exec(text);
  const kind = match?.[3] ?? kindsByFieldName[match?.[2] ?? ''];
  if (match?.[1] === undefined || kind === undefined || !kinds.has(kind)) {
    throw new Error(`not an operand: ${text}`);
  }
  const field = fieldIn(of, match[1]);
  const optional = match[4] !== undefined;
  return {
    name: field.name,
    kind: kind as FieldOperand['kind'],
    field,
    extension: extensionOf(field),
    optional,
  };
}

/** By format and list: 1276 instructions have a few hundred different ones. */
const operandLists = new Map<string, readonly Operand[]>();

function parseOperands(of: Format, list: string): readonly Operand[] {
  const key = `${of.name} ${list}`;
  let operands = operandLists.get(key);
  if (!operands) {
    operands = list === '-' ? [] : list.split(' ').map((text) => parseOperand(of, text));
    operandLists.set(key, operands);
  }
  return operands;
}

function parseOpcode(text: string): { firstByte: number; extension: OpcodeExtension | undefined } {
  const match = /^([0-9a-f]{2})(?:([0-9a-f]{2})|\.([0-9a-f])|\.\.([0-9a-f]{2}))?$/.exec(text);
  if (match?.[1] === undefined) throw new Error(`not an operation code: ${text}`);
  const [, first, second, nibble, last] = match;
  const extension =
    second !== undefined
      ? { start: 8, length: 8, value: Number.parseInt(second, 16) }
      : nibble !== undefined
        ? { start: 12, length: 4, value: Number.parseInt(nibble, 16) }
        : last !== undefined
          ? { start: 40, length: 8, value: Number.parseInt(last, 16) }
          : undefined;
  return { firstByte: Number.parseInt(first, 16), extension };
}

function parseRow(topic: string, line: string): Instruction {
  const match = /^(\S+) +(\S+) +(\S+) +(\S+) +(-|\d+) +(\S+) +(.*?) +\| (.+)$/.exec(line);
  if (match === null) throw new Error(`not a row of an instruction table: ${line}`);
  const [
    ,
    mnemonic = '',
    opcode = '',
    formatName = '',
    generation = '',
    facility,
    privilege = '',
    list = '',
  ] = match;
  const of = format(formatName);
  const privileged = privileges[privilege];
  if (privileged === undefined) throw new Error(`not a privilege: ${privilege}`);
  return {
    mnemonic,
    opcode,
    format: of,
    length: of.length,
    operands: parseOperands(of, list),
    facility: facility === '-' ? undefined : Number(facility),
    generation: generation === '?' ? 'unknown' : generation,
    privileged,
    description: match[8] ?? '',
    topic,
    ...parseOpcode(opcode),
  };
}

/** The instructions of one table, whose lines are as described at the top of this file. Throws on any other. */
export function declare(topic: string, table: string): readonly Instruction[] {
  return table
    .trim()
    .split('\n')
    .map((line) => parseRow(topic, line));
}
