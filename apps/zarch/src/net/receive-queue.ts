/** Frames that wait until the guest has buffers for them. */
import type { FrameReceiver } from '@zarch/virtio';
import { WAITING_LIMIT } from './network.ts';

export class ReceiveQueue {
  readonly #frames: { readonly bytes: Uint8Array; readonly segment: number | undefined }[] = [];
  readonly #checksumsValid: boolean;
  #receive: FrameReceiver | undefined;

  /** @param checksumsValid - The checksums inside all frames are known to be right. */
  constructor(checksumsValid = false) {
    this.#checksumsValid = checksumsValid;
  }

  connect(receive: FrameReceiver): void {
    this.#receive = receive;
    this.drain();
  }

  /** @param segment - Of a large TCP segment: see {@link FrameReceiver}. */
  push(bytes: Uint8Array, segment?: number): void {
    if (this.#frames.length >= WAITING_LIMIT) return;
    this.#frames.push({ bytes, segment });
    this.drain();
  }

  /** Gives the guest what it has room for. */
  drain(): void {
    for (let first = this.#frames[0]; first; first = this.#frames[0]) {
      if (this.#receive?.(first.bytes, this.#checksumsValid, first.segment) !== true) return;
      this.#frames.shift();
    }
  }
}
