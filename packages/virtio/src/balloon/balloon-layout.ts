/** Layouts of the memory balloon device (Virtual I/O Device 1.3, section 5.5). */

export const BalloonFeature = {
  mustTellHost: 0,
  statistics: 1,
  deflateOnOutOfMemory: 2,
  pagePoison: 4,
  pageReporting: 5,
} as const;

/** Offsets in the configuration space, which is little-endian for a legacy driver too. */
export const balloonConfig = { pages: 0, actual: 4, poison: 12, size: 16 } as const;

/** The unit of the balloon, whatever pages the guest has. */
export const BALLOON_PAGE = 4096;

/** Offsets in an entry of the statistics buffer. */
export const statistic = { tag: 0, value: 2, size: 10 } as const;

/** What the driver can tell of, by tag. All but the counts are in bytes. */
export const StatisticTag = {
  swapIn: 0,
  swapOut: 1,
  majorFaults: 2,
  minorFaults: 3,
  freeMemory: 4,
  totalMemory: 5,
  availableMemory: 6,
  diskCaches: 7,
  hugetlbAllocations: 8,
  hugetlbFailures: 9,
  outOfMemoryKills: 10,
  allocationStalls: 11,
  asyncScan: 12,
  directScan: 13,
  asyncReclaim: 14,
  directReclaim: 15,
} as const;
