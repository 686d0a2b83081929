/** Layouts of the block device (Virtual I/O Device 1.3, section 5.2). */

export const BlockFeature = {
  segmentMaximum: 2,
  geometry: 4,
  readOnly: 5,
  blockSize: 6,
  flush: 9,
  topology: 10,
  configWriteCache: 11,
  multiqueue: 12,
  discard: 13,
  writeZeroes: 14,
} as const;

export const BlockRequest = {
  in: 0,
  out: 1,
  flush: 4,
  getId: 8,
  discard: 11,
  writeZeroes: 13,
} as const;

export const BlockStatus = { ok: 0, ioError: 1, unsupported: 2 } as const;

/** Offsets in the header of a request. */
export const blockHeader = { type: 0, sector: 8, size: 16 } as const;

/** Offsets in a range of a discard or write-zeroes request, and its flags. */
export const blockRange = { sector: 0, sectors: 8, flags: 12, size: 16, unmap: 0x0000_0001 } as const;

/** Bytes of the serial number, filled up with zeros. */
export const SERIAL_SIZE = 20;

export const SECTOR_SIZE = 512;

/** Offsets in the configuration space. */
export const blockConfig = {
  capacity: 0,
  segmentMaximum: 12,
  cylinders: 16,
  heads: 18,
  sectors: 19,
  blockSize: 20,
  physicalBlockExponent: 24,
  minimumIoSize: 26,
  optimalIoSize: 28,
  writeback: 32,
  queues: 34,
  maximumDiscardSectors: 36,
  maximumDiscardRanges: 40,
  discardSectorAlignment: 44,
  maximumWriteZeroesSectors: 48,
  maximumWriteZeroesRanges: 52,
  writeZeroesMayUnmap: 56,
  size: 60,
} as const;
