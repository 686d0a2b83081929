/**
 * Translations that outlive a run, for the next run of the same guest: it finds them there from the beginning on, and
 * translates only what is new. What a region was made of is compared with storage before it is used, as always, so that
 * a store of another guest costs time and never correctness; a store of other code of zarch would, and whoever keeps
 * stores has to tell them apart.
 */
import { type FunctionBody, ModuleBuilder } from '@zarch/wasm';
import { importForRegions, type RegionImports, regionBasics } from './region-imports.ts';
import { decodeStore, encodeStore } from './store-format.ts';
import type { CodeBytes, TranslatedRegion } from './translation.ts';
import type { CompileRegions } from './translator.ts';

/** A region as it is kept: for a layout of host storage, and a numbering of places. */
export interface StoredRegion {
  /** Its function's name. */
  readonly name: string;
  /** Host pointer of its first instruction. */
  readonly pointer: number;
  readonly code: readonly CodeBytes[];
  /** Guest instructions in it. */
  readonly instructions: number;
  /** Host pointers of other blocks in it. */
  readonly inside: readonly number[];
  readonly body: FunctionBody;
  /** Times that the store has been written since it was last used. */
  readonly age: number;
}

/** What a store holds. */
export interface StoreContents {
  /** What functions of regions depend on, beside the code they are made of. */
  readonly layout: string;
  /** Host pointers by their places in the module's table, the first free one being place 0. */
  readonly places: readonly number[];
  /** In the order in which they were first wanted. */
  readonly regions: readonly StoredRegion[];
}

/** Regions made into a module. */
export interface StoredModule {
  readonly module: WebAssembly.Module;
  readonly regions: readonly { readonly region: StoredRegion; readonly id: number }[];
}

export interface StoreLimits {
  /** Bytes of function bodies that are kept. */
  readonly bytes: number;
  /** Writes after which a region that was never used is dropped. */
  readonly age: number;
  /** New regions that are worth a write. */
  readonly news: number;
}

const LIMITS: StoreLimits = { bytes: 5 << 20, age: 16, news: 8 };
/** Places that earlier runs may have given out; most of them belong to code that was never translated. */
const PLACES = 200_000;
/** Regions in the first module, which the guest needs soon. All others are in one, compiled by one thread at a time. */
const FIRST = 24;

export class TranslationStore {
  readonly #limits: StoreLimits;
  #layout: string | undefined;
  #places: readonly number[] = [];
  #regions: StoredRegion[] = [];
  /** How many of the regions are from earlier runs. */
  #earlier = 0;
  readonly #used = new Set<number>();
  #bytes = 0;
  readonly #modules: StoredModule[] = [];
  #imports: RegionImports | undefined;

  constructor(limits: Partial<StoreLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * @param bytes - What {@link encode} gave.
   * @throws {RangeError} When they are something else.
   */
  static decode(bytes: Uint8Array, limits: Partial<StoreLimits> = {}): TranslationStore {
    const { layout, places, regions } = decodeStore(bytes);
    const store = new TranslationStore(limits);
    store.#layout = layout;
    store.#places = places;
    store.#regions = [...regions];
    store.#earlier = regions.length;
    store.#bytes = regions.reduce((sum, { body }) => sum + body.bytes.length, 0);
    return store;
  }

  /** Host pointers by their places, as the earlier runs gave them out. */
  get places(): readonly number[] {
    return this.#places;
  }
  /** Regions of earlier runs. */
  get earlier(): readonly StoredRegion[] {
    return this.#regions.slice(0, this.#earlier);
  }

  /** Makes the next module of regions of earlier runs, which needs no guest; false when all are made. */
  prepare(compile: CompileRegions): boolean {
    const first = this.#modules.reduce((sum, { regions }) => sum + regions.length, 0);
    if (first >= this.#earlier) return false;
    const end = first === 0 ? Math.min(FIRST, this.#earlier) : this.#earlier;
    this.#imports ??= importForRegions(regionBasics());
    const { module } = this.#imports;
    const builder = new ModuleBuilder(module.width, module);
    const regions = this.#regions.slice(first, end);
    for (const [i, { name, body }] of regions.entries()) {
      builder.export(`${i}`, builder.adopt(name, ['ptr', 'i64'], ['i32'], body));
    }
    this.#modules.push({
      module: compile(builder.finish(), regions.length),
      regions: regions.map((region, i) => ({ region, id: first + i })),
    });
    return true;
  }
  /** The modules made so far. */
  get modules(): readonly StoredModule[] {
    return this.#modules;
  }

  /** Tells what this run is like; what was made for something else is forgotten. */
  begin(layout: string): void {
    if (layout !== this.#layout || this.#places.length > PLACES) this.clear();
    this.#layout = layout;
  }

  /** Adds a region of this run and gives its number, unless there is no room. */
  add(region: Omit<StoredRegion, 'age'>): number | undefined {
    const bytes = this.#bytes + region.body.bytes.length;
    if (bytes > this.#limits.bytes) return undefined;
    this.#bytes = bytes;
    return this.#regions.push({ ...region, age: 0 }) - 1;
  }
  /** Notes that a region of an earlier run is used in this one. */
  use(id: number): void {
    this.#used.add(id);
  }

  /** Forgets all regions. */
  clear(): void {
    this.#places = [];
    this.#regions = [];
    this.#modules.length = 0;
    this.#used.clear();
    this.#earlier = 0;
    this.#bytes = 0;
  }

  /** Whether this run has added enough that writing the store is worth it. */
  get isWorthWriting(): boolean {
    const isFull = this.#bytes > (this.#limits.bytes * 7) / 8;
    return (
      this.#layout !== undefined && (isFull || this.#regions.length - this.#earlier >= this.#limits.news)
    );
  }

  /** @param places - Host pointers by their places, as they are given out now. */
  encode(places: readonly number[]): Uint8Array<ArrayBuffer> {
    if (this.#layout === undefined) throw new Error('a store that was not begun');
    const regions: StoredRegion[] = [];
    for (const [id, region] of this.#regions.entries()) {
      const isUsed = id >= this.#earlier || this.#used.has(id);
      const age = isUsed ? 0 : region.age + 1;
      if (age <= this.#limits.age) regions.push({ ...region, age });
    }
    return encodeStore({ layout: this.#layout, places, regions });
  }
}

/** A stored region as a translation has it. */
export function translatedRegion(
  { pointer, code, instructions }: StoredRegion,
  name: string,
  place: number,
  id: number,
): TranslatedRegion {
  return { name, pointer, place, code, instructions, id };
}
