/** Orders and status bits of SIGNAL PROCESSOR (Principles of Operation, chapter 4, "CPU Signaling and Response"). */
export const SigpOrder = {
  sense: 0x01,
  externalCall: 0x02,
  emergencySignal: 0x03,
  start: 0x04,
  stop: 0x05,
  restart: 0x06,
  stopAndStoreStatus: 0x09,
  initialCpuReset: 0x0b,
  cpuReset: 0x0c,
  setPrefix: 0x0d,
  storeStatusAtAddress: 0x0e,
  setArchitecture: 0x12,
  conditionalEmergencySignal: 0x13,
  senseRunningStatus: 0x15,
  setMultithreading: 0x16,
  storeAdditionalStatus: 0x17,
} as const;

/** Status bits, in bits 32-63 of general register R1. */
export const SigpStatus = {
  equipmentCheck: 0x8000_0000,
  notRunning: 0x0000_0400,
  incorrectState: 0x0000_0200,
  invalidParameter: 0x0000_0100,
  externalCallPending: 0x0000_0080,
  stopped: 0x0000_0040,
  operatorIntervening: 0x0000_0020,
  checkStop: 0x0000_0010,
  inoperative: 0x0000_0004,
  invalidOrder: 0x0000_0002,
  receiverCheck: 0x0000_0001,
} as const;
