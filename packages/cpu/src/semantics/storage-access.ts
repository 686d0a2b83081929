/**
 * How definitions access storage: by what the tier knows of the page, the TLB, or a helper that translates the address. An
 * access exception ends the instruction (Principles of Operation, chapter 3, "Address Spaces" and "Protection").
 */
import { Access, tlbOf, tlbOffset } from '@zarch/memory';
import { type FunctionBuilder, I32, I64, type Local, type Pointer } from '@zarch/wasm';
import { cpuLayout, Exit } from '../cpu-layout.ts';
import type { Backend, StorageOperand } from './backend.ts';
import type { Helpers } from './helpers.ts';

export class StorageAccess {
  readonly f: FunctionBuilder;
  readonly cpu: Pointer;
  readonly helpers: Helpers;
  readonly backend: Backend;

  constructor(backend: Backend, helpers: Helpers) {
    this.backend = backend;
    this.f = backend.f;
    this.cpu = backend.cpu;
    this.helpers = helpers;
  }

  /** `address` within the current addressing mode. */
  wrap(address: I64): I64 {
    return address.and(this.backend.addressMask());
  }
  /** `operand` moved by `offset` bytes. */
  displaced(operand: StorageOperand, offset: I64 | number): StorageOperand {
    const { place } = operand;
    const moved =
      place && typeof offset === 'number' ? { ...place, offset: place.offset + offset } : undefined;
    return { address: this.f.let(this.wrap(operand.address.add(offset))), ar: operand.ar, place: moved };
  }

