/**
 * The machine-check-interruption code (Principles of Operation, chapter 11, "Machine-Check-Interruption Code"): what
 * happened, and what of the CPU's state was stored correctly.
 */
export const MachineCheck = {
  systemDamage: bit(0),
  instructionProcessingDamage: bit(1),
  systemRecovery: bit(2),
  timingFacilityDamage: bit(4),
  externalDamage: bit(5),
  degradation: bit(7),
  warning: bit(8),
  channelReportPending: bit(9),
  serviceProcessorDamage: bit(10),
  channelSubsystemDamage: bit(11),
  backedUp: bit(14),
  /** Validity of what is stored. */
  pswEmwp: bit(20),
  pswMaskAndKey: bit(21),
  programMaskAndConditionCode: bit(22),
  instructionAddress: bit(23),
  failingStorageAddress: bit(24),
  vectorRegisters: bit(25),
  externalDamageCode: bit(26),
  floatingPointRegisters: bit(27),
  generalRegisters: bit(28),
  controlRegisters: bit(29),
  /** Stores before the interruption have been made. */
  storageLogical: bit(31),
  accessRegisters: bit(33),
  todProgrammable: bit(42),
  floatingPointControl: bit(43),
  cpuTimer: bit(46),
  clockComparator: bit(47),
} as const;

function bit(number: number): bigint {
  return 1n << BigInt(63 - number);
}
