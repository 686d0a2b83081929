/** The MMU on its own, for tests: its functions without a CPU that executes, on storage with tables for one page. */
import { absolute, CR0 } from '@zarch/arch';
import { ModuleBuilder } from '@zarch/wasm';
import { AbsoluteStorage } from './guest-storage.ts';
import { HostStorage } from './host-storage.ts';
import { defineMmu } from './mmu.ts';
import { controlRegister, mmuFacility, mmuLayout, STATE_DESCRIPTION_SIZE } from './mmu-layout.ts';
import { accessMode } from './resolve.ts';
import { Access } from './tlb.ts';

/** Bytes of storage. */
export const SIZE = 1 << 20;
/** Facilities for enhanced DAT. */
export const EDAT = mmuFacility.edat1 | mmuFacility.edat2;

/** Where {@link TestMmu.map} puts the table of the top level. */
export const ROOT = 0x1_0000;
/** Each table has 16 KiB, the page table the last 2 KiB of them. */
export const TABLE = 0x4000;
export const FRAME = 0x8_0000n;

interface Exports {
  translate(cpu: number, address: bigint, asce: bigint): readonly [bigint, number];
  resolve(cpu: number, address: bigint, asce: bigint, mode: number): bigint;
  testAccess(cpu: number, address: bigint, asce: bigint, mode: number): number;
  access(cpu: number, address: bigint, ar: number, kind: number): number;
  spaceAsce(cpu: number, space: number, ar: number): readonly [bigint, number];
  refresh(cpu: number): void;
  purge(cpu: number): void;
  purgePage(cpu: number, address: bigint): void;
}

let compiled: WebAssembly.Module | undefined;

function compile(pages: number): WebAssembly.Module {
  const module = new ModuleBuilder();
  module.importMemory({
    module: 'host',
    name: 'memory',
    initialPages: pages,
    maximumPages: pages,
    shared: true,
  });
  const art = module.importFunction('host', 'art', ['ptr', 'i32'], ['i64', 'i32']);
  const mmu = defineMmu(module, art);
  for (const name of [
    'translate',
    'resolve',
    'testAccess',
    'access',
    'spaceAsce',
    'refresh',
    'purge',
    'purgePage',
  ] as const) {
    module.export(name, mmu[name]);
  }
  return new WebAssembly.Module(module.finish());
}

/** Bits of a region- or segment-table entry, or of an ASCE, for the level above. */
const levelType = { first: 3, second: 2, third: 1, segment: 0 } as const;
type Level = keyof typeof levelType;
export const levels = ['first', 'second', 'third', 'segment'] as const satisfies readonly Level[];
export const levelShift = { first: 53n, second: 42n, third: 31n, segment: 20n } as const;

/** An address that has all indexes from a level on not zero. */
export const addressOf: Readonly<Record<Level, bigint>> = {
  first: 0x0060_1c06_8032_1abcn,
  second: 0x0000_1c06_8032_1abcn,
  third: 0x0000_0006_8032_1abcn,
  segment: 0x0000_0000_0032_1abcn,
};
/** What the addresses of {@link addressOf} lead to, mapped to {@link FRAME}. */
export const REAL = FRAME | 0xabcn;

/** The compiled functions on a CPU's block, {@link SIZE} bytes of storage and a state description. */
export class TestMmu {
  readonly #host = new HostStorage(SIZE, 1 << 19);
  readonly #storage = new AbsoluteStorage(this.#host, SIZE);
  readonly #description = this.#host.allocate(STATE_DESCRIPTION_SIZE, 512);
  readonly cpu = this.#host.allocate(mmuLayout.end, 4096);
  readonly #view = new DataView(this.#host.memory.buffer);
  readonly exports: Exports;
  /** What access-register translation gives. */
  art: readonly [bigint, number] = [0n, 0x28];

