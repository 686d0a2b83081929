/** The other end of a network device's cable: keeps what the guest sends, and sends what a test wants. */
import type { FrameReceiver, NetBackend } from '../net/net-backend.ts';

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
  deliver(frame: Uint8Array, checksumValid?: boolean): boolean {
    return this.#receive(frame, checksumValid);
  }
}