  /** A pointer by which `size` bytes at the operand can be loaded at offset 16 - size. */
  readPointer(operand: StorageOperand, size: number | I32): Pointer {
    const { address, ar } = operand;
    const find = (cpu: Pointer) => this.f.callValue(this.helpers.loadSlow, cpu, address, I32.of(size), ar);
    return this.#pointer(operand, size, Access.read, find);
  }
  /** A pointer by which `size` bytes, aligned on their size, can be loaded and stored at offset 16 - size. */
  updatePointer(operand: StorageOperand, size: number): Pointer {
    const { address, ar } = operand;
    const write = I32.const(Access.write);
    const find = (cpu: Pointer) => this.f.callValue(this.helpers.access, cpu, address, ar, write);
    return this.#pointer(operand, size, Access.write, find);
  }
  /**
   * A pointer by which at most 128 bytes can be stored, the first of them at offset 15 and the others below it;
   * {@link commitSpan} ends the store.
   */
  writeSpan(operand: StorageOperand, size: I32): Pointer {
    const { address, ar } = operand;
    const find = (cpu: Pointer) => this.f.callValue(this.helpers.storeSpan, cpu, address, size, ar);
    return this.#pointer(operand, size, Access.write, find);
  }
  /** By the tier's cache, the TLB, or what `find` gives: zero after an access exception. */
  #pointer(
    operand: StorageOperand,
    size: number | I32,
    kind: number,
    find: (cpu: Pointer) => Pointer,
  ): Pointer {
    const { f, cpu } = this;
    const pointer = f.local('ptr');
    this.#lookUp(operand, size, kind, pointer, () => {
      f.set(pointer, find(cpu));
      f.if(pointer.get().eq(0), () => this.backend.leave(Exit.program), undefined, false);
    });
    return pointer.get();
  }
  /** Sets `pointer` to that of an access that lies in one page whose translation is known; otherwise does `miss`. */
  #lookUp(
    operand: StorageOperand,
    size: number | I32,
    kind: number,
    pointer: Local<'ptr'>,
    miss: () => void,
  ): void {
    const { f, cpu } = this;
    const window = this.backend.window(operand, size, kind);
    if (!window) {
      this.#lookUpAlone(operand, size, kind, pointer, miss);
      return;
    }
    if (window.isNew) {
      const address = f.let(operand.address.sub(window.before));
      const bytes = I32.const(window.size);
      this.#lookUpAlone({ address, ar: operand.ar }, window.size, kind, window.pointer, () => {
        const found = f.callValue(this.helpers.window, cpu, address, bytes, operand.ar, I32.const(kind));
        f.set(window.pointer, found);
      });
    }
    f.set(pointer, window.pointer.get().sub(window.before));
    f.if(window.pointer.get().eq(0), miss, undefined, false);
  }
  /** The same by the tier's cache or the TLB. */
  #lookUpAlone(
    { address, ar }: StorageOperand,
    size: number | I32,
    kind: number,
    pointer: Local<'ptr'>,
    miss: () => void,
  ): void {
    const { f, cpu } = this;
    const cache = this.backend.pageCache(ar, kind);
    f.block((known) => {
      if (cache) {
        f.block((unknown) => {
          const offset = f.let(address.sub(cache.page.get()));
          const last =
            typeof size === 'number' ? I64.const(4096 - size) : I64.const(4096).sub(size.extendU());
          f.brIf(offset.gtU(last), unknown);
          f.brIf(cache.host.get().eqz(), unknown);
          f.set(pointer, cache.host.get().sub(offset.wrap()).toPointer());
          f.br(known);
        });
      }
      const entry = f.let(cpu.add(tlbOffset(address)));
      // The tag first, or the optimiser loads the entry's twice.
      const tag = f.let(this.#tag(address, size));
      const held = f.let(f.loadI64(entry, tlbOf(kind)));
      const found = held.eq(tag);
      // A tag that is used twice stays in a register: the optimiser would load it once more for the comparison.
      const missed = () => {
        f.store(cpu, cpuLayout.missed, held, 64);
        miss();
      };
      const addend = f.loadI32(entry, tlbOf(kind) + 8);
      if (cache) {
        const remember = () => {
          f.set(cache.page, address.and(~0xfffn));
          f.set(cache.host, addend.sub(cache.page.get().wrap()));
          f.set(pointer, cache.host.get().add(cache.page.get().sub(address).wrap()).toPointer());
        };
        f.if(found, remember, missed, true);
      } else {
        f.set(pointer, addend.sub(address.wrap()).toPointer());
        f.if(found.eqz(), missed, undefined, false);
      }
    });
  }
  commitSpan(pointer: Pointer, { address, ar }: StorageOperand, size: I32): void {
    const { f, cpu } = this;
    const crosses = address.wrap().and(0xfff).add(size).gtU(4096);
    f.if(crosses, () => f.call(this.helpers.commitSpan, cpu, pointer, address, size, ar), undefined, false);
  }
  /** The tag of an access that lies in one page: one that crosses matches no entry. */
  #tag(address: I64, size: number | I32): I64 {
    const last = address.add(typeof size === 'number' ? size - 1 : size.sub(1).extendU());
    return last.and(~0xfffn).or(this.backend.dataContext());
  }
  load64(operand: StorageOperand): I64 {
    return this.f.let(this.f.loadI64(this.readPointer(operand, 8), 8));
  }
  load32(operand: StorageOperand): I32 {
    return this.f.let(this.f.loadI32(this.readPointer(operand, 4), 12));
  }
  load16(operand: StorageOperand, signed = false): I32 {
    return this.f.let(this.f.loadI32(this.readPointer(operand, 2), 14, 16, signed));
  }
  load8(operand: StorageOperand, signed = false): I32 {
    return this.f.let(this.f.loadI32(this.readPointer(operand, 1), 15, 8, signed));
  }
  store64(operand: StorageOperand, value: I64): void {
    this.#store(operand, value, 8);
  }
  store32(operand: StorageOperand, value: I32): void {
    this.#store(operand, value, 4);
  }
  store16(operand: StorageOperand, value: I32): void {
    this.#store(operand, value, 2);
  }
  store8(operand: StorageOperand, value: I32): void {
    this.#store(operand, value, 1);
  }
  #store(operand: StorageOperand, source: I32 | I64, size: 1 | 2 | 4 | 8): void {
    const { f, cpu } = this;
    const { address, ar } = operand;
    const value = f.let(source);
    const pointer = f.local('ptr');
    f.block((stored) => {
      this.#lookUp(operand, size, Access.write, pointer, () => {
        const wide = value instanceof I32 ? value.extendU() : (value as I64);
        const failed = f.callValue(this.helpers.storeSlow, cpu, address, wide, I32.const(size), ar);
        f.brIf(failed.eqz(), stored);
        this.backend.leave(Exit.program);
      });
      f.store(pointer.get(), 16 - size, value, (size * 8) as 8 | 16 | 32 | 64);
    });
  }
  /**
   * Replaces a storage operand by its combination with `value` and gives the old one. The update is interlocked
   * (atomic for other CPUs) where the operand is aligned, which is where the architecture promises it.
   */
  interlocked<T extends I32 | I64>(
    operand: StorageOperand,
    operation: 'add' | 'and' | 'or' | 'xor',
    bits: 8 | 32 | 64,
    value: T,
  ): T {
    const { f } = this;
    const size = bits / 8;
    const old = f.local(value.type) as unknown as Local<T['type']>;
    const set = (result: I32 | I64) => f.set(old, result as never);
    f.if(
      operand.address
        .wrap()
        .and(size - 1)
        .eqz(),
      () => {
        const pointer = this.updatePointer(operand, size).add(16 - size);
        set(f.atomic(value.type, operation, bits, pointer, value as never));
      },
      () => {
        this.checkStore(operand, size);
        if (value instanceof I64) {
          set(this.load64(operand));
          this.store64(operand, (old.get() as I64)[operation](value));
        } else {
          set(this.load32(operand));
          this.store32(operand, (old.get() as I32)[operation](value as I32));
        }
      },
    );
    return old.get() as unknown as T;
  }

  /**
   * Makes sure that `length` bytes, at least 1 and at most 4096, can be stored, so that an instruction which must
   * not be seen half done finds its access exceptions first.
   */
  checkStore(operand: StorageOperand, length: I64 | number): void {
    const { f } = this;
    const probe = (address: I64) => {
      const access = I32.const(Access.write);
      const pointer = f.callValue(this.helpers.access, this.cpu, address, operand.ar, access);
      f.if(pointer.eq(0), () => this.backend.leave(Exit.program));
    };
    probe(operand.address);
    const last = f.let(this.wrap(operand.address.add(I64.of(length).sub(1))));
    f.if(last.xor(operand.address).shrU(12).ne(0), () => probe(last));
  }
}
