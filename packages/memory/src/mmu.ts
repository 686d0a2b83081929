/**
 * Access to storage by logical address: address spaces, protection, storage keys and the TLBs (Principles of
 * Operation, chapter 3, "Protection", "Reference Recording", "Change Recording", "Translation-Lookaside Buffer").
 *
 * A TLB tag is a page address and a context; a context stands for an ASCE (or real addressing) and an access key.
 * Forgetting an ASCE's context purges all its entries at once, since its number is not given out again until the
 * TLBs are cleared.
 *
 * A host pointer of these functions always means "host address of the byte, less 15": an operand of s bytes is then
 * at offset 16 - s, whatever its size.
 */
import type { FunctionRef, ModuleBuilder } from '@zarch/wasm';
import { type AccessRegisterTranslation, defineAccess, defineSpaceAsce } from './access.ts';
import { defineBounce } from './bounce.ts';
import { defineProtectCode } from './code-stores.ts';
import { defineTranslate, type TranslateFunction } from './dat.ts';
import { defineLocate, defineResolve, defineTestAccess } from './resolve.ts';
import { defineFetchSlow, defineLoadSlow, defineReach, defineStoreSlow } from './slow-paths.ts';
import { defineSpans, type Spans } from './spans.ts';
import { definePurge, definePurgePage, definePurgeSpace, defineRefresh } from './tlb.ts';

export interface Mmu extends Spans {
  readonly translate: TranslateFunction;
  /** `(cpu, address, asce, mode) -> absolute address`, or -1 with the fault in the block. Fills no TLB. */
  readonly resolve: FunctionRef<readonly ['i64']>;
  /**
   * `(cpu, address, asce, mode) -> host pointer`, or 0 with the fault in the block: as `resolve`, by way of the TLBs where
   * they know the page.
   */
  readonly locate: FunctionRef<readonly ['ptr']>;
  /** As `resolve`, but gives 0 or the code of the exception that the access would meet, and records nothing. */
  readonly testAccess: FunctionRef<readonly ['i32']>;
  /** `(cpu, space, ar) -> (asce, code)`: the ASCE of an address space, or an exception code of ART. */
  readonly spaceAsce: FunctionRef<readonly ['i64', 'i32']>;
  /** `(cpu, address, ar, access) -> host pointer` of one byte in the PSW's mode, or 0; fills the TLB. */
  readonly access: FunctionRef<readonly ['ptr']>;
  /** `(cpu, address, size, ar) -> host pointer`, or 0; at most 128 bytes, which may cross a page. */
  readonly loadSlow: FunctionRef<readonly ['ptr']>;
  /** `(cpu, address, value, size, ar) -> 0, or 1 after a fault`; 1 to 8 bytes. */
  readonly storeSlow: FunctionRef<readonly ['i32']>;
  /** `(cpu, address) -> (instruction left-aligned, 1)`, or `(0, 0)` after a fault; fills the fetch TLB. */
  readonly fetchSlow: FunctionRef<readonly ['i64', 'i32']>;
  /** `(cpu)`: derives the contexts and the address mask from PSW and control registers. */
  readonly refresh: FunctionRef<readonly []>;
  /** `(cpu)`: purges the entries by which blocks with translated code could be stored into. */
  readonly protectCode: FunctionRef<readonly []>;
  /** `(cpu)`: purges all TLB entries. */
  readonly purge: FunctionRef<readonly []>;
  /** `(cpu, asce)`: purges the entries of the spaces whose tables begin where those of an ASCE do. */
  readonly purgeSpace: FunctionRef<readonly []>;
  /** `(cpu, address)`: purges the entries of a page index, in every space. */
  readonly purgePage: FunctionRef<readonly []>;
}

/** Defines the functions in a module; `art` is called for an ALET that is neither 0 nor 1. */
export function defineMmu(module: ModuleBuilder, art: AccessRegisterTranslation): Mmu {
  const translate = defineTranslate(module);
  const resolve = defineResolve(module, translate);
  const spaceAsce = defineSpaceAsce(module, art);
  const refresh = defineRefresh(module);
  const access = defineAccess(module, resolve, spaceAsce);
  const across = { access, reach: defineReach(module, access), ...defineBounce(module) };
  return {
    translate,
    resolve,
    spaceAsce,
    access,
    locate: defineLocate(module, resolve),
    refresh,
    testAccess: defineTestAccess(module, resolve),
    loadSlow: defineLoadSlow(module, across),
    storeSlow: defineStoreSlow(module, across),
    fetchSlow: defineFetchSlow(module, access),
    protectCode: defineProtectCode(module),
    purge: definePurge(module, refresh),
    purgeSpace: definePurgeSpace(module, refresh),
    purgePage: definePurgePage(module),
    ...defineSpans(module, across),
  };
}
