import { ASCE, absolute, CR0 } from '@zarch/arch';
import { ModuleBuilder } from '@zarch/wasm';
import { beforeEach, describe, expect, it } from 'vitest';
import { translationFlag } from './dat.ts';
import { AbsoluteStorage } from './guest-storage.ts';
import { HostStorage } from './host-storage.ts';
import { defineMmu } from './mmu.ts';
import { controlRegister, mmuFacility, mmuLayout, STATE_DESCRIPTION_SIZE } from './mmu-layout.ts';
import { accessMode } from './resolve.ts';
import { Access } from './tlb.ts';

const SIZE = 1 << 20;
/** Facilities and CR0 bit for enhanced DAT. */
const EDAT = mmuFacility.edat1 | mmuFacility.edat2;

const ROOT = 0x1_0000;
/** Each table has 16 KiB, the page table the last 2 KiB of them. */
const TABLE = 0x4000;
const FRAME = 0x8_0000n;

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
const levels = ['first', 'second', 'third', 'segment'] as const satisfies readonly Level[];
const levelShift = { first: 53n, second: 42n, third: 31n, segment: 20n } as const;

class Machine {
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

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});

/** An address that has all indexes from a level on not zero. */
const addressOf: Readonly<Record<Level, bigint>> = {
  first: 0x0060_1c06_8032_1abcn,
  second: 0x0000_1c06_8032_1abcn,
  third: 0x0000_0006_8032_1abcn,
  segment: 0x0000_0000_0032_1abcn,
};
const REAL = FRAME | 0xabcn;

describe('a walk', () => {
  it.each(levels)('from a region- or segment-table (%s) designation leads to the frame', (top) => {
    const asce = machine.map(addressOf[top], FRAME, top);
    expect(machine.translate(addressOf[top], asce)).toEqual([REAL, 0]);
  });

  it.each([
    ['second', 1n << 53n],
    ['third', 1n << 42n],
    ['segment', 1n << 31n],
    ['segment', 1n << 63n],
  ] as const)('from %s has an ASCE-type exception for an address with %i', (top, beyond) => {
    const asce = machine.map(addressOf[top], FRAME, top);
    expect(machine.translate(addressOf[top] | beyond, asce)).toEqual([0n, 0x38]);
  });

  const faults = { first: 0x39, second: 0x3a, third: 0x3b, segment: 0x10 } as const;

  it.each(levels)("of a %s table that is too short for the index is that table's exception", (top) => {
    const base = { first: 0x1ffn, second: 0x1ffn, third: 0x1ffn, segment: 0x1ffn }[top];
    const inside = base << levelShift[top];
    const outside = (base + 1n) << levelShift[top];
    const asce = machine.map(inside, FRAME, top) & ~3n;
    expect(machine.translate(inside, asce)).toEqual([FRAME, 0]);
    expect(machine.translate(outside, asce)).toEqual([0n, faults[top]]);
  });

  it.each([
    ['first', 'second'],
    ['second', 'third'],
    ['third', 'segment'],
  ] as const)('honours offset and length in an entry of the %s table for the next one', (top, next) => {
    // Only entries 512 to 1023: offset 1, length 1.
    const at = (index: bigint) => (1n << levelShift[top]) | (index << levelShift[next]);
    const asce = machine.map(at(512n), FRAME, top, { [top]: 0x40n | 2n });
    expect(machine.translate(at(512n), asce)).toEqual([FRAME, 0]);
    expect(machine.translate(at(511n), asce)).toEqual([0n, faults[next]]);
    expect(machine.translate(at(1024n), asce)).toEqual([0n, faults[next]]);
  });

  it.each([
    ...levels.map((level) => [`an invalid ${level} entry`, level, 0x20n, faults[level]] as const),
    ...levels.map((level) => [`another type in the ${level} entry`, level, 0x4n, 0x12] as const),
    ['an invalid page', 'page', 0x400n, 0x11],
    ['bit 52 of the page-table entry', 'page', 0x800n, 0x12],
    ['an invalid page with bit 52', 'page', 0xc00n, 0x11],
  ] as const)('meets %s', (_, level, bits, code) => {
    const asce = machine.map(addressOf.first, FRAME, 'first', { [level]: bits });
    expect(machine.translate(addressOf.first, asce)).toEqual([0n, code]);
  });

  it.each([
    ['a common segment in a private space', ASCE.privateSpace, 0x12],
    ['a common segment in another space', 0n, 0],
  ])('meets %s', (_, bits, code) => {
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { segment: 0x10n }) | bits;
    expect(machine.translate(addressOf.segment, asce)[1]).toBe(code);
  });

  it.each([
    ['with EDAT-2', EDAT, ASCE.privateSpace, 0x12],
    ['without EDAT-2', mmuFacility.edat1, ASCE.privateSpace, 0],
    ['in a space that is not private', EDAT, 0n, 0],
  ])('meets a common region %s', (_, facilities, bits, code) => {
    machine.enhanced(facilities);
    const asce = machine.map(addressOf.third, FRAME, 'third', { third: 0x10n }) | bits;
    expect(machine.translate(addressOf.third, asce)[1]).toBe(code);
  });

  it.each([
    ['the first table', {}, BigInt(SIZE)],
    ['the first table, far outside', {}, 1n << 40n],
  ])('with %s outside the storage is an addressing exception', (_, change, origin) => {
    machine.map(addressOf.segment, FRAME, 'segment', change);
    expect(machine.translate(addressOf.segment, origin | 3n)).toEqual([0n, 5]);
  });

  it('reads the last entry in the storage and none after it', () => {
    const last = BigInt(SIZE - 0x1000) | 3n;
    machine.write(SIZE - 8, 0x20n);
    expect(machine.translate(511n << 20n, last)).toEqual([0n, 0x10]);
    expect(machine.translate(512n << 20n, last)).toEqual([0n, 5]);
  });

  it('with a page table outside the storage is an addressing exception', () => {
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { segment: BigInt(SIZE) });
    expect(machine.translate(addressOf.segment, asce)).toEqual([0n, 5]);
  });

  it('by a real-space designation gives the address itself', () => {
    expect(machine.translate(0x1234_5678_9abc_def0n, ASCE.realSpace)).toEqual([0x1234_5678_9abc_def0n, 0]);
  });

  it('finds a page table at an odd multiple of 2 KiB', () => {
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { segment: 0x800n });
    machine.write(ROOT + TABLE + 0x800 + 8 * 0x21, 0x9_0000n);
    expect(machine.translate(addressOf.segment, asce)).toEqual([0x9_0abcn, 0]);
  });
});

