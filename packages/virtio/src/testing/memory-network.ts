/** The other end of a network device's cable: keeps what the guest sends, and sends what a test wants. */
import type { FrameReceiver, LargeSegments, NetBackend } from '../net/net-backend.ts';

export class TestNetwork implements NetBackend {
  readonly sent: Uint8Array[] = [];
  rooms = 0;
  #receive: FrameReceiver = () => false;

  send(frame: Uint8Array): void {
    this.sent.push(frame);
  }

  onFrame(receive: FrameReceiver): void {
    this.#receive = receive;
  }

  onRoom(): void {
    this.rooms++;
  }

  /** Sends a frame to the guest. */
  deliver(frame: Uint8Array, checksumValid?: boolean, segment?: number): boolean {
    return this.#receive(frame, checksumValid, segment);
  }
}

/** One that has to do with large TCP segments. */
export class LargeSegmentNetwork extends TestNetwork {
  taken: LargeSegments | undefined;

  onLargeSegments(taken: LargeSegments): void {
    this.taken = taken;
  }
}
