/** Translates guest code: from requests to a module with a function for each. */
import { Access, type HostStorage, mmuLayout, tlbOf } from '@zarch/memory';
import { ModuleBuilder } from '@zarch/wasm';
import { cpuLayout, regionTable } from '../cpu-layout.ts';
import { Coverage, pointersInside } from './coverage.ts';
import { Discovery, type Surroundings } from './discover.ts';
import { emitRegion } from './emit-region.ts';
import { type CodePage, pageOf, type Region } from './region.ts';
import { importForRegions, type RegionImports, regionBasics } from './region-imports.ts';
import type { CodeBytes, TranslatedRegion, Translation, TranslationRequest } from './translation.ts';
import { type TranslationStore, translatedRegion } from './translation-store.ts';

const PAGE = 4096n;

/** Makes a module of so many regions. */
export type CompileRegions = (bytes: Uint8Array<ArrayBuffer>, regions: number) => WebAssembly.Module;

export interface TranslatorOptions {
  /** Where the host's compiler can be told something about the module. */
  readonly compile?: CompileRegions | undefined;
  /** Translations of earlier runs, to which those of this one are added. */
  readonly store?: TranslationStore | undefined;
}

export class Translator {
  readonly #basics = regionBasics();
  readonly #imports: RegionImports;
  readonly #host: HostStorage;
  readonly #size: number;
  readonly #view: DataView;
  /** Places in the module's table before they are given out anew. */
  placeLimit = 500_000;
  #coverage = new Coverage();
  /** By host pointer, the places of code in the module's table, from 0 on. */
  readonly #places = new Map<number, number>();

  readonly #compile: CompileRegions;
  readonly #store: TranslationStore | undefined;

  /** @param size - Bytes of guest storage. */
  constructor(host: HostStorage, size: number, { compile, store }: TranslatorOptions = {}) {
    this.#compile = compile ?? ((bytes) => new WebAssembly.Module(bytes));
    this.#store = store;
    this.#host = host;
    this.#size = size;
    this.#view = new DataView(host.memory.buffer);
    this.#imports = importForRegions(this.#basics);
  }

  /** Gives the translations of earlier runs for the vCPU whose block, filled in, is at `cpu`. Comes before all others. */
  *begin(cpu: number): Generator<Translation> {
    const store = this.#store;
    if (!store) return;
    store.begin(this.#layout(cpu));
    for (const pointer of store.places) this.#placeOf(pointer);
    for (const { inside } of store.earlier) this.#coverage.noteAll(inside);
    const firstPlace = this.#view.getInt32(cpu + cpuLayout.firstPlace, true);
    const places = firstPlace + this.#places.size;
    for (let i = 0; i < store.modules.length || store.prepare(this.#compile); i++) {
      const stored = store.modules[i];
      if (!stored) break;
      const regions = stored.regions.map(({ region, id }, name) =>
        translatedRegion(region, `${name}`, firstPlace + this.#placeOf(region.pointer), id),
      );
      const nothing = { impossible: [], postponed: [], restart: false } as const;
      yield { module: stored.module, regions, places, isStored: true, ...nothing };
    }
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
    for (const id of ids) this.#store?.use(id);
  }

  /** The store with what this run has added, if that is worth keeping. */
  encodeStore(): Uint8Array<ArrayBuffer> | undefined {
    return this.#store?.isWorthWriting ? this.#store.encode([...this.#places.keys()]) : undefined;
  }

  /**
   * Translates what is requested by the vCPU whose block is at `cpu`. The code may change meanwhile: whoever takes the
   * translation compares {@link TranslatedRegion.code} with what is in storage then.
   */
  translate(cpu: number, requests: readonly TranslationRequest[]): Translation {
    const { module, calls } = this.#imports;
    const builder = new ModuleBuilder(module.width, module);
    const regions: TranslatedRegion[] = [];
    const impossible: number[] = [];
    const postponed: number[] = [];
    const restart = this.#places.size > this.placeLimit;
    if (restart) {
      this.#places.clear();
      this.#coverage = new Coverage();
      this.#store?.clear();
    }
    const firstPlace = this.#view.getInt32(cpu + cpuLayout.firstPlace, true);
    const placeOf = (pointer: number) => firstPlace + this.#placeOf(pointer);
    for (const request of requests) {
      if (!this.#everything(cpu) && this.#coverage.isInside(request.pointer)) {
        postponed.push(request.pointer);
        continue;
      }
      const region = this.#discover(cpu, request);
      if (!region) {
        impossible.push(request.pointer);
        continue;
      }
      const name = `region ${request.address.toString(16)}`;
      const ref = builder.function(name, ['ptr', 'i64'], ['i32'], (f) =>
        emitRegion(f, region, { ...calls, placeOf }),
      );
      const exported = `${regions.length}`;
      builder.export(exported, ref);
      const inside = pointersInside(region);
      this.#coverage.noteAll(inside);
      const blocks = [...region.blocks.values()];
      const instructions = blocks.reduce((sum, block) => sum + block.instructions.length, 0);
      const { pointer } = request;
      const code = this.#codeOf(region);
      const id = this.#store?.add({ name, pointer, code, instructions, inside, body: builder.bodyOf(ref) });
      regions.push({ name: exported, pointer, place: placeOf(pointer), code, instructions, id });
    }
    const compiled = regions.length > 0 ? this.#compile(builder.finish(), regions.length) : undefined;
    const places = firstPlace + this.#places.size;
    return { module: compiled, regions, impossible, postponed, places, restart };
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

  #discover(cpu: number, { address, pointer }: TranslationRequest): Region | undefined {
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
    return new Discovery(this.#basics.effects, surroundings).find(entry);
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