describe('DAT protection', () => {
  it.each([
    ['page', 0, true],
    ['segment', 0, true],
    ['third', 0, false],
    ['second', 0, false],
    ['first', 0, false],
    ['third', EDAT, true],
    ['second', EDAT, true],
    ['first', mmuFacility.edat1, true],
  ] as const)('of a %s entry with facilities %i counts: %s', (level, facilities, counts) => {
    machine.enhanced(facilities);
    const asce = machine.map(addressOf.first, FRAME, 'first', { [level]: 0x200n });
    const flags = counts ? translationFlag.protected : 0;
    expect(machine.translate(addressOf.first, asce)).toEqual([REAL, flags]);
  });

  it('of regions does not count while CR0 bit 40 is zero', () => {
    machine.enhanced(EDAT, 0n);
    const asce = machine.map(addressOf.first, FRAME, 'first', { first: 0x200n });
    expect(machine.translate(addressOf.first, asce)).toEqual([REAL, 0]);
  });
});

describe('a frame of', () => {
  const MIB = 0x7_0000_0000n | 0x30_0000n;
  it.each([
    ['used', mmuFacility.edat1, CR0.enhancedDat, true],
    ['not used without the facility', 0, CR0.enhancedDat, false],
    ['not used without CR0 bit 40', EDAT, 0n, false],
  ] as const)('1 MiB is %s', (_, facilities, control, used) => {
    machine.enhanced(facilities, control);
    const asce = machine.map(addressOf.segment, FRAME);
    const entry = ROOT + 8 * 3;
    machine.write(entry, used ? MIB | 0x400n : BigInt(ROOT + TABLE) | 0x400n);
    const expected = used ? [MIB | 0x2_1abcn, translationFlag.absolute] : [REAL, 0];
    expect(machine.translate(addressOf.segment, asce)).toEqual(expected);
  });

  it('1 MiB has protection of its own', () => {
    machine.enhanced();
    const asce = machine.map(addressOf.segment, FRAME);
    machine.write(ROOT + 8 * 3, MIB | 0x600n);
    const flags = translationFlag.absolute | translationFlag.protected;
    expect(machine.translate(addressOf.segment, asce)).toEqual([MIB | 0x2_1abcn, flags]);
  });

  const GIB2 = 0x5_8000_0000n;
  it.each([
    ['used', EDAT, CR0.enhancedDat, true],
    ['not used with EDAT-1 only', mmuFacility.edat1, CR0.enhancedDat, false],
    ['not used without CR0 bit 40', EDAT, 0n, false],
  ] as const)('2 GiB is %s', (_, facilities, control, used) => {
    machine.enhanced(facilities, control);
    const asce = machine.map(addressOf.third, FRAME, 'third');
    const next = used ? GIB2 : BigInt(ROOT + TABLE);
    machine.write(ROOT + 8 * Number(addressOf.third >> 31n), next | 0x407n);
    const offset = addressOf.third & 0x7fff_ffffn;
    const expected = used ? [GIB2 | offset, translationFlag.absolute] : [REAL, 0];
    expect(machine.translate(addressOf.third, asce)).toEqual(expected);
  });
});

