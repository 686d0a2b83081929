/**
 * The SIE state description: 512 bytes that are a guest CPU's architected home (IBM System/370 Extended
 * Architecture Interpretive Execution; fields of today as Linux's `struct kvm_s390_sie_block` has them).
 * Values are byte offsets.
 */
export const StateDescription = {
  cpuFlags: 0x000,
  /** Prefix in bits 1-18 and IBC in bits 20-31 of a word. */
  prefix: 0x004,
  prog0c: 0x00c,
  prog20: 0x020,
  cpuTimer: 0x028,
  clockComparator: 0x030,
  epoch: 0x038,
  svcControls: 0x040,
  lctl: 0x044,
  cpuAddress: 0x046,
  ictl: 0x048,
  eca: 0x04c,
  interceptionCode: 0x050,
  interceptionStatus: 0x051,
  interceptionControl: 0x055,
  ipa: 0x056,
  ipb: 0x058,
  scaHigh: 0x05c,
  fpf: 0x060,
  ecb: 0x061,
  ecb2: 0x062,
  ecb3: 0x063,
  scaLow: 0x064,
  sdf: 0x068,
  epochExtension: 0x069,
  todProgrammable: 0x06c,
  gisa: 0x070,
  mainStorageOrigin: 0x080,
  mainStorageLimit: 0x088,
  psw: 0x090,
  gr14: 0x0a0,
  gr15: 0x0a8,
  hostProgramId: 0x0b8,
  externalParameter: 0x0c0,
  externalCpuAddress: 0x0c4,
  externalCode: 0x0c6,
  programLength: 0x0cc,
  programCode: 0x0ce,
  dxc: 0x0d0,
  monitorClass: 0x0d4,
  perCode: 0x0d6,
  perAtmid: 0x0d7,
  perAddress: 0x0d8,
  exceptionAccess: 0x0e0,
  perAccess: 0x0e1,
  operandAccess: 0x0e2,
  teid: 0x0e8,
  cryptoControl: 0x0fc,
  controlRegisters: 0x100,
  breakingEvent: 0x180,
  sdnx: 0x190,
  facilityList: 0x1a0,
  cbrl: 0x1b8,
  ecd: 0x1c8,
  programParameter: 0x1de,
  transactionDiagnostic: 0x1e8,
  runtimeInstrumentation: 0x1f0,
  vectorRegisters: 0x1f8,
  size: 0x200,
} as const;

/** Bits of the cpuFlags word. */
export const CpuFlag = {
  stopped: 0x8000_0000,
  wait: 0x1000_0000,
  externalCallPending: 0x0800_0000,
  /** Intervention requests: an interception follows when the guest is enabled for the kind. */
  stopRequest: 0x0400_0000,
  ioRequest: 0x0200_0000,
  externalRequest: 0x0100_0000,
  running: 0x0080_0000,
  zArchitecture: 0x0000_0800,
  per: 0x0000_0001,
} as const;

/** Interception controls, the word `ictl`. */
export const InterceptionControl = {
  operationException: 0x8000_0000,
  programInterruption: 0x4000_0000,
  loadPsw: 0x0040_0000,
  storeControl: 0x0004_0000,
  iske: 0x0000_4000,
  sske: 0x0000_2000,
  rrbe: 0x0000_1000,
  tprot: 0x0000_0200,
} as const;

/** Interception codes. */
export const InterceptionCode = {
  none: 0x00,
  instruction: 0x04,
  program: 0x08,
  instructionAndProgram: 0x0c,
  externalRequest: 0x10,
  external: 0x14,
  ioRequest: 0x18,
  wait: 0x1c,
  validity: 0x20,
  stop: 0x28,
  operationException: 0x2c,
  partialExecution: 0x38,
  ioInstruction: 0x40,
  keyless: 0x5c,
} as const;

/** Intercept LCTL and LCTLG that load these control registers: bit 0 of `lctl` is control register 0. */
export function lctlBit(controlRegister: number): number {
  return 0x8000 >> controlRegister;
}
