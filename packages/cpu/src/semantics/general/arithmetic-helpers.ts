/** 128-bit products and quotients of 64-bit numbers, for MULTIPLY and DIVIDE (Principles of Operation, chapter 7). */
import { type FunctionBuilder, type FunctionRef, I64, type ModuleBuilder } from '@zarch/wasm';

export interface ArithmeticHelpers {
  /** `(high, low, divisor) -> (quotient, remainder)`, unsigned; `high` must be below `divisor`. */
  readonly divideLong: FunctionRef<readonly ['i64', 'i64']>;
}

export function defineArithmeticHelpers(module: ModuleBuilder): ArithmeticHelpers {
  return { divideLong: defineDivideLong(module) };
}

/** Bits 0-63 of the 128-bit product of unsigned numbers, from products of their halves. */
export function multiplyHigh(f: FunctionBuilder, a: I64, b: I64): I64 {
  const [aLow, aHigh] = [f.let(a.and(0xffff_ffff)), f.let(a.shrU(32))];
  const [bLow, bHigh] = [f.let(b.and(0xffff_ffff)), f.let(b.shrU(32))];
  const lower = f.let(aHigh.mul(bLow).add(aLow.mul(bLow).shrU(32)));
  const upper = f.let(aLow.mul(bHigh).add(lower.and(0xffff_ffff)));
  return aHigh.mul(bHigh).add(lower.shrU(32)).add(upper.shrU(32));
}

/**
 * Quotient and remainder of unsigned numbers; the divisor is not zero. Processors divide 32 bits in less than half the
 * time of 64, and most numbers are small.
 */
export function divideUnsigned(
  f: FunctionBuilder,
  dividend: I64,
  divisor: I64,
): { readonly quotient: I64; readonly remainder: I64 } {
  const quotient = f.local('i64');
  f.if(
    dividend.or(divisor).shrU(32).eqz(),
    () => f.set(quotient, dividend.wrap().divU(divisor.wrap()).extendU()),
    () => f.set(quotient, dividend.divU(divisor)),
  );
  return { quotient: quotient.get(), remainder: f.let(dividend.sub(quotient.get().mul(divisor))) };
}

/** Long division with digits of 32 bits (Knuth, The Art of Computer Programming, volume 2, algorithm D). */
function defineDivideLong(module: ModuleBuilder): ArithmeticHelpers['divideLong'] {
  return module.function('divideLong', ['i64', 'i64', 'i64'], ['i64', 'i64'], (f) => {
    const high = f.param(0, 'i64').get();
    const low = f.param(1, 'i64').get();
    const divisor = f.param(2, 'i64').get();
    f.if(high.eqz(), () => {
      const { quotient, remainder } = divideUnsigned(f, low, divisor);
      f.return(quotient, remainder);
    });

    // The divisor's leftmost bit must be one; the dividend is shifted along, and the remainder back.
    const shift = f.let(divisor.clz());
    const d = f.let(divisor.shl(shift));
    const [dHigh, dLow] = [f.let(d.shrU(32)), f.let(d.and(0xffff_ffff))];
    // A shift count of 64 would count as 0, so the bits from below are shifted in two steps.
    const fromLow = low.shrU(1).shrU(I64.const(63).sub(shift));
    const upper = f.let(high.shl(shift).or(fromLow));
    const lower = f.let(low.shl(shift));

    const digit = (rest: I64, next: I64): { quotient: I64; rest: I64 } => {
      const quotient = f.local('i64');
      const partial = f.local('i64');
      f.set(quotient, rest.divU(dHigh));
      f.set(partial, rest.sub(quotient.get().mul(dHigh)));
      // The estimate is at most two too large.
      f.block((good) => {
        f.loop((again) => {
          const overestimated = quotient
            .get()
            .shrU(32)
            .ne(0)
            .or(quotient.get().mul(dLow).gtU(partial.get().shl(32).or(next)));
          f.brIf(overestimated.eqz(), good);
          f.set(quotient, quotient.get().sub(1));
          f.set(partial, partial.get().add(dHigh));
          f.brIf(partial.get().shrU(32).eqz(), again);
        });
      });
      const left = f.let(rest.shl(32).or(next).sub(quotient.get().mul(d)));
      return { quotient: quotient.get(), rest: left };
    };
    const first = digit(upper, f.let(lower.shrU(32)));
    const second = digit(first.rest, f.let(lower.and(0xffff_ffff)));
    f.return(first.quotient.shl(32).add(second.quotient), second.rest.shrU(shift));
  });
}
