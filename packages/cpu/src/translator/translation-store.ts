/**
 * Translations that outlive a run, for the next run of the same guest, which translates only what is new. What a region
 * was made of is compared with storage before it is used, as always, so that a store of another guest costs time and
 * never correctness; a store of other code of zarch would, and whoever keeps stores has to tell them apart.
 *
 * Regions of one run make up segments, each a module, which never change and are dropped as a whole. A segment is read
 * when it is wanted.
 */
import { type FunctionBody, ModuleBuilder } from '@zarch/wasm';
import { isPart } from './code-bytes.ts';
import { importForRegions, type RegionImports, regionBasics } from './region-imports.ts';
import { decodeRegions, decodeSummary, encodeRegions, encodeSummary } from './store-format.ts';
import type { CodeBytes } from './translation.ts';
import type { CompileRegions } from './translator.ts';

/** A region as it is kept: for a layout of host storage, and a numbering of places. */
export interface StoredRegion {
  /** Host pointer of its first instruction. */
  readonly pointer: number;
  readonly code: readonly CodeBytes[];
  /** Guest instructions in it. */
  readonly instructions: number;
  /** Host pointers of other blocks in it. */
  readonly inside: readonly number[];
}

/** A region as a run has made it. */
export interface NewRegion extends StoredRegion {
  /** Its function's name. */
  readonly name: string;
  readonly body: FunctionBody;
}

/** Regions in one module, which exports them by their numbers in it. */
export interface SegmentSummary {
  /** Bytes of the module. */
  readonly size: number;
  /** Regions in it. */
  readonly count: number;
  /** Times that the store has been written since one of them was last used. */
  readonly age: number;
}

export interface StoreSummary {
  /** What functions of regions depend on, beside the code they are made of. */
  readonly layout: string;
  /** Host pointers by their places in the module's table, the first free one being place 0. */
  readonly places: readonly number[];
  readonly segments: readonly SegmentSummary[];
}

/** Gives a part of a store; undefined if that is damaged. */
export type ReadPart = (part: number) => Uint8Array<ArrayBuffer> | undefined;

export interface StoreLimits {
  /** Bytes of modules that are kept. */
  readonly bytes: number;
  /** Writes after which a segment of which nothing was used is dropped. */
  readonly age: number;
  /** Guest instructions in new regions that are worth a write. */
  readonly news: number;
}

const LIMITS: StoreLimits = { bytes: 24 << 20, age: 16, news: 400 };
/** Places that earlier runs may have given out; most of them belong to code that was never translated. */
const PLACES = 200_000;
/** Regions in the first segment, which the guest needs soon, and in others. */
const FIRST = 24;
const OTHERS = 512;

interface Segment extends SegmentSummary {
  /** The number of its first region in the store; those of the others follow. */
  readonly firstId: number;
  readonly regions: () => Uint8Array<ArrayBuffer> | undefined;
  readonly module: () => Uint8Array<ArrayBuffer> | undefined;
}

export class TranslationStore {
  readonly #limits: StoreLimits;
  #layout: string | undefined;
  #places: readonly number[] = [];
  #segments: Segment[] = [];
  /** How many regions of earlier runs there are. */
  #earlier = 0;
  #added: NewRegion[] = [];
  /** Bytes of bodies that were added. */
  #bytes = 0;
  /** By segment, what has been read of them; undefined for those that are damaged. */
  readonly #regions = new Map<number, readonly StoredRegion[] | undefined>();
  readonly #modules = new Map<number, WebAssembly.Module | undefined>();
  readonly #pointers = new Map<number, ReadonlySet<number>>();
  /** Segments of which something was used in this run. */
  readonly #used = new Set<number>();
  #imports: RegionImports | undefined;

