/** Layouts of split and packed virtqueues (Virtual I/O Device 1.3, sections 2.7 and 2.8). */

/** Offsets in a descriptor. The last four bytes are flags and next in a split ring, id and flags in a packed one. */
export const descriptor = {
  address: 0,
  length: 8,
  split: { flags: 12, next: 14 },
  packed: { id: 12, flags: 14 },
  size: 16,
} as const;

export const DescriptorFlag = {
  next: 0x0001,
  write: 0x0002,
  indirect: 0x0004,
  /** Packed rings: equal to the driver's wrap counter when the descriptor is available. */
  available: 0x0080,
  /** Packed rings: equal to the other flag when the descriptor is used. */
  used: 0x8000,
} as const;

/** The driver's area of a split ring: `usedEvent` follows the ring. */
export const availableRing = { flags: 0, index: 2, ring: 4, elementSize: 2, noInterrupt: 0x0001 } as const;

/** The device's area of a split ring: `availableEvent` follows the ring. */
export const usedRing = { flags: 0, index: 2, ring: 4, elementSize: 8, noNotify: 0x0001 } as const;

/** The event suppression structure, one for each side of a packed ring. */
export const eventSuppression = {
  offsetAndWrap: 0,
  flags: 2,
  size: 4,
  offset: 0x7fff,
  wrap: 0x8000,
  flag: { enable: 0, disable: 1, descriptor: 2 },
} as const;

/** Descriptors in a ring at most. */
export const MAXIMUM_QUEUE_SIZE = 32768;

/** Bytes of a split ring's areas, with the event index at the end of each. */
export function splitSizes(size: number): { descriptors: number; driver: number; device: number } {
  return {
    descriptors: descriptor.size * size,
    driver: availableRing.ring + availableRing.elementSize * size + 2,
    device: usedRing.ring + usedRing.elementSize * size + 2,
  };
}

/**
 * Where the three areas of a legacy ring are: one after the other, the device's area aligned.
 *
 * @param alignment - A power of two.
 */
export function legacyLayout(
  address: number,
  size: number,
  alignment: number,
): { descriptors: number; driver: number; device: number } {
  const areas = splitSizes(size);
  const driver = address + areas.descriptors;
  return {
    descriptors: address,
    driver,
    device: Math.ceil((driver + areas.driver) / alignment) * alignment,
  };
}