describe('resolving a store', () => {
  const store = { access: Access.write };
  it.each([
    [0n, true],
    [511n, true],
    [512n, false],
    [4095n, false],
    [4096n, true],
    [4607n, true],
    [4608n, false],
    [8192n, false],
  ])('at %i is hindered by low-address protection: %s', (address, hindered) => {
    expect(machine.resolve(address, undefined, store)).toBe(address);
    machine.setControl(0, CR0.lowAddressProtection);
    expect(machine.resolve(address, undefined)).toBe(address);
    const page = address & ~0xfffn;
    expect(machine.resolve(address, undefined, store)).toEqual(hindered ? { code: 4, teid: page } : address);
  });

  it('in a private space is exempt from low-address protection', () => {
    machine.setControl(0, CR0.lowAddressProtection);
    const asce = machine.map(0n, FRAME);
    expect(machine.resolve(0n, asce, store)).toEqual({ code: 4, teid: 0n });
    expect(machine.resolve(0n, asce | ASCE.privateSpace, store)).toBe(FRAME);
  });

  it('to a protected page fails and a fetch does not', () => {
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { page: 0x200n });
    expect(machine.resolve(addressOf.segment, asce)).toBe(REAL);
    expect(machine.resolve(addressOf.segment, asce, store)).toEqual({ code: 4, teid: 0x32_1004n });
  });
});

describe('key-controlled protection', () => {
  const DATA = 0x5008n;
  const allowed = (access: number, key: number, storageKey: number, address = DATA) => {
    machine.setKey(address, storageKey);
    return machine.resolve(address, undefined, { access, key }) === address;
  };
  it.each([
    // Access key, storage key, fetch permitted, store permitted.
    [0, 0x58, true, true],
    [5, 0x58, true, true],
    [4, 0x58, false, false],
    [4, 0x50, true, false],
    [4, 0x08, false, false],
    [9, 0x98, true, true],
    [8, 0x98, false, false],
  ])(
    'with access key %i and storage key %i permits fetch: %s, store: %s',
    (key, storageKey, fetch, store) => {
      expect(allowed(Access.read, key, storageKey)).toBe(fetch);
      expect(allowed(Access.fetch, key, storageKey)).toBe(fetch);
      expect(allowed(Access.write, key, storageKey)).toBe(store);
    },
  );

  it.each([
    ['storage-protection override', 8, 0x98, DATA, CR0.storageProtectionOverride, true, true],
    [
      'storage-protection override of another key',
      8,
      0xa8,
      DATA,
      CR0.storageProtectionOverride,
      false,
      false,
    ],
    ['fetch-protection override below 2048', 4, 0x58, 2047n, CR0.fetchProtectionOverride, true, false],
    ['fetch-protection override from 2048 on', 4, 0x58, 2048n, CR0.fetchProtectionOverride, false, false],
  ] as const)('with %s', (_, key, storageKey, address, control, fetch, store) => {
    machine.setControl(0, control);
    expect(allowed(Access.read, key, storageKey, address)).toBe(fetch);
    expect(allowed(Access.write, key, storageKey, address)).toBe(store);
  });

  it('has no fetch-protection override in a private space', () => {
    machine.setControl(0, CR0.fetchProtectionOverride);
    const asce = machine.map(0x10n, FRAME);
    machine.setKey(FRAME, 0x58);
    expect(machine.resolve(0x10n, asce, { key: 4 })).toBe(FRAME | 0x10n);
    expect(machine.resolve(0x10n, asce | ASCE.privateSpace, { key: 4 })).toMatchObject({ code: 4 });
  });
});

