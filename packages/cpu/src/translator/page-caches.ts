/**
 * The page last accessed by each base register, in locals of a region: most accesses are to the same page as the one
 * before, and need no look at the TLB. A translation that changes ends the region, and with it what is remembered.
 */
import { Access } from '@zarch/memory';
import { type FunctionBuilder, I32, I64 } from '@zarch/wasm';
import type { PageCache } from '../semantics/backend.ts';
import { type Addressing, addressing } from './addressing.ts';
import { regionLimits } from './discover.ts';
import { sizeOf } from './loops.ts';
import type { Region, RegionInstruction } from './region.ts';

export class PageCaches {
  readonly #caches: readonly (readonly (PageCache | undefined)[])[];
  readonly #addressing: Addressing;

  /** @param inLoops - Blocks of which one use of a register may be many. */
  constructor(f: FunctionBuilder, region: Region, inLoops: ReadonlySet<number>) {
    this.#addressing = addressing(region, inLoops);
    const { uses, jumps } = this.#addressing;
    // In a large loop the host has no registers left for them.
    const isSmall = sizeOf(region.blocks) <= regionLimits.region;
    const make = (count: number, base: number): PageCache | undefined => {
      // After a jump to some other page the first use is in vain, and costs a third of what another one saves.
      const worth = 1.5 * (jumps[base] ?? 0);
      return isSmall && inLoops.size > 0 && count > worth
        ? { page: f.local('i64'), host: f.local('i32') }
        : undefined;
    };
    this.#caches = [Access.read, Access.write].map((kind) => (uses[kind] ?? []).map(make));
  }

  of(instruction: RegionInstruction, base: I32, kind: number): PageCache | undefined {
    if (base.constant === undefined || !this.#addressing.isLocal(instruction)) return undefined;
    return this.#caches[kind]?.[Number(base.constant)];
  }

  /** Forgets everything. */
  clear(f: FunctionBuilder): void {
    for (const cache of this.#caches.flat()) {
      if (!cache) continue;
      f.set(cache.page, I64.const(0));
      f.set(cache.host, I32.const(0));
    }
  }
}
