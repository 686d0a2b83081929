/**
 * Every BFP instruction by mnemonic, in one shape, for a CPU that drives them from a table.
 * Principles of Operation, chapter 19, "Instructions".
 */
import {
  bfpAdd,
  bfpDivide,
  bfpMultiply,
  bfpMultiplyAndAdd,
  bfpMultiplyAndSubtract,
  bfpSquareRoot,
  bfpSubtract,
} from './arithmetic.ts';
import {
  bfpCompare,
  bfpCompareAndSignal,
  bfpLoadAndTest,
  bfpLoadComplement,
  bfpLoadNegative,
  bfpLoadPositive,
  bfpTestDataClass,
} from './compare.ts';
import {
  type BfpInteger,
  bfpConvertFromInteger,
  bfpConvertToInteger,
  bfpLoadInteger,
  bfpLoadLengthened,
  bfpLoadRounded,
} from './convert.ts';
import { bfpDivideToInteger } from './divide-to-integer.ts';
import type { BfpFormat } from './format.ts';
import type { BfpResult } from './result.ts';

/** Operands of an instruction as raw bits, and its modifier fields; what it does not have is ignored. */
export interface BfpOperands {
  /** First operand where it is also a source. */
  readonly first: bigint;
  /** Second operand; for TEST DATA CLASS the second-operand address. */
  readonly second: bigint;
  /** Third operand of MULTIPLY AND ADD and MULTIPLY AND SUBTRACT. */
  readonly third: bigint;
  readonly m3: number;
  readonly m4: number;
}

/** What an instruction reads and writes, and what it does. */
export interface BfpInstruction {
  /** Format of the first and third operand as sources. */
  readonly first?: BfpFormat;
  readonly third?: BfpFormat;
  readonly second: BfpFormat | BfpInteger | 'address';
  /** What is put at the first-operand location; absent if only the condition code is set. */
  readonly target?: BfpFormat | BfpInteger;
  /** Whether the condition code is set. */
  readonly setsCc: boolean;
  /** The field that is a rounding modifier, to be checked with `bfpModifierValid`. */
  readonly modifier?: 'm3' | 'm4';
  readonly evaluate: (operands: BfpOperands, fpc: number) => BfpResult;
}

type Entry = readonly [string, BfpInstruction];

const FORMATS: readonly (readonly [string, BfpFormat])[] = [
  ['e', 'short'],
  ['d', 'long'],
  ['x', 'extended'],
];

/** The register form, and the storage form of an instruction that has one (never for extended operands). */
function forms(name: string, source: BfpFormat, instruction: BfpInstruction): Entry[] {
  const register: Entry = [`${name}br`, instruction];
  return source === 'extended' ? [register] : [register, [`${name}b`, instruction]];
}

type Binary = (format: BfpFormat, a: bigint, b: bigint, fpc: number) => BfpResult;
type Unary = (format: BfpFormat, a: bigint, fpc: number) => BfpResult;

function binary(name: string, operation: Binary, effect: 'value' | 'value and cc' | 'cc'): Entry[] {
  return FORMATS.flatMap(([letter, format]) =>
    forms(`${name}${letter}`, format, {
      first: format,
      second: format,
      ...(effect === 'cc' ? {} : { target: format }),
      setsCc: effect !== 'value',
      evaluate: ({ first, second }, fpc) => operation(format, first, second, fpc),
    }),
  );
}

function unary(name: string, operation: Unary): Entry[] {
  return FORMATS.map(([letter, format]) => [
    `${name}${letter}br`,
    {
      second: format,
      target: format,
      setsCc: true,
      evaluate: ({ second }, fpc) => operation(format, second, fpc),
    },
  ]);
}

function multiply(name: string, from: BfpFormat, to: BfpFormat): Entry[] {
  return forms(name, from, {
    first: from,
    second: from,
    target: to,
    setsCc: false,
    evaluate: ({ first, second }, fpc) => bfpMultiply(from, to, first, second, fpc),
  });
}

function fused(name: string, operation: typeof bfpMultiplyAndAdd): Entry[] {
  return FORMATS.slice(0, 2).flatMap(([letter, format]) =>
    forms(`${name}${letter}`, format, {
      first: format,
      second: format,
      third: format,
      target: format,
      setsCc: false,
      evaluate: ({ first, second, third }, fpc) => operation(format, first, second, third, fpc),
    }),
  );
}

