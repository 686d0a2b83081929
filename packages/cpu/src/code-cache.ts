/**
 * A vCPU's translated code: puts it where the interpreter finds it, and takes it away when the instructions it was made
 * of change (Principles of Operation, chapter 5, "Conceptual Sequence"). Code whose instructions come back is used again.
 */
import { type AbsoluteStorage, type HostStorage, mmuLayout } from '@zarch/memory';
import { noCounts } from './code-counters.ts';
import { cpuLayout, knownCode, REQUEST_SIZE, regionTable } from './cpu-layout.ts';
import type { CpuExports } from './cpu-module.ts';
import { SparedBlocks } from './spared-blocks.ts';
import { isInStorage } from './translator/code-bytes.ts';
import type {
  StoredSegment,
  TranslatedRegion,
  Translation,
  TranslationRequest,
  TranslatorAnswer,
  TranslatorPort,
} from './translator/translation.ts';

export interface CodeCacheOptions {
  readonly host: HostStorage;
  readonly storage: AbsoluteStorage;
  /** Host address of the vCPU's block. */
  readonly block: number;
  readonly exports: CpuExports;
  readonly translator: TranslatorPort;
  /** Visits after which code is translated; 1 is at first sight. */
  readonly threshold: number;
  /** Branches in one run of translated code; tests make it small. */
  readonly slice?: number;
}

interface Installed {
  readonly region: TranslatedRegion;
  readonly run: () => CallableFunction;
  /** Whether it may be entered. */
  inPlace: boolean;
  /** What there is to know of one from an earlier run. */
  readonly stored?: Stored;
}

interface Stored {
  readonly id: number;
  /** Whether the host's compiler is done with it. */
  isReady: boolean;
  /** Whether this run has come to use it. */
  isUsed: boolean;
}

/** Branches and calls in one run with translated code, which branches ten times as often as the interpreter. */
const SLICE = 32_768;
/** The same while translations are awaited: what they are for is being interpreted. */
const WAITING_SLICE = 2048;
/** Regions kept at most; each takes some kilobytes of the host's code. */
const LIMIT = 12_000;
/** By so much the module's table grows beyond what is needed. */
const PLACES_AHEAD = 1024;

export class CodeCache {
  readonly counters = noCounts();
  readonly #options: CodeCacheOptions;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #table: WebAssembly.Table;
  readonly #imports: WebAssembly.Imports;
  /** In the order in which they came. */
  readonly #all = new Set<Installed>();
  readonly #byPointer = new Map<number, Set<Installed>>();
  /** Those in place. */
  readonly #byBlock = new Map<number, Set<Installed>>();
  /** Those of earlier runs, by their numbers. */
  readonly #stored = new Map<number, Installed>();
  readonly #spared = new SparedBlocks();
  #runs = 0;
  /** Requests that the translator has not answered yet. */
  #awaited = 0;
  /** Versions of the blocks with code in place, and what was seen of all blocks. */
  readonly #versions = new Map<number, number>();
  #stores: number;
  #protections: number;

  constructor(options: CodeCacheOptions) {
    this.#options = options;
    const { host, exports, block, threshold } = options;
    this.#view = new DataView(host.memory.buffer);
    this.#bytes = new Uint8Array(host.memory.buffer);
    const { stores, protections } = options.storage.codeFrames;
    this.#stores = stores;
    this.#protections = protections;
    this.#table = exports.table;
    this.#imports = { host: { memory: host.memory }, cpu: exports as unknown as WebAssembly.Imports[string] };
    this.#view.setInt32(block + cpuLayout.firstPlace, exports.table.length, true);
    this.#view.setInt32(block + cpuLayout.hotThreshold, threshold, true);
  }

  /** Branches and calls in the next run. */
  get slice(): number {
    const slice = this.#options.slice ?? SLICE;
    return this.#awaited > 0 ? Math.min(slice, WAITING_SLICE) : slice;
  }

