/**
 * Work on strings of bytes that definitions of storage-to-storage instructions share (Principles of Operation,
 * chapter 7, "MOVE", "COMPARE LOGICAL", "AND", "OR", "EXCLUSIVE OR"; chapter 5, "Storage-Operand Consistency").
 *
 * A pointer to a byte is its host address less 15, as everywhere; the byte to its right is one host address lower.
 */
import { Access, type Mmu, mmuLayout, tlbOf, tlbOffset } from '@zarch/memory';
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  I64,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';

/** `(cpu, address 1, ar 1, address 2, ar 2, length) -> condition code`, or -1 after an access exception. */
export type OperandFunction = FunctionRef<readonly ['i32']>;

export interface StorageHelpers {
  /** `(destination, source, length)`: moves 1 to 4096 bytes one by one, left to right, where that can be told. */
  readonly moveBytes: FunctionRef<readonly []>;
  /** `(first, second, length) -> count` of bytes at the left that are equal. */
  readonly equalBytes: FunctionRef<readonly ['i32']>;
  /** `(first, byte, length) -> count` of bytes at the left that are equal to the byte. */
  readonly equalToByte: FunctionRef<readonly ['i32']>;
  /** `(first, byte, length) -> count` of bytes at the left that differ from the byte. */
  readonly bytesBefore: FunctionRef<readonly ['i32']>;
  /** Operands of 1 to 256 bytes, anywhere in storage. */
  readonly moveOperand: OperandFunction;
  readonly andOperand: OperandFunction;
  readonly orOperand: OperandFunction;
  readonly xorOperand: OperandFunction;
  readonly compareOperand: OperandFunction;
}

export function defineStorageHelpers(module: ModuleBuilder, mmu: Mmu): StorageHelpers {
  const moveBytes = defineMoveBytes(module);
  const equalBytes = defineEqualBytes(module);
  const combined = (name: 'and' | 'or' | 'xor') => {
    const combine = defineCombineBytes(module, name);
    return module.function(`${name}Operand`, operandParameters, ['i32'], (f) => {
      const any = f.local('i32');
      f.set(any, I32.const(0));
      eachPiece(f, mmu, Access.write, (first, second, count) => {
        f.set(any, any.get().or(f.callValue(combine, first, second, count)));
      });
      f.return(any.get());
    });
  };
  return {
    moveBytes,
    equalBytes,
    equalToByte: defineEqualToByte(module),
    bytesBefore: defineBytesBefore(module),
    moveOperand: module.function('moveOperand', operandParameters, ['i32'], (f) => {
      eachPiece(f, mmu, Access.write, (first, second, count) => f.call(moveBytes, first, second, count));
      f.return(I32.const(0));
    }),
    andOperand: combined('and'),
    orOperand: combined('or'),
    xorOperand: combined('xor'),
    compareOperand: module.function('compareOperand', operandParameters, ['i32'], (f) => {
      eachPiece(f, mmu, Access.read, (first, second, count) => {
        const equal = f.let(f.callValue(equalBytes, first, second, count));
        f.if(equal.ltU(count), () => {
          const a = f.loadI32(first.sub(equal.toPointer()), 15, 8);
          const b = f.loadI32(second.sub(equal.toPointer()), 15, 8);
          f.return(f.select(a.ltU(b), I32.const(1), I32.const(2)));
        });
      });
      f.return(I32.const(0));
    }),
  };
}

const operandParameters = ['ptr', 'i64', 'i32', 'i64', 'i32', 'i32'] as const;

/** An operand that lies in one page or two: byte i is at `(i < inPage ? first : second) - i`. */
interface OperandPages {
  readonly first: Pointer;
  readonly second: Pointer;
  readonly inPage: I32;
}

/** Finds both operands, and returns -1 after an access exception; then runs `each` for pieces within pages. */
function eachPiece(
  f: FunctionBuilder,
  mmu: Mmu,
  kindOfFirst: number,
  each: (first: Pointer, second: Pointer, count: I32) => void,
): void {
  const length = f.param(5, 'i32').get();
  const one = operandPages(f, mmu, f.param(1, 'i64').get(), f.param(2, 'i32').get(), length, kindOfFirst);
  const two = operandPages(f, mmu, f.param(3, 'i64').get(), f.param(4, 'i32').get(), length, Access.read);
  const i = f.local('i32');
  f.set(i, I32.const(0));
  f.loop((again) => {
    const at = f.let(i.get());
    const [inFirst1, inFirst2] = [f.let(at.ltU(one.inPage)), f.let(at.ltU(two.inPage))];
    const end1 = f.select(inFirst1, minimum(f, one.inPage, length), length);
    const end2 = f.select(inFirst2, minimum(f, two.inPage, length), length);
    const end = f.let(minimum(f, f.let(end1), f.let(end2)));
    const first = f.let(f.select(inFirst1, one.first, one.second).sub(at.toPointer()));
    const second = f.let(f.select(inFirst2, two.first, two.second).sub(at.toPointer()));
    each(first, second, f.let(end.sub(at)));
    f.set(i, end);
    f.brIf(end.ltU(length), again);
  });
}

