/**
 * From bytes to assembler source.
 * Principles of Operation, appendix "Assembler-Instruction Formats".
 */
import { type Alias, aliasesOf } from './aliases.ts';
import { decode, instructionLength } from './decode.ts';
import { type OperandValue, operandValues, storagePart } from './encoding.ts';
import type { FieldOperand, Instruction, Operand, StorageOperand } from './instruction.ts';
import { registerLetter } from './registers.ts';

export interface DisassembleOptions {
  /** Where in the bytes to start; 0 if absent. */
  readonly offset?: number;
  /** The instruction's address, from which relative operands count; 0 if absent. */
  readonly address?: bigint;
}

export interface Disassembly {
  readonly text: string;
  /** In bytes: how far the next instruction is. 0 at the end of the bytes. */
  readonly length: number;
  /** Undefined if the operation code is not assigned, or the instruction's bytes are not all there. */
  readonly instruction: Instruction | undefined;
}

function formatStorage(operand: StorageOperand, value: OperandValue): string {
  if (typeof value === 'number') throw new Error(`${operand.name} is a storage operand`);
  const { base, displacement } = value;
  const part = storagePart(operand);
  const number = part === undefined ? 0 : (value[part] ?? 0);
  if (part === undefined || (part === 'index' && number === 0)) {
    return base === 0 ? `${displacement}` : `${displacement}(%r${base})`;
  }
  const shown = part === 'length' ? `${number + 1}` : part === 'vectorIndex' ? `%v${number}` : `%r${number}`;
  return `${displacement}(${shown},%r${base})`;
}

function formatField(operand: FieldOperand, value: OperandValue, address: bigint): string {
  if (operand.kind === 'rel') {
    return `0x${BigInt.asUintN(64, address + 2n * BigInt(Number(value))).toString(16)}`;
  }
  const letter = registerLetter(operand);
  return letter === undefined ? `${value}` : `%${letter}${value}`;
}

interface Shown {
  readonly operand: Operand;
  readonly value: OperandValue;
}

/** The extended mnemonic to show, if one of those described at `disassemble` fits the values. */
function shownAlias(insn: Instruction, values: readonly OperandValue[]): Alias | undefined {
  const optionalUsed = insn.operands.some((operand, index) => operand.optional && values[index] !== 0);
  return aliasesOf(insn).find((alias) => {
    if (alias.full) return optionalUsed;
    if (!alias.condition) return false;
    return insn.operands.every((operand, index) => {
      const setting = alias.settings.get(operand.name);
      return setting?.how !== 'fixed' || setting.value === values[index];
    });
  });
}

/** The rotate amount of ROTATE THEN ... SELECTED BITS (I5) is always shown; not every assembler has a default. */
function isOmitted({ operand, value }: Shown): boolean {
  return operand.optional && operand.name !== 'I5' && value === 0;
}

function shownOperands(
  insn: Instruction,
  values: readonly OperandValue[],
  alias: Alias | undefined,
): Shown[] {
  const all = insn.operands.map((operand, index) => ({ operand, value: values[index] ?? 0 }));
  if (alias?.full) return all;
  const shown = all.filter(({ operand }) => alias?.settings.get(operand.name)?.how !== 'fixed');
  if (shown.every((item) => !item.operand.optional || isOmitted(item))) {
    return shown.filter((item) => !isOmitted(item));
  }
  for (let last = shown.at(-1); last !== undefined && isOmitted(last); last = shown.at(-1)) shown.pop();
  return shown;
}

function format(insn: Instruction, values: readonly OperandValue[], address: bigint): string {
  const alias = shownAlias(insn, values);
  const name = alias?.name ?? insn.mnemonic;
  const shown = shownOperands(insn, values, alias);
  if (shown.length === 0 || (name === 'nopr' && shown[0]?.value === 0)) return name;
  const texts = shown.map(({ operand, value }) =>
    operand.kind === 'mem' ? formatStorage(operand, value) : formatField(operand, value, address),
  );
  return `${name} ${texts.join(',')}`;
}

/** The bytes of something that is not an instruction, as halfwords and perhaps a last byte. */
function formatData(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  if (hex.length % 2 !== 0) return `.byte ${hex.map((byte) => `0x${byte}`).join(',')}`;
  const halfwords = hex.flatMap((byte, index) => (index % 2 === 0 ? [`0x${byte}${hex[index + 1]}`] : []));
  return `.short ${halfwords.join(',')}`;
}

/**
 * The assembler source of one instruction, which `assemble` turns back into the same bytes if the bits that
 * no operand covers are zero.
 *
 * The text is as objdump writes it: `lg %r1,16(%r2,%r3)`, relative operands as the absolute target in
 * hexadecimal. Conditions are shown in the mnemonic (`jne`, `br`, `crje`, `locrh`, `selrnl`), and `bcr 0` and
 * `bc 0` as `nopr` and `nop`; other extended mnemonics (`vrepb`) are not, so that an instruction keeps its
 * name. Optional operands that are zero are left out, except the rotate amount of `risbg` and its like. An
 * instruction whose optional operands came later under another name (`adtr`, `adtra`) has that name if one of
 * them is not zero.
 *
 * What is not an instruction becomes `.short` with as many halfwords as its first two bits say, or `.byte` at
 * the end of the bytes.
 */
export function disassemble(bytes: Uint8Array, options: DisassembleOptions = {}): Disassembly {
  const { offset = 0, address = 0n } = options;
  const insn = decode(bytes, offset);
  if (insn !== undefined) {
    const text = format(insn, operandValues(insn, bytes, offset), address);
    return { text, length: insn.length, instruction: insn };
  }
  const firstByte = bytes[offset];
  if (firstByte === undefined) return { text: '', length: 0, instruction: undefined };
  const data = bytes.subarray(offset, offset + instructionLength(firstByte));
  return { text: formatData(data), length: data.length, instruction: undefined };
}
