/** A small guest storage for tests: kept back to front as the real one, with areas handed out in ascending order. */
import { type AbsoluteAddress, absolute } from '@zarch/arch';
import { type GuestStorage, StorageView } from '@zarch/memory';

const MIB = 1 << 20;
const FIRST = 0x1000;
/** Bytes around the storage that nothing may write to, and what they hold. */
const GUARD = 4096;
const GUARD_BYTE = 0xa5;

export class GuestMemory implements GuestStorage {
  readonly size: number;
  readonly #buffer: ArrayBuffer;
  #next = FIRST;

  constructor(size = 4 * MIB) {
    this.size = size;
    this.#buffer = new ArrayBuffer(size + 2 * GUARD);
    for (const guard of this.#guards()) guard.fill(GUARD_BYTE);
  }

  /** Whether nothing was written outside the storage. */
  get guarded(): boolean {
    return this.#guards().every((guard) => guard.every((byte) => byte === GUARD_BYTE));
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    if (address + length > this.size) return undefined;
    return new StorageView(this.#buffer, GUARD + this.size - address, length);
  }

  /** An area that nothing else uses, of zeros. */
  allocate(length: number, alignment = 16): AbsoluteAddress {
    const address = Math.ceil(this.#next / alignment) * alignment;
    if (address + length > this.size) throw new RangeError('the test guest has no storage left');
    this.#next = address + length;
    this.at(absolute(address), length).fill(0);
    return absolute(address);
  }

  /** Hands areas out from the start again: whoever had one no longer uses it. */
  reuse(): void {
    this.#next = FIRST;
  }

  /** Like {@link view}, for areas that are known to be inside. */
  at(address: AbsoluteAddress, length: number): StorageView {
    const view = this.view(address, length);
    if (view === undefined) throw new RangeError('outside the test guest');
    return view;
  }

  /** Puts bytes into an area of their own. */
  place(bytes: Uint8Array): AbsoluteAddress {
    const address = this.allocate(bytes.length);
    this.at(address, bytes.length).setBytes(0, bytes);
    return address;
  }

  #guards(): readonly Uint8Array[] {
    return [0, GUARD + this.size].map((start) => new Uint8Array(this.#buffer, start, GUARD));
  }
}
