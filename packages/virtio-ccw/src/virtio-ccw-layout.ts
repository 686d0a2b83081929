/** Commands and their data (Virtual I/O Device 1.3, section 4.3, "Virtio Over Channel I/O"). */

/** The control-unit type in SENSE ID; its model is the virtio device type. */
export const VIRTIO_CCW_CONTROL_UNIT = 0x3832;

/** Command codes. */
export const VirtioCcwCommand = {
  writeFeatures: 0x11,
  readFeatures: 0x12,
  setQueue: 0x13,
  writeConfig: 0x21,
  readConfig: 0x22,
  writeStatus: 0x31,
  readQueueConfig: 0x32,
  reset: 0x33,
  setIndicators: 0x43,
  setConfigIndicators: 0x53,
  readStatus: 0x72,
  setAdapterIndicators: 0x73,
  setRevision: 0x83,
} as const;

/** The last revision of the transport that is known. Revision 0 is that of legacy drivers; 2 added READ_STATUS. */
export const LAST_REVISION = 2;

/** The data of SET_VIRTIO_REV, in big-endian byte order like all that is not said to be otherwise. */
export const revisionInformation = { revision: 0, length: 2, size: 4 } as const;

/** The data of READ_FEAT and WRITE_FEAT; the features are little-endian. */
export const featureDescription = { features: 0, index: 4, size: 5 } as const;

/** The data of SET_VQ. */
export const queueInformation = {
  descriptors: 0,
  index: 12,
  count: 14,
  driver: 16,
  device: 24,
  size: 32,
} as const;

/** The data of SET_VQ by a legacy driver. */
export const legacyQueueInformation = { queue: 0, alignment: 8, index: 12, count: 14, size: 16 } as const;

/** The data of READ_VQ_CONF. */
export const queueConfiguration = { index: 0, maximum: 2, size: 4 } as const;

/** The data of SET_IND_ADAPTER. */
export const adapterArea = { summary: 0, indicator: 8, bit: 16, subclass: 24, size: 25 } as const;

/** The data of SET_IND and SET_CONF_IND: an address. */
export const INDICATORS_SIZE = 8;

/** Indicators of a queue each that SET_IND gives room for. */
export const CLASSIC_INDICATORS = 64;
