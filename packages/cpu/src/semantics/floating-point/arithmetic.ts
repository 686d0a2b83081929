/**
 * Binary-floating-point instructions (Principles of Operation, chapter 19, "Instructions"). Checks and storage
 * operands are compiled; the arithmetic is an assist for each instruction, and for the frequent ones the host's, where
 * that has the same outcome.
 */
import { ProgramInterruption } from '@zarch/arch';
import { type FieldName, findInstruction, type Instruction } from '@zarch/isa';
import { I32 } from '@zarch/wasm';
import {
  BFP_INSTRUCTIONS,
  type BfpFormat,
  type BfpInstruction,
  type BfpInteger,
  type BfpResult,
} from '../../bfp/index.ts';
import { cpuLayout } from '../../cpu-layout.ts';
import type { Assist, AssistContext } from '../assist.ts';
import type { Definition, DefinitionTable, Semantics } from '../semantics.ts';
import { AfpDxc, FLOATING_POINT_EXTENSION, requireExtended } from './checks.ts';
import { type Quick, quickArithmetic } from './quick-arithmetic.ts';
import { quickCompare } from './quick-compare.ts';
import { quickConvert } from './quick-convert.ts';
import { quickFused } from './quick-fused.ts';

export function defineBfp(table: DefinitionTable): void {
  for (const [mnemonic, definition] of definitions) table.define(mnemonic, definition);
}

const quick: ReadonlyMap<string, Quick> = new Map([
  ...quickArithmetic,
  ...quickFused,
  ...quickCompare,
  ...quickConvert,
]);

/** Made once, so that an assist has the same identity in every set of definitions. */
const definitions: readonly (readonly [string, Definition])[] = [...BFP_INSTRUCTIONS].map(
  ([mnemonic, instruction]) => {
    const row = findInstruction(mnemonic);
    if (!row) throw new Error(`no instruction ${mnemonic}`);
    const full = defineInstruction(row, instruction);
    return [mnemonic, quick.get(mnemonic)?.(full) ?? full];
  },
);

function defineInstruction(row: Instruction, instruction: BfpInstruction): Definition {
  const assist = makeAssist(row, instruction);
  return (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    for (const operand of row.operands) {
      if (operand.kind === 'fpr128') requireExtended(s, operand.name);
    }
    if (instruction.modifier) requireModifier(s, instruction.modifier === 'm3' ? 'M3' : 'M4');
    if (row.format.name === 'RRF-b') requireDifferent(s);
    if (s.hasField('B2')) passStorageOperand(s, instruction);
    s.assist(assist);
  };
}

/** The rounding modifiers are 0, 1, 4 to 7, and 3 with the floating-point extension. */
function requireModifier(s: Semantics, name: FieldName): void {
  const { f } = s;
  const operand = s.row.operands.find((candidate) => candidate.name === name);
  const modifier = f.let(s.field(name));
  // An optional modifier is ignored where the extension is missing.
  const withExtension = modifier.eq(2).or(modifier.gtU(7));
  const without =
    operand?.kind !== 'mem' && operand?.optional ? I32.const(0) : withExtension.or(modifier.eq(3));
  const invalid = f.select(s.facility(FLOATING_POINT_EXTENSION), withExtension, without);
  s.programIf(invalid, ProgramInterruption.specification);
}

/** DIVIDE TO INTEGER has two results and needs three different registers. */
function requireDifferent(s: Semantics): void {
  const [first, second, third] = [s.field('R1'), s.field('R2'), s.field('R3')];
  const same = first.eq(second).or(second.eq(third)).or(first.eq(third));
  s.programIf(same, ProgramInterruption.specification);
}

/** The assist finds the storage operand, or the address of TEST DATA CLASS, in the first scratch slot. */
function passStorageOperand(s: Semantics, { second }: BfpInstruction): void {
  const value =
    second === 'address'
      ? s.addressValue(2)
      : second === 'short'
        ? s.load32(s.operand(2)).extendU()
        : s.load64(s.operand(2));
  s.f.store(s.cpu, cpuLayout.scratch, value, 64);
}

