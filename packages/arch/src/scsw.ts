/** The subchannel-status word (Principles of Operation, chapter 16, "Subchannel-Status Word"). */

/** Offsets in the word. */
export const scsw = {
  control: 0,
  programAddress: 4,
  deviceStatus: 8,
  subchannelStatus: 9,
  count: 10,
  size: 12,
} as const;

/** Bits of the first word, but for those of the three functions' controls. */
export const ScswFlag = {
  key: 0xf000_0000,
  suspendControl: 0x0800_0000,
  /** The extended-status word has format 0. */
  logout: 0x0400_0000,
  deferredConditionCode: 0x0300_0000,
  format1: 0x0080_0000,
  prefetch: 0x0040_0000,
  initialStatusInterruption: 0x0020_0000,
  addressLimitChecking: 0x0010_0000,
  suppressSuspendedInterruption: 0x0008_0000,
  zeroConditionCode: 0x0004_0000,
  extendedControl: 0x0002_0000,
  pathNotOperational: 0x0001_0000,
} as const;

export const FunctionControl = { mask: 0x7000, start: 0x4000, halt: 0x2000, clear: 0x1000 } as const;

export const ActivityControl = {
  mask: 0x0fe0,
  resumePending: 0x0800,
  startPending: 0x0400,
  haltPending: 0x0200,
  clearPending: 0x0100,
  subchannelActive: 0x0080,
  deviceActive: 0x0040,
  suspended: 0x0020,
} as const;

export const StatusControl = {
  mask: 0x1f,
  alert: 0x10,
  intermediate: 0x08,
  primary: 0x04,
  secondary: 0x02,
  pending: 0x01,
} as const;

export const DeviceStatus = {
  attention: 0x80,
  statusModifier: 0x40,
  controlUnitEnd: 0x20,
  busy: 0x10,
  channelEnd: 0x08,
  deviceEnd: 0x04,
  unitCheck: 0x02,
  unitException: 0x01,
} as const;

export const SubchannelStatus = {
  programControlledInterruption: 0x80,
  incorrectLength: 0x40,
  programCheck: 0x20,
  protectionCheck: 0x10,
  channelDataCheck: 0x08,
  channelControlCheck: 0x04,
  interfaceControlCheck: 0x02,
  chainingCheck: 0x01,
} as const;