  constructor() {
    compiled ??= compile(this.#host.pages);
    const host = { memory: this.#host.memory, art: () => this.art };
    this.exports = new WebAssembly.Instance(compiled, { host }).exports as unknown as Exports;
    this.setWord(mmuLayout.stateDescription, this.#description);
    this.setWord(mmuLayout.top, this.#host.top);
    this.setWord(mmuLayout.size, SIZE);
    this.setWord(mmuLayout.keys, this.#storage.keys);
    this.setWord(mmuLayout.codeFrames, this.#storage.codeFrames.address);
    this.setPsw(0n);
  }

  word(offset: number): number {
    return this.#view.getInt32(this.cpu + offset, true);
  }
  setWord(offset: number, value: number): void {
    this.#view.setInt32(this.cpu + offset, value, true);
  }
  setControl(number: number, value: bigint): void {
    this.#view.setBigUint64(this.#description + controlRegister(number), value, true);
    this.exports.refresh(this.cpu);
  }
  setPsw(mask: bigint): void {
    this.#view.setBigUint64(this.cpu + mmuLayout.pswMask, mask, true);
    this.exports.refresh(this.cpu);
  }
  get teid(): bigint {
    return this.#view.getBigUint64(this.cpu + mmuLayout.faultTeid, true);
  }
  get misses(): bigint {
    return this.#view.getBigUint64(this.cpu + mmuLayout.misses, true);
  }
  key(address: bigint): number {
    return this.#view.getUint8(this.#storage.keys + Number(address >> 12n));
  }
  setKey(address: bigint, key: number): void {
    this.#view.setUint8(this.#storage.keys + Number(address >> 12n), key);
  }
  write(address: number | bigint, value: bigint): void {
    const view = this.#storage.view(absolute(Number(address)), 8);
    if (!view) throw new RangeError(`no storage at ${address}`);
    view.setU64(0, value);
  }
  get memory(): ArrayBuffer | SharedArrayBuffer {
    return this.#host.memory.buffer;
  }
  /** The absolute address that a host pointer of `access` stands for. */
  absoluteOf(pointer: number): number {
    return this.#host.top - 16 - (pointer >>> 0);
  }

  /**
   * Tables for one page: `address` leads to `frame` by an ASCE of the top level's type. `change` gives bits to
   * exclusive-or into the entry of a level, or of the page.
   */
  map(
    address: bigint,
    frame: bigint,
    top: Level = 'segment',
    change: Partial<Record<Level | 'page', bigint>> = {},
  ): bigint {
    const used = levels.slice(levels.indexOf(top));
    let table = ROOT;
    for (const level of used) {
      const next = table + TABLE;
      const index = (address >> levelShift[level]) & 0x7ffn;
      const length = level === 'segment' ? 0n : 3n;
      const entry = BigInt(next) | BigInt(levelType[level] << 2) | length;
      this.write(table + 8 * Number(index), entry ^ (change[level] ?? 0n));
      table = next;
    }
    const index = Number((address >> 12n) & 0xffn);
    this.write(table + 8 * index, frame ^ (change.page ?? 0n));
    return BigInt(ROOT) | BigInt(levelType[top] << 2) | 3n;
  }

  enhanced(facilities = EDAT, control = CR0.enhancedDat): void {
    this.setWord(mmuLayout.facilities, facilities);
    this.setControl(0, control);
  }

  translate(address: bigint, asce: bigint): readonly [bigint, number] {
    const [result, status] = this.exports.translate(this.cpu, address, asce);
    return [BigInt.asUintN(64, result), status];
  }

  /** The absolute address, or the exception code and the TEID. */
  resolve(
    address: bigint,
    asce: bigint | undefined,
    fields: {
      readonly access?: number;
      readonly key?: number;
      readonly space?: number;
      readonly ar?: number;
    } = {},
  ): bigint | { readonly code: number; readonly teid: bigint } {
    const mode =
      (fields.access ?? Access.read) |
      ((fields.key ?? 0) << accessMode.key) |
      ((asce === undefined ? 0 : 1) << accessMode.dat) |
      ((fields.space ?? 0) << accessMode.space) |
      ((fields.ar ?? 0) << accessMode.accessRegister);
    const result = this.exports.resolve(this.cpu, address, asce ?? 0n, mode);
    return result === -1n ? { code: this.word(mmuLayout.faultCode), teid: this.teid } : result;
  }
}
