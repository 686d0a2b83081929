/**
 * MULTIPLY AND ADD and MULTIPLY AND SUBTRACT without an intermediate rounding, from operations that round (Principles of
 * Operation, chapter 19, the sections of these names). A sum of more digits than the format has is first rounded to odd:
 * a last digit of one stands for whatever is lost, and the final rounding is that of the precise value (Boldo and
 * Melquiond, "Emulation of a FMA and correctly rounded sums", 2008).
 */
import { F64, type FunctionBuilder, type I32, I64 } from '@zarch/wasm';
import { LONG, SHORT, sumError } from './native-format.ts';
import { fpcMode, quickly } from './quick.ts';
import { bothForms, type Quick, type QuickTable, secondOperand } from './quick-arithmetic.ts';

export const quickFused: QuickTable = [
  ...bothForms('mae', short(false)),
  ...bothForms('mse', short(true)),
  ...bothForms('mad', long(false)),
  ...bothForms('msd', long(true)),
];

/** The sum `high + low` of a rounded sum and its error, rounded to odd. */
function roundToOdd(f: FunctionBuilder, high: F64, low: F64): F64 {
  const bits = f.let(high.reinterpretI64());
  const towards = bits.xor(low.reinterpretI64()).shrS(63).or(1);
  const even = bits
    .and(1)
    .eqz()
    .and(low.ne(F64.const(0)));
  return f.let(bits.add(f.select(even, towards, I64.const(0))).reinterpretF64());
}

/** Products of short numbers are exact in the long format, and sums of them have room for the odd digit. */
function short(subtracts: boolean): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const { f } = s;
      const product = f.let(SHORT.readFpr(s, 'R3').promote().mul(secondOperand(SHORT, s).promote()));
      const first = SHORT.readFpr(s, 'R1').promote();
      const addend = f.let(subtracts ? first.neg() : first);
      const sum = f.let(product.add(addend));
      const error = f.let(sumError(f, product, addend, sum));
      const result = f.let(roundToOdd(f, sum, error).demote());
      const { settled, plain } = fpcMode(s);
      return {
        usual: [settled, SHORT.isSafe(result)],
        otherwise: () => plain.and(error.eq(F64.const(0))).and(result.promote().eq(sum)),
        deliver: () => SHORT.writeFpr(s, 'R1', result),
      };
    });
}

/** Half of the digits of a factor, on the left (Veltkamp's splitting). */
function leftHalf(f: FunctionBuilder, value: F64): F64 {
  const scaled = f.let(value.mul(F64.const(2 ** 27 + 1)));
  return f.let(scaled.sub(scaled.sub(value)));
}

/** What a rounded product lacks (Dekker). */
function productError(f: FunctionBuilder, a: F64, b: F64, product: F64): F64 {
  const [aLeft, bLeft] = [leftHalf(f, a), leftHalf(f, b)];
  const [aRight, bRight] = [f.let(a.sub(aLeft)), f.let(b.sub(bLeft))];
  return f.let(
    aLeft.mul(bLeft).sub(product).add(aLeft.mul(bRight)).add(aRight.mul(bLeft)).add(aRight.mul(bRight)),
  );
}

/** Whether the exponent is within so many of zero: products and the errors of sums are far from both ends then. */
function isWithin(value: F64, bound: number): I32 {
  const exponent = value.reinterpretI64().shrU(52).wrap().and(0x7ff);
  return exponent.sub(1023 - bound).leU(2 * bound);
}
const FACTOR = 400;
const ADDEND = 800;

/** More than the relative error of a rounded sum. */
const MARGIN = 2 ** -50;

function long(subtracts: boolean): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const { f } = s;
      const a = LONG.readFpr(s, 'R3');
      const b = secondOperand(LONG, s);
      const first = LONG.readFpr(s, 'R1');
      const c = subtracts ? f.let(first.neg()) : first;

      // The precise value is the sum and two errors. They are known well enough if a little less and a little more of
      // them are rounded to the same (Ziv's test): rounding keeps order.
      const product = f.let(a.mul(b));
      const rest = productError(f, a, b, product);
      const sum = f.let(product.add(c));
      const errors = f.let(sumError(f, product, c, sum).add(rest));
      const result = f.local('f64');
      f.set(result, sum.add(errors.mul(F64.const(1 - MARGIN))));
      const isKnown = result.get().eq(sum.add(errors.mul(F64.const(1 + MARGIN))));

      const { settled, plain } = fpcMode(s);
      const factors = isWithin(a, FACTOR).and(isWithin(b, FACTOR));
      return {
        usual: [settled, factors, isWithin(c, ADDEND), isKnown],
        otherwise: () => {
          const fused = addToProduct(f, product, rest, c);
          const within = factors.and(isWithin(c, ADDEND).or(c.eq(F64.const(0))));
          const isGood = f.let(within.and(settled.or(fused.isExact)));
          // A product that is zero is exact, and so is its sum with anything.
          f.set(result, f.select(isGood, fused.result, sum));
          const hasZero = a.eq(F64.const(0)).or(b.eq(F64.const(0)));
          return plain.and(isGood.or(hasZero.and(LONG.isFinite(sum))));
        },
        deliver: () => LONG.writeFpr(s, 'R1', result.get()),
      };
    });
}

/** `product + rest + c` rounded once, and whether that is exact. */
function addToProduct(f: FunctionBuilder, product: F64, rest: F64, c: F64): { result: F64; isExact: I32 } {
  const zero = F64.const(0);
  const right = f.let(c.add(rest));
  const rightError = f.let(sumError(f, c, rest, right));
  const left = f.let(product.add(right));
  const leftError = f.let(sumError(f, product, right, left));
  const errors = f.let(rightError.add(leftError));
  const lost = f.let(sumError(f, rightError, leftError, errors));
  const odd = roundToOdd(f, errors, lost);
  const result = f.let(left.add(odd));
  return { result, isExact: lost.eq(zero).and(sumError(f, left, odd, result).eq(zero)) };
}
