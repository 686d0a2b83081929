/** What a tier supplies to the definitions of instructions, and what they hand to it. */
import type { FieldName } from '@zarch/isa';
import type { FunctionBuilder, I32, I64, Local, Pointer } from '@zarch/wasm';
import type { ConditionCode } from './condition-code.ts';

/** A storage operand: its address in the current addressing mode and the access register that goes with it. */
export interface StorageOperand {
  readonly address: I64;
  readonly ar: I32;
  /** Operand `number` and `offset` bytes, where its base register and displacement are all that makes its address. */
  readonly place?: { readonly number: 1 | 2 | 3 | 4; readonly offset: number } | undefined;
}

/** A sum or difference, and whether it overflowed. */
export interface Sum<T extends I32 | I64> {
  readonly value: T;
  readonly overflow: I32;
}

/** A page whose translation is known, in a tier's locals. */
export interface PageCache {
  /** Its logical address. */
  readonly page: Local<'i64'>;
  /** Host pointer of its first byte; 0 when there is none. */
  readonly host: Local<'i32'>;
}

/** Storage around an operand whose translation has been looked up together, in a tier's locals. */
export interface AccessWindow {
  /** Host pointer of its first byte; 0 when the look-up was in vain. */
  readonly pointer: Local<'ptr'>;
  /** Bytes from its beginning to the operand, and in all. */
  readonly before: number;
  readonly size: number;
  /** It is still to be looked up. */
  readonly isNew: boolean;
}

/** What a tier supplies to the definitions. */
export interface Backend {
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  /** An operand field, unsigned, shifted left by `scale` bits. */
  field(name: FieldName, scale?: number): I32;
  /** The displacement of operand `number`, signed when it has 20 bits. */
  displacement(number: 1 | 2 | 3 | 4): I32;
  readGr(number: I32): I64;
  /** Bits 32-63 only. */
  readGr32(number: I32): I32;
  writeGr(number: I32, value: I64): void;
  /** Bits 32-63 only; the tier may do it without touching the left half. */
  writeGr32(number: I32, value: I32): void;
  readCc(): I32;
  writeCc(cc: ConditionCode): void;
  /** Whether a four-bit mask selects the condition code: not zero if it does. */
  ccSelected(mask: I32): I32;
  /** Whether addresses have 64 bits, in the current addressing mode. */
  is64(): I32;
  /** Fixed-point overflow is known to be masked off. */
  readonly overflowMasked: boolean;
  /** The context of data in the TLBs. */
  dataContext(): I64;
  /** What the tier remembers of the page last accessed by a base register, if it does so. */
  pageCache(base: I32, kind: number): PageCache | undefined;
  /** What the tier looks up together with an operand, if it does so. */
  window(operand: StorageOperand, size: number | I32, kind: number): AccessWindow | undefined;
  /** The bits of an address in the current addressing mode. */
  addressMask(): I64;
  nextAddress(): I64;
  instructionAddress(): I64;
  /** Continues at `target`, already within the addressing mode. */
  branch(target: I64): void;
  /** Continues at a signed number of halfwords from the instruction. */
  branchRelative(halfwords: I32): void;
  /** Leaves the instruction with precise state. */
  leave(exit: number): void;
  /**
   * Does the whole instruction by the interpreter's function for it, which emits `body`. Nothing has been changed before,
   * and nothing of the definition follows.
   */
  slowly(body: () => void): void;
  /** Ends the instruction, purging what the tier remembers of the instruction space. */
  refetch(): void;
  /** Executes the instruction at `address` with bits 8-15 of `modifier` or'ed in (EXECUTE). */
  execute(address: I64, modifier: I32): void;
}