  /** Before guest code runs: sees to it that no code of old instructions does. */
  prepare(): void {
    const { translator, storage } = this.#options;
    if (this.#runs++ === 0) translator.kept?.begin();
    for (let answer = translator.take(); answer; answer = translator.take()) this.#accept(answer);
    const { stores, protections } = storage.codeFrames;
    if (protections !== this.#protections) {
      this.#protections = protections;
      this.#options.exports.protectCode(this.#options.block);
    }
    if (stores !== this.#stores) {
      this.#stores = stores;
      this.#reconsider();
    }
  }

  /** After guest code ran: asks for what it found worth translating. */
  collect(): void {
    const { block, translator, threshold } = this.#options;
    const count = this.#view.getUint32(block + cpuLayout.requestCount, true);
    if (count === 0) return;
    this.#view.setUint32(block + cpuLayout.requestCount, 0, true);
    const wanted: TranslationRequest[] = [];
    const kept: Record<'used' | 'wanted', number[]> = { used: [], wanted: [] };
    for (let i = 0; i < count; i++) {
      const at = block + cpuLayout.requests + i * REQUEST_SIZE;
      const pointer = this.#view.getUint32(at + 8, true);
      const isHot = this.#view.getUint32(at + 12, true) >= threshold;
      if (this.#mayTranslate(pointer) && !this.#revive(pointer, kept) && isHot) {
        wanted.push({ address: this.#view.getBigUint64(at, true), pointer });
      }
    }
    this.counters.reused += kept.used.length;
    if (kept.used.length > 0) translator.kept?.use(kept.used);
    if (kept.wanted.length > 0) translator.kept?.want(kept.wanted);
    this.counters.requests += wanted.length;
    this.#awaited += wanted.length;
    if (wanted.length > 0) translator.request(wanted);
  }

  /** Blocks of the prefix area change with every interruption; others may be at rest. */
  #mayTranslate(pointer: number): boolean {
    return this.#suits(Math.floor((this.#options.host.top - pointer - 16) / 4096));
  }
  #suits(block: number): boolean {
    const prefix = this.#view.getUint32(this.#options.block + mmuLayout.prefix, true) / 4096;
    if (block === prefix || block === prefix + 1) return false;
    return !this.#spared.isResting(block, this.#runs);
  }

  #accept(answer: TranslatorAnswer): void {
    switch (answer.kind) {
      case 'translation':
        this.#install(answer);
        return;
      case 'segment':
        this.#addSegment(answer);
        return;
      case 'ready':
        for (const id of answer.ids) this.#ready(id);
    }
  }

