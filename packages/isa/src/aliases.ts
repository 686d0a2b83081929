/**
 * Extended mnemonics: other names of an instruction, most of which fix some of its operands.
 * Principles of Operation, appendix "Assembler-Instruction Formats".
 */
import { conditionMnemonics } from './conditions.ts';
import type { Instruction, Operand } from './instruction.ts';
import { instruction } from './instructions.ts';
import { once } from './once.ts';
import { aliasRows } from './rows/aliases.ts';

/** What an extended mnemonic does with one operand of its instruction. */
export type AliasSetting =
  | { readonly how: 'fixed'; readonly value: number }
  /** `value` is ORed into what the source gives. */
  | { readonly how: 'or'; readonly value: number; readonly optional: boolean }
  | { readonly how: 'same as'; readonly operand: Operand['name'] }
  | { readonly how: 'optional' };

export interface Alias {
  readonly name: string;
  readonly instruction: Instruction;
  readonly settings: ReadonlyMap<Operand['name'], AliasSetting>;
  /** The name that a disassembly shows if optional operands are not zero; the source must give all of them. */
  readonly full: boolean;
  /** Has a condition in its name, or is a no-operation: what a disassembly shows in place of the mask. */
  readonly condition: boolean;
}

function operandName(insn: Instruction, name: string): Operand['name'] {
  const found = insn.operands.find((operand) => operand.name === name);
  if (found === undefined) throw new Error(`${insn.mnemonic} has no operand ${name}`);
  return found.name;
}

function parseSetting(insn: Instruction, text: string): [Operand['name'], AliasSetting] {
  const match = /^([A-Z]+\d)(?:(\|?=)(?:(\d+)|([A-Z]\d)))?(\?)?$/.exec(text);
  if (match?.[1] === undefined) throw new Error(`not an operand of an extended mnemonic: ${text}`);
  const name = operandName(insn, match[1]);
  const value = Number(match[3]);
  const optional = match[5] !== undefined;
  if (match[4] !== undefined) return [name, { how: 'same as', operand: operandName(insn, match[4]) }];
  if (match[2] === '=') return [name, { how: 'fixed', value }];
  if (match[2] === '|=') return [name, { how: 'or', value, optional }];
  return [name, { how: 'optional' }];
}

function parseAlias(insn: Instruction, text: string): Alias {
  const [name = '', list = ''] = text.split(':');
  const full = list === 'all';
  const settings = new Map(
    list === '' || full ? [] : list.split(',').map((item) => parseSetting(insn, item)),
  );
  return { name, instruction: insn, settings, full, condition: name === 'nop' || name === 'nopr' };
}

function parseRows(): Alias[] {
  const found: Alias[] = [];
  let insn: Instruction | undefined;
  for (const line of aliasRows.trim().split('\n')) {
    const words = line.trim().split(/ +/);
    if (!line.startsWith(' ')) insn = instruction(words.shift() ?? '');
    if (insn === undefined) throw new Error('extended mnemonics without an instruction');
    for (const word of words) found.push(parseAlias(insn, word));
  }
  return found;
}

/** The operand that holds the condition: the only mask, which BCR declares as an immediate. */
function maskOperand(insn: Instruction): Operand['name'] {
  const masks = insn.operands.filter((operand) => operand.kind === 'mask');
  const candidates = masks.length > 0 ? masks : insn.operands.filter((operand) => operand.kind === 'u');
  const [only, another] = candidates;
  if (only === undefined || another !== undefined) throw new Error(`${insn.mnemonic} has no one condition`);
  return only.name;
}

/** Every extended mnemonic. */
export const aliases: () => readonly Alias[] = once(() => [
  ...parseRows(),
  ...conditionMnemonics().map(({ name, base, mask }): Alias => {
    const insn = instruction(base);
    const settings = new Map([[maskOperand(insn), { how: 'fixed' as const, value: mask }]]);
    return { name, instruction: insn, settings, full: false, condition: true };
  }),
]);

const byName: () => ReadonlyMap<string, Alias> = once(
  () => new Map(aliases().map((alias) => [alias.name, alias])),
);

const byInstruction: () => ReadonlyMap<Instruction, readonly Alias[]> = once(() =>
  Map.groupBy(aliases(), (alias) => alias.instruction),
);

/** The extended mnemonic of that name (lower case), if there is one. */
export function findAlias(name: string): Alias | undefined {
  return byName().get(name);
}

/** The extended mnemonics of an instruction; those to print come before others of the same meaning. */
export function aliasesOf(insn: Instruction): readonly Alias[] {
  return byInstruction().get(insn) ?? [];
}