describe('recording', () => {
  it.each([
    ['a fetch sets R', Access.read, 0x34],
    ['an instruction fetch sets R', Access.fetch, 0x34],
    ['a store sets R and C', Access.write, 0x36],
  ])('%s', (_, access, key) => {
    machine.setKey(0x5000n, 0x30);
    expect(machine.resolve(0x5123n, undefined, { access })).toBe(0x5123n);
    expect(machine.key(0x5000n)).toBe(key);
    expect(machine.key(0x6000n)).toBe(0);
  });

  it('does not happen when the access fails or is only tested', () => {
    machine.setKey(0x5000n, 0x38);
    expect(machine.resolve(0x5000n, undefined, { access: Access.write, key: 1 })).toMatchObject({ code: 4 });
    expect(machine.exports.testAccess(machine.cpu, 0x5000n, 0n, Access.write | (1 << accessMode.key))).toBe(
      4,
    );
    expect(machine.exports.testAccess(machine.cpu, 0x5000n, 0n, Access.write)).toBe(0);
    expect(machine.key(0x5000n)).toBe(0x38);
  });
});

describe('prefixing', () => {
  beforeEach(() => machine.setWord(mmuLayout.prefix, 0x4_2000));
  it.each([
    [0x123n, 0x4_2123n],
    [0x1fffn, 0x4_3fffn],
    [0x2000n, 0x2000n],
    [0x4_2123n, 0x123n],
    [0x4_3fffn, 0x1fffn],
    [0x4_4000n, 0x4_4000n],
  ])('of real %i gives absolute %i', (real, expected) => {
    expect(machine.resolve(real, undefined)).toBe(expected);
    const asce = machine.map(0x32_1000n, real & ~0xfffn);
    expect(machine.resolve(0x32_1000n | (real & 0xfffn), asce)).toBe(expected);
  });

  it('is not applied to a frame of 1 MiB', () => {
    machine.enhanced();
    const asce = machine.map(addressOf.segment, FRAME);
    machine.write(ROOT + 8 * 3, 0x400n);
    expect(machine.resolve(0x30_0123n, asce)).toBe(0x123n);
    expect(machine.resolve(0x34_2123n, asce)).toBe(0x4_2123n);
  });
});

describe('a failing access', () => {
  it.each([
    ['a read', Access.read, 0x800n],
    ['an instruction fetch', Access.fetch, 0x800n],
    ['a write', Access.write, 0x400n],
  ])('identifies %s, its page and its space', (_, access, indication) => {
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { page: 0x400n });
    const fields = { access, space: 2, ar: 7 };
    expect(machine.resolve(addressOf.segment, asce, fields)).toEqual({ code: 0x11, teid: 0x32_1002n });
    machine.setWord(mmuLayout.facilities, mmuFacility.fetchStoreIndication);
    expect(machine.resolve(addressOf.segment, asce, fields)).toEqual({
      code: 0x11,
      teid: 0x32_1002n | indication,
    });
    expect(machine.word(mmuLayout.faultAccess)).toBe(7);
  });

  const all = mmuFacility.suppressionOnProtection2 | mmuFacility.instructionExecutionProtection;
  it.each([
    ['key-controlled', Access.read, 4, 0n, 0x08n],
    ['DAT', Access.write, 0, 0x200n, 0x04n],
    ['instruction-execution', Access.fetch, 0, 0x100n, 0x84n],
  ])('tells %s protection', (_, access, key, page, bits) => {
    machine.enhanced(all, CR0.instructionExecutionProtection);
    machine.setKey(FRAME, 0x18);
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { page });
    expect(machine.resolve(addressOf.segment, asce, { access, key })).toEqual({
      code: 4,
      teid: 0x32_1000n | bits,
    });
  });

  it('tells low-address protection', () => {
    machine.enhanced(all, CR0.lowAddressProtection);
    expect(machine.resolve(0x1010n, undefined, { access: Access.write })).toEqual({ code: 4, teid: 0x1080n });
  });

  it('executes from a no-execute page while the control or the facility is off', () => {
    const asce = machine.map(addressOf.segment, FRAME, 'segment', { page: 0x100n });
    const fetch = { access: Access.fetch };
    machine.enhanced(all, 0n);
    expect(machine.resolve(addressOf.segment, asce, fetch)).toBe(REAL);
    machine.enhanced(0, CR0.instructionExecutionProtection);
    expect(machine.resolve(addressOf.segment, asce, fetch)).toBe(REAL);
  });

  it.each([BigInt(SIZE), 1n << 32n, 1n << 63n])(
    'outside the storage (%i) is an addressing exception',
    (address) => {
      expect(machine.resolve(address, undefined)).toMatchObject({ code: 5 });
    },
  );
});

