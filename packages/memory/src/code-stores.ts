/**
 * Noticing stores into blocks of storage with translated code: the compiled side of {@link CodeFrames}. Such blocks have
 * no entries in the TLB for stores.
 */
import { type FunctionBuilder, I32, I64, type ModuleBuilder, type Pointer } from '@zarch/wasm';
import { CodeFrame, CodeFrames } from './code-frames.ts';
import type { Mmu } from './mmu.ts';
import { mmuLayout, TLB_ENTRIES, TLB_ENTRY_SIZE } from './mmu-layout.ts';
import { Access, tlbOf } from './tlb.ts';

/** Host address of the word about translated code in the block of an absolute address. */
export function codeFrame(f: FunctionBuilder, cpu: Pointer, absolute: I64): Pointer {
  const block = absolute.shrU(12).shl(2).toPointer();
  return f.let(f.loadI32(cpu, mmuLayout.codeFrames).toPointer().add(block));
}
/** Whether some CPU has translated code of the block. */
export function hasCode(f: FunctionBuilder, frame: Pointer): I32 {
  return f.loadI32(frame, 0, 8);
}

/** Whether some CPU has translated code of the block of an absolute address. */
export function hasCodeAt(f: FunctionBuilder, cpu: Pointer, absolute: I64): I32 {
  return hasCode(f, codeFrame(f, cpu, absolute));
}

/** Notes a store to the block of an absolute address, if it has translated code. */
export function noteStore(f: FunctionBuilder, cpu: Pointer, absolute: I64): void {
  const frame = codeFrame(f, cpu, absolute);
  f.if(hasCode(f, frame), () => noteCodeWrite(f, cpu, frame));
}

/** Notes a store to a block with translated code, given by {@link codeFrame}. */
export function noteCodeWrite(f: FunctionBuilder, cpu: Pointer, frame: Pointer): void {
  f.drop(f.atomic('i32', 'add', 32, frame, I32.const(CodeFrame.version)));
  const header = f.loadI32(cpu, mmuLayout.codeFrames).toPointer().sub(CodeFrames.HEADER);
  f.drop(f.atomic('i32', 'add', 32, header.add(CodeFrames.STORES), I32.const(1)));
}

export function defineProtectCode(module: ModuleBuilder): Mmu['protectCode'] {
  return module.function('protectCode', ['ptr'], [], (f) => {
    const cpu = f.param(0, 'ptr').get();
    const offset = f.local('i32');
    f.set(offset, I32.const(0));
    f.loop((again) => {
      const entry = f.let(cpu.add(offset.get().toPointer()));
      const tag = f.let(f.loadI64(entry, tlbOf(Access.write)));
      f.if(tag.ne(0), () => {
        const pointer = f.loadI32(entry, tlbOf(Access.write) + 8).sub(tag.wrap().and(~0xfff));
        const absolute = f.loadI32(cpu, mmuLayout.top).sub(16).sub(pointer).extendU();
        f.if(hasCode(f, codeFrame(f, cpu, absolute)), () =>
          f.store(entry, tlbOf(Access.write), I64.const(0), 64),
        );
      });
      f.set(offset, offset.get().add(TLB_ENTRY_SIZE));
      f.brIf(offset.get().ltU(TLB_ENTRIES * TLB_ENTRY_SIZE), again);
    });
  });
}
