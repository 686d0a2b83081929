/** The operation-request block (Principles of Operation, chapter 15, "Operation-Request Block"). */
export const orb = {
  interruptionParameter: 0,
  control: 4,
  logicalPathMask: 6,
  control1: 7,
  programAddress: 8,
  size: 32,
} as const;

/** The control halfword. */
export const OrbControl = {
  key: 0xf000,
  suspend: 0x0800,
  streaming: 0x0400,
  modification: 0x0200,
  synchronize: 0x0100,
  format1: 0x0080,
  prefetch: 0x0040,
  initialStatusInterruption: 0x0020,
  addressLimitChecking: 0x0010,
  suppressSuspendedInterruption: 0x0008,
  /** A transport-mode channel program, with the FCX facility. */
  transport: 0x0004,
  idaw64: 0x0002,
  idaw2k: 0x0001,
} as const;

/** The control byte after the logical-path mask. */
export const OrbControl1 = { incorrectLength: 0x80, midaw: 0x40, reserved: 0x3e, extension: 0x01 } as const;
