import { describe, expect, it } from 'vitest';
import { F64, I32, I64, ModuleBuilder, V128 } from './index.ts';

function instantiate(
  module: ModuleBuilder,
  imports: Record<string, Record<string, WebAssembly.ImportValue>> = {},
) {
  const exports = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), imports).exports;
  return exports as Record<string, (...args: (number | bigint)[]) => number | bigint>;
}

const shared = { module: 'env', name: 'memory', initialPages: 1, maximumPages: 1, shared: true };
const newMemory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });

describe('a body of another module', () => {
  it('is adopted with its calls of imports and its hints', () => {
    const first = new ModuleBuilder();
    const double = first.importFunction('env', 'double', ['i32'], ['i32']);
    const build = (module: ModuleBuilder) =>
      module.function('f', ['i32'], ['i32'], (f) => {
        f.if(f.param(0, 'i32').get().eqz(), () => f.return(I32.const(-1)), undefined, false);
        f.return(f.callValue(double, f.param(0, 'i32').get()));
      });
    const body = new ModuleBuilder(first.width, first);
    const original = build(body);
    body.export('f', original);
    const second = new ModuleBuilder(first.width, first);
    second.export(
      'other',
      second.function('other', ['i32'], ['i32'], (f) => f.return(I32.const(5))),
    );
    second.export('f', second.adopt('f', ['i32'], ['i32'], body.bodyOf(original)));
    const { f } = instantiate(second, { env: { double: (n: number) => 2 * n } });
    expect([f?.(0), f?.(21)]).toEqual([-1, 42]);
    const hints = (bytes: Uint8Array) => Buffer.from(bytes).includes('metadata.code.branch_hint');
    expect([hints(body.finish()), hints(second.finish())]).toEqual([true, true]);
  });

  it('is there only when it has been built', () => {
    const module = new ModuleBuilder();
    const ref = module.declare('f', [], []);
    expect(() => module.bodyOf(ref)).toThrow('f is not defined');
  });
});

describe('control flow', () => {
  it('loops, branches back and falls out of a block', () => {
    const module = new ModuleBuilder();
    const sum = module.function('sum', ['i32'], ['i32'], (f) => {
      const n = f.param(0, 'i32');
      const total = f.local('i32');
      f.block((done) => {
        f.loop((again) => {
          f.brIf(n.get().eqz(), done);
          f.set(total, total.get().add(n.get()));
          f.set(n, n.get().sub(1));
          f.br(again);
        });
      });
      f.return(total.get());
    });
    module.export('sum', sum);
    expect(instantiate(module)['sum']?.(100)).toBe(5050);
  });

  it.each([
    [0, 10],
    [1, 20],
    [2, 99],
    [-1, 99],
  ])('selects case %i of a branch table', (index, result) => {
    const module = new ModuleBuilder();
    const choose = module.function('choose', ['i32'], ['i32'], (f) => {
      f.block((otherwise) => {
        f.block((one) => {
          f.block((zero) => f.brTable(f.param(0, 'i32').get(), [zero, one], otherwise));
          f.return(I32.const(10));
        });
        f.return(I32.const(20));
      });
      f.return(I32.const(99));
    });
    module.export('choose', choose);
    expect(instantiate(module)['choose']?.(index)).toBe(result);
  });

  it('keeps only the taken side of a branch on a constant', () => {
    const build = (condition: I32) => {
      const module = new ModuleBuilder();
      module.function('f', [], ['i32'], (f) => {
        f.if(
          condition,
          () => f.return(I32.const(1)),
          () => f.return(I32.const(2)),
        );
      });
      return module.finish().length;
    };
    expect(build(I32.const(3).sub(3))).toBeLessThan(build(I32.const(1).clz()));
  });
});

