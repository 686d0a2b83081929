/**
 * Computes a condition code from what translated code has handed on instead of it: a number for its kind, and operands.
 * It is called on the way out of code that sets the condition code again before it looks at it.
 */
import type { FunctionBuilder, FunctionRef, I32, Label, ModuleBuilder } from '@zarch/wasm';
import { type ConditionCode, conditionCodeValue } from './condition-code.ts';

export interface ConditionHelper {
  /**
   * `(number, code, a32, b32, a64, b64) -> condition code`, 0 to 3: `code` itself for the number 0, otherwise that of the
   * operands of the kind's type.
   */
  readonly conditionOf: FunctionRef<readonly ['i32']>;
}

type Kind = Exclude<ConditionCode['kind'], 'value'>;
type Type = 'i32' | 'i64';

/** The kinds and their types, in the order of their numbers. */
const kinds: readonly (readonly [kind: Kind, type: Type, leftmost?: boolean])[] = [
  ['sign', 'i32'],
  ['sign', 'i64'],
  ['nonZero', 'i32'],
  ['nonZero', 'i64'],
  ['compareSigned', 'i32'],
  ['compareSigned', 'i64'],
  ['compareUnsigned', 'i32'],
  ['compareUnsigned', 'i64'],
  ['add', 'i32'],
  ['add', 'i64'],
  ['subtract', 'i32'],
  ['subtract', 'i64'],
  ['addLogical', 'i32'],
  ['addLogical', 'i64'],
  ['subtractLogical', 'i32'],
  ['subtractLogical', 'i64'],
  ['testMask', 'i32', false],
  ['testMask', 'i32', true],
];

/** The number that stands for a condition code's kind; 0 for a code that is a number already. */
export function conditionNumber(cc: ConditionCode): number {
  const leftmost = cc.kind === 'testMask' ? cc.leftmost : undefined;
  const same = ([kind, type, other]: (typeof kinds)[number]) =>
    kind === cc.kind && type === cc.a.type && other === leftmost;
  return kinds.findIndex(same) + 1;
}

export function defineConditionHelper(module: ModuleBuilder): ConditionHelper {
  const params = ['i32', 'i32', 'i32', 'i32', 'i64', 'i64'] as const;
  return {
    conditionOf: module.function('conditionOf', params, ['i32'], (f) => {
      f.block((computed) => byNumber(f, [computed]));
      f.return(f.param(1, 'i32').get());
    }),
  };
}

/** A block for each number, behind which it is computed. */
function byNumber(f: FunctionBuilder, labels: readonly Label[]): void {
  const [first] = labels;
  const next = kinds[labels.length - 1];
  if (!first) return;
  if (!next) {
    f.brTable(f.param(0, 'i32').get(), labels, first);
    return;
  }
  f.block((label) => byNumber(f, [...labels, label]));
  f.return(conditionCodeValue(f, operandsOf(f, next)));
}

function operandsOf(f: FunctionBuilder, [kind, type, leftmost]: (typeof kinds)[number]): ConditionCode {
  const [a, b] =
    type === 'i32'
      ? [f.param(2, 'i32').get(), f.param(3, 'i32').get()]
      : [f.param(4, 'i64').get(), f.param(5, 'i64').get()];
  if (kind === 'testMask') return { kind, a: a as I32, b: b as I32, leftmost: leftmost === true };
  return kind === 'sign' || kind === 'nonZero' ? { kind, a } : { kind, a, b };
}
