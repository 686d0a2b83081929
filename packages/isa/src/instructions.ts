/**
 * All instructions, and how to find one by its name.
 * Principles of Operation, appendix "Lists of Instructions".
 */
import type { Instruction } from './instruction.ts';
import { binaryFloatingPoint } from './rows/bfp.ts';
import { control } from './rows/control.ts';
import { decimal } from './rows/decimal.ts';
import { decimalFloatingPoint } from './rows/dfp.ts';
import { floatingPointSupport } from './rows/floating-point-support.ts';
import { generalImmediate } from './rows/general-immediate.ts';
import { generalRegister } from './rows/general-register.ts';
import { generalStorage } from './rows/general-storage.ts';
import { hexadecimalFloatingPoint } from './rows/hfp.ts';
import { adjunctProcessor, inputOutput, pci } from './rows/input-output.ts';
import {
  cpuMeasurement,
  guardedStorage,
  runtimeInstrumentation,
  transactionalExecution,
} from './rows/program-support.ts';
import {
  cryptography,
  deflateConversion,
  neuralNetworkProcessing,
  sorting,
} from './rows/specialized-function.ts';
import { vector } from './rows/vector.ts';
import { vectorDecimal } from './rows/vector-decimal.ts';

/** Every declared instruction, up to z17, grouped by topic and in order of operation code within a group. */
export const instructions: readonly Instruction[] = [
  ...generalRegister,
  ...generalImmediate,
  ...generalStorage,
  ...decimal,
  ...floatingPointSupport,
  ...hexadecimalFloatingPoint,
  ...binaryFloatingPoint,
  ...decimalFloatingPoint,
  ...vector,
  ...vectorDecimal,
  ...control,
  ...inputOutput,
  ...pci,
  ...adjunctProcessor,
  ...cryptography,
  ...neuralNetworkProcessing,
  ...deflateConversion,
  ...sorting,
  ...transactionalExecution,
  ...guardedStorage,
  ...cpuMeasurement,
  ...runtimeInstrumentation,
];

const byMnemonic: ReadonlyMap<string, Instruction> = new Map(
  instructions.map((insn) => [insn.mnemonic, insn]),
);

/** The instruction of that basic mnemonic (lower case), if there is one. Extended mnemonics are `findAlias`. */
export function findInstruction(mnemonic: string): Instruction | undefined {
  return byMnemonic.get(mnemonic);
}

/** The instruction of that basic mnemonic (lower case). Throws on an unknown name. */
export function instruction(mnemonic: string): Instruction {
  const found = byMnemonic.get(mnemonic);
  if (found === undefined) throw new Error(`no instruction has the mnemonic ${mnemonic}`);
  return found;
}
