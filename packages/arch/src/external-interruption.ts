/** External-interruption codes (Principles of Operation, chapter 6, "External Interruption"). */
export const ExternalInterruption = {
  interruptKey: 0x0040,
  clockComparator: 0x1004,
  cpuTimer: 0x1005,
  malfunctionAlert: 0x1200,
  emergencySignal: 0x1201,
  externalCall: 0x1202,
  timingAlert: 0x1406,
  measurementAlert: 0x1407,
  serviceSignal: 0x2401,
} as const;