describe('values', () => {
  it('a let is evaluated once, where it stands', () => {
    const module = new ModuleBuilder();
    let calls = 0;
    const next = module.importFunction('env', 'next', [], ['i64']);
    const twice = module.function('twice', [], ['i64'], (f) => {
      const value = f.let(f.callValue(next));
      f.return(value.add(value));
    });
    module.export('twice', twice);
    const exports = instantiate(module, { env: { next: () => BigInt(++calls) } });
    expect(exports['twice']?.()).toBe(2n);
    expect(calls).toBe(1);
  });

  it('unsigned and signed 64-bit comparisons of constants fold as they would run', () => {
    const minusOne = I64.const(-1n);
    expect(minusOne.ltS(1).constant).toBe(1);
    expect(minusOne.ltU(1).constant).toBe(0);
    expect(minusOne.shrU(60).constant).toBe(15n);
    expect(I64.const(1n << 63n).sub(1).constant).toBe((1n << 63n) - 1n);
  });

  it('calls through the table', () => {
    const module = new ModuleBuilder();
    const type = module.typeIndex(['i32'], ['i32']);
    const double = module.function('double', ['i32'], ['i32'], (f) =>
      f.return(f.param(0, 'i32').get().mul(2)),
    );
    const slot = module.tableEntry(double);
    const via = module.function('via', ['i32'], ['i32'], (f) =>
      f.return(f.callIndirect(type, 'i32', I32.const(slot), f.param(0, 'i32').get())),
    );
    module.export('via', via);
    expect(instantiate(module)['via']?.(21)).toBe(42);
  });
});

describe('floating point', () => {
  const unary: [string, (value: F64) => F64, number, number][] = [
    ['ceil', (value) => value.ceil(), 1.5, 2],
    ['floor', (value) => value.floor(), -1.5, -2],
    ['trunc', (value) => value.trunc(), -1.5, -1],
    ['nearest', (value) => value.nearest(), 2.5, 2],
    ['copysign', (value) => value.copysign(F64.const(-0)), 3, -3],
    ['min', (value) => value.min(F64.const(2)), 3, 2],
    ['max', (value) => value.max(F64.const(2)), 3, 3],
    ['demote and promote', (value) => value.demote().promote(), 0.1, Math.fround(0.1)],
  ];
  it.each(unary)('%s', (_name, operation, operand, result) => {
    const module = new ModuleBuilder();
    const apply = module.function('apply', ['f64'], ['f64'], (f) =>
      f.return(operation(f.param(0, 'f64').get())),
    );
    module.export('apply', apply);
    expect(instantiate(module)['apply']?.(operand)).toBe(result);
  });

  it.each([
    [3.9, 3n, 3n],
    [-3.9, -3n, 0n],
    [2 ** 63, 2n ** 63n - 1n, 2n ** 63n],
    [Number.NaN, 0n, 0n],
  ])('%d becomes the nearest integer that there is', (operand, signed, unsigned) => {
    const module = new ModuleBuilder();
    for (const name of ['truncateI64S', 'truncateI64U'] as const) {
      const convert = module.function(name, ['f64'], ['i64'], (f) =>
        f.return(f.param(0, 'f64').get()[name]()),
      );
      module.export(name, convert);
    }
    const { truncateI64S, truncateI64U } = instantiate(module);
    expect(truncateI64S?.(operand)).toBe(signed);
    expect(BigInt.asUintN(64, BigInt(truncateI64U?.(operand) ?? -1))).toBe(unsigned);
  });

  it('an integer is converted as signed or unsigned, in either format, and kept in storage', () => {
    const module = new ModuleBuilder();
    module.importMemory(shared);
    const convert = module.function('convert', ['ptr', 'i64'], ['f64'], (f) => {
      const [address, value] = [f.param(0, 'ptr').get(), f.param(1, 'i64').get()];
      f.storeF64(address, 0, value.convertF64U());
      f.storeF32(address, 8, value.convertF32U());
      f.storeF32(address, 12, value.convertF32S());
      f.return(f.loadF64(address).add(f.loadF32(address, 8).promote()));
    });
    module.export('convert', convert);
    const memory = newMemory();
    const sum = instantiate(module, { env: { memory } })['convert']?.(16, -1n);
    expect(sum).toBe(2 ** 65);
    expect([...new Float32Array(memory.buffer, 24, 2)]).toEqual([2 ** 64, -1]);
  });
});

