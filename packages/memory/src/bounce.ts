/**
 * Operands of at most 128 bytes that cross a page are joined in the block's bounce area, and stored from there.
 *
 * What is aligned is moved by doublewords, words or halfwords, as other CPUs must see it (Principles of Operation, chapter 5,
 * "Storage-Operand Consistency"); and a stack that has a page's end where much is saved moves its registers here all the time.
 */
import {
  type FunctionBuilder,
  type FunctionRef,
  I32,
  type I64,
  type ModuleBuilder,
  type Pointer,
} from '@zarch/wasm';
import { mmuLayout } from './mmu-layout.ts';

export interface Bounce {
  /** `(cpu, size, inPage, first, second)`: fills the area with the `inPage` bytes at one pointer and the others at another. */
  readonly join: FunctionRef<readonly []>;
  /** The same, from the area to storage. */
  readonly part: FunctionRef<readonly []>;
}

/** The pointer of the first of `size` bytes in the bounce area. */
export function bouncePointer(cpu: Pointer, size: I32): Pointer {
  return cpu.add(mmuLayout.bounce - 16).add(size.toPointer());
}

/** Bytes from an address to the end of its page. */
export function bytesInPage(address: I64): I32 {
  return I32.const(4096).sub(address.wrap().and(0xfff));
}

export function defineBounce(module: ModuleBuilder): Bounce {
  const define = (name: string, joins: boolean) =>
    module.function(name, ['ptr', 'i32', 'i32', 'ptr', 'ptr'], [], (f) => moveAll(f, joins));
  return { join: define('join', true), part: define('part', false) };
}

function moveAll(f: FunctionBuilder, joins: boolean): void {
  const [size, inPage] = [f.param(1, 'i32').get(), f.param(2, 'i32').get()];
  const bounce = f.let(bouncePointer(f.param(0, 'ptr').get(), size));
  const first = f.param(3, 'ptr').get();
  // Where the operand would begin if it lay before the second page in host storage too.
  const second = f.let(f.param(4, 'ptr').get().add(inPage.toPointer()));
  const at = f.local('i32');
  const move = (unit: 1 | 2 | 4 | 8) =>
    f.loop((again) => {
      const page = f.select(at.get().ltU(inPage), first, second);
      const [source, target] = joins ? [page, bounce] : [bounce, page];
      const from = source.sub(at.get().toPointer());
      const width = (unit * 8) as 8 | 16 | 32 | 64;
      f.store(target.sub(at.get().toPointer()), 16 - unit, f.loadI64(from, 16 - unit, width), width);
      f.set(at, at.get().add(unit));
      f.brIf(at.get().ltU(size), again);
    });
  for (const unit of [8, 4, 2] as const) {
    const isMultiple = inPage
      .or(size)
      .and(unit - 1)
      .eqz();
    f.if(isMultiple, () => {
      move(unit);
      f.return();
    });
  }
  move(1);
}
