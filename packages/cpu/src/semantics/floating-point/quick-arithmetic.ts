/**
 * ADD, SUBTRACT, MULTIPLY, DIVIDE and SQUARE ROOT by the host's arithmetic (Principles of Operation, chapter 19, the
 * sections of these names).
 */
import type { F32, F64, Float, I32 } from '@zarch/wasm';
import type { Definition, Semantics } from '../semantics.ts';
import { LONG, type NativeFormat, SHORT, signCode, sumError } from './native-format.ts';
import { type Attempt, fpcMode, quickly } from './quick.ts';

/** A quick way of an instruction: what is done where it does not serve is added. */
export type Quick = (full: Definition) => Definition;

/** Mnemonics with their quick ways. */
export type QuickTable = readonly (readonly [string, Quick])[];

/** The register and the storage form of an instruction. */
export function bothForms(name: string, quick: Quick): QuickTable {
  return [
    [`${name}br`, quick],
    [`${name}b`, quick],
  ];
}

export function secondOperand<T extends Float<T>>(format: NativeFormat<T>, s: Semantics): T {
  return s.hasField('B2') ? format.readStorage(s) : format.readFpr(s, 'R2');
}

export const quickArithmetic: QuickTable = [...family('e', SHORT), ...family('d', LONG), ...longProduct()];

function family<T extends Float<T>>(letter: string, format: NativeFormat<T>): QuickTable {
  const multiply = letter === 'e' ? 'mee' : 'md';
  return [
    ...bothForms(
      `a${letter}`,
      sum(format, (value) => value),
    ),
    ...bothForms(
      `s${letter}`,
      sum(format, (value) => value.neg()),
    ),
    ...bothForms(multiply, product(format)),
    ...bothForms(`d${letter}`, quotient(format)),
    ...bothForms(`sq${letter}`, squareRoot(format)),
  ];
}

/** A sum below the range of normal numbers is exact, so that nothing has to be known of a finite one but whether it is. */
function sum<T extends Float<T>>(format: NativeFormat<T>, change: (second: T) => T): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const { f } = s;
      const a = format.readFpr(s, 'R1');
      const b = f.let(change(secondOperand(format, s)));
      const result = f.let(a.add(b));
      const { settled, plain } = fpcMode(s);
      return {
        usual: [settled, format.isFinite(result)],
        otherwise: () => plain.and(sumError(f, a, b, result).eq(format.constant(0))),
        deliver: () => {
          format.writeFpr(s, 'R1', result);
          s.setCc(signCode(format, result));
        },
      };
    });
}

/** A result that is rounded once, and of which `isExact` may be able to tell that it is exact. */
function rounded<T extends Float<T>>(
  s: Semantics,
  format: NativeFormat<T>,
  result: T,
  isExact: () => I32,
): Attempt {
  const { settled, plain } = fpcMode(s);
  return {
    usual: [settled, format.isSafe(result)],
    otherwise: () => plain.and(isExact()),
    deliver: () => format.writeFpr(s, 'R1', result),
  };
}

function product<T extends Float<T>>(format: NativeFormat<T>): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const a = format.readFpr(s, 'R1');
      const b = secondOperand(format, s);
      const result = s.f.let(a.mul(b));
      return rounded(s, format, result, () => format.isProduct(s.f, a, b, result));
    });
}

function quotient<T extends Float<T>>(format: NativeFormat<T>): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const a = format.readFpr(s, 'R1');
      const b = secondOperand(format, s);
      const result = s.f.let(a.div(b));
      return rounded(s, format, result, () => format.isProduct(s.f, result, b, a));
    });
}

function squareRoot<T extends Float<T>>(format: NativeFormat<T>): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const a = secondOperand(format, s);
      const result = s.f.let(a.sqrt());
      return rounded(s, format, result, () => format.isProduct(s.f, result, result, a));
    });
}

/** The long product of short operands is exact. */
function longProduct(): QuickTable {
  return bothForms(
    'mde',
    (full) => (s) =>
      quickly(s, full, () => {
        const a: F32 = SHORT.readFpr(s, 'R1');
        const b: F32 = secondOperand(SHORT, s);
        const result: F64 = s.f.let(a.promote().mul(b.promote()));
        return {
          usual: [LONG.isFinite(result)],
          deliver: () => LONG.writeFpr(s, 'R1', result),
        };
      }),
  );
}
