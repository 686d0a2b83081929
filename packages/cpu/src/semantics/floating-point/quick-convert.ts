/**
 * LOAD LENGTHENED, LOAD ROUNDED, LOAD FP INTEGER, CONVERT FROM FIXED and LOGICAL, CONVERT TO FIXED and LOGICAL by the
 * host's arithmetic (Principles of Operation, chapter 19, the sections of these names).
 */
import { F64, type Float, type FunctionBuilder, I32, type I64 } from '@zarch/wasm';
import type { Semantics } from '../semantics.ts';
import { FLOATING_POINT_EXTENSION } from './checks.ts';
import { LONG, type NativeFormat, SHORT, signCode } from './native-format.ts';
import { fpcMode, inexactIsSettled, quickly, roundsToEven } from './quick.ts';
import { bothForms, type Quick, type QuickTable, secondOperand } from './quick-arithmetic.ts';

function loadLengthened(): QuickTable {
  return bothForms(
    'lde',
    (full) => (s) =>
      quickly(s, full, () => {
        const value = secondOperand(SHORT, s);
        return {
          usual: [value.eq(value)],
          deliver: () => LONG.writeFpr(s, 'R1', value.promote()),
        };
      }),
  );
}

/** The modifiers that have come later are zero; then their facility does not matter. */
function withoutModifiers(s: Semantics): I32 {
  return s.field('M3').or(s.field('M4')).eqz();
}

const loadRounded: Quick = (full) => (s) =>
  quickly(s, full, () => {
    const value = LONG.readFpr(s, 'R2');
    const result = s.f.let(value.demote());
    const { settled, plain } = fpcMode(s);
    return {
      requires: [withoutModifiers(s)],
      usual: [settled, SHORT.isSafe(result)],
      otherwise: () => plain.and(result.promote().eq(value)),
      deliver: () => SHORT.writeFpr(s, 'R1', result),
    };
  });

/** An integer of the format, by the rounding that a modifier says; zero stands for the default mode. */
function toInteger<T extends Float<T>>(
  f: FunctionBuilder,
  { constant }: NativeFormat<T>,
  value: T,
  modifier: I32,
): T {
  const truncated = value.trunc();
  // Ties away from zero; the sign of a zero stays.
  const half = value.sub(truncated).abs().ge(constant(0.5));
  const away = truncated.add(f.select(half, constant(1), constant(0)).copysign(value));
  const choose = (code: number, rounded: T, others: T) => f.select(modifier.eq(code), rounded, others);
  const downOrUp = choose(6, value.ceil(), choose(7, value.floor(), value.nearest()));
  return f.let(choose(5, truncated, choose(1, away, downOrUp)));
}

/** A value rounded to an integer, and what that depends on. */
interface RoundedInteger<T> {
  readonly result: T;
  readonly requires: readonly I32[];
  readonly isSettled: I32;
}

function roundInteger<T extends Float<T>>(
  s: Semantics,
  format: NativeFormat<T>,
  value: T,
): RoundedInteger<T> {
  const { f } = s;
  const modifier = f.let(s.field('M3'));
  const result = toInteger(f, format, value, modifier);
  const suppresses = f.let(s.field('M4').and(4));
  const usesMode = modifier.eqz();
  const suppressed = f.select(usesMode, roundsToEven(s), I32.const(1));
  const quiet = f.select(suppresses, suppressed, inexactIsSettled(s, usesMode));
  // Bits for the modifiers 0, 1 and 4 to 7.
  const known = I32.const(0b1111_0011).shrU(modifier).and(modifier.ltU(8));
  const hasExtension = f.select(suppresses, s.facility(FLOATING_POINT_EXTENSION), I32.const(1));
  return { result, requires: [known, hasExtension], isSettled: result.eq(value).or(quiet) };
}

function loadInteger<T extends Float<T>>(format: NativeFormat<T>): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const value = format.readFpr(s, 'R2');
      const { result, requires, isSettled } = roundInteger(s, format, value);
      return {
        requires,
        usual: [value.eq(value), isSettled],
        deliver: () => format.writeFpr(s, 'R1', result),
      };
    });
}

/** A general-register operand: how it is read, converted, and put back. */
interface NativeInteger {
  readonly name: string;
  readonly read: (s: Semantics) => I64;
  readonly signed: boolean;
  readonly wide: boolean;
}

const INTEGERS: readonly NativeInteger[] = [
  { name: 'f', read: (s) => s.gr32('R2').extendS(), signed: true, wide: false },
  { name: 'g', read: (s) => s.gr64('R2'), signed: true, wide: true },
  { name: 'lf', read: (s) => s.gr32('R2').extendU(), signed: false, wide: false },
  { name: 'lg', read: (s) => s.gr64('R2'), signed: false, wide: true },
];

function integers(): QuickTable {
  return INTEGERS.flatMap((integer) => [
    [`ce${integer.name}br`, fromInteger(integer, SHORT, 24)] as const,
    [`cd${integer.name}br`, fromInteger(integer, LONG, 53)] as const,
    [`c${integer.name}ebr`, convertToInteger(integer, (s) => SHORT.readFpr(s, 'R2').promote())] as const,
    [`c${integer.name}dbr`, convertToInteger(integer, (s) => LONG.readFpr(s, 'R2'))] as const,
  ]);
}

function fromInteger<T extends Float<T>>(
  { read, signed, wide }: NativeInteger,
  format: NativeFormat<T>,
  precision: number,
): Quick {
  // An unsigned integer of 32 bits is a signed one of 64.
  const asSigned = signed || !wide;
  return (full) => (s) =>
    quickly(s, full, () => {
      const value = s.f.let(read(s));
      const { settled, plain } = fpcMode(s);
      const greatest = 2n ** BigInt(precision);
      const isShort = asSigned ? value.add(greatest).leU(2n * greatest) : value.leU(greatest);
      const exact = !wide && precision > 32 ? I32.const(1) : isShort;
      // Exact, too, with so many zeros on the right that the rest fits.
      const few = () => {
        const magnitude = asSigned ? value.xor(value.shrS(63)).sub(value.shrS(63)) : value;
        return magnitude
          .clz()
          .add(magnitude.ctz())
          .geU(64 - precision);
      };
      return {
        requires: [withoutModifiers(s)],
        usual: [exact.constant === undefined ? exact.or(settled) : exact],
        otherwise: () => plain.and(few()),
        deliver: () => format.writeFpr(s, 'R1', format.fromInteger(value, asSigned)),
      };
    });
}

function convertToInteger({ signed, wide }: NativeInteger, read: (s: Semantics) => F64): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const value = s.f.let(read(s));
      const { result, requires, isSettled } = roundInteger(s, LONG, value);
      const bits = (wide ? 64 : 32) - (signed ? 1 : 0);
      const low = F64.const(signed ? -(2 ** bits) : 0);
      const inRange = result.ge(low).and(result.lt(F64.const(2 ** bits)));
      return {
        requires,
        usual: [inRange, isSettled],
        deliver: () => {
          const integer = wide && !signed ? result.truncateI64U() : result.truncateI64S();
          if (wide) s.setGr64('R1', integer);
          else s.setGr32('R1', integer.wrap());
          s.setCc(signCode(LONG, value));
        },
      };
    });
}

export const quickConvert: QuickTable = [
  ...loadLengthened(),
  ['ledbr', loadRounded],
  ['fiebr', loadInteger(SHORT)],
  ['fidbr', loadInteger(LONG)],
  ...integers(),
];
