/**
 * Service-call control blocks: commands, response codes and the layout of the blocks that pass between a program
 * and the service-call logical processor. IBM publishes no manual; the names are those of Linux
 * (drivers/s390/char/sclp.h) and QEMU (include/hw/s390x/sclp.h, event-facility.h).
 */

/** Command words. Bits 16-23 of a word name an element in some commands and are no part of the code. */
export const SclpCommand = {
  readCpuInfo: 0x0001_0001,
  readScpInfo: 0x0002_0001,
  readScpInfoForced: 0x0012_0001,
  writeEventData: 0x0076_0005,
  readEventData: 0x0077_0005,
  writeEventMask: 0x0078_0005,
} as const;

/** The bits of a command word that select the command. */
export const SCLP_COMMAND_CODE = 0xffff_00ff;

/** Response codes (bytes 6-7 of an SCCB). */
export const SclpResponse = {
  normalReadCompletion: 0x0010,
  normalCompletion: 0x0020,
  boundaryViolation: 0x0100,
  invalidCommand: 0x01f0,
  insufficientSccbLength: 0x0300,
  invalidFunction: 0x40f0,
  noEventBuffers: 0x60f0,
  eventBuffersSuppressed: 0x62f0,
  invalidSelectionMask: 0x70f0,
  inconsistentLengths: 0x72f0,
  eventBufferSyntaxError: 0x73f0,
  invalidMaskLength: 0x74f0,
  eventExceedsSccb: 0x75f0,
} as const;

/** Offsets in the header that starts every SCCB. */
export const sccbHeader = {
  length: 0,
  functionCode: 2,
  /** The byte of the control mask with {@link SCCB_VARIABLE_LENGTH_RESPONSE}. */
  controlMask: 5,
  responseCode: 6,
  size: 8,
} as const;

/** In the control mask: the SCLP may set the length of the block to that of the response. */
export const SCCB_VARIABLE_LENGTH_RESPONSE = 0x80;

/** Function codes of the event commands. */
export const SccbFunction = { normalWrite: 0x00, unconditionalRead: 0x00, selectiveRead: 0x01 } as const;

/** Offsets in the response to READ SCP INFO. */
export const scpInfo = {
  incrementCount: 8,
  incrementSize: 10,
  topologyNesting: 15,
  cpuCount: 16,
  cpuOffset: 18,
  loadParameter: 24,
  facilities: 48,
  ibc: 76,
  maximumHostAddressPower: 99,
  incrementSize2: 100,
  incrementCount2: 104,
  highestCpuAddress: 120,
  hmfai: 124,
  /** Where CPU entries begin without the extended-length-SCCB facility, and with it. */
  cpuEntries: 128,
  cpuEntriesExtended: 144,
} as const;

/** Bits of the facilities doubleword of READ SCP INFO. */
export const SclpFacility = { cpuInfo: 0x0800_0000_0000_0000n } as const;

/** Configuration characteristics that READ SCP INFO reports: byte and mask. */
export const scpCharacteristic = {
  sprp: [84, 0x02],
  coreType: [84, 0x01],
  sop: [80, 0x20],
  gsls: [85, 0x80],
  /** Enhanced suppression on protection. */
  esop: [85, 0x02],
  hpma2: [91, 0x20],
  /** Guest TLB enhancements. */
  tlbGuest: [91, 0x40],
  kss: [98, 0x01],
  sca64: [116, 0x80],
  cmma: [116, 0x40],
  esca: [116, 0x08],
  pfmfi: [117, 0x40],
  ibs: [117, 0x20],
  aisii: [118, 0x40],
  aeni: [118, 0x20],
  aisi: [118, 0x10],
  gisaf: [118, 0x08],
  zpciLsi: [118, 0x01],
  hvs: [119, 0x80],
  diag318: [134, 0x80],
} as const satisfies Record<string, readonly [byte: number, mask: number]>;

/** Offsets in the response to READ CPU INFO. */
export const cpuInfo = {
  configuredCount: 8,
  configuredOffset: 10,
  standbyCount: 12,
  standbyOffset: 14,
  entries: 24,
} as const;

/** Offsets in a CPU entry. */
export const cpuEntry = { address: 0, type: 14, size: 16 } as const;

/** Kinds of core (byte 14 of a CPU entry). */
export const CpuType = { generalPurpose: 0, ifl: 3 } as const;

/** What a CPU entry says the CPU can do under interpretive execution: byte of the entry and mask. */
export const cpuFeature = {
  sief2: [2, 0x08],
  skey: [2, 0x04],
  gpere: [3, 0x20],
  siif: [3, 0x10],
  sigpif: [3, 0x08],
  ib: [7, 0x20],
  cei: [7, 0x10],
} as const satisfies Record<string, readonly [byte: number, mask: number]>;

/** Types of events. */
export const SclpEvent = {
  operationsCommand: 0x01,
  message: 0x02,
  stateChange: 0x08,
  priorityMessageCommand: 0x09,
  controlProgramIdentification: 0x0b,
  storeData: 0x0c,
  vt220: 0x1a,
  signalQuiesce: 0x1d,
} as const;

/** Offsets in the header of an event buffer. */
export const eventBuffer = { length: 0, type: 2, flags: 3, size: 6 } as const;

/** Flag of an event buffer: the receiver has accepted it. */
export const EVENT_BUFFER_ACCEPTED = 0x80;

/** Offsets in WRITE EVENT MASK: the four masks follow each other, each as long as the mask length says. */
export const eventMask = { maskLength: 10, masks: 12, maximumLength: 1021 } as const;

/** The bit of an event type in a mask of 64 bits. */
export function eventMaskBit(type: number): bigint {
  return 1n << BigInt(64 - type);
}

/** Message data blocks: what a message event carries. Offsets count from the start of each structure. */
export const mdb = {
  header: { length: 0, type: 2, tag: 4, revision: 8, size: 12 },
  /** Every object starts with its length and its type. */
  object: { length: 0, type: 2, size: 4 },
  general: { type: 1, flags: 28, soundAlarm: 0x4000, size: 56 },
  text: { type: 4, lineFlags: 4, text: 10 },
} as const;

/** General data stream vectors: what an operator's command travels in. */
export const gds = {
  vectorSize: 4,
  subvectorSize: 2,
  mdsMessageUnit: 0x1310,
  cpMessageUnit: 0x1212,
  textCommand: 0x1320,
  selfDefiningTextMessage: 0x31,
  textMessage: 0x30,
} as const;
