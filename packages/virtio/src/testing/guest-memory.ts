/** A small guest storage for tests: kept back to front as the real one, with areas handed out in ascending order. */
import { type AbsoluteAddress, absolute } from '@zarch/arch';
import { type GuestStorage, StorageView } from '@zarch/memory';

const MIB = 1 << 20;
const FIRST = 0x1000;

export class GuestMemory implements GuestStorage {
  readonly size: number;
  readonly #buffer: ArrayBuffer;
  #next = FIRST;

  constructor(size = 4 * MIB) {
    this.size = size;
    this.#buffer = new ArrayBuffer(size);
  }

  view(address: AbsoluteAddress, length: number): StorageView | undefined {
    if (address + length > this.size) return undefined;
    return new StorageView(this.#buffer, this.size - address, length);
  }

  /** An area that nothing else uses, of zeros. */
  allocate(length: number, alignment = 16): AbsoluteAddress {
    const address = Math.ceil(this.#next / alignment) * alignment;
    if (address + length > this.size) throw new RangeError('the test guest has no storage left');
    this.#next = address + length;
    return absolute(address);
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
}