function squareRoot(): Entry[] {
  return FORMATS.flatMap(([letter, format]) =>
    forms(`sq${letter}`, format, {
      second: format,
      target: format,
      setsCc: false,
      evaluate: ({ second }, fpc) => bfpSquareRoot(format, second, fpc),
    }),
  );
}

function lengthened(name: string, from: BfpFormat, to: BfpFormat): Entry[] {
  return forms(name, from, {
    second: from,
    target: to,
    setsCc: false,
    evaluate: ({ second }, fpc) => bfpLoadLengthened(from, to, second, fpc),
  });
}

function loadRounded(name: string, from: BfpFormat, to: BfpFormat): Entry {
  const evaluate: BfpInstruction['evaluate'] = ({ second, m3, m4 }, fpc) =>
    bfpLoadRounded(from, to, second, m3, m4, fpc);
  return [name, { second: from, target: to, setsCc: false, modifier: 'm3', evaluate }];
}

function loadInteger(): Entry[] {
  return FORMATS.map(([letter, format]) => [
    `fi${letter}br`,
    {
      second: format,
      target: format,
      setsCc: false,
      modifier: 'm3',
      evaluate: ({ second, m3, m4 }, fpc) => bfpLoadInteger(format, second, m3, m4, fpc),
    },
  ]);
}

const INTEGERS: readonly (readonly [string, BfpInteger])[] = [
  ['f', { width: 32, signed: true }],
  ['g', { width: 64, signed: true }],
  ['lf', { width: 32, signed: false }],
  ['lg', { width: 64, signed: false }],
];

function conversions(): Entry[] {
  return INTEGERS.flatMap(([integerName, integer]) =>
    FORMATS.flatMap(([letter, format]): Entry[] => [
      [
        `c${letter}${integerName}br`,
        {
          second: integer,
          target: format,
          setsCc: false,
          modifier: 'm3',
          evaluate: ({ second, m3, m4 }, fpc) => bfpConvertFromInteger(integer, format, second, m3, m4, fpc),
        },
      ],
      [
        `c${integerName}${letter}br`,
        {
          second: format,
          target: integer,
          setsCc: true,
          modifier: 'm3',
          evaluate: ({ second, m3, m4 }, fpc) => bfpConvertToInteger(format, integer, second, m3, m4, fpc),
        },
      ],
    ]),
  );
}

function divideToInteger(): Entry[] {
  return FORMATS.slice(0, 2).map(([letter, format]) => [
    `di${letter}br`,
    {
      first: format,
      second: format,
      target: format,
      setsCc: true,
      modifier: 'm4',
      evaluate: ({ first, second, m4 }, fpc) => bfpDivideToInteger(format, first, second, m4, fpc),
    },
  ]);
}

function testDataClass(): Entry[] {
  return FORMATS.map(([letter, format]) => [
    `tc${letter}b`,
    {
      first: format,
      second: 'address',
      setsCc: true,
      evaluate: ({ first, second }, fpc) => bfpTestDataClass(format, first, second, fpc),
    },
  ]);
}

/** The BFP instructions by mnemonic in lower case. The `...A` mnemonics are those without the A. */
export const BFP_INSTRUCTIONS: ReadonlyMap<string, BfpInstruction> = new Map<string, BfpInstruction>([
  ...binary('a', bfpAdd, 'value and cc'),
  ...binary('s', bfpSubtract, 'value and cc'),
  ...binary('d', bfpDivide, 'value'),
  ...binary('c', bfpCompare, 'cc'),
  ...binary('k', bfpCompareAndSignal, 'cc'),
  ...multiply('mee', 'short', 'short'),
  ...multiply('md', 'long', 'long'),
  ...multiply('mx', 'extended', 'extended'),
  ...multiply('mde', 'short', 'long'),
  ...multiply('mxd', 'long', 'extended'),
  ...fused('ma', bfpMultiplyAndAdd),
  ...fused('ms', bfpMultiplyAndSubtract),
  ...squareRoot(),
  ...unary('lt', bfpLoadAndTest),
  ...unary('lc', bfpLoadComplement),
  ...unary('ln', bfpLoadNegative),
  ...unary('lp', bfpLoadPositive),
  ...lengthened('lde', 'short', 'long'),
  ...lengthened('lxd', 'long', 'extended'),
  ...lengthened('lxe', 'short', 'extended'),
  loadRounded('ledbr', 'long', 'short'),
  loadRounded('ldxbr', 'extended', 'long'),
  loadRounded('lexbr', 'extended', 'short'),
  ...loadInteger(),
  ...conversions(),
  ...divideToInteger(),
  ...testDataClass(),
]);
