/** What a region remembers for those who leave it. */
import { I32, I64, ModuleBuilder } from '@zarch/wasm';
import { describe, expect, it } from 'vitest';
import type { ConditionCode } from '../semantics/condition-code.ts';
import { conditionNumber } from '../semantics/condition-helper.ts';
import { type HandedCondition, History, hasOperand, OWN_LOCAL, packed, REACH, unpacked } from './history.ts';

/** The branch, the number and both operands after what is noted. */
function after(...notes: readonly (readonly [number | undefined, HandedCondition | undefined])[]) {
  const module = new ModuleBuilder();
  const read = module.function('read', [], ['i64', 'i32', 'i32', 'i64'], (f) => {
    const history = new History(f);
    for (const [branch, condition] of notes) history.note(branch, condition);
    const operands = [history.operand(I32.const(77)), history.wideOperand(I64.const(78))] as const;
    f.return(history.branch(), history.number(), ...operands);
  });
  module.export('read', read);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()));
  const result = (exports as unknown as { read(): readonly [bigint, number, number, bigint] }).read();
  const [branch, number, operand, wide] = result;
  return { branch, number, operand, wide };
}

const narrow = (b: number): ConditionCode => ({
  kind: 'compareSigned',
  a: I32.const(1),
  b: I32.const(b),
});
const wide = (b: bigint): ConditionCode => ({
  kind: 'subtractLogical',
  a: I64.const(1),
  b: I64.const(b),
});

describe('history', () => {
  it('knows nothing at first', () => {
    expect(after()).toEqual({ branch: 0n, number: 0, operand: 77, wide: 78n });
  });

  it.each([1, 4097, -4095, REACH + 1, 1 - REACH])('keeps the branch %i', (branch) => {
    expect(after([branch, OWN_LOCAL]).branch).toBe(BigInt(branch));
    expect(after([branch, unpacked(wide(5n))])).toMatchObject({
      branch: BigInt(branch),
      number: conditionNumber(wide(5n)),
    });
  });

  it.each([0, 1, -1, (1 << 24) - 1, -(1 << 24)])('keeps the operand %i with its kind', (b) => {
    const expected = { operand: b, wide: BigInt(b) };
    expect(after([9, packed(narrow(b))])).toEqual({
      ...{ branch: 9n, number: conditionNumber(narrow(b)) },
      ...expected,
    });
    expect(after([-9, packed(wide(BigInt(b)))])).toEqual({
      ...{ branch: -9n, number: conditionNumber(wide(BigInt(b))) },
      ...expected,
    });
  });

  it.each([
    ['one that is too large', wide(1n << 24n)],
    ['one that is too small', wide(-(1n << 24n) - 1n)],
    ['none', { kind: 'sign', a: I32.const(3) } as const],
  ])('leaves an operand to its local: %s', (_, cc) => {
    expect(hasOperand(packed(cc))).toBe(false);
    expect(after([3, packed(cc)])).toEqual({
      ...{ branch: 3n, number: conditionNumber(cc), operand: 77, wide: 78n },
    });
  });

  it('changes what is noted, and nothing else', () => {
    const first = [4097, packed(narrow(-7))] as const;
    expect(after(first, [-1, undefined])).toEqual({ ...after(first), branch: -1n });
    expect(after(first, [undefined, packed(narrow(8))])).toEqual({
      ...after(first),
      ...{ operand: 8, wide: 8n },
    });
    expect(after(first, [undefined, undefined])).toEqual(after(first));
    expect(after(first, [undefined, OWN_LOCAL])).toEqual({
      branch: 4097n,
      number: 0,
      operand: 77,
      wide: 78n,
    });
  });
});