function minimum(f: FunctionBuilder, a: I32, b: I32): I32 {
  return f.select(a.ltU(b), a, b);
}

function operandPages(
  f: FunctionBuilder,
  mmu: Mmu,
  address: I64,
  ar: I32,
  length: I32,
  kind: number,
): OperandPages {
  const cpu = f.param(0, 'ptr').get();
  const first = pointerTo(f, mmu, address, ar, kind);
  const second = f.local('ptr');
  const inPage = f.let(I32.const(4096).sub(address.wrap().and(0xfff)));
  f.if(inPage.ltU(length), () => {
    const next = f.let(address.add(inPage.extendU()).and(f.loadI64(cpu, mmuLayout.addressMask)));
    f.set(second, pointerTo(f, mmu, next, ar, kind).add(inPage.toPointer()));
  });
  return { first, second: second.get(), inPage };
}

/** A byte's pointer, by the TLB if it can be; returns -1 from the function after an access exception. */
function pointerTo(f: FunctionBuilder, mmu: Mmu, address: I64, ar: I32, kind: number): Pointer {
  const cpu = f.param(0, 'ptr').get();
  const pointer = f.local('ptr');
  const entry = f.let(cpu.add(tlbOffset(address)));
  const tag = address.and(~0xfffn).or(f.loadI64(cpu, mmuLayout.dataContext));
  f.if(
    f.loadI64(entry, tlbOf(kind)).eq(tag),
    () =>
      f.set(
        pointer,
        f
          .loadI32(entry, tlbOf(kind) + 8)
          .sub(address.wrap())
          .toPointer(),
      ),
    () => {
      f.set(pointer, f.callValue(mmu.access, cpu, address, ar, I32.const(kind)));
      f.if(pointer.get().eq(0), () => f.return(I32.const(-1)));
    },
    true,
  );
  return pointer.get();
}

/** Whether a byte of the destination is a source byte later on, when bytes go one by one from left to right. */
function overlapsToTheRight(f: FunctionBuilder, destination: Pointer, source: Pointer, length: I32): I32 {
  const distance = f.let(source.sub(destination).toI64());
  return distance.ne(0).and(distance.ltU(length.extendU()));
}

function defineMoveBytes(module: ModuleBuilder): StorageHelpers['moveBytes'] {
  return module.function('moveBytes', ['ptr', 'ptr', 'i32'], [], (f) => {
    const to = f.param(0, 'ptr').get();
    const from = f.param(1, 'ptr').get();
    const length = f.param(2, 'i32').get();
    f.if(overlapsToTheRight(f, to, from, length), () => {
      f.if(from.sub(to).eq(1), () => {
        const byte = f.loadI32(from, 15, 8);
        f.memoryFill(to.add(16).sub(length.toPointer()), byte, length.toPointer());
        f.return();
      });
      const i = f.local('i32');
      f.set(i, I32.const(0));
      f.loop((again) => {
        const at = i.get().toPointer();
        f.store(to.sub(at), 15, f.loadI32(from.sub(at), 15, 8), 8);
        f.set(i, i.get().add(1));
        f.brIf(i.get().ltU(length), again);
      });
      f.return();
    });
    // Short moves, which are most, as two accesses that may overlap: a call of memory.copy costs more.
    const ends = f.let(I32.const(16).sub(length).toPointer());
    f.if(length.geU(8), () => {
      f.if(length.leU(16), () => {
        const [left, right] = [f.let(f.loadI64(from, 8)), f.let(f.loadI64(from.add(ends)))];
        f.store(to, 8, left, 64);
        f.store(to.add(ends), 0, right, 64);
        f.return();
      });
      f.if(length.leU(32), () => {
        const [left, right] = [f.let(f.loadV128(from)), f.let(f.loadV128(from.add(ends)))];
        f.storeV128(to, 0, left);
        f.storeV128(to.add(ends), 0, right);
        f.return();
      });
      f.memoryCopy(to.add(ends), from.add(ends), length.toPointer());
      f.return();
    });
    f.if(length.geU(4), () => {
      const [left, right] = [f.let(f.loadI32(from, 12)), f.let(f.loadI32(from.add(ends)))];
      f.store(to, 12, left);
      f.store(to.add(ends), 0, right);
      f.return();
    });
    const middle = f.let(length.shrU(1).toPointer());
    const left = f.let(f.loadI32(from, 15, 8));
    const between = f.let(f.loadI32(from.sub(middle), 15, 8));
    const right = f.let(f.loadI32(from.add(ends), 0, 8));
    f.store(to, 15, left, 8);
    f.store(to.sub(middle), 15, between, 8);
    f.store(to.add(ends), 0, right, 8);
  });
}

