/** Reads and writes that are done when they return. Whoever does them throws what goes wrong. */
export interface ImmediateAccess {
  read(offset: number, target: Uint8Array): void;
  write(offset: number, source: Uint8Array): void;
}

/** What a block device needs: a medium. Offsets and lengths are in bytes and multiples of the block size. */
export interface BlockBackend {
  /** Bytes on the medium: a multiple of the block size. */
  readonly size: number;
  /** Bytes of a logical block: a power of two, 512 to 65536. */
  readonly blockSize: number;
  readonly readOnly: boolean;
  /** Bytes of a physical block, if larger: writes of whole ones are quick. */
  readonly physicalBlockSize?: number;
  /** Bytes of the best request, if there is one. */
  readonly optimalSize?: number;
  /** There as long as the medium is so quick that requests are done sooner at once than by the methods below. */
  readonly immediate?: ImmediateAccess | undefined;
  /** Nothing but what the device does changes the medium, which can be read ahead then. Default no. */
  readonly exclusive?: boolean;

  /** Fills `target` with what is at `offset`. */
  read(offset: number, target: Uint8Array): Promise<void>;
  /** Resolves when a read would see the bytes; {@link flush} makes them last. */
  write(offset: number, source: Uint8Array): Promise<void>;
  /** Resolves when all writes that resolved before the call would survive a loss of power. */
  flush(): Promise<void>;
  /** The content is no longer needed. */
  discard?(offset: number, length: number): Promise<void>;
  /** @param mayUnmap - The range need not keep its place on the medium. */
  writeZeroes?(offset: number, length: number, mayUnmap: boolean): Promise<void>;
}
