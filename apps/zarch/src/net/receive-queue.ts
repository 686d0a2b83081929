/** Frames that wait until the guest has buffers for them. */
import type { FrameReceiver } from '@zarch/virtio';
import { WAITING_LIMIT } from './network.ts';

export class ReceiveQueue {
  readonly #frames: Uint8Array[] = [];
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

  push(frame: Uint8Array): void {
    if (this.#frames.length >= WAITING_LIMIT) return;
    this.#frames.push(frame);
    this.drain();
  }

  /** Gives the guest what it has room for. */
  drain(): void {
    for (let first = this.#frames[0]; first; first = this.#frames[0]) {
      if (this.#receive?.(first, this.#checksumsValid) !== true) return;
      this.#frames.shift();
    }
  }
}