/** `(first, second, length) -> 1 when a byte of the result is not zero`; the result replaces the first operand. */
function defineCombineBytes(
  module: ModuleBuilder,
  operation: 'and' | 'or' | 'xor',
): FunctionRef<readonly ['i32']> {
  return module.function(`${operation}Bytes`, ['ptr', 'ptr', 'i32'], ['i32'], (f) => {
    const first = f.param(0, 'ptr').get();
    const second = f.param(1, 'ptr').get();
    const length = f.param(2, 'i32').get();
    if (operation === 'xor') {
      f.if(first.eq(second).and(length.gtU(32)), () => {
        f.memoryFill(first.add(16).sub(length.toPointer()), I32.const(0), length.toPointer());
        f.return(I32.const(0));
      });
    }
    const i = f.local('i32');
    const any = f.local('i64');
    f.set(i, I32.const(0));
    f.set(any, I64.const(0));
    f.if(overlapsToTheRight(f, first, second, length).eqz(), () => {
      f.block((done) => {
        f.loop((again) => {
          f.brIf(i.get().add(8).gtU(length), done);
          const at = i.get().toPointer();
          const to = f.let(first.sub(at));
          const result = f.let(f.loadI64(to, 8)[operation](f.loadI64(second.sub(at), 8)));
          f.store(to, 8, result, 64);
          f.set(any, any.get().or(result));
          f.set(i, i.get().add(8));
          f.br(again);
        });
      });
    });
    f.block((done) => {
      f.loop((again) => {
        f.brIf(i.get().geU(length), done);
        const at = i.get().toPointer();
        const to = f.let(first.sub(at));
        const result = f.let(f.loadI64(to, 15, 8)[operation](f.loadI64(second.sub(at), 15, 8)));
        f.store(to, 15, result, 8);
        f.set(any, any.get().or(result));
        f.set(i, i.get().add(1));
        f.br(again);
      });
    });
    f.return(any.get().ne(0));
  });
}

function defineEqualBytes(module: ModuleBuilder): StorageHelpers['equalBytes'] {
  return module.function('equalBytes', ['ptr', 'ptr', 'i32'], ['i32'], (f) => {
    const first = f.param(0, 'ptr').get();
    const second = f.param(1, 'ptr').get();
    const length = f.param(2, 'i32').get();
    const i = f.local('i32');
    f.block((done) => {
      f.loop((again) => {
        f.brIf(i.get().add(8).gtU(length), done);
        const at = i.get().toPointer();
        const different = f.let(f.loadI64(first.sub(at), 8).xor(f.loadI64(second.sub(at), 8)));
        f.if(different.ne(0), () => f.return(i.get().add(different.clz().wrap().shrU(3))));
        f.set(i, i.get().add(8));
        f.br(again);
      });
    });
    countWhile(f, i, length, (at) => f.loadI32(first.sub(at), 15, 8).eq(f.loadI32(second.sub(at), 15, 8)));
    f.return(i.get());
  });
}

function defineEqualToByte(module: ModuleBuilder): StorageHelpers['equalToByte'] {
  return module.function('equalToByte', ['ptr', 'i32', 'i32'], ['i32'], (f) => {
    const first = f.param(0, 'ptr').get();
    const byte = f.param(1, 'i32').get();
    const i = f.local('i32');
    countWhile(f, i, f.param(2, 'i32').get(), (at) => f.loadI32(first.sub(at), 15, 8).eq(byte));
    f.return(i.get());
  });
}

function defineBytesBefore(module: ModuleBuilder): StorageHelpers['bytesBefore'] {
  return module.function('bytesBefore', ['ptr', 'i32', 'i32'], ['i32'], (f) => {
    const first = f.param(0, 'ptr').get();
    const byte = f.param(1, 'i32').get();
    const length = f.param(2, 'i32').get();
    const ones = 0x0101_0101_0101_0101n;
    const pattern = f.let(byte.extendU().mul(ones));
    const i = f.local('i32');
    f.set(i, I32.const(0));
    f.block((done) => {
      f.loop((again) => {
        f.brIf(i.get().add(8).gtU(length), done);
        const word = f.let(f.loadI64(first.sub(i.get().toPointer()), 8).xor(pattern));
        // Some byte is zero; which one is found below.
        f.brIf(
          word
            .sub(ones)
            .and(word.xor(-1n))
            .and(ones << 7n)
            .ne(0),
          done,
        );
        f.set(i, i.get().add(8));
        f.br(again);
      });
    });
    countWhile(f, i, length, (at) => f.loadI32(first.sub(at), 15, 8).ne(byte));
    f.return(i.get());
  });
}

/** Raises `i` up to `length` as long as the condition holds for it. */
function countWhile(
  f: FunctionBuilder,
  i: { get(): I32 } & Parameters<FunctionBuilder['set']>[0],
  length: I32,
  condition: (at: Pointer) => I32,
): void {
  f.block((done) => {
    f.loop((again) => {
      f.brIf(i.get().geU(length), done);
      f.brIf(condition(i.get().toPointer()).eqz(), done);
      f.set(i, i.get().add(1));
      f.br(again);
    });
  });
}
