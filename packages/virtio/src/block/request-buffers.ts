/** Buffers for bytes on their way between storage and a medium. */
import type { DeviceStorage } from '../queue/device-storage.ts';

/** Bytes of a request that are on their way at a time. */
export const PIECE = 1 << 20;
/** Requests of up to so many bytes are the most frequent ones. */
const SMALL_PIECE = 1 << 14;

/** There are no more buffers than there were requests at a time. */
export class RequestBuffers {
  readonly #small: Uint8Array[] = [];
  readonly #large: Uint8Array[] = [];
  #storage: DeviceStorage | undefined;

  connect(storage: DeviceStorage): void {
    this.#storage = storage;
  }

  /** A buffer for a request of so many bytes: for all of them, or of {@link PIECE}. */
  take(length: number): Uint8Array {
    const [free, size] = length <= SMALL_PIECE ? [this.#small, SMALL_PIECE] : [this.#large, PIECE];
    return free.pop() ?? this.#storage?.buffer?.(size) ?? new Uint8Array(size);
  }

  giveBack(buffer: Uint8Array): void {
    (buffer.length === PIECE ? this.#large : this.#small).push(buffer);
  }
}
