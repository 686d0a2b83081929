/** What both of the interpreter's backends find in the vCPU's block: general registers, addressing mode and contexts. */
import { PSW } from '@zarch/arch';
import { mmuLayout } from '@zarch/memory';
import type { FunctionBuilder, I32, I64, Pointer } from '@zarch/wasm';
import { readGr, readGr32, writeGr, writeGr32 } from './register-file.ts';

export abstract class BlockBackend {
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  readonly overflowMasked = false;

  constructor(f: FunctionBuilder, cpu: Pointer) {
    this.f = f;
    this.cpu = cpu;
  }

  readGr(number: I32): I64 {
    return readGr(this.f, this.cpu, number);
  }
  readGr32(number: I32): I32 {
    return readGr32(this.f, this.cpu, number);
  }
  writeGr(number: I32, value: I64): void {
    writeGr(this.f, this.cpu, number, value);
  }
  writeGr32(number: I32, value: I32): void {
    writeGr32(this.f, this.cpu, number, value);
  }
  abstract readCc(): I32;
  ccSelected(mask: I32): I32 {
    return mask.shl(this.readCc()).and(8);
  }
  is64(): I32 {
    return this.f.loadI64(this.cpu, mmuLayout.pswMask).and(PSW.extendedAddressing).ne(0);
  }
  dataContext(): I64 {
    return this.f.loadI64(this.cpu, mmuLayout.dataContext);
  }
  addressMask(): I64 {
    return this.f.loadI64(this.cpu, mmuLayout.addressMask);
  }
  /** An instruction that is interpreted remembers nothing of those before it. */
  pageCache(): undefined {
    return undefined;
  }
  window(): undefined {
    return undefined;
  }
}
