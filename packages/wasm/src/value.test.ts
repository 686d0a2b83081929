import { describe, expect, it } from 'vitest';
import { I32, I64, ModuleBuilder } from './index.ts';

const shared = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shrS', 'shrU'] as const;
const comparisons = ['eq', 'ne', 'ltS', 'gtS', 'leS', 'geS', 'ltU', 'gtU', 'leU', 'geU'] as const;
const operations = [...shared, ...comparisons];

function run(module: ModuleBuilder, ...args: (number | bigint)[]): unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()));
  return (exports['f'] as (...args: (number | bigint)[]) => unknown)(...args);
}

describe('operations on constants give what they give at run time', () => {
  const values32 = [0, 1, -1, 0x7fff_ffff, -0x8000_0000, 33, -77];

  it.each(operations)('i32 %s', (operation) => {
    const module = new ModuleBuilder();
    const f = module.function('f', ['i32', 'i32'], ['i32'], (f) =>
      f.return(f.param(0, 'i32').get()[operation](f.param(1, 'i32').get())),
    );
    module.export('f', f);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()));
    const compute = exports['f'] as (a: number, b: number) => number;
    for (const a of values32) {
      for (const b of values32) {
        expect([a, b, I32.const(a)[operation](b).constant]).toEqual([a, b, compute(a, b)]);
      }
    }
  });

  const values64 = [0n, 1n, -1n, (1n << 63n) - 1n, -(1n << 63n), 65n, -77n, 0xffff_ffffn, 0x8000_0000n];

  it.each(operations)('i64 %s', (operation) => {
    const module = new ModuleBuilder();
    const isComparison = comparisons.some((comparison) => comparison === operation);
    const f = module.function('f', ['i64', 'i64'], ['i64'], (f) => {
      const result = f.param(0, 'i64').get()[operation](f.param(1, 'i64').get());
      f.return(result instanceof I32 ? result.extendU() : result);
    });
    module.export('f', f);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()));
    const compute = exports['f'] as (a: bigint, b: bigint) => bigint;
    for (const a of values64) {
      for (const b of values64) {
        const folded = I64.const(a)[operation](b).constant ?? 0;
        const expected = compute(a, b);
        expect([a, b, folded]).toEqual([a, b, isComparison ? Number(expected) : expected]);
      }
    }
  });
});

describe('64-bit constants', () => {
  it.each([
    ...[0n, 63n, 64n, -64n, -65n, 0x7fff_ffffn, 0x8000_0000n, -0x8000_0000n, -0x8000_0001n, 0xffff_ffffn],
    ...[-0x1_0000_0000n, 0x40_0000_0000n, 1n << 62n, -(1n << 63n), (1n << 63n) - 1n, ~0xfffn],
  ])('%i is encoded as it is', (value) => {
    const module = new ModuleBuilder();
    module.export(
      'f',
      module.function('f', [], ['i64'], (f) => f.return(I64.const(value))),
    );
    expect(run(module)).toBe(value);
  });

  it('a number and a bigint are the same constant', () => {
    expect(I64.const(7).constant).toBe(7n);
    expect(I64.const(2 ** 40).constant).toBe(1n << 40n);
    expect(I64.const((1n << 64n) - 1n).constant).toBe(-1n);
  });
});
