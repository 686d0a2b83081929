/**
 * Host storage: the one WebAssembly memory that holds the whole machine.
 *
 * Guest storage lies back to front at its upper end: the guest's absolute byte A is at `top - 1 - A`, so that a
 * big-endian operand of s bytes at A is the little-endian operand at `top - s - A`. Everything else (register
 * files, TLBs, state descriptions, storage keys) is allocated from the lower end.
 */

const WASM_PAGE = 65536;
/** A 32-bit memory ends here. */
const LIMIT = 2 ** 32;

export class HostStorage {
  readonly memory: WebAssembly.Memory;
  /** One past the last byte, where guest storage begins, going down. */
  readonly top: number;
  #next = 1024;
  readonly #controlEnd: number;

  /** Bytes that a 32-bit host storage can give to a guest beside `control` bytes of its own. */
  static guestLimit(control: number): number {
    return LIMIT - align(control, WASM_PAGE);
  }

  /**
   * @param guestSize - Bytes of guest storage.
   * @param controlSize - Bytes for everything else.
   * @param memory - An existing memory of that size, when another thread made the host storage.
   */
  constructor(guestSize: number, controlSize: number, memory?: WebAssembly.Memory) {
    const pages = Math.ceil(guestSize / WASM_PAGE) + Math.ceil(controlSize / WASM_PAGE);
    if (pages * WASM_PAGE > LIMIT) {
      throw new RangeError(`a guest of ${guestSize} bytes does not fit a 32-bit host storage`);
    }
    this.memory = memory ?? new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.top = pages * WASM_PAGE;
    this.#controlEnd = align(controlSize, WASM_PAGE);
  }

  /** Pages of the memory, for modules that import it. */
  get pages(): number {
    return this.top / WASM_PAGE;
  }

  /**
   * Reserves `size` bytes, zero, never given back. Every thread that makes the same calls in the same order gets
   * the same addresses.
   */
  allocate(size: number, alignment = 16): number {
    const address = align(this.#next, alignment);
    if (address + size > this.#controlEnd) throw new RangeError('host storage for control blocks is used up');
    this.#next = address + size;
    return address;
  }
}

function align(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}
