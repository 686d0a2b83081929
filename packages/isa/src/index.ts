/**
 * Every z/Architecture instruction, declared once: decoder, disassembler and assembler.
 * Principles of Operation, "Program Execution" and appendix "Lists of Instructions".
 */
export { type Alias, type AliasSetting, aliases, aliasesOf, findAlias } from './aliases.ts';
export { type AssembleOptions, type AssembleResult, assemble } from './assemble.ts';
export { decode, instructionLength } from './decode.ts';
export { type DisassembleOptions, type Disassembly, disassemble } from './disassemble.ts';
export {
  displacementRange,
  encode,
  fieldValue,
  type OperandValue,
  operandRange,
  operandValues,
  type StorageValue,
} from './encoding.ts';
export { type Field, type FieldName, type Format, type FormatName, findField, formats } from './format.ts';
export type {
  FieldOperand,
  Instruction,
  OpcodeExtension,
  Operand,
  OperandKind,
  Privilege,
  RegisterKind,
  StorageOperand,
} from './instruction.ts';
export { findInstruction, instruction, instructions } from './instructions.ts';
export { assembleProgram, type ProgramError, type ProgramOptions, type ProgramResult } from './program.ts';
export type { SourceError } from './statement.ts';