describe('the space of an operand', () => {
  beforeEach(() => {
    for (const number of [1, 7, 13]) machine.setControl(number, BigInt(number) << 12n);
    machine.setWord(mmuLayout.accessRegisters + 4 * 3, 1);
    machine.setWord(mmuLayout.accessRegisters + 4 * 4, 0x1_0002);
  });
  it.each([
    ['primary', 0, 4, 0x1000n, 0],
    ['secondary', 2, 4, 0x7000n, 0],
    ['home', 3, 4, 0xd000n, 0],
    ['access register 0', 1, 0, 0x1000n, 0],
    ['an ALET of 0', 1, 2, 0x1000n, 0],
    ['an ALET of 1', 1, 3, 0x7000n, 0],
    ['another ALET', 1, 4, 0n, 0x28],
  ])('by %s', (_, space, ar, asce, code) => {
    expect(machine.exports.spaceAsce(machine.cpu, space, ar)).toEqual([asce, code]);
  });
});

describe('the TLB', () => {
  const DAT = 1n << 58n;
  /** Whether the read TLB has the page in the present context. */
  const cached = (address: bigint): boolean => {
    const view = new DataView(machine.memory);
    const at = machine.cpu + mmuLayout.readTlb + Number((address >> 12n) & 0xfffn) * 16;
    const context = view.getBigUint64(machine.cpu + mmuLayout.dataContext, true);
    return view.getBigUint64(at, true) === ((address & ~0xfffn) | context);
  };
  const read = (address: bigint) => machine.exports.access(machine.cpu, address, 0, Access.read);

  beforeEach(() => {
    machine.setControl(1, machine.map(0x32_1000n, FRAME));
    machine.setPsw(DAT);
  });

  it('has a page after an access, which counts as a miss', () => {
    expect(cached(0x32_1000n)).toBe(false);
    const before = machine.misses;
    expect(machine.absoluteOf(read(0x32_1010n))).toBe(Number(FRAME) + 0x10);
    expect(machine.misses).toBe(before + 1n);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('has no page after an access that failed', () => {
    expect(read(0x32_2000n)).not.toBe(0);
    machine.write(ROOT + TABLE + 8 * 0x22, 0x400n);
    expect(read(0x32_2000n)).toBe(0);
    expect(machine.word(mmuLayout.faultCode)).toBe(0x11);
  });

  it('is empty after a purge', () => {
    read(0x32_1000n);
    machine.exports.purge(machine.cpu);
    expect(cached(0x32_1000n)).toBe(false);
    read(0x32_1000n);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('loses one page index, in every segment, when a page is purged', () => {
    machine.write(ROOT + 8 * 4, BigInt(ROOT + TABLE));
    for (const address of [0x32_1000n, 0x32_2000n, 0x42_1000n]) read(address);
    machine.exports.purgePage(machine.cpu, 0x32_1000n);
    expect(cached(0x32_1000n)).toBe(false);
    expect(cached(0x42_1000n)).toBe(false);
    expect(cached(0x32_2000n)).toBe(true);
  });

  it('keeps spaces apart', () => {
    read(0x32_1000n);
    machine.setControl(1, BigInt(ROOT + 2 * TABLE) | 3n);
    expect(cached(0x32_1000n)).toBe(false);
    machine.setControl(1, BigInt(ROOT) | 3n);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('keeps access keys apart', () => {
    read(0x32_1000n);
    machine.setPsw(DAT | (3n << 52n));
    expect(cached(0x32_1000n)).toBe(false);
    machine.setPsw(DAT);
    expect(cached(0x32_1000n)).toBe(true);
  });

  it('stays right when more spaces were used than there are contexts', () => {
    read(0x32_1000n);
    for (let i = 1n; i < 600n; i++) {
      machine.setControl(1, (i << 20n) | 3n);
      expect(cached(0x32_1000n)).toBe(false);
    }
  });
});
