/** What a network device needs: the other end of its cable. Frames are Ethernet frames without checksum. */
export interface NetBackend {
  /** A frame from the guest. The bytes are the backend's. */
  send(frame: Uint8Array): void;
  /** Tells the backend where frames for the guest go. Called once. */
  onFrame(receive: FrameReceiver): void;
  /** Called when the guest has buffers again after a frame was refused. */
  onRoom?(): void;
  /**
   * Tells which TCP segments the guest takes that are larger than its packets: those of IPv4, of IPv6. The backend itself
   * takes both from the guest if it has this method: up to 64 KiB in one frame, not cut into packets.
   */
  onLargeSegments?(taken: LargeSegments): void;
}

/**
 * Takes a frame for the guest.
 *
 * @param checksumValid - The checksums inside the frame are known to be right.
 * @param segment - Set for a large TCP segment: bytes of data in each of those it stands for. Its checksum field has the
 *   sum of the pseudo header only.
 * @returns False when the guest has no buffer: the same frame may come again.
 */
export type FrameReceiver = (frame: Uint8Array, checksumValid?: boolean, segment?: number) => boolean;

export interface LargeSegments {
  readonly 4: boolean;
  readonly 6: boolean;
}