  constructor(limits: Partial<StoreLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * @param read - Gives what {@link encode} gave, by number.
   * @throws {RangeError} When the first part is something else.
   */
  static decode(read: ReadPart, limits: Partial<StoreLimits> = {}): TranslationStore {
    const { layout, places, segments } = decodeSummary(read(0) ?? new Uint8Array());
    const store = new TranslationStore(limits);
    store.#layout = layout;
    store.#places = places;
    store.#segments = segments.map((summary, i) => {
      const firstId = store.#earlier;
      store.#earlier += summary.count;
      return { ...summary, firstId, regions: () => read(2 * i + 1), module: () => read(2 * i + 2) };
    });
    return store;
  }

  /** Host pointers by their places, as the earlier runs gave them out. */
  get places(): readonly number[] {
    return this.#places;
  }
  /** Segments of earlier runs. */
  get segments(): readonly (SegmentSummary & { readonly firstId: number })[] {
    return this.#segments;
  }

  /** The segment of a region of an earlier run; undefined if there is no such region. */
  segmentOf(id: number): number | undefined {
    if (id >= this.#earlier) return undefined;
    return this.#segments.findLastIndex(({ firstId }) => firstId <= id);
  }

  /** Where a segment has regions: little to remember, where the regions are not wanted. */
  pointersOf(number: number): ReadonlySet<number> {
    const known = this.#pointers.get(number);
    if (known) return known;
    const regions = this.#regions.get(number) ?? this.#readRegions(number) ?? [];
    const pointers = new Set(regions.map(({ pointer }) => pointer));
    this.#pointers.set(number, pointers);
    return pointers;
  }

  /** The regions of a segment, in the order in which they were first wanted; none if it is damaged. */
  regionsOf(number: number): readonly StoredRegion[] {
    if (!this.#regions.has(number)) this.#regions.set(number, this.#readRegions(number));
    return this.#regions.get(number) ?? [];
  }
  #readRegions(number: number): readonly StoredRegion[] | undefined {
    const segment = this.#segments[number];
    const bytes = segment?.regions();
    const regions = bytes && decodeRegions(bytes);
    return regions?.length === segment?.count ? regions : undefined;
  }

  /** Compiles the segment that the guest needs first, which needs no guest; false when there is none. */
  prepare(compile: CompileRegions): boolean {
    return this.moduleOf(0, compile) !== undefined;
  }

  /** A segment's module; undefined if it is damaged. */
  moduleOf(number: number, compile: CompileRegions): WebAssembly.Module | undefined {
    if (!this.#modules.has(number)) {
      const segment = this.#segments[number];
      const bytes = segment?.module();
      this.#modules.set(number, bytes && compile(bytes, segment?.count ?? 0));
    }
    return this.#modules.get(number);
  }

  /** Tells what this run is like; what was made for something else is forgotten. */
  begin(layout: string): void {
    if (layout !== this.#layout || this.#places.length > PLACES) this.clear();
    this.#layout = layout;
  }

  /** Adds a region of this run, unless there is no room. It replaces one with the same entry that is of a part of its code. */
  add(region: NewRegion): void {
    const replaces = (other: NewRegion) =>
      other.pointer === region.pointer && isPart(other.code, region.code);
    const replaced = this.#added.findIndex(replaces);
    const bytes = this.#bytes + region.body.bytes.length - (this.#added[replaced]?.body.bytes.length ?? 0);
    if (bytes > this.#limits.bytes) return;
    this.#bytes = bytes;
    // It is wanted when the other one was.
    if (replaced < 0) this.#added.push(region);
    else this.#added[replaced] = region;
  }
  /** Notes that a region of an earlier run is used in this one. */
  use(id: number): void {
    const segment = this.segmentOf(id);
    if (segment !== undefined) this.#used.add(segment);
  }

  /** Forgets all regions. */
  clear(): void {
    this.#places = [];
    this.#segments = [];
    this.#earlier = 0;
    this.#added = [];
    this.#bytes = 0;
    this.#regions.clear();
    this.#modules.clear();
    this.#pointers.clear();
    this.#used.clear();
  }

  /** Whether this run has added enough that writing the store is worth it. */
  get isWorthWriting(): boolean {
    const news = this.#added.reduce((sum, { instructions }) => sum + instructions, 0);
    return this.#layout !== undefined && news >= this.#limits.news;
  }

  /**
   * The store as it is to be written, part by part, as some of them have megabytes.
   *
   * @param places - Host pointers by their places, as they are given out now.
   */
  encode(places: readonly number[]): Iterable<Uint8Array<ArrayBuffer>> {
    if (this.#layout === undefined) throw new Error('a store that was not begun');
    const earlier = this.#segments
      .map((segment, number) => ({ ...segment, age: this.#used.has(number) ? 0 : segment.age + 1 }))
      .filter((_, number) => !this.#isDamaged(number));
    const segments = this.#kept([...earlier, ...this.#additions()]);
    return partsOf(encodeSummary({ layout: this.#layout, places, segments }), segments);
  }

  #isDamaged(segment: number): boolean {
    return [this.#regions, this.#modules].some((read) => read.has(segment) && !read.get(segment));
  }

  /** The regions of this run in segments. */
  #additions(): Segment[] {
    const segments: Segment[] = [];
    const first = this.#segments.length === 0 ? FIRST : OTHERS;
    for (let at = 0, count = first; at < this.#added.length; at += count, count = OTHERS) {
      const added = this.#added.slice(at, at + count);
      const module = this.#assemble(added);
      segments.push({
        ...{ size: module.length, count: added.length, age: 0, firstId: this.#earlier + at },
        regions: () => encodeRegions(added),
        module: () => module,
      });
    }
    return segments;
  }

  #assemble(regions: readonly NewRegion[]): Uint8Array<ArrayBuffer> {
    this.#imports ??= importForRegions(regionBasics());
    const { module } = this.#imports;
    const builder = new ModuleBuilder(module.width, module);
    for (const [i, { name, body }] of regions.entries()) {
      builder.export(`${i}`, builder.adopt(name, ['ptr', 'i64'], ['i32'], body));
    }
    return builder.finish();
  }

  /** Those that some run of the last ones has used, as far as there is room: those used last. */
  #kept(segments: readonly Segment[]): Segment[] {
    const kept = new Set<Segment>();
    let room = this.#limits.bytes;
    for (const segment of [...segments].sort((a, b) => a.age - b.age)) {
      if (segment.size > room || segment.age > this.#limits.age) continue;
      room -= segment.size;
      kept.add(segment);
    }
    return segments.filter((segment) => kept.has(segment));
  }
}

function* partsOf(
  summary: Uint8Array<ArrayBuffer>,
  segments: readonly Segment[],
): Generator<Uint8Array<ArrayBuffer>> {
  yield summary;
  for (const { regions, module } of segments) {
    for (const part of [regions(), module()]) {
      if (!part) throw new Error('a segment that is to be kept is damaged');
      yield part;
    }
  }
}
