/**
 * Strings that end with a character, and CHECKSUM (Principles of Operation, chapter 7, "COMPARE LOGICAL STRING",
 * "MOVE STRING", "SEARCH STRING", "SEARCH STRING UNICODE", "CHECKSUM"). An execution does what lies in one page, and
 * says with condition code 3 that there is more.
 */
import { ProgramInterruption } from '@zarch/arch';
import { I32, I64 } from '@zarch/wasm';
import type { StorageOperand } from '../backend.ts';
import type { DefinitionTable, Semantics } from '../semantics.ts';
import { minimum, toPageEnd } from './long-operands.ts';

/** Most bytes that an execution compares or most characters it searches: what follows an end is of no use. */
const UNIT = 256;

export function defineString(table: DefinitionTable): void {
  table.define('mvst', moveString);
  table.define('clst', compareString);
  table.define('srst', searchString);
  table.define('srstu', searchUnicode);
  table.define('cksm', checksum);
}

/** The character in the rightmost `bits` of GR0; the rest of its right half must be zero. */
function character(s: Semantics, bits: 8 | 16): I32 {
  const value = s.f.let(s.gr32(0));
  s.programIf(value.shrU(bits), ProgramInterruption.specification);
  return value;
}

function moveBy(s: Semantics, register: 'R1' | 'R2', operand: StorageOperand, count: I64): void {
  s.setGrAddress(register, s.f.let(s.wrap(operand.address.add(count))));
}

function moveString(s: Semantics): void {
  const { f } = s;
  const end = character(s, 8);
  const [to, from] = [s.registerOperand('R1'), s.registerOperand('R2')];
  const count = f.let(minimum(s, toPageEnd(to.address), toPageEnd(from.address)).wrap());
  const source = s.readPointer(from, 1);
  const target = s.updatePointer(to, 1);
  const before = f.let(f.callValue(s.helpers.bytesBefore, source, end, count));
  f.if(
    before.ltU(count),
    () => {
      f.call(s.helpers.moveBytes, target, source, before.add(1));
      moveBy(s, 'R1', to, before.extendU());
      s.setCc(1);
    },
    () => {
      f.call(s.helpers.moveBytes, target, source, count);
      moveBy(s, 'R1', to, count.extendU());
      moveBy(s, 'R2', from, count.extendU());
      s.setCc(3);
    },
  );
}

function compareString(s: Semantics): void {
  const { f } = s;
  const end = character(s, 8);
  const [one, two] = [s.registerOperand('R1'), s.registerOperand('R2')];
  const within = minimum(s, toPageEnd(one.address), toPageEnd(two.address));
  const count = f.let(minimum(s, within, I64.const(UNIT)).wrap());
  const first = s.readPointer(one, 1);
  const second = s.readPointer(two, 1);
  const equal = f.let(f.callValue(s.helpers.equalBytes, first, second, count));
  const before = f.let(f.callValue(s.helpers.bytesBefore, first, end, equal));
  f.if(
    before.ltU(equal),
    () => s.setCc(0),
    () => {
      moveBy(s, 'R1', one, equal.extendU());
      moveBy(s, 'R2', two, equal.extendU());
      f.if(
        equal.eq(count),
        () => s.setCc(3),
        () => {
          const at = equal.toPointer();
          const [a, b] = [f.let(f.loadI32(first.sub(at), 15, 8)), f.let(f.loadI32(second.sub(at), 15, 8))];
          // The string that ends here is the shorter one, and so the lower.
          const low = a.eq(end).or(b.ne(end).and(a.ltU(b)));
          s.setCc(f.select(low, I32.const(1), I32.const(2)));
        },
      );
    },
  );
}

function searchString(s: Semantics): void {
  const { f } = s;
  const wanted = character(s, 8);
  const operand = s.registerOperand('R2');
  const left = f.let(s.wrap(s.gr64('R1').sub(operand.address)));
  f.if(
    left.eqz(),
    () => s.setCc(2),
    () => {
      const count = minimum(s, left, toPageEnd(operand.address));
      const pointer = s.readPointer(operand, 1);
      const before = f.callValue(s.helpers.bytesBefore, pointer, wanted, count.wrap());
      const found = f.let(before.extendU());
      f.if(
        found.ltU(count),
        () => {
          moveBy(s, 'R1', operand, found);
          s.setCc(1);
        },
        () =>
          f.if(
            count.eq(left),
            () => s.setCc(2),
            () => {
              moveBy(s, 'R2', operand, count);
              s.setCc(3);
            },
          ),
      );
    },
  );
}

function searchUnicode(s: Semantics): void {
  const { f } = s;
  const wanted = character(s, 16);
  const operand = s.registerOperand('R2');
  const end = f.let(s.wrap(s.gr64('R1')));
  const address = f.local('i64');
  const unit = f.local('i32');
  const result = f.local('i32');
  f.set(address, operand.address);
  f.set(unit, I32.const(UNIT));
  f.set(result, I32.const(3));
  f.block((done) => {
    f.loop((again) => {
      f.if(address.get().eq(end), () => {
        f.set(result, I32.const(2));
        f.br(done);
      });
      const value = s.load16({ address: address.get(), ar: operand.ar });
      f.if(value.eq(wanted), () => {
        s.setGrAddress('R1', address.get());
        f.set(result, I32.const(1));
        f.br(done);
      });
      f.set(address, s.wrap(address.get().add(2)));
      f.set(unit, unit.get().sub(1));
      f.brIf(unit.get().ne(0), again);
    });
    s.setGrAddress('R2', address.get());
  });
  s.setCc(result.get());
}

/** Adds words to the first operand, a carry out of the left going in again at the right. */
function checksum(s: Semantics): void {
  const { f } = s;
  s.requireEven('R2');
  const operand = s.registerOperand('R2');
  const wide = s.f.let(s.gr64('R2', 1));
  const length = f.let(f.select(s.is64(), wide, wide.and(0xffff_ffff)));
  const sum = f.local('i64');
  const used = f.local('i64');
  f.set(sum, s.gr32('R1').extendU());
  f.set(used, I64.const(0));
  const whole = f.let(minimum(s, length, toPageEnd(operand.address)).and(~3n));
  f.if(
    whole.ne(0),
    () => {
      const pointer = s.readPointer(operand, 1);
      f.loop((again) => {
        const word = f.loadI64(pointer.sub(used.get().toPointer()), 12, 32);
        f.set(sum, sum.get().add(word));
        f.set(used, used.get().add(4));
        f.brIf(used.get().ltU(whole), again);
      });
    },
    () =>
      f.if(
        length.geU(4),
        () => {
          f.set(sum, sum.get().add(s.load32(operand).extendU()));
          f.set(used, I64.const(4));
        },
        () => {
          // The last bytes count as a word filled up with zeros.
          for (const [i, shift] of [24, 16, 8].entries()) {
            f.if(length.gtU(i), () => {
              const byte = s.load8(s.displaced(operand, i));
              f.set(sum, sum.get().add(byte.shl(shift).extendU()));
            });
          }
          f.set(used, length);
        },
      ),
  );
  for (let fold = 0; fold < 2; fold++) {
    f.set(sum, sum.get().and(0xffff_ffff).add(sum.get().shrU(32)));
  }
  s.setGr32('R1', sum.get().wrap());
  const left = f.let(length.sub(used.get()));
  s.setGrAddress('R2', f.let(s.wrap(operand.address.add(used.get()))));
  s.setGrAddress('R2', left, 1);
  s.setCc(f.select(left.eqz(), I32.const(0), I32.const(3)));
}