type ReadOperand = (context: AssistContext, text: bigint) => bigint;

function makeAssist(row: Instruction, instruction: BfpInstruction): Assist {
  const field = (name: FieldName) => fieldReader(row, name);
  const none = () => 0;
  const [r1, r2, r3] = [field('R1') ?? none, field('R2') ?? none, field('R3') ?? none];
  const first = readRegister(instruction.first, r1);
  const third = readRegister(instruction.third, r3);
  const second: ReadOperand = field('R2')
    ? readRegister(instruction.second === 'address' ? undefined : instruction.second, r2)
    : (context) => context.scratch(0);
  const [m3, m4] = [readModifier(row, 'M3'), readModifier(row, 'M4')];
  return (context, text) => {
    const operands = {
      first: first(context, text),
      second: second(context, text),
      third: third(context, text),
      m3: m3(context, text),
      m4: m4(context, text),
    };
    const result = instruction.evaluate(operands, context.fpc);
    context.fpc = result.fpc;
    if (!result.suppressed) deliver(context, instruction, result, r1(text), r3(text));
    return result.dxc === 0 ? 0 : context.program(ProgramInterruption.data, result.dxc);
  };
}

function deliver(
  context: AssistContext,
  instruction: BfpInstruction,
  result: BfpResult,
  r1: number,
  r3: number,
): void {
  const { target, setsCc } = instruction;
  if (typeof target === 'object') writeInteger(context, target, r1, result.value);
  else if (target) writeFpr(context, result.format ?? target, r1, result.value);
  if (result.quotient !== undefined && typeof target === 'string') {
    writeFpr(context, target, r3, result.quotient);
  }
  if (setsCc && result.cc !== undefined) context.cc = result.cc;
}

/** Reads a field from the instruction, left-aligned in 64 bits. */
function fieldReader(row: Instruction, name: FieldName): ((text: bigint) => number) | undefined {
  const field = row.format.fields.find((candidate) => candidate.name === name);
  if (!field) return undefined;
  const shift = BigInt(64 - field.start - field.length);
  return (text) => Number(BigInt.asUintN(field.length, text >> shift));
}

/** A modifier; zero where it is not an operand, or came with an extension that the guest does not have. */
function readModifier(row: Instruction, name: 'M3' | 'M4'): (context: AssistContext, text: bigint) => number {
  const operand = row.operands.find((candidate) => candidate.name === name);
  const read = fieldReader(row, name);
  if (!operand || !read) return () => 0;
  if (!operand.optional) return (_, text) => read(text);
  return (context, text) => (context.facility(FLOATING_POINT_EXTENSION) ? read(text) : 0);
}

function readRegister(
  kind: BfpFormat | BfpInteger | undefined,
  number: (text: bigint) => number,
): ReadOperand {
  if (kind === undefined) return () => 0n;
  if (typeof kind === 'object') return (context, text) => context.gr(number(text));
  switch (kind) {
    case 'short':
      return (context, text) => context.fpr(number(text)) >> 32n;
    case 'long':
      return (context, text) => context.fpr(number(text));
    case 'extended':
      return (context, text) => (context.fpr(number(text)) << 64n) | context.fpr(number(text) + 2);
  }
}

/** A short result leaves the right half of the register as it is. */
function writeFpr(context: AssistContext, format: BfpFormat, number: number, value: bigint): void {
  switch (format) {
    case 'short':
      context.setFpr(number, (value << 32n) | (context.fpr(number) & 0xffff_ffffn));
      break;
    case 'long':
      context.setFpr(number, value);
      break;
    case 'extended':
      context.setFpr(number, value >> 64n);
      context.setFpr(number + 2, value);
      break;
  }
}

function writeInteger(context: AssistContext, { width }: BfpInteger, number: number, value: bigint): void {
  const bits = BigInt.asUintN(width, value);
  context.setGr(number, width === 64 ? bits : (context.gr(number) & ~0xffff_ffffn) | bits);
}
