/** Control-register bits (Principles of Operation, chapter 4, "Control Registers"), as masks of 64 bits. */
export const CR0 = {
  transactionalExecution: bit(8),
  /** Clock-comparator sign control. */
  clockComparatorSign: bit(10),
  warningTrack: bit(30),
  extractionAuthority: bit(36),
  secondarySpace: bit(37),
  fetchProtectionOverride: bit(38),
  storageProtectionOverride: bit(39),
  lowAddressProtection: bit(35),
  enhancedDat: bit(40),
  instructionExecutionProtection: bit(43),
  afpRegister: bit(45),
  vector: bit(46),
  malfunctionAlert: bit(48),
  emergencySignal: bit(49),
  externalCall: bit(50),
  clockComparator: bit(52),
  cpuTimer: bit(53),
  serviceSignal: bit(54),
  interruptKey: bit(57),
  measurementAlert: bit(58),
  timingAlert: bit(59),
} as const;

/** The I/O-interruption subclass mask: subclass 0 is the leftmost bit of the byte (chapter 6, "I/O Interruption"). */
export const CR6 = { ioSubclassMask: 0xff00_0000n, ioSubclassShift: 24 } as const;

/** Machine-check subclass masks (chapter 11, "Machine-Check Masking"). */
export const CR14 = {
  channelReport: bit(35),
  recovery: bit(36),
  degradation: bit(37),
  externalDamage: bit(38),
  warning: bit(39),
} as const;

/** Address-space-control elements (chapter 3, "Dynamic Address Translation"). */
export const ASCE = {
  origin: ~0xfffn & 0xffff_ffff_ffff_ffffn,
  subspaceGroup: 0x200n,
  privateSpace: 0x100n,
  storageAlterationEvent: 0x80n,
  spaceSwitchEvent: 0x40n,
  realSpace: 0x20n,
  designationType: 0xcn,
  tableLength: 0x3n,
} as const;

function bit(number: number): bigint {
  return 1n << BigInt(63 - number);
}
