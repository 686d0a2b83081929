/**
 * The subsystem-identification word and the subchannel-information block (Principles of Operation, chapter 14,
 * "I/O Instructions", and chapter 15, "Subchannel-Information Block").
 */

/** Fields of the subsystem-identification word, bits 32-63 of general register 1. */
export const subsystemId = {
  /** Channel-subsystem identification. */
  cssid: { mask: 0xff00_0000, shift: 24 },
  reserved: 0x00f0_0000,
  /** The word names a channel subsystem. */
  m: 0x0008_0000,
  /** Subchannel-set identifier. */
  ssid: { mask: 0x0006_0000, shift: 17 },
  one: 0x0001_0000,
  number: 0x0000_ffff,
} as const;

/** Offsets in the subchannel-information block. Those of the path-management-control word come first. */
export const schib = {
  interruptionParameter: 0,
  flags: 4,
  deviceNumber: 6,
  logicalPathMask: 8,
  pathNotOperationalMask: 9,
  lastPathUsedMask: 10,
  pathInstalledMask: 11,
  measurementBlockIndex: 12,
  pathOperationalMask: 14,
  pathAvailableMask: 15,
  channelPaths: 16,
  characteristics: 24,
  status: 28,
  measurementBlockAddress: 40,
  modelDependent: 48,
  size: 52,
} as const;

/** The flags halfword of the path-management-control word. */
export const PmcwFlag = {
  /** Bits 0, 1, 6 and 7; MODIFY SUBCHANNEL ignores bit 5. */
  reserved: 0xc300,
  interruptionSubclass: 0x3800,
  enabled: 0x0080,
  limitMode: 0x0060,
  measurementMode: 0x0018,
  measurementBlockUpdate: 0x0010,
  deviceConnectTime: 0x0008,
  multipath: 0x0004,
  timing: 0x0002,
  deviceNumberValid: 0x0001,
} as const;

/** The last word of the path-management-control word. */
export const PmcwCharacteristic = {
  reserved: 0xff1f_fff8,
  subchannelType: 0x00e0_0000,
  measurementBlockFormat: 0x0000_0004,
  extendedMeasurementWord: 0x0000_0002,
  concurrentSense: 0x0000_0001,
} as const;

/** Bytes that TEST SUBCHANNEL stores; the extended-measurement word follows only when the subchannel has it. */
export const irb = { size: 64, extendedSize: 96 } as const;
