/** Binary-floating-point arithmetic: Principles of Operation, chapter 19, and its share of chapter 9. */
export {
  bfpAdd,
  bfpDivide,
  bfpMultiply,
  bfpMultiplyAndAdd,
  bfpMultiplyAndSubtract,
  bfpSquareRoot,
  bfpSubtract,
} from './arithmetic.ts';
export {
  bfpCompare,
  bfpCompareAndSignal,
  bfpDataClass,
  bfpLoadAndTest,
  bfpLoadComplement,
  bfpLoadNegative,
  bfpLoadPositive,
  bfpTestDataClass,
} from './compare.ts';
export {
  type BfpInteger,
  bfpConvertFromInteger,
  bfpConvertToInteger,
  bfpLoadInteger,
  bfpLoadLengthened,
  bfpLoadRounded,
} from './convert.ts';
export { bfpDivideToInteger } from './divide-to-integer.ts';
export { BFP_FORMATS, type BfpFormat, type BfpFormatParameters } from './format.ts';
export {
  bfpSetFpcAndSignal,
  bfpValidateFpc,
  DXC,
  FPC_FLAG_SHIFT,
  FPC_MASK,
  type FpcFacilities,
  type FpcSignalResult,
  type IeeeException,
  withDxc,
} from './fpc.ts';
export { BFP_INSTRUCTIONS, type BfpInstruction, type BfpOperands } from './instructions.ts';
export type { BfpResult } from './result.ts';
export {
  bfpModifierValid,
  bfpRoundingModeValid,
  effectiveRoundingMethod,
  fpcRoundingMethod,
  type RoundingMethod,
} from './rounding.ts';
