import { I32, I64, ModuleBuilder } from '@zarch/wasm';
import { describe, expect, it } from 'vitest';
import { type ConditionCode, conditionCodeValue } from './condition-code.ts';
import { conditionNumber, defineConditionHelper } from './condition-helper.ts';

const kinds = [
  'sign',
  'nonZero',
  'compareSigned',
  'compareUnsigned',
  'add',
  'subtract',
  'addLogical',
  'subtractLogical',
] as const;
const edges32 = [0, 1, 2, -1, 0x7fff_ffff, -0x8000_0000];
const edges64 = [0n, 1n, -1n, 1n << 32n, (1n << 63n) - 1n, -(1n << 63n)];

/** A module with the helper and, by its number, what a definition would compute. */
const module = new ModuleBuilder();
module.export('conditionOf', defineConditionHelper(module).conditionOf);
const names = new Set<string>();
function own(cc: (a32: I32, b32: I32, a64: I64, b64: I64) => ConditionCode): string {
  const number = conditionNumber(cc(I32.const(1), I32.const(2), I64.const(1), I64.const(2)));
  const name = `own ${number}`;
  const ref = module.function(name, ['i32', 'i32', 'i64', 'i64'], ['i32'], (f) => {
    const code = cc(
      f.param(0, 'i32').get(),
      f.param(1, 'i32').get(),
      f.param(2, 'i64').get(),
      f.param(3, 'i64').get(),
    );
    f.return(conditionCodeValue(f, code));
  });
  module.export(name, ref);
  names.add(name);
  return name;
}
for (const kind of kinds) {
  own((a, b) => ({ kind, a, b }) as ConditionCode);
  own((_a, _b, a, b) => ({ kind, a, b }) as ConditionCode);
}
for (const leftmost of [true, false]) own((a, b) => ({ kind: 'testMask', a: a.and(b), b, leftmost }));
const exports = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports as Record<
  string,
  (...args: (number | bigint)[]) => number
>;

describe('conditionOf', () => {
  it('gives the code itself for the number 0', () => {
    expect([0, 1, 2, 3].map((code) => exports['conditionOf']?.(0, code, 5, 6, 7n, 8n))).toEqual([0, 1, 2, 3]);
    expect(conditionNumber({ kind: 'value', a: I32.const(2) })).toBe(0);
  });

  it('numbers every kind once', () => {
    expect(names.size).toBe(18);
    expect(names).not.toContain('own 0');
  });

  it.each([...names])('computes what a definition computes (%s)', (name) => {
    const number = Number(name.slice(4));
    for (const [i, a] of edges32.entries()) {
      for (const [j, b] of edges32.entries()) {
        const [wideA, wideB] = [edges64[i] ?? 0n, edges64[j] ?? 0n];
        const first = name === 'own 17' || name === 'own 18' ? a & b : a;
        const expected = exports[name]?.(a, b, wideA, wideB);
        expect(exports['conditionOf']?.(number, 9, first, b, wideA, wideB), `${a} ${b}`).toBe(expected);
      }
    }
  });
});
