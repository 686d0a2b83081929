/**
 * COMPARE, COMPARE AND SIGNAL, LOAD AND TEST, LOAD COMPLEMENT, LOAD NEGATIVE, LOAD POSITIVE and TEST DATA CLASS by the
 * host's arithmetic (Principles of Operation, chapter 19, the sections of these names). None depends on the FPC unless
 * a NaN is among its operands.
 */
import { type Float, I32, I64 } from '@zarch/wasm';
import type { Semantics } from '../semantics.ts';
import { AfpDxc } from './checks.ts';
import { isNan, LONG, type NativeFormat, SHORT, signCode } from './native-format.ts';
import { quickly } from './quick.ts';
import { bothForms, type Quick, type QuickTable, secondOperand } from './quick-arithmetic.ts';

const UNORDERED = 3;

export const quickCompare: QuickTable = [
  ...family('e', SHORT),
  ...family('d', LONG),
  ['tceb', () => (s) => testDataClass(s, shortClass)],
  ['tcdb', () => (s) => testDataClass(s, longClass)],
];

function family<T extends Float<T>>(letter: string, format: NativeFormat<T>): QuickTable {
  return [
    ...bothForms(`c${letter}`, compare(format, false)),
    ...bothForms(`k${letter}`, compare(format, true)),
    [`lt${letter}br`, loadAndTest(format)],
    [`lc${letter}br`, loadSigned(format, (value) => value.neg())],
    [`ln${letter}br`, loadSigned(format, (value) => value.abs().neg())],
    [`lp${letter}br`, loadSigned(format, (value) => value.abs())],
  ];
}

function compare<T extends Float<T>>(format: NativeFormat<T>, signals: boolean): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const { f } = s;
      const a = format.readFpr(s, 'R1');
      const b = secondOperand(format, s);
      const low = f.let(a.lt(b));
      const high = f.let(a.gt(b));
      const code = f.local('i32');
      f.set(code, high.shl(1).or(low));
      const quiet = (value: T) => isNan(value).eqz().or(format.isQuiet(value));
      return {
        usual: [low.or(high).or(a.eq(b))],
        otherwise: () => {
          f.set(code, f.select(isNan(a).or(isNan(b)), I32.const(UNORDERED), code.get()));
          const unordered = code.get().eq(UNORDERED);
          return signals ? unordered.eqz() : unordered.eqz().or(quiet(a).and(quiet(b)));
        },
        deliver: () => s.setCc(code.get()),
      };
    });
}

function loadAndTest<T extends Float<T>>(format: NativeFormat<T>): Quick {
  return (full) => (s) =>
    quickly(s, full, () => {
      const { f } = s;
      const value = format.readFpr(s, 'R2');
      const code = f.local('i32');
      f.set(code, signCode(format, value));
      return {
        usual: [value.eq(value)],
        otherwise: () => {
          f.set(code, f.select(isNan(value), I32.const(UNORDERED), code.get()));
          return isNan(value).eqz().or(format.isQuiet(value));
        },
        deliver: () => {
          format.writeFpr(s, 'R1', value);
          s.setCc(code.get());
        },
      };
    });
}

function loadSigned<T extends Float<T>>(format: NativeFormat<T>, change: (value: T) => T): Quick {
  return () => (s) => {
    s.requireAfp(AfpDxc.bfpInstruction);
    const value = s.f.let(change(format.readFpr(s, 'R2')));
    format.writeFpr(s, 'R1', value);
    s.setCc(s.f.select(isNan(value), I32.const(UNORDERED), signCode(format, value)));
  };
}

/** Which bit of the second-operand address, from the right, stands for the class of the first operand. */
type DataClass = (s: Semantics) => I32;

function testDataClass(s: Semantics, dataClass: DataClass): void {
  s.requireAfp(AfpDxc.bfpInstruction);
  const selected = s.addressValue(2).wrap().shrU(dataClass(s)).and(1);
  s.setCc(selected);
}

/** Bits of the positive classes; those of the negative ones are to their right. */
const CLASS = { zero: 11, normal: 9, subnormal: 7, infinity: 5, quietNan: 3, signalingNan: 1 } as const;

function longClass(s: Semantics): I32 {
  const { f } = s;
  const bits = f.let(s.fpr64('R1'));
  const magnitude = f.let(bits.and((1n << 63n) - 1n));
  const infinity = I64.const(0x7ffn << 52n);
  const smallest = I64.const(1n << 52n);
  const quiet = I64.const(0xfffn << 51n);
  const nan = f.select(magnitude.geU(quiet), I32.const(CLASS.quietNan), I32.const(CLASS.signalingNan));
  const special = f.select(magnitude.eq(infinity), I32.const(CLASS.infinity), nan);
  const small = f.select(magnitude.eqz(), I32.const(CLASS.zero), I32.const(CLASS.subnormal));
  const finite = f.select(magnitude.ltU(smallest), small, I32.const(CLASS.normal));
  return f.select(magnitude.geU(infinity), special, finite).sub(bits.shrU(63).wrap());
}

function shortClass(s: Semantics): I32 {
  const { f } = s;
  const bits = f.let(s.fpr32('R1'));
  const magnitude = f.let(bits.and(0x7fff_ffff));
  const infinity = 0x7f80_0000;
  const nan = f.select(magnitude.geU(0x7fc0_0000), I32.const(CLASS.quietNan), I32.const(CLASS.signalingNan));
  const special = f.select(magnitude.eq(infinity), I32.const(CLASS.infinity), nan);
  const small = f.select(magnitude.eqz(), I32.const(CLASS.zero), I32.const(CLASS.subnormal));
  const finite = f.select(magnitude.ltU(0x0080_0000), small, I32.const(CLASS.normal));
  return f.select(magnitude.geU(infinity), special, finite).sub(bits.shrU(31));
}
