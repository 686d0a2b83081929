/**
 * Command blocks of CHANNEL SUBSYSTEM CALL. IBM publishes no manual; the names are those of Linux
 * (drivers/s390/cio/chsc.h) and QEMU (target/s390x/ioinst.c).
 */
export const ChscCommand = {
  storeChannelPathDescription: 0x0002,
  storeSubchannelDescription: 0x0004,
  storeEventInformation: 0x000e,
  storeChannelSubsystemCharacteristics: 0x0010,
  setChannelMeasurement: 0x0016,
  setAdapterDeviceControls: 0x0021,
  storeChannelMeasurementCharacteristics: 0x0022,
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
  /** SET CHANNEL MEASUREMENT: the address of a utilization block is wrong. */
  invalidBlockAddress: 0x0102,
  /** SET CHANNEL MEASUREMENT: measurement is already on, or already off. */
  alreadySet: 0x0103,
  /** SET ADAPTER DEVICE CONTROLS: the subchannel has no adapter interruptions. */
  subchannelNotSupported: 0x0104,
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
export const GeneralCharacteristic = {
  multipleChannelSubsystems: 45,
  /** Format-1 channel-path descriptions. */
  extendedChannelPathDescription: 46,
  /** Format-1 measurement blocks. */
  extendedMeasurementBlock: 48,
} as const;

/** Bit numbers among the CHSC characteristics: commands that may be there or not. */
export const ChscCharacteristic = {
  setChannelMeasurement: 84,
  storeChannelMeasurementCharacteristics: 86,
  setAdapterDeviceControls: 107,
} as const;

/** Offset of the CHSC characteristics behind the general ones. */
export const CHSC_CHARACTERISTICS = 2040;

/** Offsets in the description of a channel path; format 0 ends after 8 bytes. */
export const channelPathDescription = {
  flags: 0,
  linkSubsystem: 1,
  type: 2,
  chpid: 3,
  /** Format 1: the identification of the channel. */
  channel: 16,
  format0Size: 8,
  format1Size: 32,
  valid: 0x80,
} as const;

/** Offsets in the description of a subchannel. */
export const subchannelDescription = {
  flags: 0,
  unitAddress: 1,
  deviceNumber: 2,
  pathMask: 4,
  linkAddressMask: 5,
  subchannel: 6,
  channelPaths: 8,
  linkAddresses: 16,
  size: 32,
  subchannelValid: 0x80,
  deviceValid: 0x40,
} as const;

/** Offsets in event information of notification type 0. */
export const channelEvent = {
  flags: 0,
  validity: 1,
  source: 2,
  contentCode: 3,
  linkAddress: 4,
  sourceId: 6,
  content: 16,
  /** More events are waiting. */
  pending: 0x80,
  /** Events were lost. */
  overflow: 0x40,
} as const;

/** Content codes of event information of notification type 0. */
export const ChannelEventContent = {
  linkIncident: 1,
  resourceAccessibility: 2,
  adjunctProcessorConfiguration: 3,
  channelPathAvailability: 7,
  channelPathConfiguration: 8,
} as const;
