/** What a network device needs: the other end of its cable. Frames are Ethernet frames without checksum. */
export interface NetBackend {
  /** A frame from the guest. The bytes are the backend's. */
  send(frame: Uint8Array): void;
  /** Tells the backend where frames for the guest go. Called once. */
  onFrame(receive: FrameReceiver): void;
  /** Called when the guest has buffers again after a frame was refused. */
  onRoom?(): void;
}

/**
 * Takes a frame for the guest.
 *
 * @param checksumValid - The checksums inside the frame are known to be right.
 * @returns False when the guest has no buffer: the same frame may come again.
 */
export type FrameReceiver = (frame: Uint8Array, checksumValid?: boolean) => boolean;
