/**
 * Command blocks of CHANNEL SUBSYSTEM CALL. IBM publishes no manual; the names are those of Linux
 * (drivers/s390/cio/chsc.h) and QEMU (target/s390x/ioinst.c).
 */
export const ChscCommand = {
  storeChannelPathDescription: 0x0002,
  storeEventInformation: 0x000e,
  storeChannelSubsystemCharacteristics: 0x0010,
  setDomainAttributes: 0x0031,
} as const;

export const ChscResponse = {
  ok: 0x0001,
  requestError: 0x0003,
  unknownCommand: 0x0004,
  noData: 0x0005,
  unsupportedFormat: 0x0007,
  invalidCssid: 0x0008,
  /** SET DOMAIN ATTRIBUTES: the facility cannot be enabled. */
  facilityNotProvided: 0x0101,
} as const;

/** Offsets in the header of a request and of a response, and limits of a request's length. */
export const chsc = {
  length: 0,
  code: 2,
  size: 8,
  minimumLength: 16,
  maximumLength: 4088,
  blockSize: 4096,
} as const;

/** Operation codes of SET DOMAIN ATTRIBUTES. */
export const DomainAttribute = { multipleChannelSubsystems: 0x0000, multipleSubchannelSets: 0x0002 } as const;

/** Bit numbers among the general characteristics that STORE CHANNEL-SUBSYSTEM CHARACTERISTICS reports. */
export const GeneralCharacteristic = { multipleChannelSubsystems: 45 } as const;
