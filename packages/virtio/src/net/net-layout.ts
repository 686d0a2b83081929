/** Layouts of the network device (Virtual I/O Device 1.3, section 5.1). */

export const NetFeature = {
  checksum: 0,
  guestChecksum: 1,
  controlGuestOffloads: 2,
  mtu: 3,
  mac: 5,
  guestTso4: 7,
  guestTso6: 8,
  hostTso4: 11,
  hostTso6: 12,
  mergeableBuffers: 15,
  status: 16,
  controlQueue: 17,
  controlRx: 18,
  controlVlan: 19,
  controlRxExtra: 20,
  guestAnnounce: 21,
  multiqueue: 22,
  controlMac: 23,
} as const;

/** Offsets in the configuration space. */
export const netConfig = { mac: 0, status: 6, maximumPairs: 8, mtu: 10, size: 12 } as const;

export const LinkStatus = { up: 1, announce: 2 } as const;

/** Offsets in the header of a frame. The number of buffers is there with mergeable buffers or version 1. */
export const netHeader = {
  flags: 0,
  gsoType: 1,
  headerLength: 2,
  gsoSize: 4,
  checksumStart: 6,
  checksumOffset: 8,
  buffers: 10,
  size: 12,
  legacySize: 10,
} as const;

/** What a frame larger than a packet is to be cut into. */
export const GsoType = { none: 0, tcp4: 1, tcp6: 4 } as const;

export const NetHeaderFlag = { needsChecksum: 1, dataValid: 2 } as const;

export const ControlClass = { rx: 0, mac: 1, vlan: 2, announce: 3, multiqueue: 4, guestOffloads: 5 } as const;

/** Commands of class rx, of which each has a byte that switches a mode. */
export const RxMode = {
  promiscuous: 0,
  allMulticast: 1,
  allUnicast: 2,
  noMulticast: 3,
  noUnicast: 4,
  noBroadcast: 5,
} as const;

export const MacCommand = { tableSet: 0, addressSet: 1 } as const;
export const VlanCommand = { add: 0, delete: 1 } as const;
export const ControlAck = { ok: 0, error: 1 } as const;

export const MAC_SIZE = 6;

/** Offsets in an Ethernet frame, and what a tag of a virtual LAN is. */
export const ethernet = { type: 12, vlan: 14, headerSize: 14, vlanType: 0x8100, vlanTagSize: 4 } as const;

export const VLANS = 4096;
