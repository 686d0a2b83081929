/**
 * Ethernet frames over a stream of bytes: each with its length, four bytes in network byte order, ahead of it (QEMU
 * net/socket.c and net/stream.c).
 */

const HEADER = 4;
/** QEMU's limit for a frame. */
const FRAME_LIMIT = 4096 + 65536;

export function framed(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + frame.length);
  new DataView(bytes.buffer).setUint32(0, frame.length);
  bytes.set(frame, HEADER);
  return bytes;
}

/** Puts frames together from what a stream gives. */
export class FrameReader {
  readonly #take: (frame: Uint8Array) => void;
  #bytes = new Uint8Array(0);

  constructor(take: (frame: Uint8Array) => void) {
    this.#take = take;
  }

  /** @returns False when the stream is not one of frames: it cannot be used any more. */
  push(bytes: Uint8Array): boolean {
    let rest: Uint8Array<ArrayBuffer> = new Uint8Array(this.#bytes.length + bytes.length);
    rest.set(this.#bytes);
    rest.set(bytes, this.#bytes.length);
    while (rest.length >= HEADER) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (length > FRAME_LIMIT) return false;
      if (rest.length < HEADER + length) break;
      this.#take(rest.slice(HEADER, HEADER + length));
      rest = rest.subarray(HEADER + length);
    }
    this.#bytes = rest.slice();
    return true;
  }
}