describe('memory', () => {
  it('stores, loads and exchanges atomically in a shared memory', () => {
    const module = new ModuleBuilder();
    module.importMemory(shared);
    const swap = module.function('swap', ['ptr', 'i64', 'i64'], ['i64'], (f) => {
      const [address, old, now] = [f.param(0, 'ptr'), f.param(1, 'i64'), f.param(2, 'i64')];
      f.return(f.atomic('i64', 'cmpxchg', 64, address.get(), old.get(), now.get()));
    });
    module.export('swap', swap);
    const memory = newMemory();
    const exports = instantiate(module, { env: { memory } });
    expect(exports['swap']?.(8, 0n, 7n)).toBe(0n);
    expect(exports['swap']?.(8, 0n, 9n)).toBe(7n);
    expect(new BigInt64Array(memory.buffer)[1]).toBe(7n);
  });

  it('reverses the bytes of a vector', () => {
    const module = new ModuleBuilder();
    module.importMemory(shared);
    const reverse = module.function('reverse', ['ptr'], [], (f) => {
      const address = f.param(0, 'ptr').get();
      const lanes = Array.from({ length: 16 }, (_, i) => 15 - i);
      const value = f.let(f.loadV128(address));
      f.storeV128(address, 0, value.shuffle(V128.splat(I64.const(0)), lanes));
    });
    module.export('reverse', reverse);
    const memory = newMemory();
    const bytes = new Uint8Array(memory.buffer, 0, 16);
    bytes.set(Array.from({ length: 16 }, (_, i) => i));
    instantiate(module, { env: { memory } })['reverse']?.(0);
    expect([...bytes]).toEqual(Array.from({ length: 16 }, (_, i) => 15 - i));
  });

  it.each([32, 64] as const)('builds the same code for %i-bit addresses', (width) => {
    const module = new ModuleBuilder(width);
    module.importMemory(shared);
    module.function('load', ['i64'], ['i64'], (f) =>
      f.return(f.loadI64(f.param(0, 'i64').get().toPointer().add(8), 16, 8, true)),
    );
    expect(WebAssembly.validate(module.finish())).toBe(true);
  });
});

describe('modules with the same imports', () => {
  it('call them by the references of the first', () => {
    const first = new ModuleBuilder();
    const next = first.importFunction('env', 'next', ['i64'], ['i64']);
    const build = (step: bigint) => {
      const module = new ModuleBuilder(32, first);
      const f = module.function('f', [], ['i64'], (f) => f.return(f.callValue(next, I64.const(step))));
      module.export('f', f);
      return instantiate(module, { env: { next: (value: bigint) => value + 1n } })['f']?.();
    };
    expect([build(1n), build(10n)]).toEqual([2n, 11n]);
  });

  it('cannot import more', () => {
    const first = new ModuleBuilder();
    const second = new ModuleBuilder(32, first);
    expect(() => first.importFunction('env', 'late', [], [])).toThrow('late is imported too late');
    expect(() => second.importMemory(shared)).toThrow('memory is imported too late');
  });
});

describe('function bodies', () => {
  it('may be defined while another is being defined', () => {
    const module = new ModuleBuilder();
    const outer = module.function('outer', [], ['i32'], (f) => {
      const value = f.let(I32.const(3).clz().add(1));
      const inner = module.declare('inner', ['i32'], ['i32']);
      module.define(inner, (g) => g.return(g.param(0, 'i32').get().mul(2)));
      f.return(f.callValue(inner, value));
    });
    module.export('outer', outer);
    expect(instantiate(module)['outer']?.()).toBe(62);
  });
});