  #install({ module, regions, answered, impossible, postponed, places, restart }: Translation): void {
    this.#awaited -= answered;
    for (const pointer of impossible) this.#setCount(pointer, this.#options.threshold);
    for (const pointer of postponed) this.#setCount(pointer, 0);
    this.counters.postponed += postponed.length;
    if (restart) this.#forgetAll();
    this.#growTable(places);
    if (!module) return;
    const functionOf = this.#functionsOf(module);
    this.#protect(regions.flatMap(({ code }) => code.map(({ block }) => block)));
    for (const region of regions) {
      const installed = { region, run: () => functionOf(region.name), inPlace: false };
      this.#remember(installed);
      this.#know(region.pointer);
      this.counters.regions++;
      this.counters.instructions += region.instructions;
      const suits = region.code.every(({ block }) => this.#suits(block));
      if (suits && this.#isCurrent(region)) {
        this.#enter(installed);
        this.#supersede(installed);
        continue;
      }
      this.counters.late++;
      // What has changed is worth another try at once; what lies badly is not.
      this.#setCount(region.pointer, suits ? 0 : this.#options.threshold);
    }
    while (this.#all.size > LIMIT) this.#evict();
  }

  /** Forgets translations of this run that are of the same code: it has been translated again as more of it is known. */
  #supersede(installed: Installed): void {
    for (const other of [...(this.#byPointer.get(installed.region.pointer) ?? [])]) {
      if (other === installed || other.stored || !this.#isCurrent(other.region)) continue;
      this.#forget(other);
      this.counters.superseded++;
    }
  }

  #growTable(places: number): void {
    const missing = places - this.#table.length;
    if (missing > 0) this.#table.grow(missing + PLACES_AHEAD, this.#options.exports.untranslated);
  }

  /** The functions of a module, which is instantiated when the first of them is wanted. */
  #functionsOf(module: WebAssembly.Module): (name: string) => CallableFunction {
    let instance: WebAssembly.Instance | undefined;
    return (name) => {
      instance ??= new WebAssembly.Instance(module, this.#imports);
      return instance.exports[name] as CallableFunction;
    };
  }

  /** Takes in what earlier runs have translated: it is put in place when it is ready and its code is visited. */
  #addSegment({ module, regions, firstId, places }: StoredSegment): void {
    this.#growTable(places);
    const functionOf = this.#functionsOf(module);
    for (const [i, region] of regions.entries()) {
      const stored = { id: firstId + i, isReady: false, isUsed: false };
      const installed = { region, run: () => functionOf(region.name), inPlace: false, stored };
      this.#stored.set(stored.id, installed);
      this.#remember(installed);
    }
    this.counters.stored += regions.length;
  }
  #ready(id: number): void {
    const installed = this.#stored.get(id);
    if (!installed?.stored || !this.#all.has(installed)) return;
    installed.stored.isReady = true;
    this.#know(installed.region.pointer);
    // It is asked for at the first visits only.
    this.#setCount(installed.region.pointer, 0);
  }

  /** Has stores into blocks seen. */
  #protect(blocks: readonly number[]): void {
    const { storage, exports, block: cpu } = this.#options;
    const fresh = new Set(blocks.filter((block) => !this.#versions.has(block)));
    if (fresh.size === 0) return;
    for (const block of fresh) {
      storage.codeFrames.protect(block);
      this.#versions.set(block, storage.codeFrames.version(block));
    }
    exports.protectCode(cpu);
  }

  #isCurrent({ code }: TranslatedRegion): boolean {
    return isInStorage(code, this.#bytes);
  }

  #remember(installed: Installed): void {
    this.#all.add(installed);
    addTo(this.#byPointer, installed.region.pointer, installed);
  }
  /** Has code at a host pointer asked for early. */
  #know(pointer: number): void {
    const number = knownCode.numberOf(pointer);
    const known = this.#options.block + cpuLayout.known + (number >>> 3);
    this.#view.setUint8(known, this.#view.getUint8(known) | (1 << (number & 7)));
  }

  /**
   * Uses code translated before, of the instructions that are there now.
   *
   * @param kept - Gets its number, if that was in an earlier run.
   */
  #revive(pointer: number, kept: Readonly<Record<'used' | 'wanted', number[]>>): boolean {
    // Of several that would do the last has most of its loop.
    for (const installed of [...(this.#byPointer.get(pointer) ?? [])].reverse()) {
      if (!this.#isCurrent(installed.region)) continue;
      const { stored } = installed;
      if (stored && !stored.isReady) {
        kept.wanted.push(stored.id);
        this.#setCount(pointer, 0);
        return true;
      }
      this.#protect(installed.region.code.map(({ block }) => block));
      if (installed.inPlace) {
        this.#point(pointer, installed.region.place);
        return true;
      }
      if (!stored || stored.isUsed) {
        this.counters.revived++;
      } else {
        stored.isUsed = true;
        kept.used.push(stored.id);
      }
      this.#enter(installed);
      return true;
    }
    return false;
  }

  #enter(installed: Installed): void {
    const { pointer, place } = installed.region;
    for (const other of this.#byPointer.get(pointer) ?? []) this.#leave(other);
    this.#table.set(place, installed.run());
    installed.inPlace = true;
    for (const { block } of installed.region.code) addTo(this.#byBlock, block, installed);
    this.#point(pointer, place);
  }

  #leave(installed: Installed): void {
    const { pointer, place } = installed.region;
    if (!installed.inPlace) return;
    installed.inPlace = false;
    for (const { block } of installed.region.code) removeFrom(this.#byBlock, block, installed);
    this.#table.set(place, this.#options.exports.untranslated);
    const at = this.#entryOf(pointer);
    if (at !== undefined && this.#view.getInt32(at + 4, true) < 0) this.#view.setInt32(at + 4, 0, true);
  }

  /** Host address of the table's entry for a pointer. */
  #entryOf(pointer: number): number | undefined {
    const set = this.#set(pointer);
    return [set, set + 8].find((at) => this.#view.getUint32(at, true) === pointer);
  }
  #set(pointer: number): number {
    return this.#options.block + cpuLayout.regions + 16 * regionTable.setOf(pointer);
  }
  #point(pointer: number, place: number): void {
    const set = this.#set(pointer);
    const isCode = (at: number) => this.#view.getInt32(at + 4, true) < 0;
    // Where both entries have code, that of the first makes way; it comes back when it is visited often enough.
    const at = this.#entryOf(pointer) ?? (isCode(set) && !isCode(set + 8) ? set + 8 : set);
    this.#view.setUint32(at, pointer, true);
    this.#view.setInt32(at + 4, place | regionTable.entry, true);
  }
  /** Has visits counted from `count` on; beyond the threshold they are in vain. */
  #setCount(pointer: number, count: number): void {
    const at = this.#entryOf(pointer);
    if (at !== undefined && this.#view.getInt32(at + 4, true) >= 0) this.#view.setInt32(at + 4, count, true);
  }

  /** Looks at the code in blocks that were written. */
  #reconsider(): void {
    const { codeFrames } = this.#options.storage;
    for (const [block, seen] of [...this.#versions]) {
      const version = codeFrames.version(block);
      if (version === seen) continue;
      this.#versions.set(block, version);
      let changed = false;
      for (const installed of [...(this.#byBlock.get(block) ?? [])]) {
        if (this.#isCurrent(installed.region)) continue;
        this.#leave(installed);
        this.counters.invalidated++;
        changed = true;
      }
      if (!changed) this.#spare(block);
      if (this.#byBlock.has(block)) continue;
      this.#versions.delete(block);
      codeFrames.release(block);
    }
  }

  #spare(block: number): void {
    this.counters.spared++;
    if (!this.#spared.note(block, this.#runs)) return;
    for (const installed of [...(this.#byBlock.get(block) ?? [])]) this.#leave(installed);
  }

  #forgetAll(): void {
    for (const installed of [...this.#all]) this.#forget(installed);
    this.#stored.clear();
  }
  /** Forgets the region that came first. */
  #evict(): void {
    const [oldest] = this.#all;
    if (!oldest) return;
    this.#forget(oldest);
    this.counters.evicted++;
  }
  #forget(installed: Installed): void {
    const { pointer, code } = installed.region;
    this.#leave(installed);
    this.#all.delete(installed);
    removeFrom(this.#byPointer, pointer, installed);
    for (const { block } of code) {
      if (this.#byBlock.has(block) || !this.#versions.delete(block)) continue;
      this.#options.storage.codeFrames.release(block);
    }
  }
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
function removeFrom<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
