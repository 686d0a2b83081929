/**
 * Pieces of storage whose translation is known: operands near each other, by one base register that stays as it is, are
 * looked up in the TLB together. A window is opened by the first access into it, and the others then cost a comparison.
 */

import { Access } from '@zarch/memory';
import type { FunctionBuilder, Local } from '@zarch/wasm';
import type { Text } from './constant-fields.ts';
import type { OperandAccess } from './effects.ts';
import type { RegionInstruction } from './region.ts';

/** Bytes from `low` to `high`, both relative to what a register holds. */
export interface Window {
  readonly base: number;
  readonly low: number;
  readonly high: number;
  readonly kind: number;
  /** Host pointer of the first byte; 0 where the look-up was in vain, and each access is on its own. */
  readonly pointer: Local<'ptr'>;
}

/** Windows at a time. */
const WINDOWS = 6;
/** Bytes in one: a larger one would often reach into the next page. */
const LARGEST = 256;
/** Instructions looked at for accesses that are to come. */
const AHEAD = 40;

/** Where an access is, relative to what its base register holds. */
export interface Place {
  readonly base: number;
  readonly low: number;
  readonly high: number;
  readonly kind: number;
}

export function placeOf(text: Text, { number, offset, size, kind }: OperandAccess): Place {
  const low = text.displacement(number) + offset;
  return { base: text.base(number), low, high: low + size, kind };
}

/** A window that an access is in; storing needs one for stores. */
export function windowOf(windows: readonly Window[], { base, low, high, kind }: Place): Window | undefined {
  return windows.find(
    (window) =>
      window.base === base &&
      window.low <= low &&
      high <= window.high &&
      (kind === Access.read || window.kind === Access.write),
  );
}

/** Locals for windows. */
export class WindowLocals {
  readonly #locals: readonly Local<'ptr'>[];

  constructor(f: FunctionBuilder) {
    this.#locals = Array.from({ length: WINDOWS }, () => f.local('ptr'));
  }

  /**
   * A new window around an access and those that will follow; undefined when there are none.
   *
   * @param windows - Those that are open; the oldest of them makes way.
   * @param ahead - The instructions that come next.
   */
  open(
    windows: readonly Window[],
    place: Place,
    ahead: Iterable<RegionInstruction>,
  ): { readonly window: Window; readonly windows: readonly Window[] } | undefined {
    let { low, high } = place;
    let more = 0;
    let left = AHEAD;
    const bit = 1 << place.base;
    for (const { text, effects, how, executed } of ahead) {
      if (how === 'call' || left-- === 0) break;
      for (const access of executed ? [] : effects.accesses) {
        const other = placeOf(text, access);
        if (other.base !== place.base || (place.kind === Access.read && other.kind === Access.write))
          continue;
        const [least, most] = [Math.min(low, other.low), Math.max(high, other.high)];
        if (most - least > LARGEST) continue;
        [low, high] = [least, most];
        more++;
      }
      if ((effects.write32 | effects.write64) & bit) break;
    }
    if (more === 0) return undefined;
    const kept = windows.length < WINDOWS ? windows : windows.slice(1);
    const pointer = this.#locals.find((local) => kept.every((window) => window.pointer !== local));
    if (!pointer) throw new Error('more windows than locals');
    const window = { base: place.base, low, high, kind: place.kind, pointer };
    return { window, windows: [...kept, window] };
  }
}
