/** What SENSE ID reads and what sense bytes mean (ESA/390 Common I/O-Device Commands, SA22-7204). */

/** Offsets in the data of SENSE ID. */
export const senseId = {
  /** Always hexadecimal ff. */
  marker: 0,
  controlUnitType: 1,
  controlUnitModel: 3,
  deviceType: 4,
  deviceModel: 6,
  /** Command-information words, up to {@link CIW_LIMIT}, after a byte of zeros. */
  commandInformation: 8,
  basicSize: 7,
} as const;

/** Command-information words that SENSE ID has room for. */
export const CIW_LIMIT = 62;

/** Types of command-information word. */
export const CiwType = {
  readConfigurationData: 0,
  setInterfaceIdentifier: 1,
  readNodeIdentifier: 2,
} as const;

/** Bits of the first sense byte, the same for every device. */
export const Sense0 = {
  commandReject: 0x80,
  interventionRequired: 0x40,
  busOutCheck: 0x20,
  equipmentCheck: 0x10,
  dataCheck: 0x08,
  overrun: 0x04,
  incompleteDomain: 0x01,
} as const;

/** The most that BASIC SENSE reads. */
export const SENSE_SIZE = 32;
