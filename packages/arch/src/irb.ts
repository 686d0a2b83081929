/**
 * The interruption-response block behind its subchannel-status word (Principles of Operation, chapter 16,
 * "Extended-Status Word", "Extended-Control Word" and "Extended-Measurement Word").
 */

/** Offsets in the interruption-response block. */
export const irbField = { scsw: 0, esw: 12, erw: 16, ecw: 32, emw: 64 } as const;

/** Bits of the first word of the extended-status word; all but the last-path-used mask only in format 0. */
export const SubchannelLogout = {
  measurementProgramCheck: 0x2000_0000,
  measurementDataCheck: 0x1000_0000,
  measurementProtectionCheck: 0x0800_0000,
  lastPathUsedMask: 0x00ff_0000,
  lastPathUsedMaskValid: 0x0000_4000,
  deviceStatusValid: 0x0000_0800,
  programAddressValid: 0x0000_0400,
} as const;

/** Bits of the extended-report word. */
export const ExtendedReport = {
  concurrentSense: 0x0100_0000,
  concurrentSenseCount: { mask: 0x003f_0000, shift: 16 },
} as const;

/** Bytes that the extended-control word holds. */
export const ECW_SIZE = 32;

/** Offsets in the extended-measurement word: times in units of half a microsecond. */
export const emw = {
  deviceConnectTime: 0,
  functionPendingTime: 4,
  deviceDisconnectTime: 8,
  controlUnitQueuingTime: 12,
  deviceActiveOnlyTime: 16,
  deviceBusyTime: 20,
  initialCommandResponseTime: 24,
  size: 32,
} as const;
