/** Translates guest code: from requests to a module with a function for each. */
import { Access, type HostStorage, mmuLayout, tlbOf } from '@zarch/memory';
import { ModuleBuilder } from '@zarch/wasm';
import { cpuLayout, regionTable } from '../cpu-layout.ts';
import { isInStorage } from './code-bytes.ts';
import { Coverage, pointersInside } from './coverage.ts';
import {
  type Discovered,
  Discovery,
  type RegionLimits,
  regionLimits,
  type Surroundings,
} from './discover.ts';
import { emitRegion } from './emit-region.ts';
import { sizeOf } from './loops.ts';
import { type CodePage, pageOf, type Region } from './region.ts';
import { importForRegions, type RegionImports, regionBasics } from './region-imports.ts';
import type {
  CodeBytes,
  StoredSegment,
  TranslatedRegion,
  Translation,
  TranslationRequest,
} from './translation.ts';
import type { TranslationStore } from './translation-store.ts';

const PAGE = 4096n;

/** Makes a module of so many regions. */
export type CompileRegions = (bytes: Uint8Array<ArrayBuffer>, regions: number) => WebAssembly.Module;

export interface TranslatorOptions {
  /** Where the host's compiler can be told something about the module. */
  readonly compile?: CompileRegions | undefined;
  /** Translations of earlier runs, to which those of this one are added. */
  readonly store?: TranslationStore | undefined;
  /** How large regions are; tests have them small. */
  readonly limits?: RegionLimits | undefined;
}

export class Translator {
  /** Made when something is translated, which not every run needs soon. */
  #imports: RegionImports | undefined;
  readonly #host: HostStorage;
  readonly #size: number;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  /** Places in the module's table before they are given out anew. */
  placeLimit = 500_000;
  #coverage: Coverage;
  /** By host pointer, the places of code in the module's table, from 0 on. */
  readonly #places = new Map<number, number>();
  #firstPlace = 0;

  readonly #compile: CompileRegions;
  readonly #store: TranslationStore | undefined;
  readonly #limits: RegionLimits;

  /** @param size - Bytes of guest storage. */
  constructor(
    host: HostStorage,
    size: number,
    { compile, store, limits = regionLimits }: TranslatorOptions = {},
  ) {
    this.#limits = limits;
    this.#coverage = new Coverage(limits.region);
    this.#compile = compile ?? ((bytes) => new WebAssembly.Module(bytes));
    this.#store = store;
    this.#host = host;
    this.#size = size;
    this.#view = new DataView(host.memory.buffer);
    this.#bytes = new Uint8Array(host.memory.buffer);
  }

