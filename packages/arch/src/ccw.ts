/**
 * Channel-command words and indirect data addresses (Principles of Operation, chapter 15, "Channel-Command Word",
 * "CCW Indirect Data Addressing" and "Modified CCW Indirect Data Addressing").
 */

/** Offsets in a format-0 CCW; its data address has 24 bits. */
export const ccw0 = { command: 0, dataAddress: 1, flags: 4, count: 6, size: 8 } as const;

/** Offsets in a format-1 CCW; its data address has 31 bits. */
export const ccw1 = { command: 0, flags: 1, count: 2, dataAddress: 4, size: 8 } as const;

export const CcwFlag = {
  chainData: 0x80,
  chainCommand: 0x40,
  suppressLengthIndication: 0x20,
  skip: 0x10,
  programControlledInterruption: 0x08,
  indirectAddressing: 0x04,
  suspend: 0x02,
  modifiedIndirectAddressing: 0x01,
} as const;

/** Command codes that mean the same to every device. */
export const CcwCommand = {
  write: 0x01,
  read: 0x02,
  noOperation: 0x03,
  basicSense: 0x04,
  transferInChannel: 0x08,
  readBackward: 0x0c,
  senseId: 0xe4,
} as const;

/** Bytes in an indirect-data-address word of each format. */
export const idaw = { format1Size: 4, format2Size: 8 } as const;

/** Offsets in a modified indirect-data-address word; bytes 0 to 4 are reserved. */
export const midaw = { flags: 5, count: 6, dataAddress: 8, size: 16 } as const;

export const MidawFlag = { last: 0x80, skip: 0x40, dataTransferInterruption: 0x20, reserved: 0x1f } as const;