  /** Tells the store for which vCPU it is, whose block, filled in, is at `cpu`. Comes before all else. */
  begin(cpu: number): void {
    const store = this.#store;
    if (!store) return;
    store.begin(this.#layout(cpu));
    this.#firstPlace = this.#view.getInt32(cpu + cpuLayout.firstPlace, true);
    for (const pointer of store.places) this.#placeOf(pointer);
  }

  /** Segments of regions of earlier runs. */
  get storedSegments(): readonly { readonly firstId: number }[] {
    return this.#store?.segments ?? [];
  }
  /** The number behind the last region of the segment that a region is in. */
  segmentEnd(id: number): number {
    const segment = this.#store?.segments[this.#store.segmentOf(id) ?? -1];
    return segment ? segment.firstId + segment.count : id;
  }
  /** Where a region of an earlier run is, and its number there, which is its name. */
  storedPlace(id: number): { readonly segment: number; readonly index: number } {
    const segment = this.#store?.segmentOf(id) ?? -1;
    return { segment, index: id - (this.#store?.segments[segment]?.firstId ?? 0) };
  }
  /** Reads where a segment has regions. */
  readSegment(segment: number): void {
    this.#store?.pointersOf(segment);
  }

  /** A region of a segment that is a translation of what is requested, as it is in storage now. */
  findStored(segment: number, { pointer }: TranslationRequest): number | undefined {
    if (!this.#store?.pointersOf(segment).has(pointer)) return undefined;
    const regions = this.#store.regionsOf(segment);
    const found = regions.findIndex(
      (region) => region.pointer === pointer && isInStorage(region.code, this.#bytes),
    );
    return found < 0 ? undefined : (this.#store.segments[segment]?.firstId ?? 0) + found;
  }

  /** Compiles a segment; undefined when it is damaged. */
  load(segment: number): StoredSegment | undefined {
    const store = this.#store;
    const firstId = store?.segments[segment]?.firstId;
    if (!store || firstId === undefined) return undefined;
    const module = store.moduleOf(segment, this.#compile);
    if (!module) return undefined;
    const regions = store.regionsOf(segment).map(({ pointer, code, instructions }, name) => {
      const place = this.#firstPlace + this.#placeOf(pointer);
      return { name: `${name}`, pointer, place, code, instructions };
    });
    return { kind: 'segment', module, regions, firstId, places: this.#firstPlace + this.#places.size };
  }

  #layout(cpu: number): string {
    const firstPlace = this.#view.getInt32(cpu + cpuLayout.firstPlace, true);
    const facilities = [0, 8, 16, 24].map((at) =>
      this.#view.getBigUint64(cpu + cpuLayout.facilities + at, true).toString(16),
    );
    return [this.#host.top, this.#size, firstPlace, ...facilities].join(' ');
  }

  /** Notes that regions of earlier runs are used. */
  use(ids: readonly number[]): void {
    for (const id of ids) {
      this.#store?.use(id);
      const { segment, index } = this.storedPlace(id);
      const region = this.#store?.regionsOf(segment)[index];
      if (region) this.#coverage.note(region);
    }
  }

  /** The store with what this run has added, if that is worth keeping. */
  encodeStore(): Iterable<Uint8Array<ArrayBuffer>> | undefined {
    return this.#store?.isWorthWriting ? this.#store.encode([...this.#places.keys()]) : undefined;
  }

  /**
   * Translates what is requested by the vCPU whose block is at `cpu`. The code may change meanwhile: whoever takes the
   * translation compares {@link TranslatedRegion.code} with what is in storage then.
   */
  translate(cpu: number, requests: readonly TranslationRequest[]): Translation {
    this.#imports ??= importForRegions(regionBasics());
    const { module, calls } = this.#imports;
    const builder = new ModuleBuilder(module.width, module);
    const regions: TranslatedRegion[] = [];
    const impossible: number[] = [];
    const postponed: number[] = [];
    const restart = this.#places.size > this.placeLimit;
    if (restart) {
      this.#places.clear();
      this.#coverage = new Coverage(this.#limits.region);
      this.#store?.clear();
    }
    this.#firstPlace = this.#view.getInt32(cpu + cpuLayout.firstPlace, true);
    const placeOf = (pointer: number) => this.#firstPlace + this.#placeOf(pointer);
    const add = (region: Region, { address, pointer }: TranslationRequest) => {
      const name = `region ${address.toString(16)}`;
      const ref = builder.function(name, ['ptr', 'i64'], ['i32'], (f) =>
        emitRegion(f, region, { ...calls, placeOf }),
      );
      const exported = `${regions.length}`;
      builder.export(exported, ref);
      const inside = pointersInside(region);
      const instructions = sizeOf(region.blocks);
      this.#coverage.note({ pointer, inside, instructions });
      const code = this.#codeOf(region);
      this.#store?.add({ name, pointer, code, instructions, inside, body: builder.bodyOf(ref) });
      regions.push({ name: exported, pointer, place: placeOf(pointer), code, instructions });
    };
    for (const request of requests) {
      // It is the head of a loop that another request was in the middle of.
      if (regions.some(({ pointer }) => pointer === request.pointer)) continue;
      if (!this.#everything(cpu) && this.#coverage.isInside(request.pointer)) {
        postponed.push(request.pointer);
        continue;
      }
      const found = this.#discover(cpu, request);
      if (!found) {
        impossible.push(request.pointer);
        continue;
      }
      const loop = this.#everything(cpu) ? undefined : this.#loopWith(cpu, request, found);
      if (loop) {
        add(loop.region, loop.head);
        postponed.push(request.pointer);
      } else {
        add(found.region, request);
      }
    }
    const compiled = regions.length > 0 ? this.#compile(builder.finish(), regions.length) : undefined;
    const places = this.#firstPlace + this.#places.size;
    const answered = requests.length;
    return {
      kind: 'translation',
      module: compiled,
      regions,
      answered,
      impossible,
      postponed,
      places,
      restart,
    };
  }

  /** The large loop in whose middle a region was found, if it has not been translated with that in it. */
  #loopWith(
    cpu: number,
    request: TranslationRequest,
    found: Discovered,
  ): { readonly region: Region; readonly head: TranslationRequest } | undefined {
    const head = headRequest(found, request);
    if (!head || this.#coverage.hasInLoop(head.pointer, request.pointer)) return undefined;
    const loop = this.#discover(cpu, head);
    // From its head on less of it may be found.
    const isFound = loop && loop.head === undefined && pointersInside(loop.region).includes(request.pointer);
    return isFound ? { region: loop.region, head } : undefined;
  }

  #placeOf(pointer: number): number {
    const known = this.#places.get(pointer);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(pointer, place);
    return place;
  }

  /** Code is to be translated at first sight. */
  #everything(cpu: number): boolean {
    return this.#view.getInt32(cpu + cpuLayout.hotThreshold, true) === 1;
  }

  #discover(cpu: number, { address, pointer }: TranslationRequest): Discovered | undefined {
    const entry = Number(address & (PAGE - 1n));
    const base = address - BigInt(entry);
    const context = this.#view.getBigUint64(cpu + mmuLayout.fetchContext, true);
    const everything = this.#everything(cpu);
    const visits = (page: CodePage, at: number) => this.visits(cpu, (page.pointer - (at & 0xfff)) >>> 0);
    const surroundings: Surroundings = {
      page: (number) => {
        if (number === 0) return this.#page(pointer + entry);
        const other = BigInt.asUintN(64, base + BigInt(number) * PAGE);
        const at = cpu + tlbOf(Access.fetch) + (Number((other >> 8n) & 0xffffn) & ~15);
        if (this.#view.getBigUint64(at, true) !== (other | context)) return undefined;
        return this.#page((this.#view.getUint32(at + 8, true) - Number(other & 0xffff_ffffn)) >>> 0);
      },
      offers: (facility) => {
        const word = this.#view.getBigUint64(cpu + cpuLayout.facilities + 8 * (facility >> 6), true);
        return ((word >> BigInt(63 - (facility & 63))) & 1n) !== 0n;
      },
      isVisited: (page, at) => everything || visits(page, at) !== 0,
    };
    return new Discovery(regionBasics().effects, surroundings, this.#limits).find(entry);
  }

  /** How often the code at a host pointer has been visited by the vCPU; something negative when it is translated. */
  visits(cpu: number, pointer: number): number {
    const set = cpu + cpuLayout.regions + 16 * regionTable.setOf(pointer);
    for (const at of [set, set + 8]) {
      if (this.#view.getUint32(at, true) === pointer) return this.#view.getInt32(at + 4, true);
    }
    return 0;
  }

  /** The page whose first byte is at a host pointer. */
  #page(pointer: number): CodePage | undefined {
    const end = pointer + 16;
    // A TLB that is being written may tell nonsense; what comes of it fails its check when it is to run.
    if (end > this.#host.top || end - 4096 < this.#host.top - this.#size) return undefined;
    const stored = new Uint8Array(this.#host.memory.buffer, end - 4096, 4096);
    const bytes = new Uint8Array(4096);
    for (let i = 0; i < 4096; i++) bytes[i] = stored[4095 - i] ?? 0;
    return { bytes, pointer };
  }

  #codeOf(region: Region): CodeBytes[] {
    const spans: { from: number; to: number }[] = [];
    const add = (from: number, to: number): void => {
      const end = Math.min(to, 4096 * (pageOf(from) + 1));
      spans.push({ from, to: end });
      if (end < to) add(end, to);
    };
    for (const block of region.blocks.values()) {
      const last = block.instructions.at(-1);
      if (last) add(block.at, last.at + last.length);
      for (const { executed } of block.instructions) {
        if (executed) add(executed.targetAt, executed.targetAt + 6);
      }
    }
    return spans.map(({ from, to }) => {
      const page = region.pages.get(pageOf(from));
      if (!page) throw new Error('code in no page');
      const host = page.pointer + 16 - (from & 0xfff) - (to - from);
      const start = from & 0xfff;
      const block = Math.floor((this.#host.top - page.pointer - 16) / 4096);
      return { block, host, bytes: page.bytes.slice(start, start + to - from).reverse() };
    });
  }
}

/** The same request for the head of the loop that what was found is in the middle of. */
function headRequest(
  { region, head }: Discovered,
  { address }: TranslationRequest,
): TranslationRequest | undefined {
  const page = head === undefined ? undefined : region.pages.get(pageOf(head));
  if (head === undefined || !page) return undefined;
  return {
    address: BigInt.asUintN(64, address + BigInt(head - region.entry)),
    pointer: page.pointer - (head & 0xfff),
  };
}
